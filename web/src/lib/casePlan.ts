// What somebody plans to do to a running case: kept in the address, said in words, drawn on the diagram, sent as one modification.
import type { Moment } from '../api/drift'
import type { TokenCounts } from '../api/types'
import { isStep, type BpmnElement } from './bpmnModel'
import type { DiagramMark } from './diagramMarks'
import { count } from './format'

export type PlanStep = { kind: 'move'; from: string; to: string } | { kind: 'start'; element: string } | { kind: 'stop'; element: string }

/** "flyt:a:b", "begynd:c", "stop:d"; ids of BPMN hold no colon. */
export function readPlan(texts: readonly string[]): PlanStep[] {
  return texts.flatMap((text): PlanStep[] => {
    const [kind, a, b] = text.split(':')
    if (kind === 'flyt' && a && b) return [{ kind: 'move', from: a, to: b }]
    if (kind === 'begynd' && a) return [{ kind: 'start', element: a }]
    return kind === 'stop' && a ? [{ kind: 'stop', element: a }] : []
  })
}
export const writeStep = (s: PlanStep): string => (s.kind === 'move' ? `flyt:${s.from}:${s.to}` : s.kind === 'start' ? `begynd:${s.element}` : `stop:${s.element}`)
/** With the new step; an element stops or moves only once. */
export function withStep(plan: readonly PlanStep[], step: PlanStep): PlanStep[] {
  const leaves = (s: PlanStep) => (s.kind === 'move' ? s.from : s.kind === 'stop' ? s.element : '')
  return [...plan.filter((s) => writeStep(s) !== writeStep(step) && (leaves(step) === '' || leaves(s) !== leaves(step))), step]
}

type Elements = ReadonlyMap<string, BpmnElement>
const called = (id: string, elements: Elements) => `»${elements.get(id)?.name || id}«`
const standing = (tokens: TokenCounts, id: string) => tokens[id]?.active ?? 0
/** Where a token stands that may be stopped or moved. */
export const isActive = (tokens: TokenCounts, id: string): boolean => standing(tokens, id) > 0 || tokens[id]?.multi !== undefined
/** Where a token may be begun: steps, and events that are not started by something else. */
export const mayBegin = (e: BpmnElement): boolean => isStep(e) && e.tag !== 'boundaryEvent' && e.tag !== 'startEvent' && e.properties['@triggeredByEvent'] !== 'true'

export function stepWords(step: PlanStep, elements: Elements, tokens: TokenCounts): string {
  const places = (id: string) => { const n = standing(tokens, id); return n > 1 ? ` (${count(n, 'sted', 'steder')})` : '' }
  switch (step.kind) {
    case 'move': return `${called(step.from, elements)}${places(step.from)} standser, og ${called(step.to, elements)} begynder i stedet.`
    case 'start': return `${called(step.element, elements)} begynder, uden at noget andet standser.`
    case 'stop': return `${called(step.element, elements)}${places(step.element)} standser, og intet følger efter.`
  }
}

/** Ids that stop and ids that begin. */
export const stops = (plan: readonly PlanStep[]): string[] => plan.flatMap((s) => (s.kind === 'move' ? [s.from] : s.kind === 'stop' ? [s.element] : []))
export const begins = (plan: readonly PlanStep[]): string[] => plan.flatMap((s) => (s.kind === 'move' ? [s.to] : s.kind === 'start' ? [s.element] : []))

/** What follows from it, for the people and systems around the case. `open`: the open steps of the timeline. */
export function effects(plan: readonly PlanStep[], elements: Elements, tokens: TokenCounts, open: readonly Moment[]): string[] {
  const out: string[] = []
  const stopped = new Set(stops(plan))
  for (const m of open) {
    if (!m.elementId || !stopped.has(m.elementId)) continue
    if (m.userTaskKey) out.push(`Opgaven ${called(m.elementId, elements)}${m.assignee ? ` hos ${m.assignee}` : ''} forsvinder.`)
    else if (/SERVICE_TASK|SEND_TASK|BUSINESS_RULE_TASK|SCRIPT_TASK/.test(m.type ?? '')) out.push(`Kaldet ${called(m.elementId, elements)} bliver ikke ventet på. Er det allerede sendt, er det sendt.`)
    else if (m.type === 'CALL_ACTIVITY') out.push(`Den sag, ${called(m.elementId, elements)} har startet, stoppes.`)
    for (const timer of m.timers ?? []) if (timer.elementId !== m.elementId) out.push(`${called(timer.elementId, elements)} sker ikke længere.`)
    for (const message of m.messages ?? []) out.push(`Beskeden »${message.name}« bliver ikke længere ventet på.`)
  }
  for (const id of begins(plan)) {
    const e = elements.get(id)
    for (let around = e?.parent; around; around = elements.get(around)?.parent) {
      const scope = elements.get(around)
      if (scope && scope.tag !== 'process' && !isActive(tokens, around)) out.push(`Delprocessen ${called(around, elements)} begynder også.`)
    }
    if (e?.tag === 'userTask') out.push(`Der kommer en ny opgave: ${called(id, elements)}.`)
    else if (e && /^(serviceTask|sendTask)$/.test(e.tag)) out.push(`Systemet bag ${called(id, elements)} bliver kaldt${(tokens[id]?.completed ?? 0) > 0 ? ' igen' : ''}.`)
    else if (e?.tag === 'callActivity') out.push(`${called(id, elements)} starter en ny sag.`)
    if (e && (tokens[id]?.completed ?? 0) > 0 && !/^(serviceTask|sendTask)$/.test(e.tag)) out.push(`${called(id, elements)} har været udført før og udføres igen.`)
  }
  const left = Object.keys(tokens).filter((id) => { const e = elements.get(id); return e && isStep(e) && isActive(tokens, id) && !stopped.has(id) })
  if (stops(plan).length > 0 && begins(plan).length === 0 && left.length === 0) out.push('Intet er i gang bagefter, så sagen slutter.')
  return [...new Set(out)]
}

/** Faults that can be said before the server is asked; the server checks everything. */
export function planFaults(plan: readonly PlanStep[], elements: Elements, tokens: TokenCounts): string[] {
  const out: string[] = []
  for (const step of plan) {
    const unknown = [...(step.kind === 'move' ? [step.from, step.to] : [step.element])].find((id) => !elements.has(id))
    if (unknown) out.push(`Trinet »${unknown}« findes ikke i denne version.`)
    else if (step.kind === 'move' && step.from === step.to) out.push(`${called(step.from, elements)} kan ikke flyttes til sig selv.`)
    else if (step.kind !== 'start' && !isActive(tokens, step.kind === 'move' ? step.from : step.element)) out.push(`${called(step.kind === 'move' ? step.from : step.element, elements)} er ikke i gang længere.`)
  }
  return out
}

export function planMarks(plan: readonly PlanStep[]): DiagramMark[] {
  const mark = (id: string, what: 'stop' | 'start', text: string): DiagramMark => ({ id, marker: `plan-${what}`, badges: [{ className: `plan-badge plan-badge-${what}`, text, title: text, position: { top: -14, right: 40 } }] })
  return [...new Set(stops(plan))].map((id) => mark(id, 'stop', '× standser')).concat([...new Set(begins(plan))].map((id) => mark(id, 'start', '▶ begynder')))
}

export interface Modification {
  activateInstructions: { elementId: string }[]; moveInstructions: { sourceElementId: string; targetElementId: string }[]; terminateInstructions: { elementId: string }[]
}
/** The body of POST /v2/process-instances/{key}/modification. */
export function modificationOf(plan: readonly PlanStep[]): Modification {
  const out: Modification = { activateInstructions: [], moveInstructions: [], terminateInstructions: [] }
  for (const s of plan) {
    if (s.kind === 'move') out.moveInstructions.push({ sourceElementId: s.from, targetElementId: s.to })
    else if (s.kind === 'start') out.activateInstructions.push({ elementId: s.element })
    else out.terminateInstructions.push({ elementId: s.element })
  }
  return out
}
