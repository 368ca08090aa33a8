// The rule owner's calls of docs/api.md and the trace of docs/dmn.md. Every shape of them that the pages read is named here.
import { get, query, write, type Finding } from './client'
import type { Sheet } from '../lib/sheet'

export interface ModelInput { id?: string; name: string; label?: string; type: string; allowed?: string; values?: string[]; collection?: boolean }
export interface ModelDecision {
  id: string; name: string; label?: string; kind: string; type?: string; question?: string; description?: string; requiredInputs?: string[]
  requires?: { decisions?: string[]; inputs?: string[]; knowledge?: string[] }; outputs?: { id?: string; name: string; label?: string; type?: string }[]
  table?: boolean; hitPolicy?: string; rules?: number
}
export interface DecisionVersion { version: number; at: string; by?: string; note?: string; deployed?: boolean }
export interface Example { decisionId?: string; title: string; variables: Record<string, unknown> }
export interface DecisionModel { slug?: string; version?: number; name?: string; inputs: ModelInput[]; decisions: ModelDecision[]; findings?: Finding[]; versions?: DecisionVersion[]; examples?: Example[] }

export interface EvaluatedOutput { outputId?: string; outputName?: string; outputValue?: unknown }
export interface MatchedRule { ruleId?: string; ruleIndex: number; evaluatedOutputs?: EvaluatedOutput[] }
export interface StoppedRule { ruleId?: string; ruleIndex: number; inputId?: string; inputIndex?: number; cellId?: string; cell: string; inputValue?: unknown }
export interface Reason { code?: string; text?: string; textDa?: string; line?: number; column?: number; elementId?: string }
export interface EvaluatedDecision {
  decisionDefinitionId: string; decisionDefinitionName?: string; decisionDefinitionType?: string; output?: unknown
  evaluatedInputs?: { inputId?: string; inputName?: string; inputValue?: unknown }[]
  matchedRules?: MatchedRule[]; stoppedRules?: StoppedRule[]; stoppedRulesLeftOut?: number; reasons?: Reason[]; parts?: EvaluatedDecision[]
}
export interface Trace {
  decisionDefinitionId: string; decisionDefinitionName?: string; decisionDefinitionKey?: string; decisionDefinitionVersion?: number; decisionOutput?: unknown
  failureMessage?: string | null; failedDecisionDefinitionId?: string | null; evaluatedDecisions: EvaluatedDecision[]
}

export interface ChangedTable { xml: string; sheet?: Sheet; changes: string[]; findings: Finding[] }
export type ReplayState = 'running' | 'done' | 'canceled' | 'failed'
export interface Replay {
  replayKey: string; slug?: string; decision: string; decisionName?: string; from: string; to: string; purpose?: string; by?: string; state: ReplayState; message?: string | null
  started?: string; ended?: string | null; expires?: string; done: number; of: number; counts: { same: number; different: number; failed: number; notReplayable: number }
  notReplayable?: { withoutInputs?: number; forgotten?: number }; kept?: number; text?: string
}
export interface Outcome { output?: unknown; failure?: string | null; rules?: { decisionDefinitionId?: string; decisionDefinitionName?: string; ruleIds?: string[]; ruleIndexes?: number[] }[] }
export interface DifferenceRow { decisionEvaluationKey?: string; processInstanceKey?: string; businessKey?: string; elementId?: string; at: string; before: Outcome; after: Outcome }
export interface DifferencePage { items: DifferenceRow[]; total: number; cursor: string | null }

const base = (slug: string) => `/api/bank/workflows/${slug.split('/').map(encodeURIComponent).join('/')}/decisions`

export const modelPath = (slug: string): string => `${base(slug)}/model`
export const tableFile = (slug: string, decision: string, format: 'xlsx' | 'csv'): string => query(`${base(slug)}/table`, { decision, format })
export const readTable = (slug: string, decision: string, signal?: AbortSignal): Promise<Sheet> => get<Sheet>(query(`${base(slug)}/table`, { decision, format: 'json' }), signal)
export const evaluate = (slug: string, decision: string, variables: Record<string, unknown>, xml?: string): Promise<Trace> => write<Trace>('POST', `${base(slug)}/evaluate`, { decision, variables, ...(xml !== undefined && { xml }) })
export const changeTable = (slug: string, decision: string, change: { sheet: Sheet } | { csv: string } | { xlsx: string }, xml?: string): Promise<ChangedTable> =>
  write<ChangedTable>('POST', `${base(slug)}/table`, { decision, ...change, ...(xml !== undefined && { xml }) })
export const publish = (slug: string, xml: string, note: string): Promise<{ version: number; changed?: boolean; findings?: Finding[] }> => write('PUT', base(slug), { xml, note })
export const startReplay = (slug: string, order: { decision: string; from: string; to: string; xml: string; purpose: string }): Promise<{ replayKey: string }> => write('POST', `${base(slug)}/replays`, order)
export const replayPath = (key: string): string => `/api/replays/${encodeURIComponent(key)}`
export const differencesPath = (key: string, cursor: string | null, limit: number): string => query(`${replayPath(key)}/differences`, { cursor, limit })
export const differencesFile = (key: string): string => query(`${replayPath(key)}/differences`, { format: 'csv' })
export const cancelReplay = (key: string): Promise<void> => write('POST', `${replayPath(key)}/cancel`)

/** The file as it was in an older version. */
export const versionXmlPath = (slug: string, version: number): string => query(base(slug), { version })
