// Says that there is a draft and that it rules nothing; publish it with a reason, or throw it away.
import { useRef, useState, type FormEvent } from 'react'
import { Link } from 'react-router-dom'
import { ApiError } from '../../api/client'
import { publish } from '../../api/decisions'
import { sheetsOf } from '../../lib/dmnXml'
import { count, humanise } from '../../lib/format'
import { changeWords, sheetChanges } from '../../lib/sheet'
import { Confirm, Dialog } from '../../ui/Dialog'
import { Alert, Problem } from '../../ui/parts'
import { toast } from '../../ui/toasts'
import { isBroken, type Draft, type DraftHeld } from './draft'

/** Every change of a draft in words, table by table. */
export function draftChanges(draft: Draft, storedXml: string): string[] {
  const before = sheetsOf(storedXml), after = sheetsOf(draft.xml)
  return [...after].flatMap(([id, sheet]) => { const old = before.get(id); return old ? sheetChanges(old, draft.sheets[id] ?? sheet).map((c) => `${humanise(sheet.decisionName || id)}: ${changeWords(c)}`) : [] })
}

interface Props { slug: string; held: DraftHeld; storedXml: string; version: number | string; here: string; onPublished: () => void; whatIf: string }

export function DraftBar({ slug, held, storedXml, version, here, onPublished, whatIf }: Props) {
  const [asking, setAsking] = useState<'publish' | 'discard' | null>(null)
  if (!held.draft) return null
  const changes = draftChanges(held.draft, storedXml)
  const broken = isBroken(held.draft)
  const stale = String(held.draft.version) !== String(version)
  const discard = () => { held.discard(); setAsking(null); toast('Kladden er kasseret', 'Reglerne står, som de gjorde.') }
  return (
    <div className="draft-bar">
      <div>
        <p><strong>Du har en kladde{changes.length > 0 ? ` med ${count(changes.length, 'ændring', 'ændringer')}` : ''}.</strong> Intet er offentliggjort; sagerne følger stadig de gamle regler.</p>
        {broken && <p className="stale-note">Der er fejl i tabellen. Ret dem, før du kan offentliggøre.</p>}
        {stale && <p className="stale-note">Reglerne er ændret af en anden, siden du begyndte. Offentliggør du kladden, gælder den i stedet for deres ændring.</p>}
      </div>
      <div className="button-row">
        {here !== 'hvad-nu-hvis' && !broken && <Link className="button button-secondary" to={whatIf} preventScrollReset>Hvad nu hvis?</Link>}
        <button type="button" className="button button-primary" disabled={broken} onClick={() => setAsking('publish')}>Offentliggør …</button>
        <button type="button" className="button button-secondary" onClick={() => setAsking('discard')}>Kassér kladden</button>
      </div>
      {asking === 'publish' && <Publish slug={slug} draft={held.draft} changes={changes} stale={stale} current={version} onClose={() => setAsking(null)} onDone={() => { held.discard(); setAsking(null); onPublished() }} />}
      {asking === 'discard' && (
        <Confirm title="Kassér kladden?" action="Kassér kladden" onConfirm={discard} onClose={() => setAsking(null)}>
          <p>{changes.length > 0 ? 'Disse ændringer forsvinder og kan ikke hentes igen:' : 'Kladden forsvinder og kan ikke hentes igen.'}</p>
          {changes.length > 0 && <ul className="value-list change-list" tabIndex={0}>{changes.map((c, i) => <li key={i} className="break">{c}</li>)}</ul>}
        </Confirm>
      )}
    </div>
  )
}

function Publish({ slug, draft, changes, stale, current, onClose, onDone }: { slug: string; draft: Draft; changes: string[]; stale: boolean; current: number | string; onClose: () => void; onDone: () => void }) {
  const [note, setNote] = useState('')
  const [fault, setFault] = useState('')
  const [error, setError] = useState<ApiError>()
  const [busy, setBusy] = useState(false)
  const [over, setOver] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const wrong = note.trim().length < 3 ? 'Skriv, hvorfor reglerne ændres. Det står ved versionen, så en kollega kan forstå det om et år.' : ''
    setFault(wrong)
    if (wrong) return field.current?.focus()
    setBusy(true)
    setError(undefined)
    try {
      const made = await publish(slug, draft.xml, note.trim(), over ? Number(current) : draft.version)
      toast(`Version ${made.version} er offentliggjort`, 'Sæt arbejdsgangen i drift, så nye sager følger de nye regler.')
      onDone()
    } catch (cause) { if (cause instanceof ApiError) setError(cause) } finally { setBusy(false) }
  }
  return (
    <Dialog title="Offentliggør de nye regler" onClose={onClose}>
      {changes.length === 0 ? <p>Kladden er ens med de gældende regler.</p> : <ul className="value-list change-list" tabIndex={0}>{changes.map((c, i) => <li key={i} className="break">{c}</li>)}</ul>}
      {stale && <Alert tone="warning" heading="Reglerne er ændret af en anden imens" live={false}><p>Se »Versioner«, før du offentliggør.</p><div className="form-group-checkbox"><input type="checkbox" id="over" className="form-checkbox" checked={over} onChange={(e) => setOver(e.target.checked)} /><label htmlFor="over">Lad min kladde gælde i stedet for deres ændring</label></div></Alert>}
      {error && <Problem error={error} />}
      <form onSubmit={(e) => void send(e)} noValidate>
        <div className={`form-group ${fault ? 'form-error' : ''}`}>
          <label className="form-label" htmlFor="why">Hvorfor?</label>
          <span className="form-hint" id="why-hint">Fx: Nye satser fra 1. januar 2027, jf. overenskomsten. Skriv ingen personoplysninger.</span>
          {fault && <span className="form-error-message" id="why-fault" role="alert">{fault}</span>}
          <textarea id="why" ref={field} className="form-input" rows={3} maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} required aria-describedby={fault ? 'why-hint why-fault' : 'why-hint'} aria-invalid={fault ? true : undefined} />
        </div>
        <div className="button-row">
          <button className="button button-primary" disabled={busy || (stale && !over)}>{busy ? 'Offentliggør …' : 'Offentliggør'}</button>
          <button type="button" className="button button-secondary" onClick={onClose}>Fortryd</button>
        </div>
      </form>
    </Dialog>
  )
}
