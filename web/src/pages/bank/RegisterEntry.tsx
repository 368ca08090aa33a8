// One entry of a register: where it is used; a law also when it was last looked at, what changed, and what waits for review.
import { useState, type FormEvent } from 'react'
import { Link, useParams } from 'react-router-dom'
import { ApiError, query, write } from '../../api/client'
import { useGet } from '../../api/load'
import { useRole } from '../../api/session'
import { pageOf, registerNames, type EntryUse, type LawChange, type LawRow, type RegisterEntry as Entry, type RegisterKind } from '../../api/understand'
import { count, formatDate, humanise } from '../../lib/format'
import { kindName } from '../../lib/words'
import { Icon } from '../../ui/Icon'
import { Badge, PageTitle, Problem, Time, Waiting } from '../../ui/parts'
import { Confirm } from '../../ui/Dialog'
import { toast } from '../../ui/toasts'
import { BankNav, Verified } from './parts'
import { entryTitle } from './Registers'
import { Reviews } from './Reviews'

export default function RegisterEntry() {
  const { kind = '', entry = '' } = useParams()
  const names = registerNames[kind as RegisterKind] ?? { many: 'Register', one: 'Post', explain: '' }
  const { data, error, reload } = useGet<Entry>(`/api/bank/registers/${encodeURIComponent(kind)}/${encodeURIComponent(entry)}`, { keep: true })
  const konsulent = useRole('konsulent')
  const [marking, setMarking] = useState(false)
  const title = data ? entryTitle(data.kind, data.title) : names.one
  return (
    <>
      <BankNav />
      <nav aria-label="Brødkrummer" className="crumbs"><Link to="/bank">Bank</Link> <span aria-hidden="true">/</span> <Link to="/bank/registre">Registre</Link> <span aria-hidden="true">/</span> <Link to={`/bank/registre/${kind}`}>{names.many}</Link></nav>
      <PageTitle title={title}>{title}</PageTitle>
      {error && (error.status === 404 ? <p>Ingen arbejdsgang, du kan læse, bruger dette. <Link to="/bank/registre">Se registrene</Link></p> : <Problem error={error} retry={reload} />)}
      {!data && !error && <Waiting what="posten" />}
      {data && (
        <>
          <p className="lead">{names.one} i {count(data.uses.length, 'arbejdsgang', 'arbejdsgange')}{data.activities > 0 && `, ved ${count(data.activities, 'trin', 'trin')}`}.</p>
          {data.kind === 'rolle' && <p><Link className="button button-secondary" to={`/bank/roller/${encodeURIComponent(data.key)}`}>Rollens håndbog: alle trin samlet</Link></p>}
          {data.kind === 'lov' && (
            <>
              <p className="pieces"><Verified date={data.verified} state={data.state} />{data.links.map((link) => /^https?:/.test(link) && <a key={link} href={link} target="_blank" rel="noreferrer">{link.includes('/eli/') ? 'ELI' : 'Læs loven'} på {new URL(link).hostname} <Icon name="open" label="(åbner i nyt vindue)" /></a>)}</p>
              {konsulent && !marking && <p className="no-print"><button type="button" className="button button-secondary" onClick={() => setMarking(true)}>Loven er ændret</button></p>}
              {marking && <MarkChanged law={data} onDone={() => { setMarking(false); reload() }} onClose={() => setMarking(false)} />}
              {(data.reviews ?? []).length > 0 && <section aria-labelledby="gennemgang"><h2 id="gennemgang">Gennemgang <span className="muted">({count(data.openReviews ?? 0, 'venter', 'venter')})</span></h2><Reviews items={data.reviews ?? []} onChanged={reload} of="law" /></section>}
              {(data.changes ?? []).length > 0 && <section aria-labelledby="aendringer"><h2 id="aendringer">Ændringer af loven</h2><ul className="plain-list rows">{data.changes?.map((change) => <Change key={change.lawChangeKey} change={change} may={konsulent} onChanged={reload} />)}</ul></section>}
            </>
          )}
          <h2>Bruges i</h2>
          <ul className="plain-list rows uses">{data.uses.map((use) => <UseRow key={use.slug} use={use} law={data.kind === 'lov'} />)}</ul>
        </>
      )}
    </>
  )
}

const isLaw = (detail: string | LawRow): detail is LawRow => typeof detail !== 'string'
const direction: Record<string, string> = { ind: 'læses her', ud: 'bliver til her' }

function UseRow({ use, law }: { use: EntryUse; law: boolean }) {
  return (
    <li>
      <p className="pieces"><Link to={pageOf(use.slug)}><strong>{use.title}</strong></Link><span className="meta">{humanise(use.domain)} · {kindName(use.kind)}{use.owner && ` · ejer: ${use.owner}`}</span>{!use.own && <Badge>Fra en anden myndighed</Badge>}</p>
      {use.details.filter(isLaw).map((row) => <p key={row.reference} className="pieces"><span>{row.reference}</span><Verified date={row.verified} state={row.state} due={row.due} /></p>)}
      {use.details.filter((d): d is string => !isLaw(d)).map((text) => <p key={text} className="meta">{direction[text] ?? text}</p>)}
      {use.elements.length > 0 && (
        <ul className="value-list">
          {use.elements.map((e) => <li key={e.elementId + e.detail}><Link to={query(pageOf(use.slug), { element: e.elementId })}>{e.name || e.elementId}</Link>{e.detail && <span className="muted"> ({law ? e.detail : direction[e.detail] ?? e.detail})</span>}</li>)}
        </ul>
      )}
    </li>
  )
}

function MarkChanged({ law, onDone, onClose }: { law: Entry; onDone: () => void; onClose: () => void }) {
  const [changed, setChanged] = useState(new Date().toISOString().slice(0, 10))
  const [place, setPlace] = useState('')
  const [note, setNote] = useState('')
  const [url, setUrl] = useState('')
  const [busy, setBusy] = useState(false)
  const [missing, setMissing] = useState(false)
  const [fault, setFault] = useState<ApiError>()
  const send = async (e: FormEvent) => {
    e.preventDefault()
    if (note.trim().length < 3) { setMissing(true); document.getElementById('lov-note')?.focus(); return }
    setBusy(true)
    setFault(undefined)
    try {
      const done = await write<{ reviews: number }>('POST', '/api/bank/law-changes', { law: law.key, changed, note: note.trim(), ...(place.trim() && { place: place.trim() }), ...(url.trim() && { url: url.trim() }) })
      toast('Loven er markeret som ændret', `${count(done.reviews, 'aktivitet skal', 'aktiviteter skal')} gennemgås.`)
      onDone()
    } catch (cause) { if (cause instanceof ApiError) setFault(cause) } finally { setBusy(false) }
  }
  return (
    <form className="mark-law" onSubmit={(e) => void send(e)} noValidate>
      <h2>Loven er ændret</h2>
      <p>Hver aktivitet, der henviser til {law.title}, bliver sat til gennemgang hos arbejdsgangens ejer.</p>
      {fault && <Problem error={fault} />}
      <div className="form-group"><label className="form-label" htmlFor="lov-dato">Ændringen gælder fra</label><input id="lov-dato" type="date" className="form-input input-width-m" value={changed} onChange={(e) => setChanged(e.target.value)} /></div>
      <div className="form-group"><label className="form-label" htmlFor="lov-sted">Kun ét sted i loven (valgfri)</label><span className="form-hint" id="lov-sted-hint">Fx § 13. Så gennemgås kun de trin, der henviser til stedet eller til loven som helhed.</span><input id="lov-sted" className="form-input input-width-m" aria-describedby="lov-sted-hint" maxLength={100} value={place} onChange={(e) => setPlace(e.target.value)} /></div>
      <div className={`form-group ${missing ? 'form-error' : ''}`}><label className="form-label" htmlFor="lov-note">Hvad er ændret?</label>{missing && <span className="form-error-message" id="lov-note-fejl">Skriv kort, hvad der er ændret.</span>}<textarea id="lov-note" className="form-input" rows={3} maxLength={2000} aria-invalid={missing || undefined} aria-describedby={missing ? 'lov-note-fejl' : undefined} value={note} onChange={(e) => { setNote(e.target.value); setMissing(false) }} /></div>
      <div className="form-group"><label className="form-label" htmlFor="lov-url">Link til ændringen (valgfri)</label><input id="lov-url" type="url" className="form-input" maxLength={1000} value={url} onChange={(e) => setUrl(e.target.value)} /></div>
      <div className="button-row"><button type="submit" className="button button-primary" disabled={busy || changed === ''}>{busy ? 'Markerer …' : 'Sæt til gennemgang'}</button><button type="button" className="button button-secondary" onClick={onClose}>Fortryd</button></div>
    </form>
  )
}

function Change({ change, may, onChanged }: { change: LawChange; may: boolean; onChanged: () => void }) {
  const [asking, setAsking] = useState(false)
  const [fault, setFault] = useState<ApiError>()
  const withdraw = async () => {
    try { await write('DELETE', `/api/bank/law-changes/${change.lawChangeKey}`); toast('Markeringen er trukket tilbage'); setAsking(false); onChanged() } catch (cause) { if (cause instanceof ApiError) setFault(cause); setAsking(false) }
  }
  return (
    <li>
      <p className="pieces"><strong>{formatDate(change.changed)}{change.place && `, ${change.place}`}</strong><span>{change.note}</span>{change.withdrawn ? <Badge>Trukket tilbage</Badge> : <span className="meta">{count(change.open, 'venter', 'venter')}, {count(change.settled, 'afsluttet', 'afsluttede')}</span>}</p>
      <p className="meta pieces"><span>Markeret af {change.by} <Time value={change.at} /></span>{/^https?:/.test(change.url) && <a href={change.url} target="_blank" rel="noreferrer">Læs ændringen <Icon name="open" label="(åbner i nyt vindue)" /></a>}{may && !change.withdrawn && <button type="button" className="link-button no-print" onClick={() => setAsking(true)}>Træk tilbage</button>}</p>
      {fault && <Problem error={fault} />}
      {asking && <Confirm title="Træk markeringen tilbage" action="Træk tilbage" onConfirm={() => void withdraw()} onClose={() => setAsking(false)}><p>{count(change.open, 'åben gennemgang forsvinder', 'åbne gennemgange forsvinder')}. Det, der er afsluttet, bliver stående.</p></Confirm>}
    </li>
  )
}
