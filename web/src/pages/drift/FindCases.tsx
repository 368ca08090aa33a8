// Find sager: by workflow, state, day, number and key at once; by what stands in their variables as a logged look-up with a purpose.
import { useRef, useState, type FormEvent } from 'react'
import { Link } from 'react-router-dom'
import { ApiError, search } from '../../api/client'
import { findCases, versionsPath, type TestOperator, type Version } from '../../api/drift'
import type { LiveKind } from '../../api/live'
import { useGet, useLoad } from '../../api/load'
import { useRole } from '../../api/session'
import type { Instance, Page } from '../../api/types'
import { faultsOf, filterOf, hasFaults, instanceFilter, needsValue, operators, scanFilter, testsOf, type CaseFilter, type Faults, type Row } from '../../lib/caseSearch'
import { count, formatNumber } from '../../lib/format'
import { Alert, Empty, PageTitle, Problem, Waiting } from '../../ui/parts'
import { useShortcuts } from '../../ui/shortcuts'
import { Pager } from '../../ui/Pager'
import { InstanceTable } from '../InstanceTable'
import { BatchView } from './BatchView'
import { useAddressFilter } from './addressFilter'
import { DriftNav, LiveMark } from './DriftNav'

const live: LiveKind[] = ['instance', 'incident']
const size = 25

export default function FindCases() {
  const { params, setParams, change } = useAddressFilter()
  const filter = filterOf(params)
  const batch = params.get('soegning') ?? '', open = params.get('oplysninger') === '1'
  const mayLook = useRole('drift')
  const results = useRef<HTMLDivElement>(null)
  const move = (by: number) => {
    const links = [...(results.current?.querySelectorAll<HTMLElement>('td:first-child a') ?? [])]
    const at = links.findIndex((l) => l === document.activeElement)
    links[Math.min(links.length - 1, Math.max(0, at + by))]?.focus()
  }
  useShortcuts([{ key: 'j', text: 'Næste sag på listen', group: 'Sager', run: () => move(1) }, { key: 'k', text: 'Forrige sag på listen', group: 'Sager', run: () => move(-1) }])
  return (
    <>
      <PageTitle title="Find sager" lead="Find sager efter arbejdsgang, tilstand, dag og nummer, eller efter det, der står i deres oplysninger.">Find sager</PageTitle>
      <DriftNav />
      <LiveMark />
      <Filters key={`${filter.sag} ${filter.key} ${filter.from} ${filter.to}`} filter={filter} onChange={change} />
      {mayLook && (open || batch
        ? <Lookup filter={filter} onStarted={(key) => change({ soegning: key, oplysninger: '1' })} onClose={() => change({ oplysninger: '', soegning: '' })} />
        : <p><button type="button" className="button button-secondary" onClick={() => change({ oplysninger: '1' })}>Søg i sagernes oplysninger</button></p>)}
      <div ref={results}>
        {batch ? <BatchView key={batch} batchKey={batch} again={<p><button type="button" className="link-button" onClick={() => change({ soegning: '' })}>Søg igen</button></p>} />
          : <List filter={filter} offset={Math.max(0, Number(params.get('fra') ?? 0) || 0)} onPage={(n) => change({ fra: n ? String(n) : '' })} onAll={() => setParams({})} />}
      </div>
    </>
  )
}

function Filters({ filter, onChange }: { filter: CaseFilter; onChange: (values: Record<string, string>) => void }) {
  const versions = useGet<{ items: Version[] }>(versionsPath(''), { live: ['definition'] })
  const all = versions.data?.items ?? []
  const names = new Map(all.map((v) => [v.processDefinitionId, v.name || v.processDefinitionId]))
  if (filter.id && !names.has(filter.id)) names.set(filter.id, filter.id)
  const [text, setText] = useState({ sag: filter.sag, noegle: filter.key, startet: filter.from, til: filter.to })
  const [fault, setFault] = useState<{ sag?: string; til?: string }>({})
  const send = (event: FormEvent) => {
    event.preventDefault()
    const found = { ...(text.sag.trim() && !/^\d+$/.test(text.sag.trim()) && { sag: 'Et sagsnummer er kun tal, fx 2251799813685249' }), ...(text.startet && text.til && text.til < text.startet && { til: 'Den sidste dag skal ligge efter den første' }) }
    setFault(found)
    if (Object.keys(found).length > 0) return document.getElementById(found.sag ? 'f-sag' : 'f-til')?.focus()
    onChange({ sag: text.sag.trim(), noegle: text.noegle.trim(), startet: text.startet, til: text.til })
  }
  const field = (name: keyof typeof text, label: string, more: React.InputHTMLAttributes<HTMLInputElement> = {}) => {
    const wrong = name === 'sag' || name === 'til' ? fault[name] : undefined
    return (
      <div className={wrong ? 'form-error' : ''}><label className="form-label" htmlFor={`f-${name}`}>{label}</label>
        {wrong && <span className="form-error-message" id={`f-${name}-fault`} role="alert">{wrong}</span>}
        <input id={`f-${name}`} className="form-input" autoComplete="off" value={text[name]} onChange={(e) => setText({ ...text, [name]: e.target.value })} aria-invalid={wrong ? true : undefined} aria-describedby={wrong ? `f-${name}-fault` : undefined} {...more} /></div>
    )
  }
  return (
    <form className="filters filters-4" onSubmit={send} noValidate>
      <div><label className="form-label" htmlFor="f-id">Arbejdsgang</label>
        <select id="f-id" className="form-select" value={filter.id} onChange={(e) => onChange({ id: e.target.value, version: '' })}><option value="">Alle</option>{[...names].map(([value, name]) => <option key={value} value={value}>{name}</option>)}</select></div>
      <div><label className="form-label" htmlFor="f-version">Version</label>
        <select id="f-version" className="form-select" value={filter.version} disabled={!filter.id} onChange={(e) => onChange({ version: e.target.value })}><option value="">{filter.id ? 'Alle' : 'Vælg arbejdsgang først'}</option>{all.filter((v) => v.processDefinitionId === filter.id).map((v) => <option key={v.processDefinitionKey} value={v.processDefinitionKey}>Version {v.version} ({formatNumber(v.active)} i gang)</option>)}</select></div>
      <div><label className="form-label" htmlFor="f-state">Tilstand</label>
        <select id="f-state" className="form-select" value={filter.state} onChange={(e) => onChange({ tilstand: e.target.value })}>
          <option value="">Alle</option><option value="ACTIVE">I gang</option><option value="INCIDENT">Med fejl</option><option value="COMPLETED">Afsluttet</option><option value="TERMINATED">Stoppet</option>
        </select></div>
      {field('startet', 'Startet fra og med', { type: 'date' })}
      {field('til', 'Til og med', { type: 'date' })}
      {field('sag', 'Sagsnummer', { inputMode: 'numeric' })}
      {field('noegle', 'Egen nøgle', { maxLength: 300 })}
      <button className="button button-secondary">Find</button>
    </form>
  )
}

function List({ filter, offset, onPage, onAll }: { filter: CaseFilter; offset: number; onPage: (from: number) => void; onAll: () => void }) {
  const asked = instanceFilter(filter)
  const { data, error, reload } = useLoad(`find ${JSON.stringify(asked)} ${offset}`, () => search<Page<Instance>>('process-instances', asked, { sort: [{ field: 'startDate', order: 'DESC' }], limit: size, from: offset }), { live, keep: true })
  if (error) return <Problem error={error} retry={reload} />
  if (!data) return <Waiting what="sager" />
  const total = data.page?.totalItems ?? data.items.length
  if (data.items.length === 0) {
    return Object.keys(asked).length > 0
      ? <Empty heading="Ingen sager passer"><p>Prøv med færre valg. <button type="button" className="link-button" onClick={onAll}>Vis alle sager</button></p></Empty>
      : <Empty heading="Ingen sager har kørt endnu"><p>Sæt en arbejdsgang i drift fra <Link to="/bank?runnable=true">banken</Link>; så starter sager af sig selv.</p></Empty>
  }
  return (
    <section aria-labelledby="fundne">
      <h2 id="fundne" aria-live="polite">{data.page?.hasMoreTotalItems ? `Mere end ${formatNumber(total)} sager` : count(total, 'sag', 'sager')}</h2>
      <InstanceTable items={data.items} showKey={data.items.some((i) => i.businessId)} />
      <Pager offset={offset} shown={data.items.length} total={total} size={size} onChange={onPage} />
    </section>
  )
}

function Lookup({ filter, onStarted, onClose }: { filter: CaseFilter; onStarted: (key: string) => void; onClose: () => void }) {
  const [rows, setRows] = useState<Row[]>([{ name: '', operator: 'equals', value: '' }])
  const [purpose, setPurpose] = useState('')
  const [faults, setFaults] = useState<Faults>({ rows: {} })
  const [error, setError] = useState<ApiError>()
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const set = (i: number, change: Partial<Row>) => setRows(rows.map((r, at) => (at === i ? { ...r, ...change } : r)))
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const found = faultsOf(rows, purpose)
    setFaults(found)
    setError(undefined)
    if (hasFaults(found)) { setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()); return }
    setBusy(true)
    try { onStarted((await findCases(scanFilter(filter), testsOf(rows), purpose.trim())).batchKey) } catch (cause) { if (cause instanceof ApiError) setError(cause) } finally { setBusy(false) }
  }
  return (
    <section aria-labelledby="opslag" className="lookup">
      <div className="section-head"><h2 id="opslag">Søg i sagernes oplysninger</h2><button type="button" className="link-button" onClick={onClose}>Luk</button></div>
      <p>Oplysningerne ligger forseglet i hver sag, så sagerne åbnes en for en, nyeste først. Valgene ovenfor begrænser, hvor mange. <strong>Opslaget bliver logget med dit navn og formålet.</strong> Det, du skriver her, kommer hverken i adressen eller i loggen.</p>
      {error && (error.status === 400 ? <Alert tone="error" heading="Søgningen kunne ikke forstås"><p lang="en">{error.detail}</p></Alert> : <Problem error={error} />)}
      <form ref={form} onSubmit={(e) => void send(e)} noValidate>
        {rows.map((row, i) => {
          const wrong = faults.rows[i]
          return (
            <fieldset key={i} className="test-row">
              <legend className="sr-only">Oplysning {i + 1}</legend>
              <div className={wrong?.name ? 'form-error' : ''}><label className="form-label" htmlFor={`t-name-${i}`}>Oplysning</label>{wrong?.name && <span className="form-error-message" id={`t-name-${i}-fault`} role="alert">{wrong.name}</span>}
                <input id={`t-name-${i}`} className="form-input" autoComplete="off" spellCheck={false} placeholder="alle" value={row.name} onChange={(e) => set(i, { name: e.target.value })} aria-invalid={wrong?.name ? true : undefined} aria-describedby={`t-hint${wrong?.name ? ` t-name-${i}-fault` : ''}`} /></div>
              <div><label className="form-label" htmlFor={`t-op-${i}`}>Hvordan</label><select id={`t-op-${i}`} className="form-select" value={row.operator} onChange={(e) => set(i, { operator: e.target.value as TestOperator })}>{operators.map((o) => <option key={o.value} value={o.value}>{o.text}</option>)}</select></div>
              {needsValue(row.operator) && (
                <div className={wrong?.value ? 'form-error' : ''}><label className="form-label" htmlFor={`t-value-${i}`}>Værdi</label>{wrong?.value && <span className="form-error-message" id={`t-value-${i}-fault`} role="alert">{wrong.value}</span>}
                  <input id={`t-value-${i}`} className="form-input" autoComplete="off" value={row.value} onChange={(e) => set(i, { value: e.target.value })} aria-invalid={wrong?.value ? true : undefined} aria-describedby={wrong?.value ? `t-value-${i}-fault` : undefined} /></div>
              )}
              {rows.length > 1 && <button type="button" className="link-button" onClick={() => setRows(rows.filter((_, at) => at !== i))} aria-label={`Fjern oplysning ${i + 1}`}>Fjern</button>}
            </fieldset>
          )
        })}
        <p className="hint" id="t-hint">Navnet som i arbejdsgangen, fx faktura.nummer. Står feltet tomt, søges der i alle oplysninger. Tal og datoer må skrives på dansk: 1.234,50 og 21.11.2026.</p>
        {rows.length < 10 && <p><button type="button" className="link-button" onClick={() => setRows([...rows, { name: '', operator: 'equals', value: '' }])}>Tilføj en oplysning mere</button></p>}
        <div className={`form-group narrow ${faults.purpose ? 'form-error' : ''}`}><label className="form-label" htmlFor="t-purpose">Formål</label><span className="form-hint" id="t-purpose-hint">Fx: Finde sagen til en klage, journalnr. 26/118. Skriv ingen personoplysninger.</span>
          {faults.purpose && <span className="form-error-message" id="t-purpose-fault" role="alert">{faults.purpose}</span>}
          <input id="t-purpose" className="form-input" autoComplete="off" maxLength={500} value={purpose} onChange={(e) => setPurpose(e.target.value)} aria-invalid={faults.purpose ? true : undefined} aria-describedby={`t-purpose-hint${faults.purpose ? ' t-purpose-fault' : ''}`} /></div>
        <div className="button-row"><button className="button button-primary" disabled={busy}>{busy ? 'Begynder …' : 'Søg i sagerne'}</button></div>
      </form>
    </section>
  )
}
