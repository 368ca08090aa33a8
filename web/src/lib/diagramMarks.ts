// What is put on the symbols of a diagram: a class of the symbol and small badges beside it.
import type { TokenCounts } from '../api/types'
import type { BpmnDifference } from './bpmnDiff'
import { formatNumber } from './format'
import type { HeatMark } from './heat'

export interface Badge { className: string; text: string; title: string; position: Record<string, number> }
export interface DiagramMark { id: string; marker?: string; badges: Badge[] }

export function tokenMarks(tokens: TokenCounts): DiagramMark[] {
  return Object.entries(tokens).map(([id, counts]) => {
    const badges: Badge[] = []
    const put = (tone: string, text: string, title: string, position: Record<string, number>) => badges.push({ className: `token token-${tone}`, text, title, position })
    if (counts.incidents) put('incident', `! ${counts.incidents}`, `${counts.incidents} fejl`, { top: -12, right: 18 })
    const multi = counts.multi
    if (multi) {
      const text = multi.total === null ? `${formatNumber(multi.completed)} færdige` : `${formatNumber(multi.completed)} af ${formatNumber(multi.total)}`
      put('active', text, `${text}, ${formatNumber(multi.active)} i gang`, { bottom: 12, left: -10 })
    } else if (counts.active) put('active', String(counts.active), `${counts.active} her nu`, { bottom: 12, left: -10 })
    if (counts.completed && !multi) put('done', `✓ ${counts.completed}`, `${counts.completed} afsluttet her`, { top: -12, left: -10 })
    const marker = counts.incidents ? 'has-incident' : counts.active || multi ? 'is-active' : counts.completed ? 'is-done' : undefined
    return { id, badges, ...(marker && { marker }) }
  })
}

export const heatDiagramMarks = (marks: readonly HeatMark[]): DiagramMark[] => marks.map((m) => ({ id: m.id, marker: `heat-${m.step}`, badges: [{ className: `heat-badge heat-badge-${m.step}`, text: m.text, title: m.text, position: { top: -14, left: -6 } }] }))

const signs: Record<BpmnDifference['kind'], [string, string]> = { added: ['+', 'Ny'], removed: ['−', 'Fjernet'], changed: ['~', 'Ændret'] }
export const differenceMarks = (differences: readonly BpmnDifference[]): DiagramMark[] => differences.map((d) => ({ id: d.id, marker: `diff-${d.kind}`, badges: [{ className: `diff-badge diff-${d.kind}`, text: signs[d.kind][0], title: signs[d.kind][1], position: { top: -12, left: -10 } }] }))
