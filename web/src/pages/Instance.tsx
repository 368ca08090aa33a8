// One instance: what is wrong, where it is (tokens on the diagram), what happened, decisions, variables; live.
import { lazy, Suspense, useMemo, useState } from 'react'
import { Link, useParams, useSearchParams } from 'react-router-dom'
import { ApiError, getText, get, search, write } from '../api/client'
import { resumeCase, suspendCase, versionsPath, type Version } from '../api/drift'
import { useGet, useLoad } from '../api/load'
import { useRole } from '../api/session'
import type { Incident, Instance, Page, TokenCounts, Variable } from '../api/types'
import { bpmnElements, isStep, type BpmnElement } from '../lib/bpmnModel'
import { maskCpr } from '../lib/cpr'
import { count, formatNumber, humanise } from '../lib/format'
import type { StoredDecision } from '../lib/trace'
import { elementName, errorName } from '../lib/words'
import { CaseDecisions } from '../decision/CaseDecisions'
import { Confirm } from '../ui/Dialog'
import { Alert, Empty, Facts, MaskNote, PageTitle, Problem, Table, Time, Waiting } from '../ui/parts'
import { CaseTimeline } from './drift/CaseTimeline'
import { LiveMark } from './drift/DriftNav'
import { toast } from '../ui/toasts'
import { Values } from '../ui/Values'
import { stateBadge } from './InstanceTable'
import { retryIncident } from './retry'

const Bpmn = lazy(() => import('../diagram/Bpmn'))
const live = ['instance', 'incident', 'task'] as const

/** /v2 gives variable values as JSON text. */
function valueOf(variable: Variable): unknown {
  if (typeof variable.value !== 'string') return variable.value
  try { return JSON.parse(variable.value) as unknown } catch { return variable.value }
}

export default function InstancePage() {
  const { key = '' } = useParams()
  const mayWatch = useRole('drift', 'konsulent'), mayRead = useRole('drift', 'sagsbehandler')
  const options = { live, instance: key }
  const instance = useLoad(`instance ${key}`, (signal) => get<Instance>(`/v2/process-instances/${key}`, signal), options)
  const definition = instance.data?.processDefinitionKey
  const xml = useLoad(`xml ${definition}`, definition ? (signal) => getText(`/v2/process-definitions/${definition}/xml`, signal) : null)
  const tokens = useGet<TokenCounts>(`/api/operations/instances/${key}/tokens`, options)
  const elements = useMemo(() => bpmnElements(xml.data ?? ''), [xml.data])
  const data = instance.data
  const versions = useGet<{ items: Version[] }>(mayWatch && data ? versionsPath(data.processDefinitionId) : null)
  const versionOf = (k: string) => { const v = versions.data?.items.find((one) => one.processDefinitionKey === k); return v && `version ${v.version}` }
  const title = data ? data.processDefinitionName || data.processDefinitionId : `Sag ${key}`
  return (
    <>
      <p>{mayWatch ? <Link to="/drift/sager" className="back-link">Til sagerne i Drift</Link> : <Link to={`/sager/${key}`} className="back-link">Til sagen</Link>}</p>
      <PageTitle title={`${title}, sag ${key}`} lead="Her ser du, hvor sagen er nu, hvad den ved, og hvad der er sket.">{title}</PageTitle>
      <LiveMark />
      {instance.error && (instance.error.status === 404 ? <Empty heading="Sagen findes ikke"><p>Tjek sagsnummeret, eller <Link to="/drift">se alle sager</Link>.</p></Empty> : <Problem error={instance.error} retry={instance.reload} />)}
      {!data && !instance.error && <Waiting what="sagen" />}
      {data && (
        <>
          <InstanceHead data={data} onChanged={instance.reload} />
          {mayWatch && <Incidents instance={key} />}
          <section aria-labelledby="diagram">
            <h2 id="diagram">Hvor er sagen?</h2>
            {xml.error ? <Problem error={xml.error} /> : <ElementChoice xml={xml.data} tokens={tokens.data} elements={elements} title={title} />}
          </section>
          <section aria-labelledby="forloeb">
            <h2 id="forloeb">Hvad er der sket?</h2>
            <CaseTimeline instance={key} elements={elements} definitions={versionOf} />
          </section>
          {mayRead && <Decisions instance={key} />}
          {mayRead && <Variables instance={key} />}
        </>
      )}
    </>
  )
}

function ElementChoice({ xml, tokens, elements, title }: { xml: string | undefined; tokens: TokenCounts | undefined; elements: ReadonlyMap<string, BpmnElement>; title: string }) {
  const [params, setParams] = useSearchParams()
  if (xml === undefined) return <Waiting what="diagrammet" />
  const lit = params.get('element')
  return (
    <>
      <ul className="legend"><li><span className="token token-active" aria-hidden="true">1</span>her nu</li><li><span className="token token-active" aria-hidden="true">37 af 200</span>for hver: så mange er færdige</li><li><span className="token token-done" aria-hidden="true">✓ 1</span>afsluttet her</li><li><span className="token token-incident" aria-hidden="true">! 1</span>fejl her</li></ul>
      <Suspense fallback={<Waiting what="diagrammet" />}><Bpmn xml={xml} tokens={tokens} title={title} lit={lit} textIs="De samme tal står i tabellen under diagrammet." onSelect={(id) => setParams(id ? { element: id } : {}, { replace: true, preventScrollReset: true })} /></Suspense>
      {tokens && <TokenTable tokens={tokens} elements={elements} lit={lit} />}
    </>
  )
}

function TokenTable({ tokens, elements, lit }: { tokens: TokenCounts; elements: ReadonlyMap<string, BpmnElement>; lit: string | null }) {
  const rows = Object.entries(tokens).filter(([id]) => { const e = elements.get(id); return e !== undefined && isStep(e) })
  if (rows.length === 0) return null
  return (
    <details className="plain-details"><summary>Vis tallene som tabel</summary>
      <Table caption="Hvor sagen er og har været" head={['Trin', 'Slags', { text: 'Her nu', right: true }, { text: 'Afsluttet', right: true }, { text: 'Stoppet', right: true }, { text: 'Fejl', right: true }]} compact>
        {rows.map(([id, n]) => (
          <tr key={id} className={id === lit ? 'lit-step' : ''}>
            <td><Link to={`?element=${encodeURIComponent(id)}`} replace preventScrollReset>{elements.get(id)?.name || id}</Link></td><td>{elementName(elements.get(id)?.tag)}</td>
            <td className="right">{n.multi ? (n.multi.total === null ? `${formatNumber(n.multi.completed)} færdige` : `${formatNumber(n.multi.completed)} af ${formatNumber(n.multi.total)} færdige`) : formatNumber(n.active ?? 0)}</td>
            <td className="right">{formatNumber(n.completed ?? 0)}</td><td className="right">{formatNumber(n.terminated ?? 0)}</td><td className="right">{formatNumber(n.incidents ?? 0)}</td>
          </tr>
        ))}
      </Table>
    </details>
  )
}

function InstanceHead({ data, onChanged }: { data: Instance; onChanged: () => void }) {
  const mayCancel = useRole('drift'), mayRead = useRole('drift', 'sagsbehandler')
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError>()
  const cancel = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await write('POST', `/v2/process-instances/${data.processInstanceKey}/cancellation`)
      toast('Sagen er stoppet')
      onChanged()
    } catch (cause) { if (cause instanceof ApiError) setError(cause) } finally { setBusy(false); setAsking(false) }
  }
  const pause = async (on: boolean) => {
    setBusy(true)
    setError(undefined)
    try {
      await (on ? suspendCase : resumeCase)(data.processInstanceKey)
      toast(on ? 'Sagen er sat på pause' : 'Sagen er i gang igen', on ? 'Den kan sættes i gang igen her.' : undefined)
      onChanged()
    } catch (cause) { if (cause instanceof ApiError) setError(cause) } finally { setBusy(false) }
  }
  return (
    <div className="head-row">
      <Facts className="head-facts" items={[['Sag', mayRead ? <Link key="c" to={`/sager/${data.processInstanceKey}`}>{data.processInstanceKey}</Link> : data.processInstanceKey], ['Tilstand', stateBadge(data)], ['Version', data.processDefinitionVersion], ['Startet', <Time key="s" value={data.startDate} />],
        ['Afsluttet', data.endDate ? <Time key="e" value={data.endDate} /> : undefined], ['Startet af', data.startedBy || undefined], ['Egen nøgle', data.businessId ? maskCpr(data.businessId) : undefined], ['Kaldt af sag', data.parentProcessInstanceKey && Number(data.parentProcessInstanceKey) > 0 ? <Link key="p" to={`/drift/${data.parentProcessInstanceKey}`}>{data.parentProcessInstanceKey}</Link> : undefined]]} />
      {mayCancel && (data.state === 'ACTIVE' || data.state === 'SUSPENDED') && (
        <div className="button-row">
          <Link className="button button-secondary" to={`/drift/${data.processInstanceKey}/flyt`}>Flyt i sagen</Link>
          <Link className="button button-secondary" to={`/drift/flytning?fra=${data.processDefinitionKey}&sag=${data.processInstanceKey}`}>Flyt til anden version</Link>
          {data.state === 'ACTIVE' ? <button type="button" className="button button-secondary" disabled={busy} onClick={() => void pause(true)}>Sæt på pause</button> : <button type="button" className="button button-primary" disabled={busy} onClick={() => void pause(false)}>Sæt i gang igen</button>}
          <button type="button" className="button button-secondary" onClick={() => setAsking(true)}>Stop sagen</button>
        </div>
      )}
      {data.state === 'SUSPENDED' && <Alert tone="warning" heading="Sagen er på pause" live={false}><p>Ure går ikke, og systemer får ikke noget at gøre, før den sættes i gang igen. Beskeder, der kommer imens, venter på den.</p></Alert>}
      {error && <Problem error={error} />}
      {asking && (
        <Confirm title="Stop sagen?" action="Stop sagen" busy={busy} onConfirm={() => void cancel()} onClose={() => setAsking(false)}>
          <p>Sag {data.processInstanceKey} standser, hvor den er, og dens åbne opgaver forsvinder. Det, der allerede er bogført og noteret, bliver stående. Sagen kan ikke startes igen.</p>
        </Confirm>
      )}
    </div>
  )
}

function Incidents({ instance }: { instance: string }) {
  const mayRetry = useRole('drift')
  const { data, error, reload } = useLoad(`incidents ${instance}`, () => search<Page<Incident>>('incidents', { processInstanceKey: instance, state: 'ACTIVE' }), { live, instance })
  const [busy, setBusy] = useState('')
  const [problem, setProblem] = useState<ApiError | null>(null)
  const retry = async (incident: Incident) => {
    setBusy(incident.incidentKey)
    const fault = await retryIncident(incident)
    setProblem(fault)
    if (!fault) toast('Prøver igen', incident.elementName || incident.elementId)
    setBusy('')
    reload()
  }
  if (error) return <Problem error={error} retry={reload} />
  return (
    <div aria-live="polite" className="incident-alerts">
      {problem && <Problem error={problem} />}
      {(data?.items ?? []).map((incident) => (
        <Alert key={incident.incidentKey} tone="error" heading={`${errorName(incident.errorType)}: ${incident.elementName || incident.elementId}`} live={false}>
          {incident.errorMessage && <p className="break">Teknisk besked: {maskCpr(incident.errorMessage)}</p>}
          {mayRetry && <button type="button" className="button button-secondary" disabled={busy === incident.incidentKey} onClick={() => void retry(incident)}>Prøv igen</button>}
        </Alert>
      ))}
    </div>
  )
}

function Decisions({ instance }: { instance: string }) {
  const { data, error } = useLoad(`decisions of ${instance}`, () => search<Page<StoredDecision>>('decision-instances', { processInstanceKey: instance }, { sort: [{ field: 'evaluationDate', order: 'ASC' }], limit: 100 }), { live, instance })
  return (
    <section aria-labelledby="afgjort">
      <h2 id="afgjort">Regler, der har afgjort noget</h2>
      {error && <Problem error={error} />}
      {data && data.items.length === 0 && <p className="muted">Ingen regel er spurgt endnu.</p>}
      {data && data.items.length > 0 && <CaseDecisions decisions={data.items} />}
    </section>
  )
}

function Variables({ instance }: { instance: string }) {
  const { data, error } = useLoad(`variables ${instance}`, () => search<Page<Variable>>('variables', { processInstanceKey: instance }, { limit: 200 }), { live, instance })
  const root = (data?.items ?? []).filter((v) => !v.scopeKey || v.scopeKey === instance)
  const inner = (data?.items ?? []).length - root.length
  return (
    <section aria-labelledby="oplysninger">
      <h2 id="oplysninger">Oplysninger</h2>
      {error && <Problem error={error} />}
      {data && data.items.length === 0 && <p className="muted">Sagen har ingen oplysninger.</p>}
      {root.map((v) => (
        <details key={v.variableKey ?? v.name} className="plain-details" open={root.length <= 3}><summary>{humanise(v.name)}</summary><Values value={valueOf(v)} name={v.name} />{v.isTruncated && <p className="meta">Værdien er lang og vises kun delvist.</p>}</details>
      ))}
      {inner > 0 && <p className="meta">{count(inner, 'oplysning', 'oplysninger')} hører til enkelte trin og vises ikke her.</p>}
      <MaskNote values={maskCpr(JSON.stringify(data?.items ?? []))} />
    </section>
  )
}
