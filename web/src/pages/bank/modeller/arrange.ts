// Places from our own layout, taken over as one command: undo brings every shape, bend and label back.
import type { Shape } from './drawing'
import type { Moddle } from './zeebe'

interface Box { x: number; y: number; width: number; height: number }
type Point = { x: number; y: number }
export interface Place { element: Shape; box?: Box; points?: Point[]; label?: Box }

const boxOf = (holder: Element | undefined): Box | undefined => {
  const bounds = Array.from(holder?.children ?? []).find((one) => one.localName === 'Bounds')
  if (!bounds) return undefined
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(bounds.getAttribute(name))) as [number, number, number, number]
  return [x, y, width, height].every(Number.isFinite) ? { x, y, width, height } : undefined
}

/** Where a BPMN file puts the elements that are drawn here; what the drawing does not know is left out. */
export function placesIn(xml: string, find: (id: string) => Shape | undefined): Place[] {
  const out: Place[] = []
  const root = new DOMParser().parseFromString(xml, 'application/xml')
  for (const drawn of Array.from(root.getElementsByTagNameNS('http://www.omg.org/spec/BPMN/20100524/DI', '*'))) {
    if (drawn.localName !== 'BPMNShape' && drawn.localName !== 'BPMNEdge') continue
    const element = find((drawn.getAttribute('bpmnElement') ?? '').replace(/^.*:/, ''))
    if (!element) continue
    const label = element.label ? boxOf(Array.from(drawn.children).find((one) => one.localName === 'BPMNLabel')) : undefined
    if (drawn.localName === 'BPMNShape' && !element.waypoints) {
      const box = boxOf(drawn)
      if (box) out.push({ element, box, label })
    } else if (drawn.localName === 'BPMNEdge' && element.waypoints) {
      const points = Array.from(drawn.children).filter((one) => one.localName === 'waypoint').map((one) => ({ x: Number(one.getAttribute('x')), y: Number(one.getAttribute('y')) }))
      if (points.length > 1) out.push({ element, points, label })
    }
  }
  return out
}

interface Context { places: Place[]; before?: Place[] }
const boxed = ({ x, y, width, height }: Box): Box => ({ x, y, width, height })

class Arrange {
  static $inject = ['moddle']
  constructor(private readonly moddle: { create(type: string, values: object): Moddle }) {}

  execute(context: Context): Shape[] {
    context.before = context.places.map(({ element, label }) => ({ element, box: element.waypoints ? undefined : boxed(element), points: element.waypoints?.map(({ x, y }) => ({ x, y })), label: label && element.label ? boxed(element.label) : undefined }))
    return this.put(context.places)
  }
  revert(context: Context): Shape[] { return this.put(context.before ?? []) }

  private put(places: Place[]): Shape[] {
    const changed: Shape[] = []
    for (const { element, box, points, label } of places) {
      changed.push(element)
      if (box) {
        Object.assign(element, box)
        element.di.set('bounds', this.moddle.create('dc:Bounds', box))
      }
      if (points) {
        element.waypoints = points.map(({ x, y }) => ({ x, y }))
        element.di.set('waypoint', points.map((point) => this.moddle.create('dc:Point', point)))
      }
      if (label && element.label) {
        Object.assign(element.label, label)
        const held = (element.di.get('label') as Moddle | undefined) ?? this.moddle.create('bpmndi:BPMNLabel', {})
        held.set('bounds', this.moddle.create('dc:Bounds', label))
        element.di.set('label', held)
        changed.push(element.label)
      }
    }
    return changed
  }
}

class Registration {
  static $inject = ['commandStack']
  constructor(stack: { registerHandler(name: string, handler: typeof Arrange): void }) { stack.registerHandler('sagsgang.arrange', Arrange) }
}
export const arrangeModule = { __init__: ['sagsgangArrange'], sagsgangArrange: ['type', Registration] }
