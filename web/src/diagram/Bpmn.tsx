// A diagram in bpmn-js: lit element, tokens as overlays, zoom by keys and buttons. Loaded only where a diagram is shown.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'
import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'
import '../../node_modules/bpmn-js/dist/assets/bpmn-font/css/bpmn.css'
import { useEffect, useRef, useState } from 'react'
import type { TokenCounts } from '../api/types'
import { Icon } from '../ui/Icon'
import { Alert } from '../ui/parts'

interface Canvas {
  zoom(level?: number | 'fit-viewport', center?: 'auto' | { x: number; y: number }): number
  addMarker(id: string, marker: string): void
  removeMarker(id: string, marker: string): void
  scrollToElement(id: string): void
  viewbox(box?: { x: number; y: number; width: number; height: number }): { inner: { x: number; y: number; width: number; height: number }; outer: { width: number; height: number } }
  getRootElement(): { id: string }
}
interface Registry { get(id: string): { id: string; businessObject?: { name?: string } } | undefined; filter(fn: (e: Shape) => boolean): Shape[] }
interface Shape { id: string; type: string; labelTarget?: unknown; waypoints?: unknown; businessObject?: { name?: string } }
interface Overlays { add(id: string, type: string, overlay: { position: Record<string, number>; html: HTMLElement }): string; remove(filter: { type: string }): void }
interface EventBus { on(event: string, handler: (e: { element: Shape }) => void): void }

export interface DiagramElement { id: string; name: string; kind: string }
const notSelectable = new Set(['bpmn:Process', 'bpmn:Collaboration', 'bpmn:SequenceFlow', 'bpmn:MessageFlow', 'bpmn:Association', 'label'])

export default function Bpmn({ xml, lit, tokens, onSelect, onElements, title }: {
  xml: string; lit?: string | null; tokens?: TokenCounts; title: string
  onSelect?: (id: string | null) => void; onElements?: (elements: DiagramElement[]) => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const viewer = useRef<NavigatedViewer | null>(null)
  const [ready, setReady] = useState(false)
  const [fault, setFault] = useState('')
  const handlers = useRef({ onSelect, onElements })
  handlers.current = { onSelect, onElements }

  useEffect(() => {
    if (!box.current) return
    const made = new NavigatedViewer({ container: box.current, textRenderer: { defaultStyle: { fontFamily: "'IBM Plex Sans', sans-serif" }, externalStyle: { fontFamily: "'IBM Plex Sans', sans-serif" } } } as ConstructorParameters<typeof NavigatedViewer>[0])
    viewer.current = made
    let gone = false
    setReady(false)
    setFault('')
    made.importXML(xml).then(() => {
      if (gone) return
      fit(made)
      const registry = made.get<Registry>('elementRegistry')
      const elements = registry.filter((e) => e.type?.startsWith('bpmn:') && !e.labelTarget && !e.waypoints && !notSelectable.has(e.type))
      handlers.current.onElements?.(elements.map((e) => ({ id: e.id, name: e.businessObject?.name ?? e.id, kind: e.type.replace('bpmn:', '') })))
      made.get<EventBus>('eventBus').on('element.click', ({ element }) => {
        if (!notSelectable.has(element.type)) handlers.current.onSelect?.(element.id)
        else if (element.type === 'bpmn:Process' || element.type === 'bpmn:Collaboration') handlers.current.onSelect?.(null)
      })
      setReady(true)
    }, (cause: unknown) => { if (!gone) setFault(cause instanceof Error ? cause.message : String(cause)) })
    const observer = new ResizeObserver(() => { if (!gone && viewer.current) (made.get<{ resized(): void }>('canvas')).resized() })
    observer.observe(box.current)
    return () => { gone = true; observer.disconnect(); viewer.current = null; made.destroy() }
  }, [xml])

  useEffect(() => {
    const made = viewer.current
    if (!ready || !made || !lit) return
    const canvas = made.get<Canvas>('canvas')
    if (!made.get<Registry>('elementRegistry').get(lit)) return
    canvas.addMarker(lit, 'lit')
    if (canvas.zoom() < smallest) canvas.zoom(0.7, 'auto')
    canvas.scrollToElement(lit)
    return () => { if (viewer.current === made) canvas.removeMarker(lit, 'lit') }
  }, [lit, ready])

  useEffect(() => {
    const made = viewer.current
    if (!ready || !made || !tokens) return
    const overlays = made.get<Overlays>('overlays')
    const canvas = made.get<Canvas>('canvas')
    const registry = made.get<Registry>('elementRegistry')
    const marked: [string, string][] = []
    overlays.remove({ type: 'token' })
    for (const [id, counts] of Object.entries(tokens)) {
      if (!registry.get(id)) continue
      const mark = (name: string) => { canvas.addMarker(id, name); marked.push([id, name]) }
      const put = (tone: string, n: number, word: string, position: Record<string, number>) => {
        const html = document.createElement('div')
        html.className = `token token-${tone}`
        html.title = `${n} ${word}`
        html.textContent = tone === 'incident' ? `! ${n}` : tone === 'done' ? `✓ ${n}` : String(n)
        overlays.add(id, 'token', { position, html })
      }
      if (counts.incidents) { put('incident', counts.incidents, 'fejl', { top: -12, right: 18 }); mark('has-incident') }
      if (counts.active) { put('active', counts.active, 'her nu', { bottom: 12, left: -10 }); mark('is-active') }
      if (counts.completed) { put('done', counts.completed, 'afsluttet her', { top: -12, left: -10 }); if (!counts.active) mark('is-done') }
    }
    return () => { if (viewer.current === made) for (const [id, name] of marked) canvas.removeMarker(id, name) }
  }, [tokens, ready])

  const zoom = (factor: number) => { const canvas = viewer.current?.get<Canvas>('canvas'); if (canvas) canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)), 'auto') }
  return (
    <figure className="diagram">
      <div className="diagram-tools">
        <button type="button" className="function-link" onClick={() => zoom(1.25)}><Icon name="plus" />Større</button>
        <button type="button" className="function-link" onClick={() => zoom(0.8)}><Icon name="minus" />Mindre</button>
        <button type="button" className="function-link" onClick={() => viewer.current?.get<Canvas>('canvas').zoom('fit-viewport', 'auto')}><Icon name="fit" />Vis det hele</button>
      </div>
      {fault && <Alert tone="error" heading="Diagrammet kunne ikke vises"><p lang="en">{fault}</p></Alert>}
      <div ref={box} className="diagram-canvas" data-ready={ready || undefined} role="group" aria-label={`Diagram: ${title}`} />
      <figcaption className="sr-only">Diagram af {title}. De samme trin står som tekst under fanen Trin.</figcaption>
    </figure>
  )
}

/** The whole diagram, unless its text would be too small to read: then its upper left part, from where one can move on. */
function fit(viewer: NavigatedViewer): void {
  const canvas = viewer.get<Canvas>('canvas')
  const zoom = canvas.zoom('fit-viewport', 'auto')
  if (zoom > 1.3) canvas.zoom(1.3, 'auto')
  if (zoom < smallest) {
    const { inner, outer } = canvas.viewbox()
    canvas.viewbox({ x: inner.x - 10, y: inner.y - 10, width: outer.width / smallest, height: outer.height / smallest })
  }
}
const smallest = 0.45
