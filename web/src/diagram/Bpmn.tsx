// A diagram in bpmn-js: lit element, tokens and marks as overlays, zoom by keys and buttons; two can scroll together. Loaded only where a diagram is shown.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'
import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'
import '../../node_modules/bpmn-js/dist/assets/bpmn-font/css/bpmn.css'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { TokenCounts } from '../api/types'
import { tokenMarks, type DiagramMark } from '../lib/diagramMarks'
import { Icon } from '../ui/Icon'
import { Minimap, type MapShape } from './Minimap'
import { Alert } from '../ui/parts'
import type { Viewbox, ViewSync } from './sync'

interface Canvas {
  zoom(level?: number | 'fit-viewport', center?: 'auto' | { x: number; y: number }): number
  addMarker(id: string, marker: string): void
  removeMarker(id: string, marker: string): void
  viewbox(box?: Viewbox | false): Viewbox & { inner: Viewbox; outer: { width: number; height: number } }
  getRootElement(): { id: string }
  setRootElement(root: { id: string }): void
  findRoot(shape: Shape | string): { id: string } | undefined
}
interface Registry { get(id: string): Shape | undefined; filter(fn: (e: Shape) => boolean): Shape[] }
interface Shape { id: string; type: string; x?: number; y?: number; width?: number; height?: number; labelTarget?: unknown; waypoints?: { x: number; y: number }[]; businessObject?: { name?: string } }
interface Overlays { add(id: string, type: string, overlay: { position: Record<string, number>; html: HTMLElement }): string; remove(filter: { type: string }): void }
export interface DiagramOpening { id: string; text: string; known: boolean }
interface EventBus { on(event: string, handler: (e: { element: Shape; viewbox: Viewbox }) => void): void }

/** The few words bpmn-js itself shows. */
const words: Record<string, string> = { 'Open {element}': 'Åbn {element}' }
const danish = (text: string, values: Record<string, string> = {}) => (words[text] ?? text).replace(/\{([^}]+)\}/g, (whole, name: string) => values[name] ?? whole)

export interface DiagramElement { id: string; name: string; kind: string }
const notSelectable = new Set(['bpmn:Process', 'bpmn:Collaboration', 'bpmn:SequenceFlow', 'bpmn:MessageFlow', 'bpmn:Association', 'label'])

export default function Bpmn({ xml, lit, tokens, marks, sync, flows = false, onSelect, onElements, title, opens, onOpen, plane, onPlane, tools, textIs = 'De samme trin står som tekst under fanen Trin.' }: {
  xml: string; lit?: string | null; tokens?: TokenCounts; marks?: readonly DiagramMark[]; title: string
  sync?: ViewSync; flows?: boolean // flows: they can be chosen, too
  opens?: readonly DiagramOpening[]; onOpen?: (id: string) => void // activities that open another workflow
  plane?: string | null; onPlane?: (id: string | null) => void // the collapsed sub-process whose inside is shown
  tools?: ReactNode
  onSelect?: (id: string | null) => void; onElements?: (elements: DiagramElement[]) => void; textIs?: string
}) {
  const box = useRef<HTMLDivElement>(null)
  const viewer = useRef<NavigatedViewer | null>(null)
  const [ready, setReady] = useState(false)
  const [fault, setFault] = useState('')
  const [full, setFull] = useState(false)
  const [map, setMap] = useState<{ shapes: MapShape[]; view: Viewbox; whole: Viewbox } | null>(null)
  const handlers = useRef({ onSelect, onElements, onOpen, onPlane })
  handlers.current = { onSelect, onElements, onOpen, onPlane }

  useEffect(() => {
    if (!box.current) return
    // deferUpdate: diagrams that scroll together must hear of a move at once, not when another one has come
    const made = new NavigatedViewer({ container: box.current, ...(sync && { canvas: { deferUpdate: false } }), additionalModules: [{ translate: ['value', danish] }], textRenderer: { defaultStyle: { fontFamily: "'IBM Plex Sans', sans-serif" }, externalStyle: { fontFamily: "'IBM Plex Sans', sans-serif" } } } as ConstructorParameters<typeof NavigatedViewer>[0])
    viewer.current = made
    let gone = false
    let leave: (() => void) | undefined
    setReady(false)
    setFault('')
    made.importXML(xml).then(() => {
      if (gone) return
      fit(made)
      const registry = made.get<Registry>('elementRegistry')
      const elements = registry.filter((e) => e.type?.startsWith('bpmn:') && !e.labelTarget && !e.waypoints && !notSelectable.has(e.type))
      handlers.current.onElements?.(elements.map((e) => ({ id: e.id, name: e.businessObject?.name ?? e.id, kind: e.type.replace('bpmn:', '') })))
      const bus = made.get<EventBus>('eventBus')
      bus.on('element.click', ({ element }) => {
        if (!notSelectable.has(element.type) || (flows && element.waypoints)) handlers.current.onSelect?.(element.id)
        else if (element.type === 'bpmn:Process' || element.type === 'bpmn:Collaboration') handlers.current.onSelect?.(null)
      })
      bus.on('element.dblclick', ({ element }) => handlers.current.onOpen?.(element.id))
      bus.on('root.set', ({ element }) => handlers.current.onPlane?.(element.id.endsWith('_plane') ? element.id.slice(0, -'_plane'.length) : null))
      const survey = () => { if (!gone) setMap(surveyed(made)) }
      bus.on('canvas.viewbox.changed', survey)
      bus.on('root.set', survey)
      survey()
      leave = sync?.join((view) => made.get<Canvas>('canvas').viewbox(view), (changed) => bus.on('canvas.viewbox.changed', ({ viewbox: { x, y, width, height } }) => changed({ x, y, width, height })), plain(made.get<Canvas>('canvas').viewbox(false)))
      setReady(true)
    }, (cause: unknown) => { if (!gone) setFault(cause instanceof Error ? cause.message : String(cause)) })
    const observer = new ResizeObserver(() => { if (!gone && viewer.current) (made.get<{ resized(): void }>('canvas')).resized() })
    observer.observe(box.current)
    return () => { gone = true; leave?.(); observer.disconnect(); viewer.current = null; made.destroy() }
  }, [xml, sync, flows])

  useEffect(() => {
    const made = viewer.current
    if (!ready || !made || !lit) return
    const canvas = made.get<Canvas>('canvas')
    const shape = made.get<Registry>('elementRegistry').get(lit)
    if (!shape) return
    canvas.addMarker(lit, 'lit')
    if (canvas.zoom() < smallest) canvas.zoom(0.7, 'auto')
    show(canvas, shape)
    return () => { if (viewer.current === made) canvas.removeMarker(lit, 'lit') }
  }, [lit, ready])

  useEffect(() => {
    const made = viewer.current
    if (!ready || !made || (!tokens && !marks)) return
    const overlays = made.get<Overlays>('overlays'), canvas = made.get<Canvas>('canvas'), registry = made.get<Registry>('elementRegistry')
    const marked: [string, string][] = []
    overlays.remove({ type: 'token' })
    for (const { id, marker, badges } of [...(tokens ? tokenMarks(tokens) : []), ...(marks ?? [])]) {
      const shape = registry.get(id)
      if (!shape) continue
      if (marker) { canvas.addMarker(id, marker); marked.push([id, marker]) }
      for (const badge of badges) {
        const html = document.createElement('div')
        html.className = badge.className
        html.title = badge.title
        html.textContent = badge.text
        overlays.add(id, 'token', { position: shape.waypoints ? { top: -12, left: 0 } : badge.position, html })
      }
    }
    return () => { if (viewer.current === made) for (const [id, name] of marked) canvas.removeMarker(id, name) }
  }, [tokens, marks, ready])

  useEffect(() => {
    const made = viewer.current
    if (!ready || !made || plane === undefined) return
    const canvas = made.get<Canvas>('canvas'), registry = made.get<Registry>('elementRegistry')
    const first = registry.filter((e) => e.type === 'bpmn:Process' || e.type === 'bpmn:Collaboration')[0]
    const root = plane ? canvas.findRoot(`${plane}_plane`) : first && canvas.findRoot(first)
    if (root && root !== canvas.getRootElement()) { canvas.setRootElement(root); fit(made) }
  }, [plane, ready])

  useEffect(() => {
    const made = viewer.current
    if (!ready || !made || !opens) return
    const overlays = made.get<Overlays>('overlays'), registry = made.get<Registry>('elementRegistry')
    overlays.remove({ type: 'opening' })
    for (const { id, text, known } of opens) {
      if (!registry.get(id)) continue
      const html = document.createElement(known ? 'button' : 'span')
      html.className = known ? 'opening' : 'opening opening-missing'
      html.title = text
      html.textContent = known ? '↓ Åbn' : 'ikke i banken'
      if (known) { html.setAttribute('aria-label', text); html.addEventListener('click', (e) => { e.stopPropagation(); handlers.current.onOpen?.(id) }) }
      overlays.add(id, 'opening', { position: { bottom: 10, right: known ? 56 : 84 }, html })
    }
  }, [opens, ready])

  useEffect(() => {
    if (!full) return
    const leave = (event: KeyboardEvent) => { if (event.key === 'Escape') setFull(false) }
    window.addEventListener('keydown', leave)
    document.body.classList.add('has-full')
    return () => { window.removeEventListener('keydown', leave); document.body.classList.remove('has-full') }
  }, [full])

  const centre = (x: number, y: number) => {
    const canvas = viewer.current?.get<Canvas>('canvas')
    if (!canvas) return
    const { width, height } = canvas.viewbox(false)
    canvas.viewbox({ x: x - width / 2, y: y - height / 2, width, height })
  }
  const zoom = (factor: number) => { const canvas = viewer.current?.get<Canvas>('canvas'); if (canvas) canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)), 'auto') }
  return (
    <figure className={full ? 'diagram diagram-full' : 'diagram'}>
      <div className="diagram-tools">
        <button type="button" className="function-link" onClick={() => zoom(1.25)}><Icon name="plus" />Større</button>
        <button type="button" className="function-link" onClick={() => zoom(0.8)}><Icon name="minus" />Mindre</button>
        <button type="button" className="function-link" onClick={() => viewer.current?.get<Canvas>('canvas').zoom('fit-viewport', 'auto')}><Icon name="fit" />Vis det hele</button>
        <button type="button" className="function-link" aria-pressed={full} onClick={() => setFull(!full)}>{full ? 'Luk fuldt vindue' : 'Fuldt vindue'}</button>
        {tools}
      </div>
      {fault && <Alert tone="error" heading="Diagrammet kunne ikke vises"><p lang="en">{fault}</p></Alert>}
      <div ref={box} className="diagram-canvas" data-ready={ready || undefined} role="group" aria-label={`Diagram: ${title}`} />
      {map && !sync && <Minimap {...map} onMove={centre} />}
      <figcaption className="sr-only">Diagram af {title}. {textIs}</figcaption>
    </figure>
  )
}

/** Moves the view so that the shape is in it, in the middle where it was not. (bpmn-js's scrollToElement forgets the zoom where the diagram was just drawn.) */
function show(canvas: Canvas, shape: Shape): void {
  const root = canvas.findRoot(shape)
  if (root && root !== canvas.getRootElement()) canvas.setRootElement(root)
  const points = shape.waypoints ?? [{ x: shape.x ?? 0, y: shape.y ?? 0 }, { x: (shape.x ?? 0) + (shape.width ?? 0), y: (shape.y ?? 0) + (shape.height ?? 0) }]
  const xs = points.map((p) => p.x), ys = points.map((p) => p.y)
  const left = Math.min(...xs), right = Math.max(...xs), top = Math.min(...ys), bottom = Math.max(...ys)
  const { x, y, width, height } = canvas.viewbox(false)
  const margin = 20
  if (left >= x + margin && right <= x + width - margin && top >= y + margin && bottom <= y + height - margin) return
  canvas.viewbox({ x: (left + right - width) / 2, y: (top + bottom - height) / 2, width, height })
}

function surveyed(viewer: NavigatedViewer): { shapes: MapShape[]; view: Viewbox; whole: Viewbox } {
  const canvas = viewer.get<Canvas>('canvas'), root = canvas.getRootElement()
  const shapes = viewer.get<Registry>('elementRegistry').filter((e) => e.width !== undefined && !e.labelTarget && !e.waypoints && canvas.findRoot(e) === root)
    .map((e) => ({ x: e.x ?? 0, y: e.y ?? 0, width: e.width ?? 0, height: e.height ?? 0, frame: e.type === 'bpmn:Participant' || e.type === 'bpmn:Lane' }))
  const box = canvas.viewbox()
  return { shapes, view: plain(box), whole: plain(box.inner) }
}

const plain = ({ x, y, width, height }: Viewbox): Viewbox => ({ x, y, width, height })

/** The whole diagram, unless its text would be too small to read: then its upper left part, from where one can move on. */
function fit(viewer: NavigatedViewer): void {
  const canvas = viewer.get<Canvas>('canvas')
  const zoom = canvas.zoom('fit-viewport', 'auto')
  if (zoom > 1.3) canvas.zoom(1.3, 'auto')
  if (zoom < smallest) {
    const { inner, outer } = canvas.viewbox()
    canvas.viewbox({ x: inner.x - 24, y: inner.y - 32, width: outer.width / smallest, height: outer.height / smallest })
  }
}
const smallest = 0.45
