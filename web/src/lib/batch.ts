// Work on many in words: what was ordered, how far it is, what came of it.
import type { Batch, Reason } from '../api/drift'
import { maskCpr } from './cpr'
import { count, formatNumber } from './format'

export const isSearch = (batch: Batch): boolean => batch.kind === 'search'
const n = (batch: Batch, outcome: string) => batch.counts[outcome] ?? 0

/** What was ordered. */
export function batchTitle(batch: Batch): string {
  switch (batch.kind) {
    case 'search': return batch.state === 'RUNNING' ? 'Søger i sagernes oplysninger' : `${count(n(batch, 'found'), 'sag passer', 'sager passer')}`
    case 'resolution': return batch.state === 'RUNNING' ? 'Prøver fejl igen' : `${count(n(batch, 'retried'), 'fejl er prøvet', 'fejl er prøvet')} igen`
    case 'migration': {
      const fits = n(batch, 'fits'), moved = n(batch, 'moved'), not = n(batch, 'refused')
      if (batch.asked?.dryRun === true) return batch.state === 'RUNNING' ? 'Undersøger, hvilke sager der kan flyttes' : `${formatNumber(fits)} af ${count(fits + not, 'sag', 'sager')} kan flyttes`
      return batch.state === 'RUNNING' ? 'Flytter sager til den anden version' : `${formatNumber(moved)} af ${count(moved + not, 'sag', 'sager')} er flyttet`
    }
  }
}

/** How far it is: the label of the bar. */
export function batchVerdict(batch: Batch): string {
  const of = `${formatNumber(batch.done)} af ${formatNumber(batch.of)}`
  const what = { search: 'sager set igennem', resolution: 'prøvet igen', migration: batch.asked?.dryRun === true ? 'sager undersøgt' : 'sager behandlet' }[batch.kind]
  if (batch.state === 'RUNNING') return batch.of === 0 ? 'Begynder …' : batch.kind === 'search' ? `Set igennem: ca. ${of} sager` : `${of} ${what}`
  const failed = n(batch, 'failed')
  return `${batch.state === 'COMPLETED' ? 'Færdig' : 'Stoppet'}: ${batch.kind === 'search' ? `${formatNumber(batch.done)} ${what}` : `${of} ${what}`}${batch.kind === 'resolution' && failed > 0 ? `, ${formatNumber(failed)} kunne ikke prøves` : ''}`
}

export function outcomeWord(outcome: string, kind: Batch['kind']): string {
  const words: Record<string, string> = {
    found: 'Passer', retried: 'Prøvet igen', gone: kind === 'migration' ? 'Sluttede inden' : 'Løst af andre inden', failed: kind === 'migration' ? 'Kunne ikke flyttes' : 'Kunne ikke prøves', fits: 'Kan flyttes', moved: 'Flyttet', refused: 'Kan ikke flyttes',
  }
  return words[outcome] ?? outcome
}

const codes: Record<string, string> = { busy: 'systemet havde for travlt', not_found: 'sagen findes ikke længere', conflict: 'sagen er i en tilstand, hvor det ikke går', other: 'andre grunde' }
/** A reason: in Danish where there is a word for it, with the engineer's text behind. */
export function groupWords(group: Reason): string {
  if (group.textDa) return maskCpr(group.textDa)
  const word = codes[group.code]
  const text = maskCpr(group.text)
  return word ? (text && group.code !== 'other' ? `${word} (${text})` : word) : text || group.code
}

/** What was asked for, for the list of batches. */
export function askedWords(batch: Batch, name: (id: string) => string): string {
  const filter = (batch.asked?.filter ?? {}) as Record<string, unknown>
  const parts: string[] = []
  if (typeof filter.processDefinitionId === 'string') parts.push(name(filter.processDefinitionId))
  if (typeof filter.elementId === 'string') parts.push(`trinet ${filter.elementId}`)
  if (Array.isArray(filter.incidentKeys)) parts.push(count(filter.incidentKeys.length, 'valgt fejl', 'valgte fejl'))
  for (const v of batch.asked?.variables ?? []) parts.push(v.name ? `oplysningen »${v.name}«` : 'en hvilken som helst oplysning')
  return parts.join(', ') || 'alle'
}
