// The search for cases: what the address holds, what the server is asked, and what people write in the value fields.
import type { TestOperator, VariableTest } from '../api/drift'
import { readDate } from './fields'

export const operators: { value: TestOperator; text: string }[] = [
  { value: 'equals', text: 'er' }, { value: 'contains', text: 'indeholder' }, { value: 'less', text: 'er mindre end' }, { value: 'greater', text: 'er større end' }, { value: 'exists', text: 'er oplyst' }, { value: 'missing', text: 'mangler' },
]
export const needsValue = (operator: TestOperator): boolean => operator !== 'exists' && operator !== 'missing'

/** As the server compares: "1.234,50" → "1234.50", "21.11.2026" → "2026-11-21", "ja" → "true"; everything else as it is. */
export function serverValue(text: string, operator: TestOperator): string {
  const plain = text.trim()
  if (operator === 'contains') return plain
  if (/^-?\d{1,3}(\.\d{3})+(,\d+)?$/.test(plain) || /^-?\d+,\d+$/.test(plain)) return plain.replace(/\./g, '').replace(',', '.')
  const date = /^\d{1,2}\.\d{1,2}\.\d{4}$/.test(plain) ? readDate(plain) : null
  if (date?.ok) return String(date.value)
  if (/^ja$/i.test(plain)) return 'true'
  if (/^nej$/i.test(plain)) return 'false'
  return plain
}

export interface Row { name: string; operator: TestOperator; value: string }
export interface Faults { purpose?: string; rows: Record<number, { name?: string; value?: string }> }
export function faultsOf(rows: readonly Row[], purpose: string): Faults {
  const faults: Faults = { rows: {} }
  rows.forEach((row, i) => {
    if (!needsValue(row.operator) && row.name.trim() === '') faults.rows[i] = { name: 'Skriv navnet på den oplysning, du spørger til, fx faktura.nummer' }
    else if (needsValue(row.operator) && row.value.trim() === '') faults.rows[i] = { value: 'Skriv den værdi, du leder efter, eller vælg »er oplyst«' }
  })
  if (purpose.trim().length < 3) faults.purpose = 'Skriv, hvad du skal bruge svaret til. Opslag i sagernes oplysninger bliver logget.'
  return faults
}
export const hasFaults = (faults: Faults): boolean => faults.purpose !== undefined || Object.keys(faults.rows).length > 0
export const testsOf = (rows: readonly Row[]): VariableTest[] => rows.map((r) => ({ name: r.name.trim(), operator: r.operator, ...(needsValue(r.operator) && { value: serverValue(r.value, r.operator) }) }))

export interface CaseFilter { id: string; version: string; state: string; sag: string; key: string; from: string; to: string }
export const filterOf = (params: URLSearchParams): CaseFilter => ({ id: params.get('id') ?? '', version: params.get('version') ?? '', state: params.get('tilstand') ?? '', sag: params.get('sag') ?? '', key: params.get('noegle') ?? '', from: params.get('startet') ?? '', to: params.get('til') ?? '' })
const dayAfter = (day: string) => new Date(Date.parse(`${day}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
const danishMidnight = (day: string) => { // the instant at which the day begins in Denmark
  const at = new Date(`${day}T00:00:00Z`)
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Copenhagen', dateStyle: 'short', timeStyle: 'medium' }).format(at)
  return new Date(at.getTime() - (Date.parse(`${shown.replace(' ', 'T')}Z`) - at.getTime())).toISOString()
}
/** The filter of POST /v2/process-instances/search. */
export function instanceFilter(f: CaseFilter): Record<string, unknown> {
  const started = { ...(f.from && { $gte: danishMidnight(f.from) }), ...(f.to && { $lt: danishMidnight(dayAfter(f.to)) }) }
  return {
    ...(f.id && { processDefinitionId: f.id }), ...(f.version && { processDefinitionKey: f.version }), ...(f.key && { businessId: f.key }), ...(/^\d+$/.test(f.sag) && { processInstanceKey: f.sag }),
    ...(f.state === 'INCIDENT' ? { state: 'ACTIVE', hasIncident: true } : f.state && { state: f.state }), ...(Object.keys(started).length > 0 && { startDate: started }),
  }
}
/** The filter of a look-up among variables. */
export function scanFilter(f: CaseFilter): Record<string, unknown> {
  return {
    ...(f.id && { processDefinitionId: f.id }), ...(f.version && { processDefinitionKey: f.version }), ...(f.key && { businessId: f.key }), ...(f.from && { startedFrom: f.from }), ...(f.to && { startedTo: f.to }),
    ...(f.state === 'INCIDENT' ? { state: 'ACTIVE', hasIncident: true } : f.state && { state: f.state }),
  }
}
