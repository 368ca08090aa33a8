// The whole diagram small, with the part in view framed; a click moves there. For the mouse only: keys and the list of steps do the same.
import { useRef, type PointerEvent } from 'react'
import type { Viewbox } from './sync'

export interface MapShape { x: number; y: number; width: number; height: number; frame: boolean }

export function Minimap({ shapes, view, whole, onMove }: { shapes: MapShape[]; view: Viewbox; whole: Viewbox; onMove: (x: number, y: number) => void }) {
  const svg = useRef<SVGSVGElement>(null)
  const spare = Math.max(whole.width, whole.height) * 0.03
  const inView = view.x <= whole.x + spare && view.y <= whole.y + spare && view.x + view.width >= whole.x + whole.width - spare && view.y + view.height >= whole.y + whole.height - spare
  if (inView || shapes.length === 0) return null
  const move = (e: PointerEvent) => {
    if (e.buttons !== 1 || !svg.current) return
    const matrix = svg.current.getScreenCTM()?.inverse()
    if (!matrix) return
    const at = new DOMPoint(e.clientX, e.clientY).matrixTransform(matrix)
    onMove(at.x, at.y)
  }
  return (
    <svg ref={svg} className="minimap" aria-hidden="true" viewBox={`${whole.x - spare} ${whole.y - spare} ${whole.width + 2 * spare} ${whole.height + 2 * spare}`} onPointerDown={move} onPointerMove={move}>
      {shapes.map((s, i) => <rect key={i} x={s.x} y={s.y} width={s.width} height={s.height} className={s.frame ? 'map-frame' : 'map-shape'} vectorEffect="non-scaling-stroke" />)}
      <rect x={view.x} y={view.y} width={view.width} height={view.height} className="map-view" vectorEffect="non-scaling-stroke" />
    </svg>
  )
}
