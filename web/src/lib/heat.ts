// The heat map: one measure at a time, five steps, each with its number, so colour is never the only sign.
import type { Heat, HeatElement } from '../api/drift'
import { formatNumber } from './format'
import { spanShort } from './spans'

export type Measure = 'antal' | 'ventetid' | 'behandling' | 'tid' | 'fejl'
export const measures: { value: Measure; text: string; title: string; about: string }[] = [
  { value: 'antal', text: 'Antal', title: 'Hvor ofte hvert trin sker', about: 'Hvor mange gange trinet er begyndt i perioden.' },
  { value: 'tid', text: 'Hele tiden', title: 'Hvor længe hvert trin varer', about: 'Fra trinet begynder, til det er færdigt. Halvdelen tager højst medianen; 95 ud af 100 tager højst p95.' },
  { value: 'ventetid', text: 'Ventetid', title: 'Hvor længe trin venter på, at nogen tager dem', about: 'Fra trinet begynder, til et system henter det, eller en person får opgaven.' },
  { value: 'behandling', text: 'Behandlingstid', title: 'Hvor længe trin er under behandling', about: 'Fra et system henter det, eller en person får opgaven, til det er færdigt.' },
  { value: 'fejl', text: 'Fejl', title: 'Hvor der opstår fejl', about: 'Hvor mange fejl der er opstået ved trinet i perioden, løste og åbne.' },
]
export const isMeasure = (text: string): text is Measure => measures.some((m) => m.value === text)

/** The number that decides the colour; null where the measure says nothing of the element. */
export function valueOf(e: HeatElement, measure: Measure): number | null {
  switch (measure) {
    case 'antal': return e.count
    case 'tid': return e.total?.median ?? null
    case 'ventetid': return e.waiting?.median ?? null
    case 'behandling': return e.handling?.median ?? null
    case 'fejl': return e.incidents > 0 ? e.incidents : null
  }
}
export const isTime = (measure: Measure): boolean => measure === 'tid' || measure === 'ventetid' || measure === 'behandling'
export const valueText = (value: number, measure: Measure): string => (isTime(measure) ? spanShort(value) : formatNumber(value))

export const steps = 5
/** Limits of the five steps, as the greatest value of each; even in their logarithm, since times differ by thousands. */
export function limitsOf(values: readonly number[]): number[] {
  const positive = values.filter((v) => v > 0)
  if (positive.length === 0) return []
  const low = Math.min(...positive), high = Math.max(...positive)
  if (low === high) return [high]
  const limits = Array.from({ length: steps }, (_, i) => Math.exp(Math.log(low) + ((Math.log(high) - Math.log(low)) * (i + 1)) / steps))
  limits[steps - 1] = high
  return limits
}
/** 1 (least) to 5 (most). With one value only: 3. */
export function stepOf(value: number, limits: readonly number[]): number {
  if (limits.length <= 1) return 3
  const found = limits.findIndex((limit) => value <= limit * (1 + 1e-9))
  return (found < 0 ? limits.length - 1 : found) + 1
}

export interface HeatMark { id: string; step: number; value: number; text: string }
export function heatMarks(heat: Heat, measure: Measure): HeatMark[] {
  const values = Object.entries(heat.elements).flatMap(([id, e]) => { const value = valueOf(e, measure); return value === null ? [] : [{ id, value }] })
  const limits = limitsOf(values.map((v) => v.value))
  return values.map(({ id, value }) => ({ id, value, step: stepOf(value, limits), text: valueText(value, measure) }))
}

/** The finding, for the heading: where the measure is greatest. */
export function finding(heat: Heat, measure: Measure): string {
  const marks = heatMarks(heat, measure)
  const top = marks.reduce<HeatMark | null>((a, b) => (a === null || b.value > a.value ? b : a), null)
  if (!top || heat.instances === 0) return 'Ingen sager i perioden'
  const name = heat.elements[top.id]?.name || top.id
  switch (measure) {
    case 'antal': return `»${name}« sker oftest: ${top.text} gange`
    case 'tid': return `»${name}« varer længst: halvdelen tager mere end ${top.text}`
    case 'ventetid': return `Der ventes længst ved »${name}«: halvdelen venter mere end ${top.text}`
    case 'behandling': return `»${name}« er længst under behandling: halvdelen tager mere end ${top.text}`
    case 'fejl': return `Der er flest fejl ved »${name}«: ${top.text}`
  }
}
