// Moving cases to another version: what each step becomes. Kept in the address; steps with the same id need no word.
import { isStep, type BpmnElement } from './bpmnModel'

export type Mapping = Record<string, string>
type Elements = ReadonlyMap<string, BpmnElement>

/** "a:b" → {a: b}. */
export const readMapping = (texts: readonly string[]): Mapping => Object.fromEntries(texts.flatMap((t) => { const [a, b] = t.split(':'); return a && b ? [[a, b]] : [] }))
export const writeMapping = (mapping: Mapping): string[] => Object.entries(mapping).map(([a, b]) => `${a}:${b}`)

/** What a step becomes if nobody says otherwise: itself; else the only one of its kind and name; '' where there is none. */
export function suggestion(id: string, source: Elements, target: Elements): string {
  const e = source.get(id)
  if (target.get(id)?.tag === e?.tag) return id
  if (!e?.name) return ''
  const same = [...target.values()].filter((t) => t.tag === e.tag && t.name === e.name)
  return same.length === 1 ? same[0]?.id ?? '' : ''
}
export const becomes = (id: string, chosen: Mapping, source: Elements, target: Elements): string => chosen[id] ?? suggestion(id, source, target)
/** Targets to choose from: of the same kind first. */
export function choices(id: string, source: Elements, target: Elements): { same: BpmnElement[]; others: BpmnElement[] } {
  const tag = source.get(id)?.tag
  const all = [...target.values()].filter(isStep)
  return { same: all.filter((t) => t.tag === tag), others: all.filter((t) => t.tag !== tag) }
}
/** The instructions that are to be sent: what does not keep its id. `ids`: the steps that were asked about. */
export function instructions(ids: readonly string[], chosen: Mapping, source: Elements, target: Elements): { sourceElementId: string; targetElementId: string }[] {
  return [...new Set([...ids, ...Object.keys(chosen)])].flatMap((id) => { const to = becomes(id, chosen, source, target); return to && to !== id ? [{ sourceElementId: id, targetElementId: to }] : [] })
}
