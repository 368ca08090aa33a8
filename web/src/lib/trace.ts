// The shapes a stored decision comes in (a task's, an instance's, an answer to a question) as one trace. Pure functions.
import type { EvaluatedDecision, Trace } from '../api/decisions'

export interface StoredDecision {
  decisionEvaluationKey?: string; decisionDefinitionId?: string; decisionDefinitionName?: string; decisionDefinitionKey?: string; decisionDefinitionVersion?: number
  elementId?: string | null; evaluationDate?: string; state?: string; decisionOutput?: unknown; failureMessage?: string | null; failedDecisionDefinitionId?: string | null
  evaluatedDecisions?: EvaluatedDecision[]; trace?: Partial<Trace>; name?: string
}

export function traceOf(stored: StoredDecision): Trace {
  const own = stored.trace ?? {}
  return {
    decisionDefinitionId: stored.decisionDefinitionId ?? stored.name ?? '', decisionDefinitionName: stored.decisionDefinitionName ?? stored.name, decisionDefinitionKey: stored.decisionDefinitionKey, decisionDefinitionVersion: stored.decisionDefinitionVersion,
    decisionOutput: stored.decisionOutput ?? own.decisionOutput, failureMessage: stored.failureMessage ?? own.failureMessage ?? null, failedDecisionDefinitionId: stored.failedDecisionDefinitionId ?? own.failedDecisionDefinitionId ?? null,
    evaluatedDecisions: stored.evaluatedDecisions ?? own.evaluatedDecisions ?? [],
  }
}

export const rootOf = (trace: Trace): EvaluatedDecision | undefined => trace.evaluatedDecisions.find((d) => d.decisionDefinitionId === trace.decisionDefinitionId) ?? trace.evaluatedDecisions.at(-1)

/** The table that decided: the asked decision's own where a rule of it matched, else the last one asked on the way in which a rule did. */
export function decisive(trace: Trace): EvaluatedDecision | undefined {
  const root = rootOf(trace), matched = (d: EvaluatedDecision | undefined) => (d?.matchedRules ?? []).length > 0
  return matched(root) ? root : [...trace.evaluatedDecisions].reverse().find(matched) ?? root
}
