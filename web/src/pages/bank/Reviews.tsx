// Activities to look at again because a law changed: each settled by a person, and a settlement can be taken back.
import { useState, type FormEvent } from 'react'
import { Link } from 'react-router-dom'
import { ApiError, query, write } from '../../api/client'
import { useRole } from '../../api/session'
import { entryPage, pageOf, type Review } from '../../api/understand'
import { formatDate } from '../../lib/format'
import { Badge, Problem, Time } from '../../ui/parts'
import { toast } from '../../ui/toasts'

export function Reviews({ items, onChanged, of }: { items: Review[]; onChanged: () => void; of: 'workflow' | 'law' }) {
  const [all, setAll] = useState(false)
  const settled = items.filter((r) => !r.open).length
  const shown = items.filter((r) => r.open || all)
  return (
    <>
      <ul className="plain-list rows reviews">{shown.map((review) => <ReviewRow key={review.reviewKey} review={review} onChanged={onChanged} of={of} />)}</ul>
      {settled > 0 && <p><button type="button" className="link-button" aria-expanded={all} onClick={() => setAll(!all)}>{all ? 'Skjul de afsluttede' : `Vis de ${settled} afsluttede`}</button></p>}
    </>
  )
}

function ReviewRow({ review, onChanged, of }: { review: Review; onChanged: () => void; of: 'workflow' | 'law' }) {
  const may = useRole('konsulent')
  const [open, setOpen] = useState(false)
  const [outcome, setOutcome] = useState<'uaendret' | 'rettet'>('uaendret')
  const [version, setVersion] = useState(String(review.currentVersion))
  const [note, setNote] = useState('')
  const [fault, setFault] = useState<ApiError>()
  const id = `gennemgang-${review.reviewKey}`
  const path = `/api/bank/law-reviews/${review.reviewKey}/settlement`
  const name = review.elementName || (review.elementId ? review.elementId : 'Hele arbejdsgangen')
  const act = async (method: 'POST' | 'DELETE', body?: unknown) => {
    setFault(undefined)
    try {
      await write(method, path, body)
      toast(method === 'POST' ? 'Gennemgangen er afsluttet' : 'Gennemgangen er åbnet igen', name)
      setOpen(false)
      onChanged()
    } catch (cause) { if (cause instanceof ApiError) setFault(cause) }
  }
  const [wrong, setWrong] = useState(false)
  const send = (e: FormEvent) => {
    e.preventDefault()
    if (outcome === 'rettet' && !(Number(version) >= 1 && Number(version) <= review.currentVersion)) { setWrong(true); document.getElementById(`${id}-v`)?.focus(); return }
    void act('POST', { outcome, ...(outcome === 'rettet' && { version: Number(version) }), ...(note.trim() && { note: note.trim() }) })
  }
  return (
    <li className="review">
      <p className="pieces"><Link to={query(pageOf(review.slug), { element: review.elementId })}>{name}</Link>{of === 'law' && <span>i <Link to={`${pageOf(review.slug)}/jura`}>{review.title}</Link></span>}
        {of === 'workflow' && <span><Link to={entryPage('lov', review.law)}>{review.lawTitle}</Link></span>}{review.reference && <span className="muted">{review.reference}</span>}
        {review.open ? <Badge tone="warning">Skal gennemgås</Badge> : <Badge tone="success">{review.settled?.outcome === 'rettet' ? `Rettet i version ${review.settled.version}` : 'Uændret'}</Badge>}</p>
      <p className="meta">Ændret {formatDate(review.changed)}{review.place && `, ${review.place}`}: {review.changeNote}. Ejer: {review.owner || 'ikke angivet'}.{review.open && !review.stillCited && ' Aktiviteten henviser ikke længere til loven i den nyeste version.'}</p>
      {review.settled && <p className="meta">Afsluttet af {review.settled.by} <Time value={review.settled.at} />{review.settled.note && `: ${review.settled.note}`} {may && <button type="button" className="link-button" onClick={() => void act('DELETE')}>Åbn igen</button>}</p>}
      {review.open && may && !open && <p className="no-print"><button type="button" className="button button-secondary button-small" onClick={() => setOpen(true)}>Afslut gennemgang<span className="sr-only"> af {name}</span></button></p>}
      {review.open && open && (
        <form className="settle-form" onSubmit={send}>
          <fieldset className="form-group"><legend className="form-label">Hvad viste gennemgangen?</legend>
            <div className="form-group-radio"><input type="radio" className="form-radio" id={`${id}-u`} name={id} checked={outcome === 'uaendret'} onChange={() => setOutcome('uaendret')} /><label htmlFor={`${id}-u`}>Uændret: aktiviteten er stadig rigtig</label></div>
            <div className="form-group-radio"><input type="radio" className="form-radio" id={`${id}-r`} name={id} checked={outcome === 'rettet'} onChange={() => setOutcome('rettet')} /><label htmlFor={`${id}-r`}>Rettet i en version</label></div>
          </fieldset>
          {outcome === 'rettet' && <div className={`form-group ${wrong ? 'form-error' : ''}`}><label className="form-label" htmlFor={`${id}-v`}>Version, hvor det er rettet</label>{wrong && <span className="form-error-message" id={`${id}-f`}>Arbejdsgangen har version 1 til {review.currentVersion}. Læg den nye version i banken først.</span>}
            <input id={`${id}-v`} className="form-input input-width-xs" inputMode="numeric" value={version} aria-invalid={wrong || undefined} aria-describedby={wrong ? `${id}-f` : undefined} onChange={(e) => { setVersion(e.target.value.replace(/\D/g, '')); setWrong(false) }} /></div>}
          <div className="form-group"><label className="form-label" htmlFor={`${id}-n`}>Bemærkning (valgfri)</label><input id={`${id}-n`} className="form-input" maxLength={2000} value={note} onChange={(e) => setNote(e.target.value)} /></div>
          <div className="button-row"><button type="submit" className="button button-primary button-small">Afslut</button><button type="button" className="button button-secondary button-small" onClick={() => setOpen(false)}>Fortryd</button></div>
        </form>
      )}
      {fault && <Problem error={fault} />}
    </li>
  )
}
