// One case as sentences: what happened, how long it waited and took, by whom; the items of a "for each" put together.
import type { Moment } from '../api/drift'
import type { BpmnElement } from './bpmnModel'
import { count, formatNumber } from './format'
import { between, spanWords } from './spans'
import { elementName, errorName } from './words'

export interface Entry { moment: Moment; items?: Moment[] } // items: those of a "for each", in their order
export type Tone = 'now' | 'done' | 'stopped' | 'incident' | 'mark' | 'rule'

/** Items of the same multi-instance (same scope and element, each with its number) become one entry, together with the frame around them. */
export function gathered(moments: readonly Moment[]): Entry[] {
  const out: Entry[] = []
  const groups = new Map<string, Entry>()
  const frames = new Set(moments.flatMap((m) => (m.kind === 'element' && m.loopCounter && m.scopeKey ? [m.scopeKey] : [])))
  for (const moment of moments) {
    if (moment.kind !== 'element' || !moment.loopCounter) {
      const entry: Entry = moment.elementInstanceKey && moment.kind === 'element' && frames.has(moment.elementInstanceKey) ? { moment, items: [] } : { moment }
      if (entry.items) groups.set(`${moment.elementInstanceKey} ${moment.elementId}`, entry)
      out.push(entry)
      continue
    }
    const key = `${moment.scopeKey} ${moment.elementId}`
    const group = groups.get(key)
    if (group?.items) group.items.push(moment)
    else {
      const made: Entry = { moment, items: [moment] }
      groups.set(key, made)
      out.push(made)
    }
  }
  return out
}

/** What a reader who asks "what happened?" leaves out: gateways and events that were only passed, and the frame around items. */
export function isMinor({ moment, items }: Entry): boolean {
  if (moment.kind !== 'element' || items || moment.state === 'ACTIVE' || moment.hasIncident) return false
  return /GATEWAY$/.test(moment.type ?? '')
}

export function toneOf({ moment, items }: Entry): Tone {
  if (moment.kind === 'incident') return moment.state === 'ACTIVE' ? 'incident' : 'done'
  if (moment.kind === 'mark') return 'mark'
  if (moment.kind === 'decision') return moment.state === 'FAILED' ? 'incident' : 'rule'
  const all = items && items.length > 0 ? items : [moment]
  if (items && moment.multi) return all.some((m) => m.hasIncident) ? 'incident' : 'now' // the frame is open
  if (all.some((m) => m.hasIncident)) return 'incident'
  if (all.some((m) => m.state === 'ACTIVE')) return 'now'
  return all.every((m) => m.state === 'TERMINATED') ? 'stopped' : 'done'
}

const marks: Record<string, string> = { VARIABLES: 'Oplysninger blev rettet', RETRIED: 'Fejlen blev prøvet igen', MODIFIED: 'Sagen blev flyttet i forløbet', MIGRATED: 'Sagen blev flyttet til en anden version', SUSPENDED: 'Sagen blev sat på pause', RESUMED: 'Sagen blev sat i gang igen' }
const events: Record<string, string> = { timer: 'Ur', message: 'Besked', signal: 'Signal', error: 'Fejl', escalation: 'Eskalering', conditional: 'Betingelse', compensation: 'Fortrydelse', cancel: 'Annullering', terminate: 'Stop alt', link: 'Spring', multiple: 'Flere hændelser' }

export const nameOf = (m: Moment): string => m.elementName || m.elementId || ''
/** "Opgave til en person", "Besked", "Ur". */
export function kindOf(m: Moment, elements: ReadonlyMap<string, BpmnElement>): string {
  if (m.kind === 'incident') return errorName(m.errorType)
  if (m.kind === 'decision') return 'Regel'
  if (m.kind === 'mark') return 'Udefra'
  const element = m.elementId ? elements.get(m.elementId) : undefined
  return (element?.event && events[element.event]) || elementName(m.type)
}

/** The line's heading. */
export function headingOf({ moment, items }: Entry): string {
  if (moment.kind === 'mark') return marks[moment.mark ?? ''] ?? 'Sagen blev ændret'
  if (moment.kind === 'decision') return `Reglen »${moment.decisionDefinitionName || moment.decisionDefinitionId}« blev spurgt`
  if (moment.kind === 'incident') return moment.state === 'ACTIVE' ? `Fejl ved »${nameOf(moment)}«` : `Fejl ved »${nameOf(moment)}«, løst`
  if (items) return `${nameOf(moment)}, for hver`
  return nameOf(moment)
}

/** What stands under it, sentence by sentence. */
export function detailsOf({ moment, items }: Entry, now = Date.now()): string[] {
  if (moment.kind === 'mark') return [moment.by ? `af ${moment.by}` : '', moment.elementId ? `ved »${nameOf(moment)}«` : ''].filter(Boolean)
  if (moment.kind === 'decision') return [`version ${moment.decisionDefinitionVersion ?? '?'}`, moment.state === 'FAILED' ? 'kunne ikke beregnes' : '']
    .filter(Boolean)
  if (moment.kind === 'incident') {
    const span = between(moment.at, moment.end, now)
    return [errorName(moment.errorType), span === null ? '' : moment.end ? `stod i ${spanWords(span)}` : `har stået i ${spanWords(span)}`].filter(Boolean)
  }
  if (items) return itemDetails(items, moment.multi?.total ?? null)
  const whole = between(moment.at, moment.end, now)
  const out: string[] = []
  if (moment.state === 'ACTIVE') out.push(whole === null ? 'i gang' : `i gang i ${spanWords(whole)}`)
  else if (moment.state === 'TERMINATED') out.push('stoppet, før det var færdigt')
  if (moment.taken && whole !== null) {
    const waited = between(moment.at, moment.taken, now), handled = between(moment.taken, moment.end, now)
    if (waited !== null) out.push(`ventede ${spanWords(waited)}`)
    if (handled !== null && moment.end) out.push(`blev behandlet på ${spanWords(handled)}`)
  } else if (moment.state === 'COMPLETED' && whole !== null && whole >= 1000) out.push(`tog ${spanWords(whole)}`)
  if (moment.by) out.push(`af ${moment.by}`)
  else if (moment.assignee && moment.state === 'ACTIVE') out.push(`hos ${moment.assignee}`)
  if (moment.action) out.push(`valgte »${moment.action}«`)
  return out
}

function itemDetails(items: readonly Moment[], total: number | null): string[] {
  const done = items.filter((m) => m.state === 'COMPLETED').length, active = items.filter((m) => m.state === 'ACTIVE').length, stopped = items.filter((m) => m.state === 'TERMINATED').length
  const out = [total !== null && total >= items.length ? `${formatNumber(done)} af ${formatNumber(total)} færdige` : `${formatNumber(done)} færdige`]
  if (active > 0) out.push(`${formatNumber(active)} i gang`)
  if (stopped > 0) out.push(`${formatNumber(stopped)} stoppet`)
  const wrong = items.filter((m) => m.hasIncident).length
  if (wrong > 0) out.push(count(wrong, 'med fejl', 'med fejl'))
  return out
}

/** "37 af 200 færdige". */
export const progressWords = (multi: { completed: number; total: number | null }): string => multi.total === null ? `${formatNumber(multi.completed)} færdige` : `${formatNumber(multi.completed)} af ${formatNumber(multi.total)} færdige`

/** What an open step waits for. */
export interface WaitsFor { text: string; at?: string }
export function waitsFor(m: Moment, elements: ReadonlyMap<string, BpmnElement>, now = Date.now()): WaitsFor[] {
  if (m.state !== 'ACTIVE') return []
  const out: WaitsFor[] = []
  for (const timer of m.timers ?? []) {
    if (Date.parse(timer.due) <= now) continue // a cycle has moved on, or it fires this very moment
    const name = timer.elementName || timer.elementId
    const boundary = timer.elementId !== m.elementId && elements.get(timer.elementId)
    out.push({ text: boundary ? `»${name}« sker` : 'fortsætter af sig selv', at: timer.due })
  }
  for (const message of m.messages ?? []) out.push({ text: `venter på beskeden »${message.name}«` })
  return out
}
