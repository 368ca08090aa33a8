// Lovdækning: the statutory activities of the correct workflow stay pinned; each says which cards fulfil it, or why it is left out.
import { useState } from 'react'
import { Link } from 'react-router-dom'
import type { Board, Coverage, Duty, Operation } from '../../api/boards'
import { Dialog } from '../../ui/Dialog'
import { Icon } from '../../ui/Icon'

export const dutyState = (duty: Duty) => (duty.by.length > 0 ? 'covered' : duty.reason ? 'excused' : 'missing')
const stateWords = { covered: 'dækket', excused: 'fravalgt', missing: 'mangler' }

export function CoverageText({ coverage }: { coverage: Coverage }) {
  const missing = coverage.missing
  return (
    <p className={`coverage-text ${missing.length > 0 ? 'is-missing' : 'is-covered'}`} role="status">
      <Icon name={missing.length > 0 ? 'alert' : 'success'} />
      <span><strong>{coverage.text}</strong>{missing.length > 0 && <>. {missing.length === 1 ? 'Der mangler' : 'Der mangler stadig'}: {missing.map((duty) => `»${duty.name}«`).join(', ')}.</>}</span>
    </p>
  )
}

export function Strip({ board, change, onOpen }: { board: Board; change: (operation: Operation) => Promise<boolean>; onOpen: (card: string) => void }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const duties = board.coverage.duties, duty = duties.find((one) => one.id === chosen)
  if (duties.length === 0) {
    return <p className="coverage-none meta">{board.sources.length > 0 ? 'Arbejdsgangen, tavlen kommer fra, har ingen lovfastsatte opgaver.' : 'Tavlen er ikke begyndt fra en korrekt arbejdsgang, så der er ingen lovfastsatte opgaver at holde øje med.'}</p>
  }
  return (
    <section className="strip" aria-labelledby="strip-title">
      <h2 id="strip-title">Lovdækning</h2>
      <CoverageText coverage={board.coverage} />
      <ul className="plain-list duties">
        {duties.map((one) => (
          <li key={one.id}><button type="button" className={`duty duty-${dutyState(one)}`} onClick={() => setChosen(one.id)}>
            <Icon name={dutyState(one) === 'covered' ? 'success' : dutyState(one) === 'excused' ? 'info' : 'alert'} /><span>{one.name}<span className="sr-only">, {stateWords[dutyState(one)]}</span></span>
          </button></li>
        ))}
      </ul>
      {board.coverage.unknown.length > 0 && <p className="meta">Kan ikke bedømmes: {board.coverage.unknown.join(', ')} kan ikke læses her.</p>}
      {duty && <DutyDialog board={board} duty={duty} change={change} onOpen={onOpen} onClose={() => setChosen(null)} />}
    </section>
  )
}

function DutyDialog({ board, duty, change, onOpen, onClose }: { board: Board; duty: Duty; change: (operation: Operation) => Promise<boolean>; onOpen: (card: string) => void; onClose: () => void }) {
  const [reason, setReason] = useState(duty.reason)
  const free = board.cards.filter((card) => !card.claims.includes(duty.id))
  return (
    <Dialog title={duty.name} onClose={onClose}>
      <p>{duty.law.join(', ')}. <Link to={`/bank/${duty.slug}?element=${encodeURIComponent(duty.id)}`}>Se opgaven i den korrekte arbejdsgang</Link></p>
      <h3>Hvilke kort dækker opgaven?</h3>
      {duty.by.length === 0 ? <p>Ingen endnu. Et møde eller en blanket kan dække flere opgaver på én gang.</p> : (
        <ul className="plain-list rows">{duty.by.map((by) => (
          <li key={by.id} className="duty-claim"><button type="button" className="link-button" onClick={() => { onClose(); onOpen(by.id) }}>{by.name}</button>
            <button type="button" className="function-link" onClick={() => void change({ op: 'unclaim', card: by.id, duty: duty.id })}><Icon name="close" />Dækker ikke<span className="sr-only"> {duty.name}: {by.name}</span></button></li>
        ))}</ul>
      )}
      {free.length > 0 && (
        <>
          <label className="form-label" htmlFor="duty-card">Lad et kort dække opgaven</label>
          <select id="duty-card" className="form-select" value="" onChange={(e) => void change({ op: 'claim', card: e.target.value, duty: duty.id })}>
            <option value="">Vælg et kort</option>
            {free.map((card) => <option key={card.id} value={card.id}>{card.text}</option>)}
          </select>
        </>
      )}
      {duty.by.length === 0 && (
        <>
          <label className="form-label" htmlFor="duty-reason">Eller skriv, hvorfor den ikke er relevant her</label>
          <textarea id="duty-reason" className="form-input" rows={2} maxLength={1900} value={reason} onChange={(e) => setReason(e.target.value)} />
          <div className="button-row">
            <button type="button" className="button button-secondary" disabled={reason.trim() === duty.reason} onClick={() => void change({ op: 'excuse', duty: duty.id, reason: reason.trim() }).then((done) => { if (done) onClose() })}>Gem begrundelsen</button>
          </div>
          <p className="hint">Begrundelsen gemmes med dit navn og tidspunkt og kan ses, når arbejdsgangen udgives.</p>
        </>
      )}
    </Dialog>
  )
}
