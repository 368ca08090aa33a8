// The drawing on the page: bpmn-js in its box, what adds to it, and what is chosen.
import { useEffect, useRef, useState } from 'react'
import type { Finding } from '../../../api/client'
import { Alert } from '../../../ui/parts'
import { Drawing } from './drawing'
import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'
import '../../../../node_modules/bpmn-js/dist/assets/bpmn-font/css/bpmn.css'

export default function Board({ xml, loaded, title, findings, onDrawing, onXml, onSelect, onTurn }: {
  xml: string; loaded: number; title: string; findings: readonly Finding[] | undefined
  onDrawing: (drawing: Drawing | null) => void; onXml: (xml: string) => void; onSelect: (id: string | null) => void; onTurn: () => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const drawing = useRef<Drawing | null>(null)
  const [fault, setFault] = useState('')
  const [ready, setReady] = useState(0)
  const latest = useRef({ xml, loaded, onDrawing, onXml, onSelect, onTurn })
  latest.current = { xml, loaded, onDrawing, onXml, onSelect, onTurn }

  useEffect(() => {
    const container = box.current
    if (!container) return
    let gone = false, timer: ReturnType<typeof setTimeout> | undefined, made: Drawing | undefined
    const changed = () => {
      latest.current.onTurn()
      clearTimeout(timer)
      timer = setTimeout(() => { timer = undefined; void made?.xml().then((now) => { if (!gone) latest.current.onXml(now) }) }, 250)
    }
    const last = container.querySelector('.djs-container')
    setFault('')
    Drawing.open(container, latest.current.xml, { changed, selected: (id) => latest.current.onSelect(id) }).then((opened) => {
      if (gone) return opened.destroy()
      last?.remove()
      made = opened
      drawing.current = opened
      latest.current.onDrawing(opened)
      setReady((n) => n + 1)
    }, (cause: unknown) => { if (!gone) setFault(cause instanceof Error ? cause.message : String(cause)) })
    const observer = new ResizeObserver(() => { if (!gone) made?.resized() })
    observer.observe(container)
    return () => {
      gone = true
      observer.disconnect()
      clearTimeout(timer)
      // What was drawn in the last moment counts, unless another diagram has taken its place.
      if (timer && made && latest.current.loaded === loaded) void made.xml().then((now) => latest.current.onXml(now)).finally(() => made?.destroy())
      else made?.destroy()
      drawing.current = null
      latest.current.onDrawing(null)
    }
  }, [loaded])

  useEffect(() => { drawing.current?.mark(findings ?? []) }, [findings, ready])

  return (
    <>
      {fault && <Alert tone="error" heading="Diagrammet kan ikke tegnes"><p>Brug fanen Som tekst, eller hent filen og ret den.</p><p lang="en">{fault}</p></Alert>}
      <div ref={box} className="modeller-canvas" data-ready={ready || undefined} role="group" aria-label={`Tegning: ${title}`} />
    </>
  )
}
