// A workflow's home: the same header everywhere, and a tab per room.
import { lazy, Suspense, useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router-dom'
import { ApiError, getText, write } from '../api/client'
import { useGet, useLoad } from '../api/load'
import { useRole } from '../api/session'
import type { Steps, WorkflowDetail } from '../api/types'
import { formatDate, humanise } from '../lib/format'
import { elementName, kindName, systemName } from '../lib/words'
import type { DiagramElement } from '../diagram/Bpmn'
import { Badge, Empty, Facts, PageTitle, Problem, StandInMark, Stars, Time, Waiting } from '../ui/parts'
import { Icon } from '../ui/Icon'
import { toast } from '../ui/toasts'
import { Values } from '../ui/Values'
import { WorkflowBenefit } from './workflow/WorkflowBenefit'
import { WorkflowRuns } from './workflow/WorkflowRuns'
import { Scenarios } from './workflow/Scenarios'

const Bpmn = lazy(() => import('../diagram/Bpmn'))
const Rules = lazy(() => import('./rules/Rules'))
const WorkflowCoverage = lazy(() => import('./workflow/WorkflowCoverage'))

const tabs = [['', 'Diagram'], ['trin', 'Trin'], ['regler', 'Regler'], ['jura', 'Jura'], ['scenarier', 'Scenarier'], ['koersel', 'Kørsel'], ['gevinst', 'Gevinst'], ['historik', 'Historik']] as const

export default function Workflow() {
  const { domain = '', name = '', tab = '' } = useParams()
  const slug = `${domain}/${name}`
  const base = `/bank/${encodeURIComponent(domain)}/${encodeURIComponent(name)}`
  const { data, error, reload } = useGet<WorkflowDetail>(`/api/bank/workflows/${encodeURIComponent(domain)}/${encodeURIComponent(name)}`, { live: ['definition'] })
  const current = tabs.find(([path]) => path === tab)
  const title = data?.title ?? humanise(name)
  return (
    <>
      <nav aria-label="Brødkrummer" className="crumbs"><Link to="/bank">Bank</Link> <span aria-hidden="true">/</span> <Link to={`/bank?domain=${encodeURIComponent(data?.domain ?? domain)}`}>{humanise(data?.domain ?? domain)}</Link></nav>
      <PageTitle title={`${title}${current && current[0] ? `, ${current[1]}` : ''}`}>{title}</PageTitle>
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && <Waiting what="arbejdsgangen" />}
      {data && (
        <>
          <Head workflow={data} onChanged={reload} />
          <nav className="tab-container own-tabs" aria-label="Arbejdsgangens faner">
            <ul className="tab-list">
              {tabs.map(([path, text]) => (
                <li key={path}><Link className="tab-button" to={path ? `${base}/${path}` : base} aria-current={path === tab ? 'page' : undefined} preventScrollReset><span>{text}</span></Link></li>
              ))}
            </ul>
          </nav>
          <div className="tab-content">
            <h2 className="sr-only">{current?.[1] ?? 'Fanen findes ikke'}</h2>
            {tab === '' && <DiagramTab base={base} slug={slug} title={title} />}
            {tab === 'trin' && <StepsTab base={base} slug={slug} />}
            {tab === 'regler' && <Suspense fallback={<Waiting what="reglerne" />}><Rules slug={slug} workflow={data} onChanged={reload} /></Suspense>}
            {tab === 'jura' && <LawTab workflow={data} />}
            {tab === 'scenarier' && <Scenarios slug={slug} workflow={data} onChanged={reload} />}
            {tab === 'koersel' && <WorkflowRuns workflow={data} />}
            {tab === 'gevinst' && <WorkflowBenefit workflow={data} slug={slug} />}
            {tab === 'historik' && <HistoryTab workflow={data} />}
            {!current && <p>Fanen findes ikke. <Link to={base}>Gå til diagrammet</Link></p>}
          </div>
        </>
      )}
    </>
  )
}

function Head({ workflow, onChanged }: { workflow: WorkflowDetail; onChanged: () => void }) {
  const konsulent = useRole('konsulent')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError>()
  const deploy = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await write('POST', `/api/bank/workflows/${workflow.slug}/deployment`)
      toast('Arbejdsgangen er sat i drift', 'Nye sager kører efter denne version; sager i gang fortsætter, som de begyndte.')
      onChanged()
    } catch (cause) { if (cause instanceof ApiError) setError(cause) } finally { setBusy(false) }
  }
  const owner = workflow.manifest?.ejerrolle
  return (
    <div className="workflow-head">
      <p className="lead">{workflow.summary}</p>
      <div className="head-row">
        <Facts className="head-facts" items={[
          ['KLE', workflow.kle], ['Art', kindName(workflow.kind)], ['Ejer', typeof owner === 'string' ? owner : undefined],
          ['Vurdering', workflow.stars ? <Stars value={workflow.stars} /> : undefined],
          ['Katalog 2017', workflow.catalogueNumber ? `nr. ${workflow.catalogueNumber}` : undefined],
          ['Kørsel', workflow.deployed ? <Badge tone="success">I drift, version {workflow.deployed.version}</Badge> : workflow.runnable ? <Badge tone="info">Kan køres</Badge> : <Badge>Kan ikke køres endnu</Badge>],
        ]} />
        {konsulent && workflow.runnable && (
          <button type="button" className="button button-primary" disabled={busy} onClick={() => void deploy()}>{busy ? 'Sætter i drift …' : workflow.deployed ? 'Sæt i drift igen' : 'Sæt i drift'}</button>
        )}
      </div>
      {workflow.systems.some((s) => s.standIn) && <p className="stand-ins">{workflow.systems.filter((s) => s.standIn).map((s) => <StandInMark key={s.kind} what={systemName(s.kind)} />)}</p>}
      {error && <Problem error={error} />}
    </div>
  )
}

function DiagramTab({ base, slug, title }: { base: string; slug: string; title: string }) {
  const [params, setParams] = useSearchParams()
  const [elements, setElements] = useState<DiagramElement[]>([])
  const { data: xml, error } = useLoad(`diagram ${slug}`, (signal) => getText(`/api/bank/workflows/${slug}/diagram`, signal))
  const lit = params.get('element')
  const select = (id: string | null) => setParams(id ? { element: id } : {}, { replace: true, preventScrollReset: true })
  const chosen = elements.find((e) => e.id === lit)
  if (error?.status === 404) return <Empty heading="Arbejdsgangen har ikke noget diagram endnu"><p>Trin og jura kan stadig læses under de andre faner.</p></Empty>
  if (error) return <Problem error={error} />
  return (
    <>
      <div className="diagram-choice">
        <label className="form-label" htmlFor="element-choice">Vis et trin i diagrammet</label>
        <select id="element-choice" className="form-select" value={chosen ? chosen.id : ''} onChange={(e) => select(e.target.value || null)}>
          <option value="">Intet valgt</option>
          {elements.filter((e) => e.kind !== 'Lane' && e.kind !== 'Participant').map((e) => <option key={e.id} value={e.id}>{e.name}</option>)}
        </select>
        {chosen && <p className="chosen" aria-live="polite"><strong>{chosen.name}</strong> ({elementName(chosen.kind.charAt(0).toLowerCase() + chosen.kind.slice(1))}) er markeret. <Link to={`${base}/trin?element=${encodeURIComponent(chosen.id)}`} preventScrollReset>Læs som tekst</Link></p>}
      </div>
      <p className="only-narrow meta">På en lille skærm er det lettere at <Link to={`${base}/trin`} preventScrollReset>læse trinene som tekst</Link>.</p>
      {xml === undefined ? <Waiting what="diagrammet" /> : <Suspense fallback={<Waiting what="diagrammet" />}><Bpmn xml={xml} lit={lit} onSelect={select} onElements={setElements} title={title} /></Suspense>}
      <p className="downloads"><a href={`/api/bank/workflows/${slug}/diagram`} download={`${slug.split('/')[1]}.bpmn`}><Icon name="download" />Hent BPMN</a> <a href={`/api/bank/workflows/${slug}/diagram.svg`} download={`${slug.split('/')[1]}.svg`}><Icon name="download" />Hent SVG</a> <Link to={`/bank/kort?fra=${encodeURIComponent(slug)}`}>Læg den som kort på en tavle</Link></p>
    </>
  )
}

function StepsTab({ base, slug }: { base: string; slug: string }) {
  const [params] = useSearchParams()
  const lit = params.get('element')
  const { data, error } = useGet<Steps>(`/api/bank/workflows/${slug}/steps`)
  if (error) return <Problem error={error} />
  if (!data) return <Waiting what="trin" />
  if (data.lanes.every((lane) => lane.steps.length === 0)) return <Empty heading="Der er ingen trin endnu"><p>Trinene læses af diagrammet, når det er tegnet.</p></Empty>
  return (
    <div className="steps">
      <p className="no-print"><button type="button" className="function-link" onClick={() => window.print()}><Icon name="print" />Udskriv</button></p>
      {data.lanes.filter((lane) => lane.steps.length > 0).map((lane) => (
        <section key={lane.id} aria-label={lane.name}>
          <h3>{lane.name || 'Uden rolle'}</h3>
          <ol className="plain-list step-list">
            {lane.steps.map((step) => (
              <li key={step.elementId} className={step.elementId === lit ? 'lit-step' : ''} aria-current={step.elementId === lit ? 'true' : undefined}>
                <span className="step-number">{step.number}</span>
                <Link to={`${base}?element=${encodeURIComponent(step.elementId)}`} preventScrollReset>{step.text}</Link>
                <span className="step-kind">{elementName(step.kind)}</span>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}

function LawTab({ workflow }: { workflow: WorkflowDetail }) {
  const manifest = workflow.manifest ?? {}
  const text = (name: string) => { const value = manifest[name]; return value === undefined || value === null ? undefined : <Values value={value} name={name} /> }
  const decision: Record<string, string> = { ingen: 'Nej, der træffes ingen afgørelse om en borger', begunstigende: 'Ja, en begunstigende afgørelse', bebyrdende: 'Ja, en bebyrdende afgørelse' }
  const derived = Array.isArray(manifest.afledt_af) && manifest.afledt_af.length > 0
  return (
    <>
      {derived && <Suspense fallback={<Waiting what="lovdækningen" />}><WorkflowCoverage slug={workflow.slug} own={workflow.own === true} /></Suspense>}
      {workflow.law.length === 0 ? <Empty heading="Ingen lov er knyttet til arbejdsgangen"><p>Skriv loven i pakkens arbejdsgang.yaml under jura, med den dato, den sidst er kontrolleret.</p></Empty> : (
        <ul className="plain-list rows law">
          {workflow.law.map((law) => (
            <li key={law.title + law.reference}>
              {law.url ? <a href={law.url} target="_blank" rel="noreferrer">{law.title} <Icon name="open" label="(åbner i nyt vindue)" /></a> : <strong>{law.title}</strong>}
              {law.reference && <span>{law.reference}</span>}
              <span className="meta">{typeof law.verified === 'string' && law.verified ? `Sidst kontrolleret ${formatDate(law.verified)}` : 'Ikke kontrolleret endnu'}</span>
            </li>
          ))}
        </ul>
      )}
      <h3>Ansvar og data</h3>
      <Facts items={[
        ['Ender det i en afgørelse?', typeof manifest.afgoerelse === 'string' ? decision[manifest.afgoerelse] ?? manifest.afgoerelse : undefined],
        ['Hjemmel til at behandle oplysningerne', text('hjemmel')], ['Automatik', text('automatik')], ['Bevaring og sletning', text('bevaring')],
        ['Roller', workflow.roles.length > 0 ? workflow.roles.map((r) => (typeof r === 'string' ? r : r.name)).join(', ') : undefined],
        ['Systemer', workflow.systems.length > 0 ? <ul className="value-list">{workflow.systems.map((s) => <li key={s.kind}>{humanise(systemName(s.kind))} {s.standIn && <StandInMark what={systemName(s.kind)} />}</li>)}</ul> : undefined],
      ]} />
    </>
  )
}

function HistoryTab({ workflow }: { workflow: WorkflowDetail }) {
  const navigate = useNavigate()
  return (
    <>
      {workflow.versions.length === 0 ? <Empty heading="Der er kun én udgave"><p>Når arbejdsgangen ændres, står hver udgave her med dato og hvem der lagde den ind.</p></Empty> : (
        <ol className="timeline" reversed>
          {[...workflow.versions].reverse().map((version) => (
            <li key={String(version.version)}><span className="meta"><Time value={version.at} /></span><span><strong>Version {version.version}</strong>{version.by ? ` af ${version.by}` : ''}{version.note ? `: ${version.note}` : ''}</span></li>
          ))}
        </ol>
      )}
      <h3>Filer i pakken</h3>
      <ul className="value-list files">{workflow.files.map((file) => <li key={file}><code>{file}</code></li>)}</ul>
      {workflow.files.some((f) => f.endsWith('.yaml') && f.startsWith('scenarier/')) && <p><button type="button" className="button button-secondary" onClick={() => navigate(`/bank/${workflow.slug}/scenarier`)}>Se scenarierne</button></p>}
    </>
  )
}
