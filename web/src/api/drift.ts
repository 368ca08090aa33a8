// Drift's calls of docs/api.md: every shape of them that the pages read is named here.
import { get, query, write } from './client'

export interface Moment {
  kind: 'element' | 'incident' | 'decision' | 'mark'; at: string; end?: string | null; elementId?: string | null; elementName?: string | null
  // element
  elementInstanceKey?: string; scopeKey?: string | null; type?: string; state?: string; hasIncident?: boolean; taken?: string | null; by?: string | null; loopCounter?: number | null
  timers?: { elementId: string; elementName?: string; due: string }[]; messages?: { elementId: string; name: string }[]; multi?: { completed: number; total: number | null }
  userTaskKey?: string; taskState?: string; assignee?: string; action?: string; dueDate?: string
  // incident
  incidentKey?: string; errorType?: string
  // decision
  decisionEvaluationKey?: string; decisionDefinitionId?: string; decisionDefinitionName?: string; decisionDefinitionVersion?: number
  // mark
  mark?: 'VARIABLES' | 'RETRIED' | 'MODIFIED' | 'MIGRATED' | 'SUSPENDED' | 'RESUMED'; processDefinitionKey?: string | null
}
export interface Timeline { items: Moment[]; total: number; left: number }

export interface Spread { n: number; median: number; p95: number } // milliseconds
export interface HeatElement { name?: string; type?: string; count: number; active: number; terminated: number; incidents: number; openIncidents: number; total: Spread | null; waiting: Spread | null; handling: Spread | null }
export interface Heat { instances: number; looked: number; whole: boolean; elements: Record<string, HeatElement> }

export interface Version { processDefinitionKey: string; processDefinitionId: string; name?: string; version: number; versionTag?: string; deployed: string; active: number; completed: number; terminated: number }
export interface IncidentGroup {
  processDefinitionKey: string; processDefinitionId: string; processDefinitionName?: string; processDefinitionVersion?: number; elementId: string; elementName?: string; errorType: string
  count: number; oldest: string; newest: string
}

export type TestOperator = 'equals' | 'contains' | 'less' | 'greater' | 'exists' | 'missing'
export interface VariableTest { name: string; operator: TestOperator; value?: string }
export interface Batch {
  batchKey: string; kind: 'search' | 'resolution' | 'migration'; by: string; purpose?: string; asked?: { filter?: Record<string, unknown>; variables?: { name: string; operator: TestOperator }[]; [more: string]: unknown }
  started: string; ended?: string | null; expires?: string; state: 'RUNNING' | 'COMPLETED' | 'CANCELED' | 'FAILED'; message?: string | null; done: number; of: number
  counts: Record<string, number>; groups: (Reason & { outcome: string; count: number })[]; kept: number; newIncidents?: number
  report?: { elements: Pair[]; kept: Pair[]; opened: { elementId: string; count: number }[]; closed: { elementId: string; count: number }[] }
}
export interface Reason { code: string; text: string; textDa?: string }
export interface Pair { sourceElementId: string; targetElementId: string; count: number }
export interface BatchRow {
  outcome: string; reasons?: Reason[]; again?: boolean; processInstanceKey: string; processDefinitionKey?: string; processDefinitionId?: string; processDefinitionName?: string; processDefinitionVersion?: number | null
  elementId?: string; elementName?: string; errorType?: string; incidentKey?: string; state?: string; hasIncident?: boolean; businessId?: string; startDate?: string; endDate?: string | null
  matched?: { name: string; value: string }[]
}
export interface BatchRows { items: BatchRow[]; total: number; nextCursor: string | null }

export const timelinePath = (instance: string, limit = 500): string => query(`/api/operations/instances/${instance}/timeline`, { limit })
export const heatPath = (definition: string, from: string, to: string): string => query(`/api/operations/definitions/${definition}/heat`, { from, to })
export const versionsPath = (id: string): string => query('/api/operations/definitions', { processDefinitionId: id })
export const batchPath = (key: string): string => `/api/operations/batches/${encodeURIComponent(key)}`
export const batchRowsPath = (key: string, cursor: string | null, limit: number, outcome = ''): string => query(`${batchPath(key)}/rows`, { cursor, limit, outcome })
export const cancelBatch = (key: string): Promise<void> => write('POST', `${batchPath(key)}/cancel`)
export const getBatch = (key: string, signal?: AbortSignal): Promise<Batch> => get<Batch>(batchPath(key), signal)
export const findCases = (filter: Record<string, unknown>, variables: VariableTest[], purpose: string): Promise<{ batchKey: string }> =>
  write('POST', '/api/operations/instances/searches', { filter, variables: variables.map((v) => ({ name: v.name, operator: v.operator, ...(v.value !== undefined && { value: v.value }) })), purpose })
export const retryIncidents = (filter: Record<string, unknown>): Promise<{ batchKey: string }> => write('POST', '/api/operations/incidents/resolution-batches', { filter })

export const modifyCase = (instance: string, modification: unknown): Promise<void> => write('POST', `/v2/process-instances/${instance}/modification`, modification)
export const suspendCase = (instance: string): Promise<void> => write('POST', `/v2/process-instances/${instance}/suspension`)
export const resumeCase = (instance: string): Promise<void> => write('POST', `/v2/process-instances/${instance}/resumption`)
export interface MoveOrder { processDefinitionKey: string; targetProcessDefinitionKey: string; mappingInstructions: { sourceElementId: string; targetElementId: string }[]; dryRun: boolean; processInstanceKey?: string }
export const moveCases = (order: MoveOrder): Promise<{ batchKey: string }> => write('POST', '/api/operations/migration-batches', order)
