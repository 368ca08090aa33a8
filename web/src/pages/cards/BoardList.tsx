// The board as a list: by time, then by role. What a narrow screen shows, and whoever would rather read than look.
import { useState } from 'react'
import type { Board, Operation } from '../../api/boards'
import { cardsIn, newId } from '../../lib/board'
import { CardFacts } from './CardFace'

export function BoardList({ board, change, onOpen, say }: { board: Board; change: (operation: Operation) => Promise<boolean>; onOpen: (card: string) => void; say: (text: string) => void }) {
  return (
    <div className="board-list">
      {board.columns.map((column) => {
        const cards = board.roles.flatMap((role) => cardsIn(board, role.id, column.id).map((card) => ({ card, role })))
        return (
          <section key={column.id} aria-label={column.text}>
            <h3>{column.text}</h3>
            {cards.length === 0 ? <p className="meta">Ingen kort</p> : (
              <ol className="plain-list">
                {cards.map(({ card, role }) => <li key={card.id} className={`wall-card kind-${card.kind ?? 'activity'}`}><button type="button" data-card={card.id} onClick={() => onOpen(card.id)}><span className="card-role">{role.text}</span><CardFacts board={board} card={card} /></button></li>)}
              </ol>
            )}
          </section>
        )
      })}
      <AddCard board={board} change={change} say={say} />
    </div>
  )
}

function AddCard({ board, change, say }: { board: Board; change: (operation: Operation) => Promise<boolean>; say: (text: string) => void }) {
  const [text, setText] = useState('')
  const [role, setRole] = useState(board.roles[0]?.id ?? '')
  const [column, setColumn] = useState(board.columns[0]?.id ?? '')
  const send = () => {
    const words = text.trim()
    if (!words) return
    void change({ op: 'add', card: { id: newId(), role, column, text: words } }).then((done) => { if (done) { setText(''); say(`Nyt kort: ${words}.`) } })
  }
  return (
    <form className="add-form no-print" onSubmit={(event) => { event.preventDefault(); send() }}>
      <h3>Nyt kort</h3>
      <label className="form-label" htmlFor="list-new">Hvad gøres?</label>
      <input id="list-new" className="form-input" maxLength={180} value={text} onChange={(e) => setText(e.target.value)} />
      <div className="add-place">
        <label className="form-label" htmlFor="list-role">Rolle</label>
        <select id="list-role" className="form-select" value={role} onChange={(e) => setRole(e.target.value)}>{board.roles.map((line) => <option key={line.id} value={line.id}>{line.text}</option>)}</select>
        <label className="form-label" htmlFor="list-column">Tid</label>
        <select id="list-column" className="form-select" value={column} onChange={(e) => setColumn(e.target.value)}>{board.columns.map((line) => <option key={line.id} value={line.id}>{line.text}</option>)}</select>
      </div>
      <button type="submit" className="button button-secondary">Læg kortet på tavlen</button>
    </form>
  )
}
