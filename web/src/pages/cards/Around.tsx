// What stands around the wall: goals, people, the names of rows and columns, and what has happened.
import { useState } from 'react'
import type { Board, HistoryItem, Operation, Person } from '../../api/boards'
import { useGet } from '../../api/load'
import { initials, newId } from '../../lib/board'
import { Dialog } from '../../ui/Dialog'
import { Icon } from '../../ui/Icon'
import { Problem, Time, Waiting } from '../../ui/parts'
import { TextField } from './Fields'

type Change = (operation: Operation) => Promise<boolean>

export function Goals({ board, change }: { board: Board; change: Change }) {
  const [text, setText] = useState('')
  const add = () => { if (text.trim()) void change({ op: 'goal', id: newId(), text: text.trim() }).then((done) => { if (done) setText('') }) }
  return (
    <section className="goals" aria-labelledby="goals-title">
      <h2 id="goals-title">Mål på væggen</h2>
      {board.goals.length === 0 && <p className="meta">Et ambitiøst mål får jer ud af boksen: »Samtale senest fem hverdage efter anmeldelsen«.</p>}
      <ul className="plain-list">
        {board.goals.map((goal) => <li key={goal.id}><span>{goal.text}</span><button type="button" className="function-link no-print" onClick={() => void change({ op: 'drop', what: 'goal', id: goal.id })}><Icon name="close" label={`Tag målet »${goal.text}« ned`} /></button></li>)}
      </ul>
      <form className="goal-form no-print" onSubmit={(event) => { event.preventDefault(); add() }}>
        <label className="sr-only" htmlFor="new-goal">Nyt mål</label>
        <input id="new-goal" className="form-input" maxLength={300} placeholder="Skriv et mål" value={text} onChange={(e) => setText(e.target.value)} />
        <button type="submit" className="button button-secondary">Hæng op</button>
      </form>
      <details className="plain-details no-print">
        <summary>Problemet og visionen</summary>
        <TextField label="Hvad er problemet?" lines={2} value={board.fields.problem ?? ''} maxLength={1900} onSend={(value) => void change({ op: 'board', field: 'problem', value })} />
        <TextField label="Hvad er visionen?" lines={2} value={board.fields.vision ?? ''} maxLength={1900} onSend={(value) => void change({ op: 'board', field: 'vision', value })} />
        <TextField label="Sagen begynder med" value={board.fields.start ?? ''} onSend={(value) => void change({ op: 'board', field: 'start', value })} />
        <TextField label="Sagen slutter med" value={board.fields.end ?? ''} onSend={(value) => void change({ op: 'board', field: 'end', value })} />
      </details>
    </section>
  )
}

export function People({ others, self }: { others: Person[]; self: string }) {
  return (
    <ul className="plain-list people" aria-label="Hvem er her">
      <li><span className="person self" aria-hidden="true">{initials(self)}</span><span className="sr-only">{self} (dig)</span></li>
      {others.map((person) => <li key={person.client}><span className="person" title={person.name} aria-hidden="true">{initials(person.name)}</span><span className="sr-only">{person.name}</span></li>)}
      <li className="meta">{others.length === 0 ? 'Kun dig' : others.length === 1 ? `Dig og ${others[0]?.name ?? ''}` : `Dig og ${others.length} andre`}</li>
    </ul>
  )
}

/** A new role or column (`id` null), or an old one: its name, its place, away with it. */
export function LineDialog({ board, what, id, change, onClose }: { board: Board; what: 'role' | 'column'; id: string | null; change: Change; onClose: () => void }) {
  const all = what === 'role' ? board.roles : board.columns
  const at = all.findIndex((line) => line.id === id), line = all[at]
  const [text, setText] = useState(line?.text ?? '')
  const used = board.cards.filter((card) => card[what] === id).length
  const word = what === 'role' ? 'rollen' : 'kolonnen'
  const save = () => { if (text.trim()) void change({ op: what, id: id ?? newId(), text: text.trim() }).then((done) => { if (done) onClose() }) }
  const shift = (to: number) => void change({ op: 'shift', what, id: id ?? '', after: all.filter((l) => l.id !== id)[to - 1]?.id ?? '' })
  const insert = () => {
    const taken = all.map((l) => l.text), base = what === 'role' ? 'Ny rolle' : 'Nyt trin'
    let name = base
    for (let n = 2; taken.includes(name); n++) name = `${base} ${n}`
    void change({ op: what, id: newId(), text: name, after: id ?? '' }).then((done) => { if (done) onClose() })
  }
  return (
    <Dialog title={id === null ? (what === 'role' ? 'Ny rolle' : 'Ny kolonne') : `Ret ${word}`} onClose={onClose}>
      <form onSubmit={(event) => { event.preventDefault(); save() }}>
        <label className="form-label" htmlFor="line-text">{what === 'role' ? 'Hvem gør noget?' : 'Hvornår? Fx »Dag 1« eller »Mødet«'}</label>
        <input id="line-text" className="form-input" autoFocus maxLength={180} value={text} onChange={(e) => setText(e.target.value)} />
        <div className="button-row"><button type="submit" className="button button-primary">Gem</button></div>
      </form>
      {line && (
        <div className="button-row">
          <button type="button" className="button button-secondary" disabled={at <= 0} onClick={() => shift(at - 1)}>{what === 'role' ? 'Ryk op' : 'Ryk til venstre'}</button>
          <button type="button" className="button button-secondary" disabled={at >= all.length - 1} onClick={() => shift(at + 1)}>{what === 'role' ? 'Ryk ned' : 'Ryk til højre'}</button>
          <button type="button" className="button button-secondary" onClick={insert}>{what === 'role' ? 'Indsæt en rolle under' : 'Indsæt en kolonne efter'}</button>
          <button type="button" className="button button-secondary" disabled={used > 0 || all.length <= 1} onClick={() => void change({ op: 'drop', what, id: line.id }).then((done) => { if (done) onClose() })}>Fjern {word}</button>
        </div>
      )}
      {used > 0 && <p className="hint">Der ligger {used === 1 ? 'ét kort' : `${used} kort`} her. Flyt dem først, hvis {word} skal væk.</p>}
    </Dialog>
  )
}

export function History({ boardKey, revision, onClose }: { boardKey: string; revision: number; onClose: () => void }) {
  const { data, error } = useGet<{ items: HistoryItem[]; total: number }>(`/api/bank/boards/${boardKey}/operations?limit=100&r=${revision}`, { keep: true })
  const modes = { apply: '', undo: 'fortrød: ', redo: 'gjorde igen: ' }
  return (
    <Dialog title="Det er der sket" onClose={onClose}>
      {error && <Problem error={error} />}
      {!data && !error && <Waiting what="historikken" />}
      {data && <ol className="timeline" reversed>{data.items.map((item) => <li key={item.revision}><span className="meta"><Time value={item.at} /></span><span><strong>{item.by}</strong> {modes[item.mode]}{item.text}</span></li>)}</ol>}
      {data && data.total > data.items.length && <p className="meta">De seneste {data.items.length} af {data.total}.</p>}
    </Dialog>
  )
}
