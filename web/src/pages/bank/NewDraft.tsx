// A new workflow: title and domain, and what it begins from: text, nothing, or a file.
import { useState, type FormEvent } from 'react'
import { Link, useNavigate } from 'react-router-dom'
import '../../styles/proposals.css'
import { ApiError } from '../../api/client'
import { createDraft } from '../../api/drafts'
import { useGet } from '../../api/load'
import { useRole } from '../../api/session'
import type { WorkflowList } from '../../api/types'
import { slugOf } from '../../lib/board'
import { humanise } from '../../lib/format'
import { PageTitle, Problem } from '../../ui/parts'

const example = `proces: Svarer på en henvendelse
  pulje: Henvendelse
  bane: Borgerservice
  bane: Fagkontor

  @Borgerservice
  start: Henvendelse modtaget
  bruger: Læser henvendelsen
  valg: Kan vi svare med det samme?
    hvis Ja:
      bruger: Svarer borgeren
    ellers Nej:
      @Fagkontor
      bruger: Finder svaret
      bruger: Skriver til borgeren
  slut: Borgeren har fået svar
`
type Start = 'text' | 'empty' | 'file'

export default function NewDraft() {
  const navigate = useNavigate()
  const konsulent = useRole('konsulent')
  const { data } = useGet<WorkflowList>('/api/bank/workflows?limit=1')
  const [form, setForm] = useState({ title: '', domain: '', name: '', kle: '' })
  const [start, setStart] = useState<Start>('text')
  const [text, setText] = useState('')
  const [file, setFile] = useState<File>()
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<{ domain?: string; title?: string; from?: string }>({})
  const [error, setError] = useState<ApiError>()
  const field = (key: keyof typeof form) => ({ id: `ny-${key}`, className: 'form-input', value: form[key], onChange: (e: { target: { value: string } }) => setForm({ ...form, [key]: e.target.value }) })
  const slug = `${slugOf(form.domain) || 'domæne'}/${slugOf(form.name || form.title) || 'navn'}`
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const faults = {
      title: form.title.trim() || start !== 'empty' ? undefined : 'Skriv, hvad arbejdsgangen hedder', domain: form.domain.trim() ? undefined : 'Skriv, hvilket domæne den hører til',
      from: start === 'text' && !text.trim() ? 'Skriv mindst ét trin, eller vælg eksemplet' : start === 'file' && !file ? 'Vælg en fil' : undefined,
    }
    setFault(faults)
    const first = faults.title ? 'ny-title' : faults.domain ? 'ny-domain' : faults.from ? (start === 'text' ? 'ny-text' : 'ny-file') : ''
    if (first) return document.getElementById(first)?.focus()
    setBusy(true)
    setError(undefined)
    try {
      const read = start === 'file' ? await (file as File).text() : text
      const source = start === 'empty' ? {} : start === 'text' || /\.(tekst|txt)$/i.test(file?.name ?? '') ? { notation: read } : { bpmn: read }
      const { id } = await createDraft({ title: form.title.trim(), domain: form.domain.trim(), name: slugOf(form.name), ...(form.kle ? { kle: form.kle } : {}), ...source })
      navigate(`/bank/forslag/${id}`)
    } catch (cause) { if (cause instanceof ApiError) setError(cause) } finally { setBusy(false) }
  }
  const line = (error?.where as { line?: number } | undefined)?.line
  return (
    <div className="narrow">
      <nav aria-label="Brødkrummer" className="crumbs"><Link to="/bank">Bank</Link> <span aria-hidden="true">/</span> <Link to="/bank/forslag">Forslag</Link></nav>
      <PageTitle title="Ny arbejdsgang" lead="Du får en kladde, som kun ligger her, til du sender den som forslag, og en anden godkender den.">Ny arbejdsgang</PageTitle>
      {error && <Problem error={error} />}
      {error && line !== undefined && start === 'text' && <p>Se på linje {line} i teksten: <code className="break">{text.split('\n')[line - 1]?.trim()}</code></p>}
      <form onSubmit={(e) => void send(e)} noValidate>
        <Group fault={fault.title} id="ny-title" label="Titel" hint="Hvad den hedder, fx Svarer på en henvendelse. Tom: som den hedder i teksten eller filen."><input {...field('title')} maxLength={180} aria-describedby="ny-title-hint" aria-invalid={fault.title ? true : undefined} /></Group>
        <Group fault={fault.domain} id="ny-domain" label="Domæne" hint="Vælg et, der findes, eller skriv et nyt."><input {...field('domain')} maxLength={80} list="ny-domains" aria-describedby="ny-domain-hint" aria-invalid={fault.domain ? true : undefined} /></Group>
        <datalist id="ny-domains">{data?.facets.domain.map((f) => <option key={String(f.value)} value={f.title ?? humanise(String(f.value))} />)}</datalist>
        <fieldset className="form-group new-start">
          <legend className="form-label">Begynd med</legend>
          {([['text', 'Tekst: skriv trinnene ét for ét'], ['empty', 'Et tomt diagram'], ['file', 'En fil (BPMN eller tekst)']] as [Start, string][]).map(([value, label]) => (
            <div key={value} className="form-group-radio"><input type="radio" className="form-radio" name="start" id={`start-${value}`} checked={start === value} onChange={() => setStart(value)} /><label className="form-label" htmlFor={`start-${value}`}>{label}</label></div>
          ))}
        </fieldset>
        {start === 'text' && (
          <Group fault={fault.from} id="ny-text" label="Arbejdsgangen som tekst" hint="Én linje for hvert trin; rollerne er baner, og indrykning viser, hvad der hører til et valg.">
            <textarea id="ny-text" className="form-input code-input" rows={14} spellCheck={false} value={text} onChange={(e) => setText(e.target.value)} aria-describedby="ny-text-hint" aria-invalid={fault.from ? true : undefined} />
            {text.trim() === '' && <p><button type="button" className="link-button" onClick={() => setText(example)}>Sæt et eksempel ind</button></p>}
          </Group>
        )}
        {start === 'file' && (
          <Group fault={fault.from} id="ny-file" label="Fil" hint="En .bpmn-fil fra et andet værktøj, eller en .tekst-fil.">
            <input id="ny-file" className="form-input" type="file" accept=".bpmn,.xml,.tekst,.txt" onChange={(e) => setFile(e.target.files?.[0])} aria-describedby="ny-file-hint" aria-invalid={fault.from ? true : undefined} />
            {konsulent && <p className="hint">Har du en hel pakke (zip), så <Link to="/bank/ny">læg den i banken</Link>. Visio-tegninger og mange filer på én gang <Link to="/bank/import">hentes ind her</Link>.</p>}
          </Group>
        )}
        <details className="more-fields">
          <summary>Navn i adressen og KLE-nummer</summary>
          <Group id="ny-name" label="Navn i adressen" hint={`Arbejdsgangen får adressen ${slug}`}><input {...field('name')} maxLength={80} aria-describedby="ny-name-hint" /></Group>
          <Group id="ny-kle" label="KLE-nummer" hint="Fx 15.20.00. Kan skrives senere."><input {...field('kle')} maxLength={8} aria-describedby="ny-kle-hint" /></Group>
        </details>
        <button className="button button-primary mt-5" disabled={busy}>{busy ? 'Laver kladden …' : 'Lav kladden'}</button>
      </form>
    </div>
  )
}

function Group({ id, label, hint, fault, children }: { id: string; label: string; hint: string; fault?: string; children: React.ReactNode }) {
  return (
    <div className={`form-group ${fault ? 'form-error' : ''}`}>
      <label className="form-label" htmlFor={id}>{label}</label>
      <span className="form-hint" id={`${id}-hint`}>{hint}</span>
      {fault && <span className="form-error-message">{fault}</span>}
      {children}
    </div>
  )
}
