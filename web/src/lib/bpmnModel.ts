// What a BPMN file says, element by element, without its drawing: for differences between versions and for words about a case.
import { localName, parseXml, type XmlNode } from './xml'

export interface BpmnElement {
  id: string; tag: string; name: string; parent: string // parent: id of the sub-process or process around it
  flow: boolean // a sequence flow, message flow or association
  event?: string // of an event: "timer", "message" …; of several: "multiple"
  attachedTo?: string; nonInterrupting?: boolean
  multi?: 'parallel' | 'sequential'
  properties: Record<string, string> // everything else it says: path → value
}

const containers = new Set(['process', 'subProcess', 'transaction', 'adHocSubProcess', 'collaboration', 'laneSet', 'lane', 'childLaneSet'])
const flows = new Set(['sequenceFlow', 'messageFlow', 'association', 'dataInputAssociation', 'dataOutputAssociation'])
const elements = new Set(['task', 'serviceTask', 'userTask', 'manualTask', 'businessRuleTask', 'scriptTask', 'sendTask', 'receiveTask', 'callActivity', 'subProcess', 'transaction', 'adHocSubProcess',
  'startEvent', 'endEvent', 'intermediateCatchEvent', 'intermediateThrowEvent', 'boundaryEvent', 'exclusiveGateway', 'parallelGateway', 'inclusiveGateway', 'eventBasedGateway', 'complexGateway',
  'dataObject', 'dataObjectReference', 'dataStoreReference', 'textAnnotation', 'participant', 'lane', 'process', ...flows])
const inner = (tag: string) => elements.has(tag) || tag === 'incoming' || tag === 'outgoing' || tag === 'laneSet'

/** Attributes and children of an element, without the elements inside it, as path → value; several of a kind are numbered. */
function propertiesOf(node: XmlNode): Record<string, string> {
  const out: Record<string, string> = {}
  const walk = (at: XmlNode, path: string) => {
    for (const [name, value] of Object.entries(at.attributes)) if (path !== '' || (name !== 'id' && name !== 'name')) { if (!(path !== '' && name === 'id')) out[`${path}@${name}`] = value }
    const text = at.text.trim()
    if (path !== '' && text !== '') out[path] = text
    const seen = new Map<string, number>()
    for (const child of at.children) {
      const tag = localName(child.name)
      if (path === '' && inner(tag)) continue
      if (tag === 'flowNodeRef') continue
      const n = (seen.get(tag) ?? 0) + 1
      seen.set(tag, n)
      const next = `${path}/${tag}${n > 1 ? `[${n}]` : ''}`
      if (child.children.length === 0 && Object.keys(child.attributes).length === 0 && child.text.trim() === '') out[next] = ''
      walk(child, next)
    }
  }
  walk(node, '')
  return out
}

function eventOf(node: XmlNode): string | undefined {
  const kinds = node.children.map((c) => localName(c.name)).filter((n) => n.endsWith('EventDefinition')).map((n) => n.replace('EventDefinition', ''))
  return kinds.length > 1 ? 'multiple' : kinds[0]
}

/** By id; empty when the file cannot be read. */
export function bpmnElements(xml: string): Map<string, BpmnElement> {
  const out = new Map<string, BpmnElement>()
  const walk = (node: XmlNode, parent: string) => {
    for (const child of node.children) {
      const tag = localName(child.name)
      if (tag === 'BPMNDiagram' || tag === 'extensionElements') continue
      const id = child.attributes.id
      if (id && elements.has(tag)) {
        const loop = child.children.find((c) => localName(c.name) === 'multiInstanceLoopCharacteristics')
        const event = eventOf(child)
        out.set(id, {
          id, tag, name: child.attributes.name ?? '', parent, flow: flows.has(tag), properties: propertiesOf(child), ...(event && { event }),
          ...(loop && { multi: loop.attributes.isSequential === 'true' ? 'sequential' as const : 'parallel' as const }),
          ...(child.attributes.attachedToRef && { attachedTo: child.attributes.attachedToRef, nonInterrupting: child.attributes.cancelActivity === 'false' }),
        })
      }
      if (containers.has(tag)) walk(child, id && tag !== 'laneSet' && tag !== 'lane' && tag !== 'childLaneSet' ? id : parent)
    }
  }
  const top = parseXml(xml)
  if (top) walk(top, '')
  return out
}

/** Steps a token can stand at: what may be chosen when a case is changed. */
export const isStep = (e: BpmnElement): boolean => !e.flow && !['dataObject', 'dataObjectReference', 'dataStoreReference', 'textAnnotation', 'participant', 'lane', 'process'].includes(e.tag)
