// One card with everything that is written on it; also the way to move it without dragging.
import { useEffect, useId, useRef } from 'react'
import type { Board, Card, CardField, CardKind, Duty, Operation } from '../../api/boards'
import { kindNames } from '../../api/boards'
import { cardsIn, moveTo, placeWords } from '../../lib/board'
import { Icon } from '../../ui/Icon'
import { DurationField, TextField, useChosen } from './Fields'

export function CardPanel({ board, card, change, onClose, say }: { board: Board; card: Card; change: (operation: Operation) => Promise<boolean>; onClose: () => void; say: (text: string) => void }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const id = useId()
  useEffect(() => { heading.current?.focus() }, [card.id])
  const edit = (field: CardField) => (value: string) => void change({ op: 'edit', card: card.id, field, value })
  const [place, setPlace] = useChosen(`${card.role} ${card.column}`)
  const [role = card.role, column = card.column] = place.split(' ')
  const move = (role: string, column: string) => {
    const sent = change(moveTo(board, card, role, column, cardsIn(board, role, column).length))
    setPlace(`${role} ${column}`, sent)
    void sent.then((done) => { if (done) say(`${card.text ?? ''} er flyttet.`) })
  }
  const [kind, setKind] = useChosen(card.kind ?? 'activity')
  const within = cardsIn(board, card.role, card.column), at = within.findIndex((other) => other.id === card.id)
  return (
    <aside className="card-panel" aria-labelledby={`${id}-title`} onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); onClose() } }}>
      <div className="card-panel-top">
        <h2 id={`${id}-title`} tabIndex={-1} ref={heading}>{card.text}</h2>
        <button type="button" className="function-link" onClick={onClose}><Icon name="close" />Luk kortet</button>
      </div>
      <p className="meta">{placeWords(board, card)}</p>
      <fieldset className="move-to">
        <legend className="form-label">Flyt til …</legend>
        <select className="form-select" aria-label="Flyt til rolle" value={role} onChange={(e) => move(e.target.value, column)}>{board.roles.map((line) => <option key={line.id} value={line.id}>{line.text}</option>)}</select>
        <select className="form-select" aria-label="Flyt til kolonne" value={column} onChange={(e) => move(role, e.target.value)}>{board.columns.map((line) => <option key={line.id} value={line.id}>{line.text}</option>)}</select>
        <span className="button-row">
          <button type="button" className="button button-secondary button-small" disabled={at <= 0} onClick={() => void change(moveTo(board, card, card.role, card.column, at - 1))}>Op</button>
          <button type="button" className="button button-secondary button-small" disabled={at >= within.length - 1} onClick={() => void change(moveTo(board, card, card.role, card.column, at + 1))}>Ned</button>
        </span>
      </fieldset>
      <TextField key={`${card.id} text`} label="Hvad gøres?" value={card.text ?? ''} onSend={edit('text')} />
      <div className="card-field">
        <label className="form-label" htmlFor={`${id}-kind`}>Slags</label>
        <select id={`${id}-kind`} className="form-select" value={kind} onChange={(e) => setKind(e.target.value as CardKind, change({ op: 'edit', card: card.id, field: 'kind', value: e.target.value }))}>
          {(Object.keys(kindNames) as CardKind[]).map((kind) => <option key={kind} value={kind}>{kindNames[kind]}</option>)}
        </select>
      </div>
      <DurationField key={`${card.id} handling`} label="Behandlingstid" value={card.handling ?? ''} onSend={edit('handling')} />
      <DurationField key={`${card.id} waiting`} label="Ventetid" value={card.waiting ?? ''} onSend={edit('waiting')} />
      <TextField key={`${card.id} share`} label="Hvor ofte sker det?" hint="Procent af sagerne; tomt betyder altid" value={card.share ?? ''} onSend={edit('share')} maxLength={3} />
      {board.coverage.duties.length > 0 && (
        <fieldset className="card-field claims">
          <legend className="form-label">Dækker lovfastsatte opgaver</legend>
          {board.coverage.duties.map((duty) => <Claim key={`${card.id} ${duty.id}`} duty={duty} claimed={card.claims.includes(duty.id)} send={(on) => change({ op: on ? 'claim' : 'unclaim', card: card.id, duty: duty.id })} />)}
        </fieldset>
      )}
      <TextField key={`${card.id} document`} label="Dokument" value={card.document ?? ''} onSend={edit('document')} />
      <TextField key={`${card.id} law`} label="Lov" hint="Én henvisning på hver linje" lines={2} value={card.law ?? ''} onSend={edit('law')} maxLength={1900} />
      <TextField key={`${card.id} prerequisites`} label="Forudsætninger" lines={2} value={card.prerequisites ?? ''} onSend={edit('prerequisites')} maxLength={1900} />
      <TextField key={`${card.id} ideas`} label="Idéer" lines={2} value={card.ideas ?? ''} onSend={edit('ideas')} maxLength={1900} />
      <TextField key={`${card.id} it`} label="It-krav" lines={2} value={card.it ?? ''} onSend={edit('it')} maxLength={1900} />
      <p><button type="button" className="function-link" onClick={() => { onClose(); void change({ op: 'remove', card: card.id }).then((done) => { if (done) say(`Kortet ${card.text ?? ''} er taget af tavlen. Fortryd kan lægge det tilbage.`) }) }}><Icon name="trash" />Tag kortet af tavlen</button></p>
    </aside>
  )
}

function Claim({ duty, claimed, send }: { duty: Duty; claimed: boolean; send: (on: boolean) => Promise<boolean> }) {
  const id = useId()
  const [on, setOn] = useChosen(claimed)
  return (
    <div className="form-group-checkbox">
      <input id={id} type="checkbox" className="form-checkbox" checked={on} onChange={(e) => setOn(e.target.checked, send(e.target.checked))} />
      <label htmlFor={id}>{duty.name} <span className="muted">{duty.law.join(', ')}</span></label>
    </div>
  )
}
