// Versioner side om side: two diagrams that scroll together, the differences as a list that steers both, and how many cases run on each.
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router-dom'
import { getText } from '../../api/client'
import { versionsPath, type Version } from '../../api/drift'
import type { LiveKind } from '../../api/live'
import { useGet, useLoad } from '../../api/load'
import { useRole } from '../../api/session'
import { makeSync } from '../../diagram/sync'
import { bpmnDifferences, differenceName, differenceWord, propertyName, type BpmnDifference, type PropertyChange } from '../../lib/bpmnDiff'
import { bpmnElements, type BpmnElement } from '../../lib/bpmnModel'
import { differenceMarks } from '../../lib/diagramMarks'
import { count, formatNumber } from '../../lib/format'
import { elementName } from '../../lib/words'
import { Badge, Empty, PageTitle, Problem, Table, Time, Waiting } from '../../ui/parts'
import { useShortcuts } from '../../ui/shortcuts'
import { DriftNav } from './DriftNav'

const Bpmn = lazy(() => import('../../diagram/Bpmn'))
const live: LiveKind[] = ['definition', 'instance']

export default function Versions() {
  const { id = '' } = useParams()
  const { data, error, reload } = useGet<{ items: Version[] }>(versionsPath(''), { live, keep: true })
  const all = data?.items ?? []
  const ids = [...new Map(all.map((v) => [v.processDefinitionId, v.name || v.processDefinitionId]))]
  const many = ids.find(([one]) => all.filter((v) => v.processDefinitionId === one).length > 1)
  const chosen = id || many?.[0] || ids[0]?.[0] || ''
  const navigate = useNavigate()
  const own = all.filter((v) => v.processDefinitionId === chosen)
  return (
    <>
      <PageTitle title="Versioner" lead="Sammenlign to versioner af en arbejdsgang, se hvor mange sager der kører på hver, og flyt dem.">Versioner</PageTitle>
      <DriftNav />
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && <Waiting what="versionerne" />}
      {data && all.length === 0 && <Empty heading="Ingen arbejdsgang er i drift"><p>Sæt en arbejdsgang i drift fra <Link to="/bank?runnable=true">banken</Link>. Hver gang den sættes i drift med en ændring, kommer der en ny version her.</p></Empty>}
      {all.length > 0 && (
        <>
          <form className="filters" onSubmit={(e) => e.preventDefault()}>
            <div className="wide-field"><label className="form-label" htmlFor="v-id">Arbejdsgang</label><select id="v-id" className="form-select" value={chosen} onChange={(e) => navigate(`/drift/versioner/${encodeURIComponent(e.target.value)}`)}>{ids.map(([value, name]) => <option key={value} value={value}>{name}</option>)}</select></div>
          </form>
          {own.length === 0 ? <Empty heading="Arbejdsgangen findes ikke"><p><Link to="/drift/versioner">Vælg en anden</Link></p></Empty> : <One key={chosen} versions={own} />}
        </>
      )}
    </>
  )
}

function One({ versions }: { versions: Version[] }) {
  const [params, setParams] = useSearchParams()
  const mayMove = useRole('drift')
  const byNumber = (text: string | null) => versions.find((v) => String(v.version) === text)
  const after = byNumber(params.get('til')) ?? versions[0], before = byNumber(params.get('fra')) ?? versions.find((v) => v !== after && v.version < (after?.version ?? 0)) ?? versions.find((v) => v !== after)
  const change = (values: Record<string, string>) => setParams((old) => { const next = new URLSearchParams(old); for (const [name, value] of Object.entries(values)) if (value) next.set(name, value); else next.delete(name); return next }, { preventScrollReset: true })
  return (
    <>
      <section aria-labelledby="korer">
        <h2 id="korer">{count(versions.reduce((n, v) => n + v.active, 0), 'sag', 'sager')} i gang på {count(versions.length, 'version', 'versioner')}</h2>
        <Table caption="Versioner" head={['Version', 'I drift fra', { text: 'I gang', right: true }, { text: 'Afsluttet', right: true }, { text: 'Stoppet', right: true }, 'Se']} compact>
          {versions.map((v) => (
            <tr key={v.processDefinitionKey}><td>Version {v.version}{v.versionTag ? <span className="muted"> {v.versionTag}</span> : null}</td><td><Time value={v.deployed} /></td><td className="right">{v.active > 0 ? <Link to={`/drift/sager?id=${encodeURIComponent(v.processDefinitionId)}&version=${v.processDefinitionKey}&tilstand=ACTIVE`}>{formatNumber(v.active)}</Link> : 0}</td>
              <td className="right">{formatNumber(v.completed)}</td><td className="right">{formatNumber(v.terminated)}</td><td><Link to={`/drift/varmekort/${v.processDefinitionKey}`} aria-label={`Varmekort for version ${v.version}`}>Varmekort</Link></td></tr>
          ))}
        </Table>
      </section>
      {!after || !before ? <Empty heading="Der er kun én version"><p>Når arbejdsgangen er ændret og sat i drift igen, kan du sammenligne de to versioner her og flytte sager fra den gamle til den nye.</p></Empty> : (
        <section aria-labelledby="forskelle">
          <h2 id="forskelle">Side om side</h2>
          <form className="filters filters-3" onSubmit={(e) => e.preventDefault()}>
            <div><label className="form-label" htmlFor="v-from">Fra version</label><select id="v-from" className="form-select" value={before.version} onChange={(e) => change({ fra: e.target.value, element: '' })}>{versions.filter((v) => v !== after).map((v) => <option key={v.version} value={v.version}>Version {v.version} ({formatNumber(v.active)} i gang)</option>)}</select></div>
            <div><label className="form-label" htmlFor="v-to">Til version</label><select id="v-to" className="form-select" value={after.version} onChange={(e) => change({ til: e.target.value, element: '', ...(e.target.value === String(before.version) && { fra: String(after.version) }) })}>{versions.map((v) => <option key={v.version} value={v.version}>Version {v.version} ({formatNumber(v.active)} i gang)</option>)}</select></div>
            {mayMove && before.active > 0 && <Link className="button button-primary" to={`/drift/flytning?fra=${before.processDefinitionKey}&til=${after.processDefinitionKey}`}>Flyt sager …</Link>}
          </form>
          <SideBySide key={`${before.version} ${after.version}`} before={before} after={after} lit={params.get('element')} onLit={(element) => change({ element: element ?? '' })} />
        </section>
      )}
    </>
  )
}

function SideBySide({ before, after, lit, onLit }: { before: Version; after: Version; lit: string | null; onLit: (id: string | null) => void }) {
  const read = (v: Version) => (signal: AbortSignal) => getText(`/v2/process-definitions/${v.processDefinitionKey}/xml`, signal)
  const left = useLoad(`xml ${before.processDefinitionKey}`, read(before)), right = useLoad(`xml ${after.processDefinitionKey}`, read(after))
  const [sync] = useState(makeSync)
  const differences = useMemo(() => (left.data !== undefined && right.data !== undefined ? bpmnDifferences(left.data, right.data) : null), [left.data, right.data])
  const marks = useMemo(() => ({ left: differenceMarks((differences ?? []).filter((d) => d.kind !== 'added')), right: differenceMarks((differences ?? []).filter((d) => d.kind !== 'removed')) }), [differences])
  const at = differences?.findIndex((d) => d.id === lit) ?? -1
  const step = (by: number) => { if (differences && differences.length > 0) onLit(differences[(at < 0 ? (by > 0 ? 0 : differences.length - 1) : at + by + differences.length) % differences.length]?.id ?? null) }
  useShortcuts([{ key: 'n', text: 'Næste forskel', group: 'Versioner', run: () => step(1) }, { key: 'p', text: 'Forrige forskel', group: 'Versioner', run: () => step(-1) }])
  const error = left.error ?? right.error
  if (error) return <Problem error={error} />
  if (left.data === undefined || right.data === undefined || !differences) return <Waiting what="versionerne" />
  const n = (kind: BpmnDifference['kind']) => differences.filter((d) => d.kind === kind).length
  return (
    <>
      <p aria-live="polite">{differences.length === 0 ? 'De to versioner siger det samme. Kun tegningen eller filens navn kan være ændret.' : `${count(differences.length, 'forskel', 'forskelle')}: ${formatNumber(n('added'))} nye, ${formatNumber(n('removed'))} fjernede og ${formatNumber(n('changed'))} ændrede.`}</p>
      {differences.length > 0 && (
        <>
          <ul className="legend"><li><span className="diff-badge diff-added" aria-hidden="true">+</span>ny</li><li><span className="diff-badge diff-removed" aria-hidden="true">−</span>fjernet</li><li><span className="diff-badge diff-changed" aria-hidden="true">~</span>ændret</li></ul>
          <div className="button-row"><button type="button" className="button button-secondary" onClick={() => step(-1)}>Forrige forskel</button><button type="button" className="button button-secondary" onClick={() => step(1)}>Næste forskel</button><span className="meta" aria-live="polite">{at >= 0 ? `${at + 1} af ${differences.length}` : ''}</span></div>
        </>
      )}
      <div className="side-by-side">
        {[{ version: before, xml: left.data, own: marks.left }, { version: after, xml: right.data, own: marks.right }].map(({ version, xml, own }) => (
          <div key={version.version}>
            <h3>Version {version.version} <span className="muted">{count(version.active, 'sag', 'sager')} i gang</span></h3>
            <Suspense fallback={<Waiting what="diagrammet" />}><Bpmn xml={xml} title={`version ${version.version}`} marks={own} sync={sync} lit={lit} flows onSelect={(id) => onLit(id && differences.some((d) => d.id === id) ? id : null)} textIs="Forskellene står i listen under diagrammerne." /></Suspense>
          </div>
        ))}
      </div>
      {differences.length > 0 && <Differences differences={differences} beforeXml={left.data} afterXml={right.data} lit={lit} onLit={onLit} />}
    </>
  )
}

/** A value that is an element's id by its name. */
const said = (change: PropertyChange, value: string, elements: ReadonlyMap<string, BpmnElement>) => (/Ref$|^parent$|@default$/.test(change.property) ? elements.get(value)?.name || value : value) || 'intet'

function Differences({ differences, beforeXml, afterXml, lit, onLit }: { differences: BpmnDifference[]; beforeXml: string; afterXml: string; lit: string | null; onLit: (id: string) => void }) {
  const elements = useMemo(() => ({ before: bpmnElements(beforeXml), after: bpmnElements(afterXml) }), [beforeXml, afterXml])
  useEffect(() => { if (lit) document.getElementById(`d-${lit}`)?.scrollIntoView({ block: 'nearest' }) }, [lit])
  const tone = { added: 'success', removed: 'error', changed: 'warning' } as const
  return (
    <section aria-labelledby="liste">
      <h3 id="liste">Hvad er ændret?</h3>
      <ul className="plain-list rows difference-list">
        {differences.map((d) => (
          <li key={d.id} id={`d-${d.id}`} className={d.id === lit ? 'lit-step' : ''}>
            <p><Badge tone={tone[d.kind]}>{differenceWord[d.kind]}</Badge> <button type="button" className="link-button" aria-current={d.id === lit ? 'true' : undefined} onClick={() => onLit(d.id)}>{differenceName(d, d.kind === 'removed' ? elements.before : elements.after)}</button> <span className="muted">{d.flow ? 'Vej' : elementName(d.tag)}</span></p>
            {d.changes.length > 0 && <ul className="value-list">{d.changes.map((c) => <li key={c.property} className="break">{propertyName(c.property)}: <del>{said(c, c.before, elements.before)}</del> <span aria-hidden="true">→</span><span className="sr-only"> er nu </span> <ins>{said(c, c.after, elements.after)}</ins></li>)}</ul>}
          </li>
        ))}
      </ul>
    </section>
  )
}
