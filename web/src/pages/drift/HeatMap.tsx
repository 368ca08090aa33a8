// Varmekort: where it takes time, where it fails, how often, drawn on one version's diagram for a period; the table behind it.
import { lazy, Suspense, useMemo, useState, type FormEvent } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router-dom'
import { getText } from '../../api/client'
import { heatPath, versionsPath, type Heat, type Spread, type Version } from '../../api/drift'
import { useGet, useLoad } from '../../api/load'
import { bpmnElements, isStep } from '../../lib/bpmnModel'
import { heatDiagramMarks } from '../../lib/diagramMarks'
import { count, formatDate, formatNumber } from '../../lib/format'
import { finding, heatMarks, isMeasure, isTime, limitsOf, measures, valueOf, valueText, type Measure } from '../../lib/heat'
import { spanShort } from '../../lib/spans'
import { elementName } from '../../lib/words'
import { Empty, PageTitle, Problem, Table, Waiting } from '../../ui/parts'
import { DriftNav } from './DriftNav'

const Bpmn = lazy(() => import('../../diagram/Bpmn'))
const day = (ms: number) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Copenhagen' }).format(ms)

export default function HeatMap() {
  const { key = '' } = useParams()
  const [params, setParams] = useSearchParams()
  const navigate = useNavigate()
  const versions = useGet<{ items: Version[] }>(versionsPath(''))
  const all = versions.data?.items ?? []
  const busiest = all.reduce<Version | undefined>((a, b) => (a === undefined || b.active + b.completed > a.active + a.completed ? b : a), undefined)
  const chosen = key || busiest?.processDefinitionKey || ''
  const version = all.find((v) => v.processDefinitionKey === chosen)
  const from = params.get('fra') || day(Date.now() - 30 * 86_400_000), to = params.get('til') || day(Date.now())
  const asked = params.get('vis') ?? '', measure: Measure = isMeasure(asked) ? asked : 'tid'
  const change = (values: Record<string, string>) => setParams((old) => { const next = new URLSearchParams(old); for (const [name, value] of Object.entries(values)) if (value) next.set(name, value); else next.delete(name); return next }, { preventScrollReset: true })
  return (
    <>
      <PageTitle title="Varmekort" lead="Her ser du på diagrammet, hvor sagerne venter, hvor de bliver behandlet, og hvor det går galt.">Varmekort</PageTitle>
      <DriftNav />
      {versions.error && <Problem error={versions.error} retry={versions.reload} />}
      {!versions.data && !versions.error && <Waiting what="arbejdsgangene" />}
      {versions.data && all.length === 0 && <Empty heading="Ingen arbejdsgang er i drift"><p>Sæt en arbejdsgang i drift fra <Link to="/bank?runnable=true">banken</Link>, og lad nogle sager køre; så viser kortet, hvor tiden går.</p></Empty>}
      {all.length > 0 && (
        <>
          <Choice key={`${from} ${to}`} versions={all} chosen={chosen} from={from} to={to} onVersion={(k) => navigate(`/drift/varmekort/${k}?${params}`)} onPeriod={(f, t) => change({ fra: f, til: t })} />
          <div className="rule-choice" role="group" aria-label="Vis">{measures.map((m) => <button key={m.value} type="button" className="chip" aria-pressed={measure === m.value} onClick={() => change({ vis: m.value })}>{m.text}</button>)}</div>
          {key && versions.data && !version ? <Empty heading="Versionen findes ikke"><p><Link to="/drift/varmekort">Vælg en anden</Link></p></Empty> : version && <Map key={chosen} version={version} from={from} to={to} measure={measure} lit={params.get('element')} onLit={(id) => change({ element: id ?? '' })} />}
        </>
      )}
    </>
  )
}

function Choice({ versions, chosen, from, to, onVersion, onPeriod }: { versions: Version[]; chosen: string; from: string; to: string; onVersion: (key: string) => void; onPeriod: (from: string, to: string) => void }) {
  const [period, setPeriod] = useState({ from, to })
  const [fault, setFault] = useState('')
  const send = (event: FormEvent) => {
    event.preventDefault()
    const wrong = !period.from || !period.to ? 'Vælg både den første og den sidste dag' : period.to < period.from ? 'Den sidste dag skal ligge efter den første' : ''
    setFault(wrong)
    if (wrong) return document.getElementById('h-to')?.focus()
    onPeriod(period.from, period.to)
  }
  return (
    <form className="filters filters-4 filters-heat" onSubmit={send} noValidate>
      <div className="wide-field"><label className="form-label" htmlFor="h-version">Arbejdsgang og version</label>
        <select id="h-version" className="form-select" value={chosen} onChange={(e) => onVersion(e.target.value)}>{versions.map((v) => <option key={v.processDefinitionKey} value={v.processDefinitionKey}>{v.name || v.processDefinitionId}, version {v.version}</option>)}</select></div>
      <div><label className="form-label" htmlFor="h-from">Fra og med</label><input id="h-from" type="date" className="form-input" value={period.from} onChange={(e) => setPeriod({ ...period, from: e.target.value })} /></div>
      <div className={fault ? 'form-error' : ''}><label className="form-label" htmlFor="h-to">Til og med</label>{fault && <span className="form-error-message" id="h-to-fault" role="alert">{fault}</span>}<input id="h-to" type="date" className="form-input" value={period.to} onChange={(e) => setPeriod({ ...period, to: e.target.value })} aria-invalid={fault ? true : undefined} aria-describedby={fault ? 'h-to-fault' : undefined} /></div>
      <button className="button button-secondary">Vis perioden</button>
    </form>
  )
}

function Map({ version, from, to, measure, lit, onLit }: { version: Version; from: string; to: string; measure: Measure; lit: string | null; onLit: (id: string | null) => void }) {
  const key = version.processDefinitionKey
  const xml = useLoad(`xml ${key}`, (signal) => getText(`/v2/process-definitions/${key}/xml`, signal))
  const { data, error, reload } = useGet<Heat>(heatPath(key, from, to), { keep: true })
  const marks = useMemo(() => (data ? heatMarks(data, measure) : []), [data, measure])
  const onDiagram = useMemo(() => heatDiagramMarks(marks), [marks])
  const about = measures.find((m) => m.value === measure)
  if (error) return <Problem error={error} retry={reload} />
  if (xml.error) return <Problem error={xml.error} retry={xml.reload} />
  if (!data || xml.data === undefined) return <Waiting what="varmekortet" />
  const period = `${formatDate(from)} til ${formatDate(to)}`
  if (data.instances === 0) return <Empty heading="Ingen sager i perioden"><p>Ingen trin begyndte {period} i version {version.version}. Vælg en længere periode eller en anden version.</p></Empty>
  return (
    <section aria-labelledby="fund">
      <h2 id="fund" aria-live="polite">{marks.length === 0 ? (measure === 'fejl' ? 'Ingen fejl i perioden' : 'Ingen trin har en målt tid af den slags endnu') : finding(data, measure)}</h2>
      <p className="meta">{about?.about} {count(data.instances, 'sag', 'sager')}, {period}.{data.whole ? '' : ' Der er så mange sager, at kun de nyeste er talt med.'}</p>
      <Legend heat={data} measure={measure} />
      <Suspense fallback={<Waiting what="diagrammet" />}><Bpmn xml={xml.data} title={`${version.name || version.processDefinitionId}, ${about?.title ?? ''}`} marks={onDiagram} lit={lit} onSelect={onLit} textIs="Tallene står i tabellen under diagrammet." /></Suspense>
      <HeatTable heat={data} measure={measure} xml={xml.data} lit={lit} onLit={onLit} version={version} />
    </section>
  )
}

function Legend({ heat, measure }: { heat: Heat; measure: Measure }) {
  const limits = limitsOf(Object.values(heat.elements).flatMap((e) => { const v = valueOf(e, measure); return v === null ? [] : [v] }))
  if (limits.length === 0) return null
  const text = (limit: number) => valueText(isTime(measure) ? limit : Math.round(limit), measure)
  return (
    <ul className="legend heat-legend">
      {limits.length === 1 ? <li><span className="heat-key heat-badge-3" aria-hidden="true" />alle {text(limits[0] ?? 0)}</li>
        : limits.map((limit, i) => <li key={i}><span className={`heat-key heat-badge-${i + 1}`} aria-hidden="true">{i + 1}</span>{i === 0 ? 'mindst: ' : i === limits.length - 1 ? 'mest: ' : ''}op til {text(limit)}</li>)}
      <li>Tallet ved hvert trin er {isTime(measure) ? 'medianen' : 'antallet'}.</li>
    </ul>
  )
}

const spread = (s: Spread | null) => (s ? `${spanShort(s.median)} / ${spanShort(s.p95)}` : '–')
function HeatTable({ heat, measure, xml, lit, onLit, version }: { heat: Heat; measure: Measure; xml: string; lit: string | null; onLit: (id: string) => void; version: Version }) {
  const steps = useMemo(() => bpmnElements(xml), [xml])
  const rows = Object.entries(heat.elements).filter(([id]) => { const e = steps.get(id); return !e || isStep(e) }).sort(([, a], [, b]) => (valueOf(b, measure) ?? -1) - (valueOf(a, measure) ?? -1))
  return (
    <details className="plain-details"><summary>Vis tallene som tabel</summary>
      <p className="meta">Tider er median / p95: halvdelen tager højst det første, 95 ud af 100 højst det andet.</p>
      <Table caption="Tallene bag varmekortet" head={['Trin', 'Slags', { text: 'Antal', right: true }, { text: 'I gang', right: true }, { text: 'Hele tiden', right: true }, { text: 'Ventetid', right: true }, { text: 'Behandling', right: true }, { text: 'Fejl', right: true }]} compact>
        {rows.map(([id, e]) => (
          <tr key={id} className={id === lit ? 'lit-step' : ''}>
            <td><button type="button" className="link-button" onClick={() => onLit(id)}>{e.name || id}</button></td><td>{elementName(e.type)}</td><td className="right">{formatNumber(e.count)}</td><td className="right">{formatNumber(e.active)}</td>
            <td className="right nowrap">{spread(e.total)}</td><td className="right nowrap">{spread(e.waiting)}</td><td className="right nowrap">{spread(e.handling)}</td>
            <td className="right">{e.openIncidents > 0 ? <Link to={`/drift/fejl?version=${version.processDefinitionKey}&trin=${encodeURIComponent(id)}`}>{formatNumber(e.incidents)}</Link> : formatNumber(e.incidents)}</td>
          </tr>
        ))}
      </Table>
    </details>
  )
}
