// What two versions of a process differ in: by id, then by what each element says. The drawing alone is no difference.
import { bpmnElements, type BpmnElement } from './bpmnModel'
import { elementName } from './words'

export interface PropertyChange { property: string; before: string; after: string }
export interface BpmnDifference { id: string; kind: 'added' | 'removed' | 'changed'; flow: boolean; tag: string; name: string; changes: PropertyChange[] }

const names: [RegExp, string][] = [
  [/^@sourceRef$/, 'fra'], [/^@targetRef$/, 'til'], [/\/conditionExpression$/, 'betingelse'], [/@default$/, 'vej, når ingen betingelse gælder'], [/\/taskDefinition@type$/, 'hvilket system den kalder'],
  [/\/taskDefinition@retries$/, 'antal forsøg'], [/\/assignmentDefinition@assignee$/, 'hvem opgaven er til'], [/\/assignmentDefinition@candidateGroups$/, 'hvilken gruppe opgaven er til'],
  [/\/assignmentDefinition@candidateUsers$/, 'hvilke personer opgaven er til'], [/\/taskSchedule@dueDate$/, 'frist'], [/\/taskSchedule@followUpDate$/, 'opfølgning'], [/\/formDefinition@/, 'formular'],
  [/\/timeDuration$/, 'ventetid'], [/\/timeDate$/, 'tidspunkt'], [/\/timeCycle$/, 'gentagelse'], [/\/calledDecision@decisionId$/, 'hvilken regel den spørger'], [/\/calledDecision@resultVariable$/, 'hvor svaret gemmes'],
  [/\/calledElement@processId$/, 'hvilken arbejdsgang den starter'], [/\/ioMapping\/input/, 'oplysning ind'], [/\/ioMapping\/output/, 'oplysning ud'], [/\/loopCharacteristics@inputCollection$/, 'listen, der gentages over'],
  [/\/multiInstanceLoopCharacteristics/, 'gentagelse for hver'], [/\/documentation$/, 'beskrivelse'], [/\/taskHeaders/, 'indstilling'], [/@cancelActivity$/, 'afbryder trinet'], [/@attachedToRef$/, 'trinet, den sidder på'],
  [/@messageRef$/, 'besked'], [/@errorRef$/, 'fejl'], [/@signalRef$/, 'signal'], [/@escalationRef$/, 'eskalering'], [/\/script/, 'beregning'], [/^tag$/, 'slags'], [/^name$/, 'navn'], [/^parent$/, 'delproces'],
]
/** A property's path as people say it; the path itself where nobody has a word for it. */
export function propertyName(path: string): string {
  return names.find(([pattern]) => pattern.test(path))?.[1] ?? path.replace(/^[@/]/, '').replace(/extensionElements\//, '')
}

function changesOf(before: BpmnElement, after: BpmnElement): PropertyChange[] {
  const all: PropertyChange[] = []
  const compare = (property: string, a: string | undefined, b: string | undefined) => { if ((a ?? '') !== (b ?? '') || (a === undefined) !== (b === undefined)) all.push({ property, before: a ?? '', after: b ?? '' }) }
  if (before.tag !== after.tag) compare('tag', elementName(before.tag), elementName(after.tag))
  compare('name', before.name, after.name)
  compare('parent', before.parent, after.parent)
  for (const path of new Set([...Object.keys(before.properties), ...Object.keys(after.properties)])) compare(path, before.properties[path], after.properties[path])
  return all
}

export function bpmnDifferences(beforeXml: string, afterXml: string): BpmnDifference[] {
  const before = bpmnElements(beforeXml), after = bpmnElements(afterXml)
  const out: BpmnDifference[] = []
  const processes = (e: BpmnElement) => e.tag === 'process'
  for (const e of after.values()) {
    const old = before.get(e.id)
    if (!old) { if (!processes(e)) out.push({ id: e.id, kind: 'added', flow: e.flow, tag: e.tag, name: e.name, changes: [] }) } else {
      const changes = changesOf(old, e)
      if (changes.length > 0) out.push({ id: e.id, kind: 'changed', flow: e.flow, tag: e.tag, name: e.name || old.name, changes })
    }
  }
  for (const e of before.values()) if (!after.has(e.id) && !processes(e)) out.push({ id: e.id, kind: 'removed', flow: e.flow, tag: e.tag, name: e.name, changes: [] })
  return out.sort((a, b) => Number(a.flow) - Number(b.flow)) // steps first, then flows; the file's order within
}

export const differenceWord: Record<BpmnDifference['kind'], string> = { added: 'Ny', removed: 'Fjernet', changed: 'Ændret' }
/** "Vurder sagen" or, of a flow without a name, "vejen fra Start til Vurder sagen". */
export function differenceName(d: BpmnDifference, elements: ReadonlyMap<string, BpmnElement>): string {
  if (d.name) return d.name
  const e = elements.get(d.id)
  const end = (id: string | undefined) => (id ? elements.get(id)?.name || id : '?')
  return d.flow && e ? `vejen fra ${end(e.properties['@sourceRef'])} til ${end(e.properties['@targetRef'])}` : `${elementName(d.tag)} (${d.id})`
}
