// The shapes of docs/api.md and of the /v2 subset the pages read. Fields the server may leave out are optional.
import type { StoredDecision } from '../lib/trace'

export interface Session { user: string; name: string; roles: string[]; authority: string; authorityName: string }
export interface Status {
  version: string; local: boolean; authorityName: string
  demoUsers?: { user: string; role: string; name?: string; password?: string; authorityName?: string }[]
  standIns: StandIn[]
}
export interface StandIn { kind: string; title?: string; standIn?: boolean }

export interface Hit { field: string; text: string; elementId?: string | null }
export interface WorkflowItem {
  slug: string; title: string; summary: string; domain: string; kle?: string; kla?: string; kind: string; pattern?: boolean | string
  runnable: boolean; stars?: number | null; catalogueNumber?: number | string | null; version?: number | string; changed?: string; hits?: Hit[]
}
export interface Facet { value: string | boolean; count: number; title?: string }
export interface WorkflowList { items: WorkflowItem[]; total: number; facets: { domain: Facet[]; kind: Facet[]; runnable: Facet[] } }
export interface Law { title: string; reference?: string; url?: string; verified?: string | boolean }
export interface Scenario { file: string; title: string; lastResult?: { passed: boolean; at?: string; message?: string } | null }
export interface ScenarioResult { file: string; title: string; passed: boolean; seconds?: number; message?: string }
export interface WorkflowDetail extends WorkflowItem {
  manifest?: Record<string, unknown>; law: Law[]; roles: (string | { id?: string; name: string })[]; systems: StandIn[]
  decisions: { id: string; name: string }[]; scenarios: Scenario[]
  versions: { version: number | string; at: string; by?: string; note?: string }[]
  own?: boolean
  files: string[]; deployed?: { version: number; definitionKey: string } | null; diagramElements?: unknown
}
export interface Steps { lanes: { id: string; name: string; steps: { number: number | string; elementId: string; kind: string; text: string }[] }[] }

export interface TaskItem {
  userTaskKey: string; title: string; reason: string; workflow: string; slug?: string; elementId: string; processInstanceKey: string
  created: string; due?: string | null; assignee?: string | null; candidateGroups?: string[]; priority?: number; state: string
}
export interface TaskAction { value: string; label: string; needsReason: boolean }
export interface CaseDocument { name: string; mime: string; bytes: number }
export interface Note { at: string; text: string }
export interface Task extends TaskItem {
  findings?: { kode: string; tekst: string }[]; variables?: Record<string, unknown>; documents?: CaseDocument[]; notes?: Note[]
  decisions?: StoredDecision[]; actions?: TaskAction[]
}
export interface List<T> { items: T[]; total: number }

export interface LedgerEntry {
  id: string | number; at: string; text: string; supplier?: string; amount: string | number; currency?: string; quarantined?: boolean
  lines: { account: string; accountName?: string; debit?: string | number | null; credit?: string | number | null }[]
  processInstanceKey?: string
}
export interface Ledger { entries: LedgerEntry[]; total: number; balance: { debit: string | number; credit: string | number }; paidTotal: string | number }
export interface QuarantineItem { kind: string; text: string; at: string; idempotencyKey: string; settled: boolean | string | null }
export interface Case {
  processInstanceKey: string; workflow: string; slug?: string; state: string; started: string; ended?: string | null; notes: Note[]; documents: CaseDocument[]
  entries: LedgerEntry[]; timeline: { at: string; elementId: string; name?: string; state: string }[]
}

export interface Operations {
  incidents: number; active: number; late: number; retrying: number; quarantined: number; standIns: StandIn[]
  perHour: { hour: string; started: number; completed: number }[]
}
export type TokenCounts = Record<string, { active?: number; completed?: number; terminated?: number; incidents?: number; multi?: { active: number; completed: number; total: number | null } }>
export interface Benefit {
  slug: string; title: string; automatic: number; byPerson: number; rejected: number; waiting?: number; minutesBefore?: number | null
  minutesBeforeKind?: 'claim' | 'measured'; minutesPerPersonCase?: number | null; minutesSaved?: number | null
  perDay: { day: string; automatic: number; byPerson: number; rejected: number }[]
}

export interface Page<T> { items: T[]; page?: { totalItems?: number; hasMoreTotalItems?: boolean } }
export interface Instance {
  processInstanceKey: string; processDefinitionId: string; processDefinitionName?: string; processDefinitionVersion?: number; processDefinitionKey: string
  startDate?: string; endDate?: string | null; state: string; hasIncident?: boolean; parentProcessInstanceKey?: string | null; businessId?: string; startedBy?: string
}
export interface Incident {
  incidentKey: string; processInstanceKey: string; processDefinitionId?: string; processDefinitionName?: string; elementId: string; elementName?: string; jobKey?: string | null
  errorType?: string; errorMessage?: string; creationTime?: string; state?: string
}
export interface ElementInstance {
  elementInstanceKey: string; elementId: string; elementName?: string; type?: string; state: string; startDate?: string; endDate?: string | null; hasIncident?: boolean
}
export interface Variable { variableKey?: string; name: string; value: unknown; scopeKey?: string; isTruncated?: boolean }
export interface Definition { processDefinitionKey: string; processDefinitionId: string; name?: string; version?: number }
