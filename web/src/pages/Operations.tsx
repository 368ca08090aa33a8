// Drift: what is wrong now, then throughput, then instances. Live: nothing here needs a reload.
import { lazy, Suspense, useState } from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { search } from '../api/client'
import { useGet, useLoad } from '../api/load'
import { useConnected } from '../api/live'
import { useRole } from '../api/session'
import type { Definition, Incident, Instance, Operations as Counts, Page } from '../api/types'
import { maskCpr } from '../lib/cpr'
import { count, formatNumber, formatTime } from '../lib/format'
import { errorName } from '../lib/words'
import { Alert, Empty, PageTitle, Problem, StandInMark, Table, Time, Waiting } from '../ui/parts'
import { systemName } from '../lib/words'
import { toast } from '../ui/toasts'
import { Pager } from './Bank'
import { InstanceTable } from './InstanceTable'
import { retryAll, retryIncident, type Progress } from './retry'

const Chart = lazy(() => import('../diagram/Chart'))
const size = 20
const live = ['instance', 'incident', 'task'] as const

export default function Operations() {
  const mayWatch = useRole('drift', 'konsulent')
  const counts = useGet<Counts>(mayWatch ? '/api/operations' : null, { live, keep: true })
  const data = counts.data
  const wrong = data ? data.incidents + data.late + data.quarantined : 0
  return (
    <>
      <PageTitle title="Drift" lead="Her ser du, hvad der er galt lige nu, hvor meget der kommer igennem, og hver enkelt sag.">Drift</PageTitle>
      <LiveMark />
      {counts.error && <Problem error={counts.error} retry={counts.reload} />}
      {!data && !counts.error && mayWatch && <Waiting what="driften" />}
      {data && (
        <>
          <h2 className="state-line" aria-live="polite">{wrong === 0 ? 'Alt kører' : `${count(wrong, 'ting', 'ting')} kræver, at nogen ser på det`}</h2>
          <dl className="figures">
            <div className={data.incidents > 0 ? 'bad' : ''}><dt>Fejl</dt><dd>{formatNumber(data.incidents)}</dd></div>
            <div className={data.late > 0 ? 'warn' : ''}><dt>Over fristen</dt><dd>{formatNumber(data.late)}</dd></div>
            <div><dt>Prøver igen</dt><dd>{formatNumber(data.retrying)}</dd></div>
            <div className={data.quarantined > 0 ? 'warn' : ''}><dt><Link to="/regnskab">I karantæne</Link></dt><dd>{formatNumber(data.quarantined)}</dd></div>
            <div><dt>Sager i gang</dt><dd>{formatNumber(data.active)}</dd></div>
          </dl>
          {data.standIns.length > 0 && <p className="stand-ins">{data.standIns.map((s) => <StandInMark key={s.kind + s.title} what={s.title || systemName(s.kind)} />)}</p>}
          <Incidents total={data.incidents} />
          <Throughput data={data} />
        </>
      )}
      <Instances />
    </>
  )
}

export function LiveMark() {
  const connected = useConnected()
  return <p className="live-mark" role="status"><span className={connected ? 'dot on' : 'dot'} aria-hidden="true" />{connected ? 'Opdateres løbende' : 'Venter på forbindelse; tallene kan være gamle'}</p>
}

function Incidents({ total }: { total: number }) {
  const mayRetry = useRole('drift')
  const { data, error, reload } = useLoad('incidents', () => search<Page<Incident>>('incidents', { state: 'ACTIVE' }, { sort: [{ field: 'creationTime', order: 'DESC' }], limit: 50 }), { live, keep: true })
  const [progress, setProgress] = useState<Progress | null>(null)
  const [busy, setBusy] = useState('')
  const retry = async (incident: Incident) => {
    setBusy(incident.incidentKey)
    const problem = await retryIncident(incident)
    setBusy('')
    if (problem) toast(problem.title, problem.reference ? `Referencenummer ${problem.reference}` : undefined, 'error')
    else toast('Prøver igen', errorName(incident.errorType))
    reload()
  }
  const all = async () => {
    await retryAll(setProgress)
    reload()
  }
  const running = progress !== null && !progress.finished
  const items = data?.items ?? []
  if (total === 0 && items.length === 0 && !progress) return null
  return (
    <section aria-labelledby="fejl">
      <div className="section-head">
        <h2 id="fejl">{count(data?.page?.totalItems ?? items.length, 'fejl', 'fejl')} venter</h2>
        {mayRetry && items.length > 1 && <button type="button" className="button button-primary" disabled={running} onClick={() => void all()}>{running ? 'Prøver igen …' : 'Prøv alle igen'}</button>}
      </div>
      {error && <Problem error={error} retry={reload} />}
      {progress && (
        <div className="bulk" aria-live="polite">
          <label htmlFor="bulk">{progress.finished ? `Færdig: ${progress.done} af ${progress.total} prøvet igen` : `Prøver igen: ${progress.done} af ${progress.total}`}{progress.failed > 0 ? `, ${progress.failed} kunne ikke prøves` : ''}</label>
          <progress id="bulk" max={progress.total} value={progress.done} />
          {progress.problem && <Alert tone="warning" heading={progress.problem.title}>{progress.problem.reference && <p>Referencenummer: {progress.problem.reference}</p>}</Alert>}
        </div>
      )}
      <ul className="plain-list rows incidents">
        {items.map((incident) => (
          <li key={incident.incidentKey}>
            <div>
              <Link to={`/drift/${incident.processInstanceKey}`}>{errorName(incident.errorType)}: {incident.elementName || incident.elementId}</Link>
              {incident.errorMessage && <span className="break">Teknisk besked: {maskCpr(incident.errorMessage)}</span>}
              <span className="meta"><Time value={incident.creationTime} /> · {incident.processDefinitionName || incident.processDefinitionId} · sag {incident.processInstanceKey}</span>
            </div>
            {mayRetry && <button type="button" className="button button-secondary" disabled={running || busy === incident.incidentKey} onClick={() => void retry(incident)} aria-label={`Prøv igen: ${incident.elementName || incident.elementId}, sag ${incident.processInstanceKey}`}>Prøv igen</button>}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Throughput({ data }: { data: Counts }) {
  const done = data.perHour.reduce((sum, h) => sum + h.completed, 0), started = data.perHour.reduce((sum, h) => sum + h.started, 0)
  if (data.perHour.length === 0) return null
  const title = `${count(done, 'sag', 'sager')} afsluttet og ${formatNumber(started)} startet de seneste ${data.perHour.length} timer`
  return (
    <section aria-labelledby="igennem">
      <h2 id="igennem">{title}</h2>
      <p className="meta">Antal sager pr. time</p>
      <Suspense fallback={<Waiting what="grafen" />}>
        <Chart label={`Søjlediagram: ${title}. Tallene står i tabellen under grafen.`} days={data.perHour.map((h) => h.hour)} hours stacked={false} unit="sager"
          series={[{ name: 'Startet', tone: 'person', values: data.perHour.map((h) => h.started) }, { name: 'Afsluttet', tone: 'auto', values: data.perHour.map((h) => h.completed) }]} />
      </Suspense>
      <details className="plain-details"><summary>Vis tallene som tabel</summary>
        <Table caption="Sager pr. time" head={['Time', { text: 'Startet', right: true }, { text: 'Afsluttet', right: true }]} compact>
          {[...data.perHour].reverse().map((h) => <tr key={h.hour}><td>{formatTime(h.hour)}</td><td className="right">{formatNumber(h.started)}</td><td className="right">{formatNumber(h.completed)}</td></tr>)}
        </Table>
      </details>
    </section>
  )
}

function Instances() {
  const [params, setParams] = useSearchParams()
  const state = params.get('tilstand') ?? '', id = params.get('id') ?? '', sag = params.get('sag') ?? ''
  const offset = Math.max(0, Number(params.get('fra') ?? 0) || 0)
  const filter: Record<string, unknown> = {}
  if (state === 'INCIDENT') Object.assign(filter, { state: 'ACTIVE', hasIncident: true })
  else if (state) filter.state = state
  if (id) filter.processDefinitionId = id
  if (/^\d+$/.test(sag)) filter.processInstanceKey = sag
  const { data, error, reload } = useLoad(`instances ${JSON.stringify(filter)} ${offset}`, () => search<Page<Instance>>('process-instances', filter, { sort: [{ field: 'startDate', order: 'DESC' }], limit: size, from: offset }), { live, keep: true })
  const definitions = useLoad('definitions', () => search<Page<Definition>>('process-definitions', {}, { limit: 200 }), { live: ['definition'] })
  const names = new Map((definitions.data?.items ?? []).map((d) => [d.processDefinitionId, d.name || d.processDefinitionId]))
  if (id && !names.has(id)) names.set(id, id)
  const change = (name: string, value: string) => {
    const now = new URLSearchParams(params)
    if (value) now.set(name, value)
    else now.delete(name)
    if (name !== 'fra') now.delete('fra')
    setParams(now, { preventScrollReset: true })
  }
  const [text, setText] = useState(sag)
  const filtered = state !== '' || id !== '' || sag !== ''
  return (
    <section aria-labelledby="sager">
      <h2 id="sager">Sager</h2>
      <form className="filters" onSubmit={(e) => { e.preventDefault(); change('sag', text.trim()) }}>
        <div><label className="form-label" htmlFor="f-state">Tilstand</label>
          <select id="f-state" className="form-select" value={state} onChange={(e) => change('tilstand', e.target.value)}>
            <option value="">Alle</option><option value="ACTIVE">I gang</option><option value="INCIDENT">Med fejl</option><option value="COMPLETED">Afsluttet</option><option value="TERMINATED">Stoppet</option>
          </select></div>
        <div><label className="form-label" htmlFor="f-id">Arbejdsgang</label>
          <select id="f-id" className="form-select" value={id} onChange={(e) => change('id', e.target.value)}>
            <option value="">Alle</option>{[...names].map(([value, name]) => <option key={value} value={value}>{name}</option>)}
          </select></div>
        <div><label className="form-label" htmlFor="f-sag">Sagsnummer</label><input id="f-sag" className="form-input" inputMode="numeric" value={text} onChange={(e) => setText(e.target.value)} /></div>
        <button className="button button-secondary">Find</button>
      </form>
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && <Waiting what="sager" />}
      {data && data.items.length === 0 && (filtered
        ? <Empty heading="Ingen sager passer"><p><button type="button" className="link-button" onClick={() => { setText(''); setParams({}) }}>Vis alle sager</button></p></Empty>
        : <Empty heading="Ingen sager har kørt endnu"><p>Sæt en arbejdsgang i drift fra <Link to="/bank?runnable=true">banken</Link>; så starter sager af sig selv.</p></Empty>)}
      {data && data.items.length > 0 && <>
        <p className="meta" aria-live="polite">{count(data.page?.totalItems ?? data.items.length, 'sag', 'sager')}</p>
        <InstanceTable items={data.items} />
        <Pager offset={offset} shown={data.items.length} total={data.page?.totalItems ?? data.items.length} size={size} onChange={(n) => change('fra', n ? String(n) : '')} />
      </>}
    </section>
  )
}
