// A package (zip) into the bank; every finding is shown with the place and the way out.
import { useRef, useState, type FormEvent } from 'react'
import { Link, useNavigate } from 'react-router-dom'
import { ApiError, query, upload } from '../api/client'
import type { SimilarWorkflow } from '../api/compare'
import { useRole } from '../api/session'
import { Alert, PageTitle, Problem } from '../ui/parts'
import { toast } from '../ui/toasts'

export default function Import() {
  const navigate = useNavigate()
  const konsulent = useRole('konsulent')
  const [slug, setSlug] = useState('')
  const [fault, setFault] = useState<{ slug?: string; file?: string }>({})
  const [error, setError] = useState<ApiError>()
  const [busy, setBusy] = useState(false)
  const file = useRef<HTMLInputElement>(null)
  const slugField = useRef<HTMLInputElement>(null)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const chosen = file.current?.files?.[0]
    const faults = {
      slug: /^[a-z0-9-]+\/[a-z0-9-]+$/.test(slug) ? undefined : 'Skriv domæne og navn med små bogstaver, tal og bindestreg, fx arbejdsmarked/min-arbejdsgang',
      file: chosen ? undefined : 'Vælg en zip-fil',
    }
    setFault(faults)
    if (faults.slug) return slugField.current?.focus()
    if (!chosen) return file.current?.focus()
    setBusy(true)
    setError(undefined)
    try {
      const made = await upload<{ slug: string; version: number | string; similar?: SimilarWorkflow[] }>(query('/api/bank/workflows', { slug }), chosen)
      const like = made.similar?.[0]
      toast('Arbejdsgangen ligger nu i banken', like ? `Version ${made.version}. Den ligner ${like.title} (${Math.round(like.likeness * 100)} %).` : `Version ${made.version}`)
      navigate(`/bank/${made.slug}`)
    } catch (cause) {
      if (cause instanceof ApiError) setError(cause)
    } finally { setBusy(false) }
  }
  return (
    <div className="narrow">
      <p><Link to="/bank">Til banken</Link></p>
      <PageTitle title="Læg en arbejdsgang i banken" lead="Vælg en pakke (zip). Den bliver tjekket, før den gemmes; er der fejl, bliver intet gemt, og du ser, hvad der skal rettes.">Læg en arbejdsgang i banken</PageTitle>
      {!konsulent && <Alert tone="info" heading="Kun konsulenter kan lægge arbejdsgange op" />}
      {error && <Problem error={error} />}
      <form onSubmit={(e) => void send(e)} noValidate>
        <div className={`form-group ${fault.slug ? 'form-error' : ''}`}>
          <label className="form-label" htmlFor="slug">Domæne og navn</label>
          <span className="form-hint" id="slug-hint">fx arbejdsmarked/betaling-af-laegeerklaeringer</span>
          {fault.slug && <span className="form-error-message" id="slug-error">{fault.slug}</span>}
          <input className="form-input" id="slug" ref={slugField} value={slug} onChange={(e) => setSlug(e.target.value.trim())} aria-describedby={fault.slug ? 'slug-hint slug-error' : 'slug-hint'} aria-invalid={fault.slug ? true : undefined} />
        </div>
        <div className={`form-group ${fault.file ? 'form-error' : ''}`}>
          <label className="form-label" htmlFor="package">Pakke (zip)</label>
          {fault.file && <span className="form-error-message" id="file-error">{fault.file}</span>}
          <input className="form-input" id="package" ref={file} type="file" accept=".zip,application/zip" aria-describedby={fault.file ? 'file-error' : undefined} aria-invalid={fault.file ? true : undefined} />
        </div>
        <button className="button button-primary mt-5" disabled={busy || !konsulent}>{busy ? 'Tjekker pakken …' : 'Tjek og gem'}</button>
      </form>
    </div>
  )
}
