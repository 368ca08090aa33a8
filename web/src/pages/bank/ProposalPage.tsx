// One draft on its way: what it is, whose turn it is, the diagram with what changed, what is wrong, what was said, who did what when.
import { lazy, Suspense, useMemo, useState } from 'react'
import { Link, useParams, useSearchParams } from 'react-router-dom'
import '../../styles/drift.css' // the marks of differences
import '../../styles/proposals.css'
import { getText, type Finding } from '../../api/client'
import { draftPath } from '../../api/drafts'
import { useGet, useLoad } from '../../api/load'
import type { Changes, Proposal } from '../../api/proposals'
import type { DiagramElement } from '../../diagram/Bpmn'
import { count } from '../../lib/format'
import { changeMarks, eventText, keyName, stateNames, stateTone, whatItIs, whatNow } from '../../lib/proposals'
import { Alert, Badge, Facts, PageTitle, Problem, Time, Waiting } from '../../ui/parts'
import { ProposalChanges } from './ProposalChanges'
import { ProposalComments } from './ProposalComments'
import { ProposalMaster } from './ProposalMaster'
import { ProposalSteps } from './ProposalSteps'

const Bpmn = lazy(() => import('../../diagram/Bpmn'))

export default function ProposalPage() {
  const { id = '' } = useParams()
  const { data, error, reload } = useGet<Proposal>(draftPath(id), { keep: true })
  return (
    <>
      <nav aria-label="Brødkrummer" className="crumbs"><Link to="/bank">Bank</Link> <span aria-hidden="true">/</span> <Link to="/bank/forslag">Forslag</Link></nav>
      {error && <><PageTitle title="Forslag">Forslag</PageTitle><Problem error={error} retry={reload} /></>}
      {!data && !error && <><PageTitle title="Forslag">Forslag</PageTitle><Waiting what="forslaget" /></>}
      {data && !error && <One key={id} proposal={data} reload={reload} />}
    </>
  )
}

function One({ proposal, reload }: { proposal: Proposal; reload: () => void }) {
  const [params, setParams] = useSearchParams()
  const lit = params.get('element')
  const light = (element: string | null) => setParams((old) => { element ? old.set('element', element) : old.delete('element'); return old }, { replace: true, preventScrollReset: true })
  const stamp = `${proposal.id} ${proposal.revision}`
  const hasDiagram = proposal.files.some((f) => f.path === 'proces.bpmn')
  const diagram = useLoad<string>(`diagram ${stamp}`, hasDiagram ? (signal) => getText(draftPath(proposal.id, '/diagram'), signal) : null)
  const changes = useGet<Changes>(`${draftPath(proposal.id, '/changes')}?r=${proposal.revision}`)
  const marks = useMemo(() => changeMarks(changes.data?.diagram?.differences ?? []), [changes.data])
  const [elements, setElements] = useState<DiagramElement[]>([])
  const names = useMemo(() => new Map(elements.map((e) => [e.id, e.name])), [elements])
  return (
    <>
      <PageTitle title={`Forslag: ${proposal.title}`} lead={whatItIs(proposal)}>{proposal.title}</PageTitle>
      <Facts className="head-facts" items={[['Tilstand', <Badge key="s" tone={stateTone[proposal.state]}>{stateNames[proposal.state]}</Badge>], ['Adresse', <span key="a" className="break">{proposal.slug}</span>], ['Sidst ændret', <span key="t"><Time value={proposal.at} /> af {proposal.changedBy}</span>],
        ['I banken', proposal.published ? <Link key="l" to={`/bank/${proposal.slug}`}>Version {proposal.published}</Link> : proposal.base ? <Link key="l" to={`/bank/${proposal.base.slug}`}>Se den, den er tegnet efter</Link> : undefined]]} />
      <section className="what-now" aria-labelledby="hvad-nu">
        <h2 id="hvad-nu">Hvad sker der nu?</h2>
        <p>{whatNow(proposal)}</p>
        {proposal.behind && <Alert tone="warning" heading={`Version ${proposal.behind.version} er kommet imellem`}><p>{proposal.behind.by ?? 'En anden'} lagde den ind <Time value={proposal.behind.at} />, efter at kladden blev begyndt. Se på <Link to={`/bank/${proposal.slug}`}>arbejdsgangen</Link>, før du offentliggør: forslaget kommer i dens sted.</p></Alert>}
        <ProposalSteps proposal={proposal} onDone={reload} />
      </section>
      <Findings findings={proposal.findings} light={light} names={names} />
      <section aria-labelledby="diagram-h">
        <h2 id="diagram-h">Diagram</h2>
        {!hasDiagram && <p>Kladden har intet diagram endnu.</p>}
        {diagram.error && <Problem error={diagram.error} retry={diagram.reload} />}
        {hasDiagram && diagram.data === undefined && !diagram.error && <Waiting what="diagrammet" />}
        {diagram.data !== undefined && <Suspense fallback={<Waiting what="diagrammet" />}><Bpmn xml={diagram.data} title={proposal.title} marks={marks} lit={lit} onSelect={light} onElements={setElements} textIs="Ændringerne står som liste nedenfor." /></Suspense>}
      </section>
      {changes.error && <Problem error={changes.error} retry={changes.reload} />}
      {changes.data && <ProposalChanges proposal={proposal} changes={changes.data} lit={lit} light={light} />}
      <ProposalMaster key={`m${proposal.revision}`} proposal={proposal} onSaved={reload} />
      <ProposalComments proposal={proposal} lit={lit} light={light} names={names} onSaid={reload} />
      <section aria-labelledby="forloeb">
        <h2 id="forloeb">Forløb</h2>
        <ol className="timeline" reversed>
          {[...proposal.history].reverse().map((e, i) => <li key={i}><span className="meta"><Time value={e.at} /></span><span><strong>{e.by}</strong> {eventText(e.what)}</span>{e.note && <q className="event-note">{e.note}</q>}</li>)}
        </ol>
      </section>
    </>
  )
}

function Findings({ findings, light, names }: { findings: Finding[]; light: (element: string) => void; names: Map<string, string> }) {
  const errors = findings.filter((f) => f.error), warnings = findings.filter((f) => !f.error)
  if (findings.length === 0) return <Alert tone="success" heading="Tjekket fandt ingen fejl" live={false} />
  const place = (f: Finding) => (f.element && names.has(f.element) ? <button type="button" className="link-button" onClick={() => light(f.element as string)}>{names.get(f.element)}</button> : f.file ? <span className="muted">{f.file === 'arbejdsgang.yaml' ? 'stamdata' : f.file}{f.line ? `, linje ${f.line}` : ''}</span> : null)
  const say = (f: Finding) => (f.message_da ?? f.message ?? '').replace(/\/(\w+)/g, (_, key: string) => keyName(key))
  const list = (some: Finding[]) => <ul>{some.map((f, i) => <li key={i}>{say(f)} {place(f)}{f.remedy && <><br /><span className="muted">{f.remedy}</span></>}</li>)}</ul>
  return (
    <section aria-labelledby="tjek">
      <h2 id="tjek" className="sr-only">Tjek</h2>
      {errors.length > 0 && <Alert tone="error" live={false} heading={`${count(errors.length, 'fejl', 'fejl')} skal rettes, før forslaget kan godkendes`}>{list(errors)}</Alert>}
      {warnings.length > 0 && <details className="warnings"><summary>{count(warnings.length, 'ting at se på', 'ting at se på')}, som ikke spærrer</summary>{list(warnings)}</details>}
    </section>
  )
}
