// Fejl: what has stopped, put together by step and kind; filter, choose, try many again with progress.
import { useMemo, useState } from 'react'
import { Link, useNavigate } from 'react-router-dom'
import { ApiError, search } from '../../api/client'
import { retryIncidents, type IncidentGroup } from '../../api/drift'
import { useGet, useLoad } from '../../api/load'
import type { LiveKind } from '../../api/live'
import { useRole } from '../../api/session'
import type { Incident, Page } from '../../api/types'
import { maskCpr } from '../../lib/cpr'
import { count, formatNumber } from '../../lib/format'
import { errorName } from '../../lib/words'
import { Confirm } from '../../ui/Dialog'
import { Empty, PageTitle, Problem, Table, Time, Waiting } from '../../ui/parts'
import { Pager } from '../../ui/Pager'
import { useAddressFilter } from './addressFilter'
import { DriftNav, LiveMark } from './DriftNav'

const live: LiveKind[] = ['incident', 'instance']
const size = 25

export default function IncidentsPage() {
  const { params, setParams, change } = useAddressFilter()
  const mayRetry = useRole('drift')
  const id = params.get('id') ?? '', version = params.get('version') ?? '', element = params.get('trin') ?? '', kind = params.get('slags') ?? ''
  const offset = Math.max(0, Number(params.get('fra') ?? 0) || 0)
  const groups = useGet<{ items: IncidentGroup[] }>('/api/operations/incidents/groups', { live, keep: true })
  const all = groups.data?.items ?? []
  const fitting = all.filter((g) => (!id || g.processDefinitionId === id) && (!version || g.processDefinitionKey === version) && (!element || g.elementId === element) && (!kind || g.errorType === kind))
  const total = fitting.reduce((sum, g) => sum + g.count, 0)
  const filter = useMemo(() => ({ ...(id && { processDefinitionId: id }), ...(version && { processDefinitionKey: version }), ...(element && { elementId: element }), ...(kind && { errorType: kind }) }), [id, version, element, kind])
  const filtered = Object.keys(filter).length > 0
  return (
    <>
      <PageTitle title="Fejl" lead="Her ser du alt det, der er gået i stå. Ret årsagen, vælg fejlene, og prøv dem igen samlet.">Fejl</PageTitle>
      <DriftNav />
      <LiveMark />
      {groups.error && <Problem error={groups.error} retry={groups.reload} />}
      {!groups.data && !groups.error && <Waiting what="fejlene" />}
      {groups.data && all.length === 0 && <Empty heading="Ingen fejl"><p>Alt kører. Når et trin ikke kan fuldføres – fx fordi et andet system ikke svarer – står det her med en forklaring, og du kan prøve det igen.</p><p><Link to="/drift/sager">Se sagerne</Link></p></Empty>}
      {all.length > 0 && (
        <>
          <Filters groups={all} values={{ id, version, trin: element, slags: kind }} onChange={change} />
          <Groups groups={fitting} mayRetry={mayRetry} onChoose={(g) => change({ id: g.processDefinitionId, version: g.processDefinitionKey, trin: g.elementId, slags: g.errorType })} filtered={filtered} onAll={() => setParams({}, { preventScrollReset: true })} />
          {fitting.length > 0 && <Incidents filter={filter} total={total} offset={offset} onPage={(n) => change({ fra: n ? String(n) : '' })} mayRetry={mayRetry} />}
        </>
      )}
    </>
  )
}

function Filters({ groups, values, onChange }: { groups: IncidentGroup[]; values: { id: string; version: string; trin: string; slags: string }; onChange: (values: Record<string, string>) => void }) {
  const fits = (g: IncidentGroup, but: keyof typeof values) => (but === 'id' || !values.id || g.processDefinitionId === values.id) && (but === 'version' || !values.version || g.processDefinitionKey === values.version) && (but === 'trin' || !values.trin || g.elementId === values.trin) && (but === 'slags' || !values.slags || g.errorType === values.slags)
  const options = (but: keyof typeof values, key: (g: IncidentGroup) => string, text: (g: IncidentGroup) => string) => {
    const found = new Map<string, [string, number]>()
    for (const g of groups) if (fits(g, but) || key(g) === values[but]) found.set(key(g), [text(g), (found.get(key(g))?.[1] ?? 0) + (fits(g, but) ? g.count : 0)])
    return [...found].map(([value, [name, n]]) => <option key={value} value={value}>{name} ({formatNumber(n)})</option>)
  }
  const select = (name: keyof typeof values, label: string, list: React.ReactNode, clear: Record<string, string> = {}) => (
    <div><label className="form-label" htmlFor={`f-${name}`}>{label}</label><select id={`f-${name}`} className="form-select" value={values[name]} onChange={(e) => onChange({ [name]: e.target.value, ...clear })}><option value="">Alle</option>{list}</select></div>
  )
  return (
    <form className="filters filters-4" onSubmit={(e) => e.preventDefault()}>
      {select('id', 'Arbejdsgang', options('id', (g) => g.processDefinitionId, (g) => g.processDefinitionName || g.processDefinitionId), { version: '', trin: '' })}
      {select('version', 'Version', options('version', (g) => g.processDefinitionKey, (g) => `${values.id ? '' : `${g.processDefinitionName || g.processDefinitionId}, `}version ${g.processDefinitionVersion}`))}
      {select('trin', 'Trin', options('trin', (g) => g.elementId, (g) => g.elementName || g.elementId))}
      {select('slags', 'Slags', options('slags', (g) => g.errorType, (g) => errorName(g.errorType)))}
    </form>
  )
}

function Groups({ groups, filtered, onChoose, onAll }: { groups: IncidentGroup[]; mayRetry: boolean; filtered: boolean; onChoose: (g: IncidentGroup) => void; onAll: () => void }) {
  if (groups.length === 0) return <Empty heading="Ingen fejl passer"><p><button type="button" className="link-button" onClick={onAll}>Vis alle fejl</button></p></Empty>
  return (
    <section aria-labelledby="samlet">
      <div className="section-head"><h2 id="samlet">Hvor er det galt?</h2>{filtered && <button type="button" className="link-button" onClick={onAll}>Vis alle fejl</button>}</div>
      <Table caption="Fejl samlet efter trin og slags" head={['Trin', 'Arbejdsgang', 'Fejl', { text: 'Antal', right: true }, 'Ældste', 'Nyeste']} compact>
        {groups.map((g) => (
          <tr key={`${g.processDefinitionKey} ${g.elementId} ${g.errorType}`}>
            <td><button type="button" className="link-button" onClick={() => onChoose(g)}>{g.elementName || g.elementId}</button></td>
            <td>{g.processDefinitionName || g.processDefinitionId}<span className="muted"> v{g.processDefinitionVersion}</span></td><td>{errorName(g.errorType)}</td><td className="right">{formatNumber(g.count)}</td><td><Time value={g.oldest} /></td><td><Time value={g.newest} /></td>
          </tr>
        ))}
      </Table>
    </section>
  )
}

function Incidents({ filter, total, offset, onPage, mayRetry }: { filter: Record<string, string>; total: number; offset: number; onPage: (from: number) => void; mayRetry: boolean }) {
  const navigate = useNavigate()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [every, setEvery] = useState(false) // all that fit, also those on other pages
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<ApiError>()
  const { data, error, reload } = useLoad(`incidents ${JSON.stringify(filter)} ${offset}`, () => search<Page<Incident>>('incidents', { ...filter, state: 'ACTIVE' }, { sort: [{ field: 'creationTime', order: 'DESC' }], limit: size, from: offset }), { live, keep: true })
  const items = data?.items ?? []
  const here = items.map((i) => i.incidentKey)
  const all = here.length > 0 && here.every((k) => every || chosen.has(k))
  const n = every ? total : chosen.size
  const toggle = (key: string) => { setEvery(false); setChosen((old) => { const next = new Set(every ? here : old); if (next.has(key)) next.delete(key); else next.add(key); return next }) }
  const toggleAll = () => { setEvery(false); setChosen((old) => { const next = new Set(old); for (const key of here) if (all) next.delete(key); else next.add(key); return next }) }
  const send = async () => {
    setBusy(true)
    setFault(undefined)
    try { navigate(`/drift/arbejde/${(await retryIncidents(every ? filter : { incidentKeys: [...chosen] })).batchKey}`) } catch (cause) { if (cause instanceof ApiError) setFault(cause) } finally { setBusy(false); setAsking(false) }
  }
  if (error) return <Problem error={error} retry={reload} />
  if (!data) return <Waiting what="fejlene" />
  return (
    <section aria-labelledby="fejlene">
      <h2 id="fejlene">{count(total, 'fejl passer', 'fejl passer')}</h2>
      {mayRetry && (
        <div className="choose-bar">
          <p aria-live="polite">{every ? `Alle ${formatNumber(total)}, der passer, er valgt.` : n === 0 ? 'Ingen er valgt.' : `${formatNumber(n)} valgt.`}{!every && total > n && <> <button type="button" className="link-button" onClick={() => setEvery(true)}>Vælg alle {formatNumber(total)}, der passer</button></>}{n > 0 && <> <button type="button" className="link-button" onClick={() => { setEvery(false); setChosen(new Set()) }}>Fravælg</button></>}</p>
          <button type="button" className="button button-primary" disabled={n === 0 || busy} onClick={() => setAsking(true)}>{n === 0 ? 'Prøv igen' : `Prøv ${formatNumber(n)} igen`}</button>
        </div>
      )}
      {fault && <Problem error={fault} />}
      <div className="table--responsive-scroll" tabIndex={0} role="region" aria-label="Fejl">
        <table className="table own-table table--compact choose-table">
          <caption className="sr-only">Fejl</caption>
          <thead><tr>{mayRetry && <th scope="col"><input type="checkbox" checked={all} onChange={toggleAll} aria-label="Vælg alle på siden" /></th>}<th scope="col">Sag</th><th scope="col">Trin</th><th scope="col">Fejl</th><th scope="col">Opstået</th></tr></thead>
          <tbody>
            {items.map((i) => (
              <tr key={i.incidentKey}>
                {mayRetry && <td data-label="Vælg"><input type="checkbox" checked={every || chosen.has(i.incidentKey)} onChange={() => toggle(i.incidentKey)} aria-label={`Vælg fejlen ved ${i.elementName || i.elementId} i sag ${i.processInstanceKey}`} /></td>}
                <td data-label="Sag"><Link to={`/drift/${i.processInstanceKey}`}>{i.processInstanceKey}</Link></td><td data-label="Trin">{i.elementName || i.elementId}</td>
                <td data-label="Fejl">{errorName(i.errorType)}{i.errorMessage && <><br /><span className="muted break">{maskCpr(i.errorMessage)}</span></>}</td><td data-label="Opstået"><Time value={i.creationTime} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager offset={offset} shown={items.length} total={total} size={size} onChange={onPage} />
      {asking && (
        <Confirm title={`Prøv ${count(n, 'fejl', 'fejl')} igen?`} action="Prøv igen" busy={busy} tone="primary" onConfirm={() => void send()} onClose={() => setAsking(false)}>
          <p>Hvert trin får nye forsøg og prøves igen, hvor det stod. Er årsagen ikke rettet, kommer fejlen igen. Du kan afbryde undervejs; det, der er prøvet, bliver stående.</p>
        </Confirm>
      )}
    </section>
  )
}
