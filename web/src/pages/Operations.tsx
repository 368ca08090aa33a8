// Drift: what is wrong now, then throughput, then instances. Live: nothing here needs a reload.
import { lazy, Suspense, useState } from 'react'
import { Link } from 'react-router-dom'
import { ApiError, search } from '../api/client'
import { useGet, useLoad } from '../api/load'
import { retryIncidents, type IncidentGroup } from '../api/drift'
import { useRole } from '../api/session'
import type { Incident, Instance, Operations as Counts, Page } from '../api/types'
import { maskCpr } from '../lib/cpr'
import { count, formatNumber, formatTime } from '../lib/format'
import { errorName, systemName } from '../lib/words'
import { Empty, PageTitle, Problem, StandInMark, Table, Time, Waiting } from '../ui/parts'
import { toast } from '../ui/toasts'
import { BatchProgress, useBatch } from './drift/BatchView'
import { DriftNav, LiveMark } from './drift/DriftNav'
import { InstanceTable } from './InstanceTable'
import { retryIncident } from './retry'

const Chart = lazy(() => import('../diagram/Chart'))
const size = 10
const live = ['instance', 'incident', 'task'] as const

export default function Operations() {
  const mayWatch = useRole('drift', 'konsulent')
  const counts = useGet<Counts>(mayWatch ? '/api/operations' : null, { live, keep: true })
  const data = counts.data
  const wrong = data ? data.incidents + data.late + data.quarantined : 0
  return (
    <>
      <PageTitle title="Drift" lead="Her ser du, hvad der er galt lige nu, hvor meget der kommer igennem, og hver enkelt sag.">Drift</PageTitle>
      <DriftNav />
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

function Incidents({ total }: { total: number }) {
  const mayRetry = useRole('drift')
  const { data, error, reload } = useLoad('incidents', () => search<Page<Incident>>('incidents', { state: 'ACTIVE' }, { sort: [{ field: 'creationTime', order: 'DESC' }], limit: 50 }), { live, keep: true })
  const groups = useGet<{ items: IncidentGroup[] }>('/api/operations/incidents/groups', { live, keep: true })
  const [batch, setBatch] = useState('')
  const [fault, setFault] = useState<ApiError>()
  const progress = useBatch(batch)
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
    setFault(undefined)
    try { setBatch((await retryIncidents({})).batchKey) } catch (cause) { if (cause instanceof ApiError) setFault(cause) }
  }
  const running = progress.data?.state === 'RUNNING'
  const items = data?.items ?? []
  if (total === 0 && items.length === 0 && !progress.data) return null
  return (
    <section aria-labelledby="fejl">
      <div className="section-head">
        <h2 id="fejl">{count(data?.page?.totalItems ?? items.length, 'fejl', 'fejl')} venter</h2>
        {mayRetry && items.length > 1 && <button type="button" className="button button-primary" disabled={running} onClick={() => void all()}>{running ? 'Prøver igen …' : 'Prøv alle igen'}</button>}
      </div>
      {error && <Problem error={error} retry={reload} />}
      {fault && <Problem error={fault} />}
      {progress.data && <BatchProgress batch={progress.data} onChanged={progress.reload} id="bulk" />}
      <Groups groups={groups.data?.items ?? []} />
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
      {(data?.page?.totalItems ?? 0) > items.length && <p><Link to="/drift/fejl">Se alle {formatNumber(data?.page?.totalItems ?? 0)} fejl</Link></p>}
    </section>
  )
}

/** The same step failing many times is one thing to mend: said first, where there is more than one of it. */
function Groups({ groups }: { groups: IncidentGroup[] }) {
  const many = groups.filter((g) => g.count > 1).slice(0, 5)
  if (many.length === 0) return null
  return (
    <ul className="value-list incident-groups">
      {many.map((g) => (
        <li key={`${g.processDefinitionKey} ${g.elementId} ${g.errorType}`}>
          <Link to={`/drift/fejl?${new URLSearchParams({ id: g.processDefinitionId, version: g.processDefinitionKey, trin: g.elementId, slags: g.errorType })}`}>{formatNumber(g.count)} ens: {errorName(g.errorType)} ved »{g.elementName || g.elementId}«</Link>
        </li>
      ))}
    </ul>
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
  const { data, error, reload } = useLoad('latest instances', () => search<Page<Instance>>('process-instances', {}, { sort: [{ field: 'startDate', order: 'DESC' }], limit: size }), { live, keep: true })
  return (
    <section aria-labelledby="sager">
      <div className="section-head"><h2 id="sager">Nyeste sager</h2><Link to="/drift/sager">Find en sag</Link></div>
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && <Waiting what="sager" />}
      {data && data.items.length === 0 && <Empty heading="Ingen sager har kørt endnu"><p>Sæt en arbejdsgang i drift fra <Link to="/bank?runnable=true">banken</Link>; så starter sager af sig selv.</p></Empty>}
      {data && data.items.length > 0 && <>
        <InstanceTable items={data.items} />
        {(data.page?.totalItems ?? 0) > data.items.length && <p><Link to="/drift/sager">Se alle {data.page?.hasMoreTotalItems ? 'sager' : count(data.page?.totalItems ?? 0, 'sag', 'sager')}</Link></p>}
      </>}
    </section>
  )
}
