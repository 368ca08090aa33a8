// A workflow's rules: read and try, edit, ask "what if", and see versions. The address says which rule and which of the four.
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import '../../styles/rules.css'
import { getText } from '../../api/client'
import { modelPath, type DecisionModel, type ModelDecision } from '../../api/decisions'
import { useGet, useLoad } from '../../api/load'
import { useRole } from '../../api/session'
import type { WorkflowDetail } from '../../api/types'
import { maskCpr } from '../../lib/cpr'
import { count } from '../../lib/format'
import { titleOf, wholeGraph } from '../../lib/ruleWords'
import { Empty, Problem, Waiting } from '../../ui/parts'
import { DraftBar } from './DraftBar'
import { Edit } from './Edit'
import { Graph, Try } from './Try'
import { isBroken, useDraft } from './draft'
import { Versions } from './Versions'
import { WhatIf } from './WhatIf'

const views = [['', 'Læs og prøv'], ['ret', 'Ret reglerne'], ['hvad-nu-hvis', 'Hvad nu hvis'], ['versioner', 'Versioner']] as const
const ownersOnly: ReadonlySet<string> = new Set(['ret', 'hvad-nu-hvis'])
const chips = 12 // more decisions than this are chosen from a list

export default function Rules({ slug, workflow, onChanged }: { slug: string; workflow: WorkflowDetail; onChanged: () => void }) {
  const has = workflow.decisions.length > 0
  const xml = useLoad(`decisions ${slug}`, has ? (signal) => getText(`/api/bank/workflows/${slug}/decisions`, signal) : null)
  const model = useGet<DecisionModel>(has ? modelPath(slug) : null)
  if (!has) return <Empty heading="Arbejdsgangen har ingen regler"><p>Regler skrives som tabeller (DMN), så fagfolk kan læse og rette dem uden at røre diagrammet.</p></Empty>
  const error = xml.error ?? model.error
  if (error) return <Problem error={error} retry={() => { xml.reload(); model.reload() }} />
  if (xml.data === undefined || !model.data) return <Waiting what="reglerne" />
  return <Shown slug={slug} workflow={workflow} model={model.data} xml={xml.data} onPublished={() => { xml.reload(); model.reload(); onChanged() }} />
}

function Shown({ slug, workflow, model, xml, onPublished }: { slug: string; workflow: WorkflowDetail; model: DecisionModel; xml: string; onPublished: () => void }) {
  const [params, setParams] = useSearchParams()
  const konsulent = useRole('konsulent')
  const held = useDraft(slug)
  const [ruling, setRuling] = useState(false) // try the rules that are in force though there is a draft
  const wanted = params.get('regel'), view = params.get('vis') ?? ''
  const graph = wanted === wholeGraph && view === ''
  const decision: ModelDecision | undefined = model.decisions.find((d) => d.id === wanted) ?? model.decisions.find((d) => d.table) ?? model.decisions[0]
  const version = model.version ?? workflow.version ?? ''
  const here = (vis: string, regel = wanted) => `?${new URLSearchParams({ ...(regel && { regel }), ...(vis && { vis }) }).toString()}`
  const choose = (regel: string) => setParams({ regel, ...(view && { vis: view }) }, { replace: true, preventScrollReset: true })
  if (!decision) return <Empty heading="Filen har ingen regler endnu"><p>Tegn den første beslutning i pakkens DMN-fil.</p></Empty>
  const drafted = held.draft !== null && !ruling, inUse = held.draft && drafted ? held.draft.xml : xml
  const open = views.filter(([path]) => konsulent || !ownersOnly.has(path))
  const choices = view === '' ? [...model.decisions.map((d) => ({ id: d.id, text: `${titleOf(d)}${d.table === false ? ' (udtryk)' : ''}` })), { id: wholeGraph, text: 'Sammenhæng' }] : model.decisions.filter((d) => d.table !== false).map((d) => ({ id: d.id, text: titleOf(d) }))
  const current = graph ? wholeGraph : decision.id
  return (
    <div className="rules-page">
      <nav aria-label="Reglernes sider" className="rule-views">
        <ul>{open.map(([path, text]) => <li key={path}><Link to={here(path)} preventScrollReset aria-current={path === view ? 'page' : undefined}>{text}</Link></li>)}</ul>
      </nav>
      {konsulent && <DraftBar slug={slug} held={held} storedXml={xml} version={version} here={view} onPublished={onPublished} whatIf={here('hvad-nu-hvis')} />}
      {(view === '' || view === 'ret') && (
        <>
          {view === '' && <p>{count(model.decisions.length, 'regel', 'regler')} afgør, hvad der sker automatisk. Vælg en, skriv en sags oplysninger, og se svaret.</p>}
          {choices.length > chips ? (
            <div className="form-group"><label className="form-label" htmlFor="rule-list">Vælg regel</label><select id="rule-list" className="form-select" value={current} onChange={(e) => choose(e.target.value)}>{choices.map((c) => <option key={c.id} value={c.id}>{c.text}</option>)}</select></div>
          ) : (
            <div className="rule-choice" role="group" aria-label="Vælg regel">{choices.map((c) => <button key={c.id} type="button" className="chip" aria-pressed={c.id === current} onClick={() => choose(c.id)}>{c.text}</button>)}</div>
          )}
          {view === '' && held.draft && <p className="which-rules">{drafted ? <>Du prøver <strong>kladden</strong>{isBroken(held.draft) ? ', som den var før den celle, der ikke kan læses' : ''}.</> : <>Du prøver <strong>de gældende regler</strong>.</>} <button type="button" className="link-button" onClick={() => setRuling(drafted)}>{drafted ? 'Prøv de gældende regler' : 'Prøv kladden'}</button></p>}
          {!graph && decision.description && <p className="rule-description">{maskCpr(decision.description)}</p>}
        </>
      )}
      {view === '' && (graph ? <Graph xml={inUse} /> : <Try key={decision.id} slug={slug} model={model} xml={inUse} decision={decision} draft={drafted} />)}
      {view === 'ret' && konsulent && <Edit key={decision.id} slug={slug} decision={decision} storedXml={xml} version={version} held={held} />}
      {view === 'hvad-nu-hvis' && konsulent && <WhatIf slug={slug} model={model} decision={decision} held={held} edit={here('ret')} />}
      {view === 'versioner' && <Versions slug={slug} versions={model.versions ?? []} />}
      {!konsulent && ownersOnly.has(view) && <Empty heading="Kun konsulenter kan rette regler"><p><Link to={here('')}>Læs og prøv reglerne</Link></p></Empty>}
    </div>
  )
}
