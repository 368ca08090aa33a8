// Stamdata of a draft: the keys of its manifest that a person writes; the rest stays as it is.
import { useState } from 'react'
import { ApiError, exchange, newIdempotencyKey } from '../../api/client'
import { draftPath } from '../../api/drafts'
import type { Proposal } from '../../api/proposals'
import { keyName, valueText } from '../../lib/proposals'
import { kindName } from '../../lib/words'
import { Alert, Facts, Problem } from '../../ui/parts'
import { toast } from '../../ui/toasts'

const short = ['titel', 'domaene', 'kle', 'ejerrolle'] as const
const long = ['resume', 'hjemmel'] as const
type Key = (typeof short)[number] | (typeof long)[number] | 'art'
const keys: readonly Key[] = [...short, ...long, 'art']

export function ProposalMaster({ proposal, onSaved }: { proposal: Proposal; onSaved: () => void }) {
  const manifest = proposal.manifest
  const first = Object.fromEntries(keys.map((key) => [key, typeof manifest?.[key] === 'string' ? (manifest[key] as string) : ''])) as Record<Key, string>
  const [form, setForm] = useState(first)
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError>()
  if (!manifest) return <section aria-labelledby="stamdata"><h2 id="stamdata">Stamdata</h2><Alert tone="warning" heading="Stamdata kan ikke læses"><p>Filen arbejdsgang.yaml mangler eller kan ikke læses. Se fejlene ovenfor.</p></Alert></section>
  const changed = keys.some((key) => form[key] !== first[key])
  const save = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const body = JSON.stringify({ ...manifest, ...Object.fromEntries(keys.filter((key) => form[key] !== first[key]).map((key) => [key, form[key].trim()])) })
      await exchange(draftPath(proposal.id, '/manifest'), { method: 'PUT', body, headers: { 'Content-Type': 'application/json', 'If-Match': `"${proposal.revision}"`, 'Idempotency-Key': newIdempotencyKey() } })
      toast('Stamdata er gemt')
      onSaved()
    } catch (cause) { if (cause instanceof ApiError) setError(cause); setBusy(false) }
  }
  const field = (key: Key) => ({ id: `stam-${key}`, value: form[key], onChange: (e: { target: { value: string } }) => setForm({ ...form, [key]: e.target.value }) })
  return (
    <section aria-labelledby="stamdata">
      <h2 id="stamdata">Stamdata</h2>
      {!open && <Facts items={[...[...short, ...long].map((key): [string, string] => [keyName(key), first[key]]), ['Art', kindName(first.art)], ['Roller', valueText(manifest.roller)], ['Jura', valueText((Array.isArray(manifest.jura) ? manifest.jura : []).map((j: { titel?: string }) => j.titel))]]} />}
      {!open && proposal.may.write && <p><button type="button" className="button button-secondary" onClick={() => setOpen(true)}>Ret stamdata</button></p>}
      {open && (
        <form className="master-form" onSubmit={(e) => { e.preventDefault(); void save() }}>
          {short.map((key) => <div key={key}><label className="form-label" htmlFor={`stam-${key}`}>{keyName(key)}</label><input className="form-input" maxLength={200} {...field(key)} /></div>)}
          <div><label className="form-label" htmlFor="stam-art">Art</label><select className="form-select" {...field('art')}>{['korrekt', 'god', 'lokal'].map((kind) => <option key={kind} value={kind}>{kindName(kind)}</option>)}</select></div>
          {long.map((key) => <div key={key} className="whole-row"><label className="form-label" htmlFor={`stam-${key}`}>{keyName(key)}</label><textarea className="form-input" rows={3} maxLength={4000} {...field(key)} /></div>)}
          {error && (error.status === 412 ? <Alert tone="error" heading="En anden har gemt imens"><p>Genindlæs siden for at se ændringen, og skriv din igen.</p></Alert> : <Problem error={error} />)}
          <div className="button-row"><button type="submit" className="button button-primary" disabled={busy || !changed}>{busy ? 'Gemmer …' : 'Gem stamdata'}</button><button type="button" className="button button-secondary" onClick={() => { setForm(first); setOpen(false); setError(undefined) }}>Fortryd</button></div>
        </form>
      )}
    </section>
  )
}
