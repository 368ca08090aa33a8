// One file of an import: the diagram that was read, beside what is doubtful about it; a person settles it and makes a draft.
import { lazy, Suspense, useCallback, useMemo, useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router-dom'
import '../../styles/imports.css'
import { ApiError, getText, write } from '../../api/client'
import type { Decided, ImportedFile, ShapeRow } from '../../api/imports'
import { useGet, useLoad } from '../../api/load'
import type { WorkflowList } from '../../api/types'
import { count, humanise } from '../../lib/format'
import type { DiagramMark } from '../../lib/diagramMarks'
import { openRows, stateWords, typeWords } from '../../lib/imports'
import { neighbour } from '../../lib/keys'
import { Alert, Badge, PageTitle, Problem, Waiting } from '../../ui/parts'
import { useShortcuts } from '../../ui/shortcuts'
import { toast } from '../../ui/toasts'
import { SettledList, ShapeItem, type Decision, type End } from './ImportShapes'

const Bpmn = lazy(() => import('../../diagram/Bpmn'))
const sure = 0.6

export default function ImportFile() {
  const { key = '', number = '' } = useParams()
  const [params, setParams] = useSearchParams()
  const path = `/api/bank/imports/${key}/files/${number}`
  const { data, error, reload } = useGet<ImportedFile>(path, { keep: true })
  const xml = useLoad<string>(`${path}/diagram ${data?.revision ?? 0}`, data && data.state !== 'refused' && data.state !== 'empty' && data.state !== 'waiting' ? (signal) => getText(`${path}/diagram`, signal) : null, { keep: true })
  const [ends, setEnds] = useState<End[]>([])
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<ApiError>()
  const open = useMemo(() => openRows(data?.rows ?? []), [data])
  const chosen = params.get('figur') ?? undefined
  const choose = useCallback((row: string | undefined) => setParams((old) => { row === undefined ? old.delete('figur') : old.set('figur', row); return old }, { replace: true }), [setParams])
  const lit = data?.rows.find((r) => String(r.row) === chosen)?.element || null
  const marks = useMemo<DiagramMark[]>(() => open.filter((r) => r.element).map((r) => ({ id: r.element, marker: 'import-doubt', badges: [{ className: 'import-badge', text: `${Math.round(r.confidence * 100)} %`, title: r.reasonDa, position: { top: -12, right: 18 } }] })), [open])
  const decide = async (body: Decision) => {
    if (!data || busy) return
    setBusy(true)
    setFault(undefined)
    try {
      const ids = open.map((r) => String(r.row))
      const next = body.rows?.length === 1 && String(body.rows[0]) === chosen ? ids[ids.indexOf(chosen) + 1] ?? ids[ids.indexOf(chosen) - 1] : chosen
      const { open: left } = await write<Decided>('POST', `${path}/decisions`, { revision: data.revision, ...body })
      if (body.action !== 'undo') choose(next)
      toast(body.action === 'undo' ? 'Den sidste afgørelse er fortrudt' : 'Afgjort', left === 0 ? 'Der er ikke mere at afgøre.' : `${left} tilbage`)
      reload()
    } catch (cause) { if (cause instanceof ApiError) setFault(cause) } finally { setBusy(false) }
  }
  const step = (by: 1 | -1) => choose(neighbour(open.map((r) => String(r.row)), chosen, by))
  useShortcuts(data?.draft ? [] : [
    { key: 'j', text: 'Næste tvivl', run: () => step(1), group: 'Import' }, { key: 'k', text: 'Forrige tvivl', run: () => step(-1), group: 'Import' },
    { key: 'a', text: 'Det passer', run: () => { const row = open.find((r) => String(r.row) === chosen); if (row) void decide({ rows: [row.row], action: 'accept' }) }, group: 'Import' },
  ])
  if (error && !data) return <Problem error={error} retry={reload} />
  if (!data) return <Waiting what="filen" />
  const likely = open.filter((r) => r.verdict === 'guessed' && r.confidence >= sure)
  const left = data.rows.filter((r) => r.verdict === 'refused' && !r.asks && !r.settled)
  return (
    <>
      <nav aria-label="Brødkrummer" className="crumbs"><Link to="/bank">Bank</Link> <span aria-hidden="true">/</span> <Link to="/bank/import">Hent tegninger ind</Link> <span aria-hidden="true">/</span> <Link to={`/bank/import/${key}`}>Import</Link></nav>
      <PageTitle title={data.title || data.path} lead="Her ser du, hvad der blev læst af filen. Afgør det, der er tvivl om, og lav så en kladde.">{data.title || data.path}</PageTitle>
      <p className="meta break"><Badge tone={stateWords[data.state][1]}>{stateWords[data.state][0]}</Badge> {data.path} · {data.taken} sikre, {data.guessed} gættet, {data.refused} ikke taget med · <a href={`${path}/source`} download={data.path.split('/').pop()}>Hent filen, som den var</a></p>
      {data.error && <Alert tone="error" heading={data.error.titleDa}><p>{data.error.textDa}</p><details className="plain-details"><summary>Teknisk besked</summary><p className="break" lang="en">{data.error.message}</p></details></Alert>}
      {data.state === 'empty' && <Alert tone="info" heading="Der er ingen arbejdsgang i filen"><p>Ingen side har et skridt, som kunne læses. Er der noget på tegningen i Visio, så gem den som .vsdx, og hent den ind igen.</p></Alert>}
      {data.draft && <Alert tone="success" heading="Der er lavet en kladde af filen"><p><Link to={`/bank/forslag/${data.draft}`}>Gå til kladden</Link>, og tegn videre der.</p></Alert>}
      {fault && <Fault error={fault} reload={() => { setFault(undefined); reload() }} />}
      <div className="import-review">
        <section className="diagram-side" aria-label="Diagrammet">
          {xml.error && <Problem error={xml.error} retry={xml.reload} />}
          {xml.data && <Suspense fallback={<Waiting what="diagrammet" />}>
            <Bpmn xml={xml.data} title={data.title} lit={lit} marks={marks} flows onElements={(list) => setEnds(list)} onSelect={(id) => choose(data.rows.find((r) => r.element === id && !r.settled)?.row.toString())} textIs="Det, der er tvivl om, står som liste ved siden af." />
          </Suspense>}
        </section>
        <div>
          {!data.draft && data.state !== 'refused' && data.state !== 'empty' && <section aria-labelledby="afgoer">
            <h2 id="afgoer">{open.length === 0 ? 'Intet er i tvivl' : `${open.length} at afgøre`}</h2>
            <div className="button-row">
              {likely.length > 1 && <button type="button" className="button button-secondary button-small" disabled={busy} onClick={() => void decide({ rows: likely.map((r) => r.row), action: 'accept' })}>Det passer for de {likely.length}, der er mindst 60 % sikre</button>}
              {data.undo && <button type="button" className="button button-secondary button-small" disabled={busy} onClick={() => void decide({ action: 'undo' })}>Fortryd den sidste</button>}
            </div>
            <ul className="plain-list shape-list">{open.map((row) => <ShapeItem key={row.row} row={row} kinds={data.kinds} ends={ends} chosen={String(row.row) === chosen} busy={busy} onChoose={() => choose(String(row.row))} onDecide={(d) => void decide({ rows: [row.row], ...d })} />)}</ul>
            {data.more > 0 && <p>{data.more} til vises, når nogle af disse er afgjort.</p>}
          </section>}
          {!data.draft && xml.data && <MakeDraft path={path} file={data} open={open.length} />}
          <SettledList rows={data.rows} kinds={data.kinds} />
          <More file={data} left={left} />
        </div>
      </div>
    </>
  )
}

function Fault({ error, reload }: { error: ApiError; reload: () => void }) {
  if (error.status !== 409) return <Problem error={error} />
  return <Alert tone="warning" live heading="Det kan ikke lade sig gøre her"><p>{/somebody else/.test(error.detail) ? 'En anden har afgjort noget imens.' : 'BPMN tillader det ikke: en start har ingen pile ind, en slut ingen ud, og en pil går ikke til sig selv eller ind i en delproces. Vend eller fjern pilene først.'}</p><p><button type="button" className="button button-secondary button-small" onClick={reload}>Hent igen</button></p><details className="plain-details"><summary>Teknisk besked</summary><p className="break" lang="en">{error.detail}</p></details></Alert>
}

function MakeDraft({ path, file, open }: { path: string; file: ImportedFile; open: number }) {
  const navigate = useNavigate()
  const [title, setTitle] = useState(file.title)
  const [domain, setDomain] = useState('')
  const [missing, setMissing] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError>()
  const make = async () => {
    setMissing(domain.trim() === '')
    if (domain.trim() === '') return document.getElementById('import-domain')?.focus()
    setBusy(true)
    setError(undefined)
    try {
      const { draftKey } = await write<{ draftKey: string }>('POST', `${path}/draft`, { title: title.trim(), domain: domain.trim() })
      toast('Kladden er lavet', 'Den ligger kun hos jer, til den er godkendt og offentliggjort.')
      navigate(`/bank/forslag/${draftKey}`)
    } catch (cause) { if (cause instanceof ApiError) setError(cause) } finally { setBusy(false) }
  }
  return (
    <section aria-labelledby="lav-kladde">
      <h2 id="lav-kladde">Lav en kladde</h2>
      {open > 0 && <p>{count(open, 'ting er', 'ting er')} ikke afgjort. Du kan lave kladden alligevel; det står i dens kommentarer.</p>}
      {error && <Problem error={error} />}
      <div className="form-group"><label className="form-label" htmlFor="import-title">Titel</label><input id="import-title" className="form-input" maxLength={180} value={title} onChange={(e) => setTitle(e.target.value)} /></div>
      <DomainField value={domain} onChange={setDomain} missing={missing} />
      <p><button type="button" className="button button-primary" disabled={busy} onClick={() => void make()}>{busy ? 'Laver kladden …' : 'Lav kladden'}</button></p>
    </section>
  )
}

export function DomainField({ value, onChange, missing }: { value: string; onChange: (value: string) => void; missing: boolean }) {
  const { data } = useGet<WorkflowList>('/api/bank/workflows?limit=1')
  return (
    <div className={`form-group ${missing ? 'form-error' : ''}`}>
      <label className="form-label" htmlFor="import-domain">Domæne</label>
      <span className="form-hint" id="import-domain-hint">Vælg et, der findes, eller skriv et nyt.</span>
      {missing && <span className="form-error-message" id="import-domain-error">Skriv, hvilket domæne det hører til</span>}
      <input id="import-domain" className="form-input" maxLength={80} list="import-domains" value={value} onChange={(e) => onChange(e.target.value)} aria-describedby={missing ? 'import-domain-hint import-domain-error' : 'import-domain-hint'} aria-invalid={missing ? true : undefined} />
      <datalist id="import-domains">{data?.facets.domain.map((f) => <option key={String(f.value)} value={f.title ?? humanise(String(f.value))} />)}</datalist>
    </div>
  )
}

function More({ file, left }: { file: ImportedFile; left: readonly ShapeRow[] }) {
  return (
    <>
      {left.length > 0 && <details className="plain-details"><summary>Ikke taget med ({left.length})</summary><ul>{left.map((r) => <li key={r.row} className="break">{r.name || typeWords(r.type, file.kinds)} <span className="muted">(side {r.page}: {r.reasonDa})</span></li>)}</ul></details>}
      {(file.kla.length > 0 || file.law.length > 0) && <p>Fundet i tegningen: {[...file.kla.map((k) => `KLA ${k}`), ...file.law].join(', ')}</p>}
      {file.notes.length > 0 && <details className="plain-details"><summary>Bemærkninger ({file.notes.length})</summary><ul lang="en">{file.notes.map((n, i) => <li key={i} className="break">{n}</li>)}</ul></details>}
    </>
  )
}
