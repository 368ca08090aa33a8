// The wall: roles as rows, time as columns. Cards are moved by pointer (hold and drag), by keyboard (Space lifts, arrows move) or with "Flyt til …" in the card.
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import type { Board, Card, Operation, Person } from '../../api/boards'
import { cardsIn, initials, look, moveTo, newId, placeWords, step, textOf, type Direction } from '../../lib/board'
import { Icon } from '../../ui/Icon'
import { CardFacts } from './CardFace'

const arrows: Record<string, Direction> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' }
const dragFrom = 6 // pixels: less is a click

interface Drag { card: Card; x: number; y: number; dx: number; dy: number; width: number; role: string; column: string; position: number }
interface Lift { card: string; from: { role: string; column: string; position: number } }

export function Wall({ board, others, selected, change, tell, onOpen, onLine, say }: {
  board: Board; others: Person[]; selected: string | null
  change: (operation: Operation) => Promise<boolean>; tell: (place: { card?: string | null; x?: number; y?: number }) => void
  onOpen: (card: string) => void; onLine: (what: 'role' | 'column', id: string | null) => void; say: (text: string) => void
}) {
  const wall = useRef<HTMLDivElement>(null)
  const [drag, setDrag] = useState<Drag | null>(null)
  const [lift, setLift] = useState<Lift | null>(null)
  const [writing, setWriting] = useState<string | null>(null) // the cell in which somebody types a new card
  const focus = useRef<string | null>(null)

  const dragged = useRef(0) // when a drag ended: the click of its release opens nothing

  // A card that moves to another cell is a new element: the focus goes with it, unless somebody has put it elsewhere.
  useEffect(() => {
    if (focus.current !== null && document.activeElement === document.body) wall.current?.querySelector<HTMLElement>(`[data-card="${CSS.escape(focus.current)}"]`)?.focus()
  })
  useEffect(() => {
    const elsewhere = () => { focus.current = null }
    window.addEventListener('pointerdown', elsewhere, true)
    return () => window.removeEventListener('pointerdown', elsewhere, true)
  }, [])

  const cardAt = (id: string) => board.cards.find((card) => card.id === id)
  const move = (operation: Operation | null, card: Card) => {
    if (!operation || operation.op !== 'move') { say('Kortet kan ikke komme længere den vej.'); return }
    focus.current = card.id
    void change(operation).then((done) => { if (done) say(`${card.text ?? ''}: ${textOf(board.roles, operation.role)}, ${textOf(board.columns, operation.column)}.`) })
  }
  const press = (event: KeyboardEvent<HTMLButtonElement>, card: Card) => {
    const direction = arrows[event.key]
    if (event.key === ' ') {
      event.preventDefault()
      if (lift) { setLift(null); say(`Lagt: ${card.text ?? ''}, ${placeWords(board, card)}.`); return }
      setLift({ card: card.id, from: { role: card.role, column: card.column, position: cardsIn(board, card.role, card.column).findIndex((c) => c.id === card.id) } })
      say(`Løftet: ${card.text ?? ''}. Flyt med piletasterne, læg med mellemrum, fortryd med Escape.`)
    } else if (event.key === 'Escape' && lift) {
      event.preventDefault()
      move(moveTo(board, card, lift.from.role, lift.from.column, lift.from.position), card)
      setLift(null)
    } else if (direction) {
      event.preventDefault()
      if (lift?.card === card.id) { move(step(board, card, direction), card); return }
      const next = look(board, card, direction)
      if (next) { focus.current = next.id; wall.current?.querySelector<HTMLElement>(`[data-card="${CSS.escape(next.id)}"]`)?.focus() }
    } else if (event.key === 'Delete') {
      focus.current = look(board, card, 'down')?.id ?? look(board, card, 'up')?.id ?? null
      void change({ op: 'remove', card: card.id }).then((done) => { if (done) say(`Kortet ${card.text ?? ''} er taget af tavlen. Fortryd kan lægge det tilbage.`) })
    }
  }

  const grab = (event: PointerEvent<HTMLElement>, card: Card) => {
    const handle = (event.target as Element).closest('.card-handle')
    if (event.button !== 0 || (event.pointerType !== 'mouse' && !handle)) return // a finger scrolls; the handle drags
    const box = (event.currentTarget.closest('.wall-card') as HTMLElement).getBoundingClientRect()
    const start = { x: event.clientX, y: event.clientY }
    let held: Drag | null = null
    const over = (e: globalThis.PointerEvent) => {
      if (!held && Math.hypot(e.clientX - start.x, e.clientY - start.y) < dragFrom) return
      const cell = document.elementsFromPoint(e.clientX, e.clientY).map((el) => el.closest<HTMLElement>('[data-cell]')).find((el) => el !== null)
      const [role = held?.role ?? card.role, column = held?.column ?? card.column] = cell?.dataset.cell?.split(' ') ?? []
      const faces = cell ? [...cell.querySelectorAll<HTMLElement>('.wall-card')].filter((el) => !el.classList.contains('dragged')) : []
      const position = cell ? faces.filter((el) => { const r = el.getBoundingClientRect(); return e.clientY > r.top + r.height / 2 }).length : held?.position ?? 0
      held = { card, x: e.clientX, y: e.clientY, dx: start.x - box.left, dy: start.y - box.top, width: box.width, role, column, position }
      setDrag(held)
    }
    const end = (drop: boolean) => {
      window.removeEventListener('pointermove', over)
      window.removeEventListener('pointerup', up)
      window.removeEventListener('pointercancel', cancel)
      window.removeEventListener('keydown', escape, true)
      setDrag(null)
      if (!held) return
      dragged.current = Date.now()
      const now = cardAt(card.id) ?? card
      if (drop) move(moveTo(board, now, held.role, held.column, held.position), now)
    }
    const up = () => end(true)
    const cancel = () => end(false)
    const escape = (e: globalThis.KeyboardEvent) => { if (e.key === 'Escape') { e.stopPropagation(); end(false) } }
    window.addEventListener('pointermove', over)
    window.addEventListener('pointerup', up)
    window.addEventListener('pointercancel', cancel)
    window.addEventListener('keydown', escape, true)
  }

  const point = (event: PointerEvent<HTMLDivElement>) => {
    const box = wall.current?.querySelector('table')?.getBoundingClientRect()
    if (!box || event.pointerType === 'touch') return
    const within = (n: number) => Math.round(Math.max(0, Math.min(1, n)) * 1e4) / 1e4
    tell({ x: within((event.clientX - box.left) / box.width), y: within((event.clientY - box.top) / box.height) })
  }

  const face = (card: Card) => {
    const holders = others.filter((person) => person.card === card.id)
    return (
      <li key={card.id} className={`wall-card kind-${card.kind ?? 'activity'}${drag?.card.id === card.id ? ' dragged' : ''}${lift?.card === card.id ? ' lifted' : ''}${holders.length > 0 ? ' held' : ''}`} onPointerDown={(event) => grab(event, card)}>
        <button type="button" data-card={card.id} aria-describedby="wall-help" className={card.id === selected ? 'chosen-card' : ''}
          onFocus={() => { focus.current = card.id; tell({ card: card.id }) }} onBlur={(event) => { if (event.relatedTarget) focus.current = null; tell({ card: null }) }} onKeyDown={(event) => press(event, card)} onClick={() => { if (Date.now() - dragged.current < 250) return; setLift(null); onOpen(card.id) }}>
          <CardFacts board={board} card={card} />
        </button>
        <span className="card-handle" aria-hidden="true">⠿</span>
        {holders.map((person) => <span key={person.client} className="holder" title={person.name}>{initials(person.name)}<span className="sr-only"> ({person.name} står på kortet)</span></span>)}
      </li>
    )
  }

  return (
    <>
      <p id="wall-help" className="meta wall-help">Træk kortene, eller flyt dem med tastaturet: mellemrum løfter et kort, piletasterne flytter det. Enter åbner kortet, hvor der også står »Flyt til …«.</p>
      <div className="wall" ref={wall} onPointerMove={point} tabIndex={0} role="region" aria-label="Tavlen med kort">
        <table>
          <caption className="sr-only">Tavlen: roller som rækker, tid som kolonner</caption>
          <thead><tr>
            <td className="wall-corner" />
            {board.columns.map((column) => <th key={column.id} scope="col"><button type="button" className="line-name" onClick={() => onLine('column', column.id)} title="Ret kolonnen">{column.text}</button></th>)}
            <td className="wall-more"><button type="button" className="function-link" onClick={() => onLine('column', null)}><Icon name="plus" />Kolonne</button></td>
          </tr></thead>
          <tbody>
            {board.roles.map((role) => (
              <tr key={role.id}>
                <th scope="row"><button type="button" className="line-name" onClick={() => onLine('role', role.id)} title="Ret rollen">{role.text}</button></th>
                {board.columns.map((column) => {
                  const cell = `${role.id} ${column.id}`, cards = cardsIn(board, role.id, column.id)
                  const target = drag !== null && drag.role === role.id && drag.column === column.id
                  return (
                    <td key={column.id} data-cell={cell} className={target ? 'drop-here' : ''}>
                      <ul className="plain-list">{cards.map(face)}</ul>
                      {writing === cell
                        ? <NewCard place={`${role.text}, ${column.text}`} onClose={() => setWriting(null)} onAdd={(text) => { void change({ op: 'add', card: { id: newId(), role: role.id, column: column.id, text } }).then((done) => { if (done) say(`Nyt kort: ${text}, ${role.text}, ${column.text}.`) }) }} />
                        : <button type="button" className="add-card" onClick={() => setWriting(cell)}>+<span className="sr-only"> Nyt kort: {role.text}, {column.text}</span></button>}
                    </td>
                  )
                })}
              </tr>
            ))}
            <tr><td className="wall-more" colSpan={board.columns.length + 2}><button type="button" className="function-link" onClick={() => onLine('role', null)}><Icon name="plus" />Rolle</button></td></tr>
          </tbody>
        </table>
        {others.filter((person) => person.x !== undefined && person.y !== undefined).map((person) => <Cursor key={person.client} person={person} wall={wall.current} />)}
      </div>
      {drag && <div className={`wall-card drag-ghost kind-${drag.card.kind ?? 'activity'}`} style={{ left: drag.x - drag.dx, top: drag.y - drag.dy, width: drag.width }} aria-hidden="true"><div className="ghost-face"><CardFacts board={board} card={drag.card} /></div></div>}
    </>
  )
}

function Cursor({ person, wall }: { person: Person; wall: HTMLDivElement | null }) {
  const table = wall?.querySelector('table')
  if (!table) return null
  return <span className="cursor" aria-hidden="true" style={{ left: (person.x ?? 0) * table.offsetWidth, top: (person.y ?? 0) * table.offsetHeight }}>{initials(person.name)}</span>
}

function NewCard({ place, onAdd, onClose }: { place: string; onAdd: (text: string) => void; onClose: () => void }) {
  const [text, setText] = useState('')
  const send = () => { if (text.trim()) { onAdd(text.trim()); setText('') } }
  return (
    <form className="new-card" onSubmit={(event) => { event.preventDefault(); send() }}>
      <input className="form-input" autoFocus maxLength={180} aria-label={`Nyt kort: ${place}`} placeholder="Hvad gøres?" value={text} onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); onClose() } }} onBlur={() => { send(); onClose() }} />
    </form>
  )
}
