// bpmn-js's modeller with our words, extensions and one command of our own; the only file that knows its services.
import Modeler from 'bpmn-js/lib/Modeler'
import type { Finding } from '../../../api/client'
import { danishModule } from './danish'
import { arrangeModule, placesIn } from './arrange'
import { descriptorFor, type Create, type Moddle } from './zeebe'

export interface Shape {
  id: string; type: string; x: number; y: number; width: number; height: number; parent?: Shape; waypoints?: { x: number; y: number }[]; labelTarget?: Shape; label?: Shape
  incoming: Shape[]; outgoing: Shape[]; children?: Shape[]; source?: Shape; target?: Shape; businessObject: Moddle & Record<string, unknown>; di: Moddle & Record<string, unknown>
}
interface Box { x: number; y: number; width: number; height: number }
interface Canvas { zoom(level?: number | 'fit-viewport', center?: 'auto'): number; addMarker(id: string, name: string): void; removeMarker(id: string, name: string): void; getRootElement(): Shape; setRootElement(root: Shape): void; findRoot(shape: Shape): Shape | undefined; scrollToElement(shape: Shape, margin?: number): void; viewbox(box?: Box): Box & { inner: Box; outer: { width: number; height: number } }; focus(): void; resized(): void }
interface Registry { get(id: string): Shape | undefined; filter(keep: (shape: Shape) => boolean): Shape[] }
interface Stack { undo(): void; redo(): void; canUndo(): boolean; canRedo(): boolean; execute(command: string, context: object): void }
interface Modeling {
  updateProperties(shape: Shape, values: Record<string, unknown>): void; updateModdleProperties(shape: Shape, element: Moddle, values: Record<string, unknown>): void; updateLabel(shape: Shape, text: string): void
  createShape(shape: object, at: { x: number; y: number }, parent: Shape): Shape; removeElements(shapes: Shape[]): void; connect(from: Shape, to: Shape): Shape | undefined
}
const notListed = new Set(['bpmn:Process', 'bpmn:Collaboration', 'label', 'bpmn:DataInputAssociation', 'bpmn:DataOutputAssociation', 'bpmn:Association'])

const smallest = 0.6

export class Drawing {
  private constructor(private readonly modeler: Modeler) {}
  private marked: string[] = []

  /** Draws `xml` in the box. Errors: what bpmn-js says of a file it cannot show. */
  static async open(container: HTMLElement, xml: string, on: { changed: () => void; selected: (id: string | null) => void }): Promise<Drawing> {
    const font = "'IBM Plex Sans', sans-serif"
    const modeler = new Modeler({ container, additionalModules: [danishModule, arrangeModule], moddleExtensions: { zeebe: descriptorFor(xml) }, textRenderer: { defaultStyle: { fontFamily: font }, externalStyle: { fontFamily: font } } } as ConstructorParameters<typeof Modeler>[0])
    const made = new Drawing(modeler)
    try {
      await modeler.importXML(xml)
    } catch (cause) {
      modeler.destroy()
      throw cause
    }
    const bus = modeler.get<{ on(event: string, run: (event: { newSelection: Shape[] }) => void): void }>('eventBus')
    bus.on('commandStack.changed', () => on.changed())
    bus.on('selection.changed', ({ newSelection }) => { const one = newSelection.length === 1 ? newSelection[0] : undefined; on.selected(one ? (one.labelTarget ?? one).id : null) })
    made.fit(true)
    return made
  }

  destroy(): void { this.modeler.destroy() }
  async xml(): Promise<string> { return (await this.modeler.saveXML({ format: true })).xml ?? '' }
  private get canvas() { return this.modeler.get<Canvas>('canvas') }
  private get registry() { return this.modeler.get<Registry>('elementRegistry') }
  private get stack() { return this.modeler.get<Stack>('commandStack') }
  private get modeling() { return this.modeler.get<Modeling>('modeling') }
  readonly create: Create = (type, values) => this.modeler.get<{ create: Create }>(type.startsWith('zeebe:') ? 'moddle' : 'bpmnFactory').create(type, values)

  element(id: string | null): Shape | undefined { return id === null ? undefined : this.registry.get(id) }
  /** The process or collaboration that everything lies in. */
  root(): Shape { return this.canvas.getRootElement() }
  elements(): Shape[] { return this.registry.filter((shape) => shape.type?.startsWith('bpmn:') && !shape.labelTarget && !notListed.has(shape.type)) }

  canUndo() { return this.stack.canUndo() }
  canRedo() { return this.stack.canRedo() }
  undo() { if (this.stack.canUndo()) this.stack.undo() }
  redo() { if (this.stack.canRedo()) this.stack.redo() }
  zoom(factor: number) { this.canvas.zoom(Math.min(4, Math.max(0.2, this.canvas.zoom() * factor)), 'auto') }
  /** All of it beside the palette, never larger than life; `readable`: not smaller than text can be read, from the upper left. */
  fit(readable = false) {
    const { inner, outer } = this.canvas.viewbox(), left = 120, right = 40, edge = 40
    const whole = Math.min((outer.width - left - right) / Math.max(inner.width, 1), (outer.height - 2 * edge) / Math.max(inner.height, 1), 1)
    const zoom = Math.max(whole, readable ? smallest : 0.2)
    const spareX = Math.max(0, outer.width - left - right - inner.width * zoom) / 2, spareY = Math.max(0, outer.height - 2 * edge - inner.height * zoom) / 2
    this.canvas.viewbox({ x: inner.x - (left + spareX) / zoom, y: inner.y - (edge + spareY) / zoom, width: outer.width / zoom, height: outer.height / zoom })
  }
  resized() { this.canvas.resized() }

  select(id: string) {
    const shape = this.registry.get(id)
    if (!shape) return
    const plane = this.canvas.findRoot(shape)
    if (plane && plane !== this.canvas.getRootElement()) this.canvas.setRootElement(plane)
    this.modeler.get<{ select(shape: Shape): void }>('selection').select(shape)
    this.canvas.scrollToElement(shape, 100)
  }

  rename(shape: Shape, name: string) { this.modeling.updateLabel(shape, name) }
  set(shape: Shape, values: Record<string, unknown>) { this.modeling.updateProperties(shape, values) }
  setIn(shape: Shape, element: Moddle, values: Record<string, unknown>) { this.modeling.updateModdleProperties(shape, element, values) }
  setExtensions(shape: Shape, element: Moddle, values: Moddle[]) {
    const made = values.length > 0 ? this.create('bpmn:ExtensionElements', { values }) : undefined
    if (made) {
      made.$parent = element
      for (const one of values) one.$parent = made
    }
    this.setIn(shape, element, { extensionElements: made })
  }

  /** A new element after the one that is chosen, or in the middle where none is; it is chosen then. */
  add(after: Shape | undefined, kind: Record<string, unknown>): Shape | undefined {
    const shape = this.modeler.get<{ createShape(of: object): object }>('elementFactory').createShape(kind)
    let made: Shape | undefined
    const flows = after && !after.waypoints && /Task|Activity|Process$|Gateway|Event$/.test(after.type) && after.type !== 'bpmn:EndEvent' && after !== this.root() && kind.type !== 'bpmn:StartEvent'
    if (flows) made = this.modeler.get<{ append(from: Shape, shape: object): Shape }>('autoPlace').append(after, shape)
    else {
      const pool = this.registry.filter((one) => one.type === 'bpmn:Participant' && (one.children?.length ?? 0) > 0)[0] ?? this.registry.filter((one) => one.type === 'bpmn:Participant')[0]
      const parent = pool ?? this.root(), beside = this.registry.filter((one) => one.parent === parent && !one.waypoints && !one.labelTarget && one.type !== 'bpmn:Lane' && one.width < 400)
      const last = beside.sort((a, b) => b.x + b.width - a.x - a.width)[0], view = this.canvas.viewbox()
      const at = last ? { x: last.x + last.width + 110, y: last.y + last.height / 2 } : pool ? { x: pool.x + 150, y: pool.y + pool.height / 2 } : { x: view.x + view.width / 2, y: view.y + view.height / 2 }
      made = this.modeling.createShape(shape, at, kind.type === 'bpmn:Participant' ? this.root() : parent)
    }
    if (made) this.select(made.id)
    return made
  }
  remove(shape: Shape) { this.modeling.removeElements([shape]) }
  /** false: BPMN has no connection between these two. */
  connect(from: Shape, to: Shape): boolean { return this.modeling.connect(from, to) !== undefined }

  /** The places of another drawing of the same diagram, as one step that can be undone. */
  arrange(laidOut: string): number {
    const places = placesIn(laidOut, (id) => this.registry.get(id))
    if (places.length > 0) this.stack.execute('sagsgang.arrange', { places })
    this.fit()
    return places.length
  }

  mark(findings: readonly Finding[]) {
    const overlays = this.modeler.get<{ add(id: string, type: string, overlay: object): void; remove(filter: { type: string }): void }>('overlays')
    overlays.remove({ type: 'finding' })
    for (const id of this.marked) if (this.registry.get(id)) { this.canvas.removeMarker(id, 'has-error'); this.canvas.removeMarker(id, 'has-warning') }
    this.marked = []
    const worst = new Map<string, Finding[]>()
    for (const one of findings) if (one.element && this.registry.get(one.element) && this.registry.get(one.element) !== this.root()) worst.set(one.element, [...(worst.get(one.element) ?? []), one])
    for (const [id, list] of worst) {
      const bad = list.some((one) => one.error), shape = this.registry.get(id)
      const html = document.createElement('div')
      html.className = `finding-mark ${bad ? 'is-error' : 'is-warning'}`
      html.title = list.map((one) => one.message_da ?? one.message).join('\n')
      html.textContent = bad ? '!' : '?'
      overlays.add(id, 'finding', { position: shape?.waypoints ? { top: -10, left: 0 } : { top: -10, right: 10 }, html })
      this.canvas.addMarker(id, bad ? 'has-error' : 'has-warning')
      this.marked.push(id)
    }
  }
}
