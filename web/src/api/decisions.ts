// The rule owner's calls of docs/api.md and the trace of docs/dmn.md. Every shape of them that the pages read is named here.
import { get, query, write, type Finding } from './client'
import type { Sheet } from '../lib/sheet'

export interface ModelInput { id?: string; name: string; label?: string; type: string; collection?: boolean; allowed?: unknown[] | null; allowedText?: string }
export interface ModelDecision {
  id: string; name: string; kind: string; type?: string; label?: string; question?: string; description?: string
  inputs: ModelInput[] // all input data it needs, through required decisions too
  requires?: string[]; requiresInputs?: string[]; requiresKnowledge?: string[]; outputs?: { id?: string; name: string; label?: string; type?: string }[]
  table?: boolean; hitPolicy?: string; rules?: number
}
export interface DecisionVersion { version: number; at: string; by?: string; note?: string }
export interface Example { decisionId?: string; title: string; variables: Record<string, unknown> }
export interface DecisionModel { slug?: string; version?: number; name?: string; decisions: ModelDecision[]; findings?: Finding[]; versions?: DecisionVersion[]; examples?: Example[] }

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

/** A finding with its place in the table: rule and cell count from 1. */
export interface TableFinding extends Finding { ruleIndex?: number; part?: 'input' | 'output'; index?: number }
export interface ChangedTable { xml: string; sheet: Sheet; changes: string[]; findings: TableFinding[] }
export interface Replay {
  replayKey: string; slug?: string; decisionId: string; decisionName?: string; from: string; to: string; purpose?: string; by?: string; state: 'RUNNING' | 'COMPLETED' | 'CANCELED' | 'FAILED'; message?: string | null
  started?: string; ended?: string | null; expires?: string; done: number; of: number; counts: { same: number; different: number; failed: number; notReplayable: number }
  notReplayable?: { withoutInputs?: number; forgotten?: number }; kept?: number; text?: string
}
export interface Outcome { output?: unknown; failureMessage?: string | null; matchedRules?: number[]; tables?: { decisionDefinitionId?: string; decisionDefinitionName?: string; matchedRules?: number[] }[] }
export interface DifferenceRow { decisionEvaluationKey?: string; processInstanceKey?: string; businessKey?: string; elementId?: string; evaluationDate: string; outcome?: 'different' | 'failed' | 'forgotten'; before: Outcome; after: Outcome }
export interface DifferencePage { items: DifferenceRow[]; total: number; nextCursor: string | null }

const base = (slug: string) => `/api/bank/workflows/${slug.split('/').map(encodeURIComponent).join('/')}/decisions`

export const modelPath = (slug: string): string => `${base(slug)}/model`
export const tableFile = (slug: string, decision: string, format: 'xlsx' | 'csv'): string => query(`${base(slug)}/table`, { decision, format })
export const readTable = (slug: string, decision: string, signal?: AbortSignal): Promise<Sheet> => get<Sheet>(query(`${base(slug)}/table`, { decision, format: 'json' }), signal)
export const evaluate = (slug: string, decision: string, variables: Record<string, unknown>, xml?: string): Promise<Trace> => write<Trace>('POST', `${base(slug)}/evaluate`, { decision, variables, ...(xml !== undefined && { xml }) })
export const changeTable = (slug: string, decision: string, change: { sheet: Sheet } | { format: 'xlsx' | 'csv'; content: string }, xml?: string): Promise<ChangedTable> =>
  write<ChangedTable>('POST', `${base(slug)}/table`, { decision, ...change, ...(xml !== undefined && { xml }) })
/** `made`: the version the draft was made from; 409 when there is a newer one. */
export const publish = (slug: string, xml: string, note: string, made: number | string): Promise<{ version: number; changed?: boolean; findings?: Finding[] }> => write('PUT', base(slug), { xml, note, ...(typeof made === 'number' && { base: made }) })
export const startReplay = (slug: string, order: { decision: string; from: string; to: string; xml: string; purpose: string }): Promise<{ replayKey: string }> => write('POST', `${base(slug)}/replays`, order)
export const replayPath = (key: string): string => `/api/replays/${encodeURIComponent(key)}`
export const differencesPath = (key: string, cursor: string | null, limit: number): string => query(`${replayPath(key)}/differences`, { cursor, limit })
export const differencesFile = (key: string): string => query(`${replayPath(key)}/differences`, { format: 'csv' })
export const cancelReplay = (key: string): Promise<void> => write('POST', `${replayPath(key)}/cancel`)

/** The file as it was in an older version. */
export const versionXmlPath = (slug: string, version: number): string => query(base(slug), { version })
