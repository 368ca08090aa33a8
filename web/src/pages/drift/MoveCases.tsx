// Flyt sager til en anden version: what each step becomes, a trial that moves nothing, and then the move, with progress.
import { lazy, Suspense, useMemo, useState } from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { ApiError, getText } from '../../api/client'
import { moveCases, versionsPath, type Batch, type Version } from '../../api/drift'
import type { LiveKind } from '../../api/live'
import { useGet, useLoad } from '../../api/load'
import type { TokenCounts } from '../../api/types'
import { makeSync } from '../../diagram/sync'
import { bpmnElements, isStep, type BpmnElement } from '../../lib/bpmnModel'
import { count, formatNumber } from '../../lib/format'
import { becomes, choices, instructions, readMapping, writeMapping, type Mapping } from '../../lib/mapping'
import { elementName } from '../../lib/words'
import { Confirm } from '../../ui/Dialog'
import { Alert, Empty, PageTitle, Problem, Table, Waiting } from '../../ui/parts'
import { BatchView, useBatch } from './BatchView'

const Bpmn = lazy(() => import('../../diagram/Bpmn'))
const live: LiveKind[] = ['instance']

export default function MoveCases() {
  const [params, setParams] = useSearchParams()
  const versions = useGet<{ items: Version[] }>(versionsPath(''))
  const sag = params.get('sag') ?? ''
  const source = versions.data?.items.find((v) => v.processDefinitionKey === params.get('fra'))
  const own = (versions.data?.items ?? []).filter((v) => v.processDefinitionId === source?.processDefinitionId && v !== source)
  const target = own.find((v) => v.processDefinitionKey === params.get('til')) ?? own[0]
  const change = (values: Record<string, string | string[]>) => setParams((old) => {
    const next = new URLSearchParams(old)
    for (const [name, value] of Object.entries(values)) { next.delete(name); for (const one of Array.isArray(value) ? value : [value]) if (one) next.append(name, one) }
    return next
  }, { preventScrollReset: true })
  const back = sag ? `/drift/${sag}` : source ? `/drift/versioner/${encodeURIComponent(source.processDefinitionId)}` : '/drift/versioner'
  return (
    <>
      <p><Link to={back} className="back-link">{sag ? 'Til sagen' : 'Til versionerne'}</Link></p>
      <PageTitle title="Flyt til en anden version" lead={sag ? `Sag ${sag} kan fortsætte efter en anden version. Prøv det først; intet sker, før du siger ja.` : 'Sager, der er i gang, kan fortsætte efter en anden version. Prøv det først; intet sker, før du siger ja.'}>Flyt {sag ? 'sagen' : 'sager'} til en anden version</PageTitle>
      {versions.error && <Problem error={versions.error} retry={versions.reload} />}
      {!versions.data && !versions.error && <Waiting what="versionerne" />}
      {versions.data && !source && <Empty heading="Versionen findes ikke"><p><Link to="/drift/versioner">Vælg en arbejdsgang og en version</Link></p></Empty>}
      {source && !target && <Empty heading="Der er kun én version"><p>Sagerne kan først flyttes, når arbejdsgangen er ændret og sat i drift igen.</p></Empty>}
      {source && target && (
        <>
          <p className="state-line">{sag ? <>Sag <Link to={`/drift/${sag}`}>{sag}</Link> følger nu</> : <>{count(source.active, 'sag', 'sager')} følger nu</>} <strong>{source.name || source.processDefinitionId}, version {source.version}</strong>.</p>
          <form className="filters" onSubmit={(e) => e.preventDefault()}>
            <div><label className="form-label" htmlFor="m-til">Flyt til</label><select id="m-til" className="form-select" value={target.processDefinitionKey} onChange={(e) => change({ til: e.target.value, trin: [], proeve: '', flyt: '' })}>{own.map((v) => <option key={v.processDefinitionKey} value={v.processDefinitionKey}>Version {v.version}</option>)}</select></div>
          </form>
          <Move key={`${source.processDefinitionKey} ${target.processDefinitionKey}`} source={source} target={target} sag={sag} chosen={readMapping(params.getAll('trin'))} trial={params.get('proeve') ?? ''} move={params.get('flyt') ?? ''} onChange={change} />
        </>
      )}
    </>
  )
}

function Move({ source, target, sag, chosen, trial, move, onChange }: { source: Version; target: Version; sag: string; chosen: Mapping; trial: string; move: string; onChange: (values: Record<string, string | string[]>) => void }) {
  const read = (key: string) => (signal: AbortSignal) => getText(`/v2/process-definitions/${key}/xml`, signal)
  const left = useLoad(`xml ${source.processDefinitionKey}`, read(source.processDefinitionKey)), right = useLoad(`xml ${target.processDefinitionKey}`, read(target.processDefinitionKey))
  const tokens = useGet<TokenCounts>(`/api/operations/instances/${sag || source.processDefinitionKey}/tokens`, { live, keep: true })
  const elements = useMemo(() => ({ source: bpmnElements(left.data ?? ''), target: bpmnElements(right.data ?? '') }), [left.data, right.data])
  const [error, setError] = useState<ApiError>()
  const [busy, setBusy] = useState(false)
  const [asking, setAsking] = useState(false)
  const tried = useBatch(trial)
  const problem = left.error ?? right.error ?? tokens.error
  if (problem) return <Problem error={problem} />
  if (left.data === undefined || right.data === undefined || !tokens.data) return <Waiting what="versionerne" />
  const here = Object.entries(tokens.data).filter(([id, n]) => ((n.active ?? 0) > 0 || n.multi) && elements.source.has(id) && isStep(elements.source.get(id) as BpmnElement)).map(([id]) => id)
  const order = (dryRun: boolean) => ({ processDefinitionKey: source.processDefinitionKey, targetProcessDefinitionKey: target.processDefinitionKey, mappingInstructions: instructions(here, chosen, elements.source, elements.target), dryRun, ...(sag && { processInstanceKey: sag }) })
  const send = async (dryRun: boolean) => {
    setBusy(true)
    setError(undefined)
    try { onChange({ [dryRun ? 'proeve' : 'flyt']: (await moveCases(order(dryRun))).batchKey, ...(dryRun && { flyt: '' }) }) } catch (cause) { if (cause instanceof ApiError) setError(cause) } finally { setBusy(false); setAsking(false) }
  }
  const fits = tried.data?.counts.fits ?? 0
  const number = sag ? 1 : source.active
  if (move) return <section aria-label="Flytning"><BatchView key={move} batchKey={move} /><p className="button-row">{sag ? <Link className="button button-secondary" to={`/drift/${sag}`}>Se sagen</Link> : <Link className="button button-secondary" to={`/drift/versioner/${encodeURIComponent(source.processDefinitionId)}`}>Se versionerne</Link>}</p></section>
  return (
    <>
      <Steps here={here} chosen={chosen} source={elements.source} target={elements.target} tokens={tokens.data} xml={{ source: left.data, target: right.data }} versions={{ source, target }} onChoose={(next) => onChange({ trin: writeMapping(next), proeve: '', flyt: '' })} />
      {error && (error.status === 400 ? <Alert tone="error" heading="Det kan ikke prøves sådan"><p lang="en" className="break">{error.detail}</p></Alert> : <Problem error={error} />)}
      <section aria-labelledby="proev">
        <h2 id="proev">Prøv først</h2>
        {!trial && <><p>Prøven ser {sag ? 'sagen' : `de ${count(number, 'sag', 'sager')}, der er i gang,`} igennem og siger, hvad der kan flyttes, og hvorfor noget ikke kan. <strong>Den ændrer intet.</strong></p><div className="button-row"><button type="button" className="button button-primary" disabled={busy || number === 0} onClick={() => void send(true)}>{busy ? 'Begynder …' : sag ? 'Prøv sagen' : `Prøv ${count(number, 'sag', 'sager')}`}</button></div></>}
        {trial && (
          <>
            <BatchView key={trial} batchKey={trial} again={<p><button type="button" className="link-button" onClick={() => onChange({ proeve: '' })}>Prøv igen</button></p>} />
            {tried.data && tried.data.state !== 'RUNNING' && (
              <>
                {fits > 0 && tried.data.report && <Report report={tried.data.report} source={elements.source} target={elements.target} />}
                <p className="meta plan-note">Opgaver, ure, beskeder, der ventes på, og oplysninger følger med sagen. Flytningen kan ikke fortrydes med ét tryk, men sager kan flyttes tilbage til den gamle version på samme måde.</p>
                <div className="button-row">{fits > 0 && <button type="button" className="button button-primary" disabled={busy} onClick={() => setAsking(true)}>{sag ? 'Flyt sagen …' : `Flyt ${count(fits, 'sag', 'sager')} …`}</button>}<button type="button" className="button button-secondary" onClick={() => onChange({ proeve: '' })}>Ret, og prøv igen</button></div>
              </>
            )}
          </>
        )}
      </section>
      {asking && (
        <Confirm title={sag ? `Flyt sag ${sag} til version ${target.version}?` : `Flyt ${count(fits, 'sag', 'sager')} til version ${target.version}?`} action="Flyt" busy={busy} tone="primary" onConfirm={() => void send(false)} onClose={() => setAsking(false)}>
          <p>{sag ? 'Sagen fortsætter' : 'Sagerne fortsætter'} fra det sted, de nu er, efter version {target.version}. {sag ? '' : 'Hver sag prøves igen, når det er dens tur; de, der ikke længere passer, bliver, hvor de er. '}Du kan afbryde undervejs; det, der er flyttet, bliver flyttet.</p>
        </Confirm>
      )}
    </>
  )
}

/** What happens to steps and to what is waited for, over all that fit. */
function Report({ report, source, target }: { report: NonNullable<Batch['report']>; source: ReadonlyMap<string, BpmnElement>; target: ReadonlyMap<string, BpmnElement> }) {
  const called = (id: string, elements: ReadonlyMap<string, BpmnElement>) => `»${elements.get(id)?.name || id}«`
  const lines = [
    ...report.elements.filter((p) => isStepId(p.sourceElementId, source)).map((p) => p.sourceElementId === p.targetElementId && called(p.sourceElementId, source) === called(p.targetElementId, target) ? `${called(p.sourceElementId, source)} fortsætter (${formatNumber(p.count)}).` : `${called(p.sourceElementId, source)} fortsætter som ${called(p.targetElementId, target)} (${formatNumber(p.count)}).`),
    ...report.kept.map((p) => `Ved ${called(p.sourceElementId, source)} ventes der fortsat, med samme tidspunkt eller nøgle (${formatNumber(p.count)}).`),
    ...report.opened.map((o) => `Der begyndes at vente ved ${called(o.elementId, target)}, som er ny (${formatNumber(o.count)}).`), ...report.closed.map((o) => `Der ventes ikke længere ved ${called(o.elementId, source)} (${formatNumber(o.count)}).`),
  ]
  return lines.length === 0 ? null : <><h3>Hvad vil der ske?</h3><ul className="value-list">{lines.map((text) => <li key={text}>{text}</li>)}</ul></>
}
const isStepId = (id: string, elements: ReadonlyMap<string, BpmnElement>) => { const e = elements.get(id); return e !== undefined && isStep(e) }

function Steps({ here, chosen, source, target, tokens, xml, versions, onChoose }: { here: string[]; chosen: Mapping; source: ReadonlyMap<string, BpmnElement>; target: ReadonlyMap<string, BpmnElement>; tokens: TokenCounts; xml: { source: string; target: string }; versions: { source: Version; target: Version }; onChoose: (next: Mapping) => void }) {
  const [all, setAll] = useState(false)
  const [sync] = useState(makeSync)
  const [lit, setLit] = useState<string | null>(null)
  const ids = all ? [...source.values()].filter(isStep).map((e) => e.id) : here
  const open = here.filter((id) => becomes(id, chosen, source, target) === '')
  const option = (e: BpmnElement) => <option key={e.id} value={e.id}>{e.name || e.id}</option>
  return (
    <section aria-labelledby="trin">
      <h2 id="trin">Hvad bliver hvert trin til?</h2>
      {here.length === 0 && <p>Ingen sager er i gang i version {versions.source.version}.</p>}
      {open.length > 0 && <Alert tone="warning" heading={`${count(open.length, 'trin', 'trin')} mangler et sted at fortsætte`} live={false}><p>Vælg nedenfor, hvor sager, der står ved {open.map((id) => `»${source.get(id)?.name || id}«`).join(', ')}, skal fortsætte. Ellers kan de ikke flyttes.</p></Alert>}
      {ids.length > 0 && (
        <Table caption="Hvad hvert trin bliver til" head={['Trin nu', { text: 'Sager her', right: true }, `Bliver i version ${versions.target.version} til`]} compact>
          {ids.map((id) => {
            const e = source.get(id)
            const to = becomes(id, chosen, source, target), { same, others } = choices(id, source, target)
            const n = tokens[id]
            return (
              <tr key={id} className={id === lit ? 'lit-step' : ''}>
                <td><button type="button" className="link-button" onClick={() => setLit(id)}>{e?.name || id}</button><br /><span className="muted">{elementName(e?.tag)}</span></td><td className="right">{n?.multi ? formatNumber(n.multi.active) : formatNumber(n?.active ?? 0)}</td>
                <td><select className="form-select" aria-label={`»${e?.name || id}« bliver til`} value={to} onChange={(event) => { const { [id]: _old, ...rest } = chosen; onChoose({ ...rest, ...(event.target.value && { [id]: event.target.value }) }) }}>
                  <option value="">Vælg et trin</option><optgroup label="Samme slags">{same.map(option)}</optgroup><optgroup label="Andre slags (kan sjældent lade sig gøre)">{others.map(option)}</optgroup>
                </select>{to === id ? <span className="meta">samme trin</span> : to ? <span className="meta">et andet trin</span> : null}</td>
              </tr>
            )
          })}
        </Table>
      )}
      <p><label className="plain-check"><input type="checkbox" checked={all} onChange={(e) => setAll(e.target.checked)} />Vis også trin, hvor ingen sag står</label></p>
      <details className="plain-details"><summary>Se de to diagrammer</summary>
        <div className="side-by-side">
          <div><h3>Version {versions.source.version}</h3><Suspense fallback={<Waiting what="diagrammet" />}><Bpmn xml={xml.source} tokens={tokens} title={`version ${versions.source.version}`} sync={sync} lit={lit} onSelect={setLit} textIs="Trinnene står i tabellen." /></Suspense></div>
          <div><h3>Version {versions.target.version}</h3><Suspense fallback={<Waiting what="diagrammet" />}><Bpmn xml={xml.target} title={`version ${versions.target.version}`} sync={sync} lit={lit ? becomes(lit, chosen, source, target) : null} textIs="Trinnene står i tabellen." /></Suspense></div>
        </div>
      </details>
    </section>
  )
}
