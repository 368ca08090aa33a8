// A workflow's home: the same header everywhere, and a tab per room (each in a file of workflow/).
import { lazy, Suspense } from 'react'
import { Link, useParams } from 'react-router-dom'
import { useGet } from '../api/load'
import type { WorkflowDetail } from '../api/types'
import { humanise } from '../lib/format'
import { PageTitle, Problem, Waiting } from '../ui/parts'
import { CallsTab } from './workflow/CallsTab'
import { SimilarWorkflows } from './bank/SimilarList'
import { DiagramTab } from './workflow/DiagramTab'
import { Head } from './workflow/Head'
import { HistoryTab } from './workflow/HistoryTab'
import { LawTab } from './workflow/LawTab'
import { ProfileTab } from './workflow/ProfileTab'
import { Scenarios } from './workflow/Scenarios'
import { StepsTab } from './workflow/StepsTab'
import { WorkflowBenefit } from './workflow/WorkflowBenefit'
import { WorkflowRuns } from './workflow/WorkflowRuns'

const Rules = lazy(() => import('./rules/Rules'))

const tabs = [['', 'Diagram'], ['trin', 'Trin'], ['regler', 'Regler'], ['jura', 'Jura'], ['kald', 'Kald'], ['profil', 'Profil'], ['scenarier', 'Scenarier'], ['koersel', 'Kørsel'], ['gevinst', 'Gevinst'], ['historik', 'Historik']] as const

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
            {tab === '' && <><DiagramTab base={base} slug={slug} title={title} /><SimilarWorkflows slug={slug} /></>}
            {tab === 'trin' && <StepsTab base={base} slug={slug} />}
            {tab === 'regler' && <Suspense fallback={<Waiting what="reglerne" />}><Rules slug={slug} workflow={data} onChanged={reload} /></Suspense>}
            {tab === 'jura' && <LawTab workflow={data} />}
            {tab === 'kald' && <CallsTab slug={slug} title={title} />}
            {tab === 'profil' && <ProfileTab slug={slug} workflow={data} />}
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
