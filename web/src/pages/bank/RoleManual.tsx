// One role's manual over the whole bank: what a new colleague prints.
import { Link, useParams } from 'react-router-dom'
import { useGet } from '../../api/load'
import { entryPage, pageOf, type RoleManual as Manual } from '../../api/understand'
import { count, formatDate, humanise } from '../../lib/format'
import { Icon } from '../../ui/Icon'
import { PageTitle, Problem, Waiting } from '../../ui/parts'
import { StepList } from '../workflow/StepList'
import { BankNav } from './parts'

export default function RoleManual() {
  const { role = '' } = useParams()
  const { data, error, reload } = useGet<Manual>(`/api/bank/role-manuals/${encodeURIComponent(role)}`)
  const title = data ? `Håndbog for ${data.role}` : 'Rollens håndbog'
  const doing = data?.workflows.filter((w) => w.steps.length > 0) ?? []
  const named = data?.workflows.filter((w) => w.steps.length === 0) ?? []
  return (
    <>
      <BankNav />
      <nav aria-label="Brødkrummer" className="crumbs"><Link to="/bank/registre">Registre</Link> <span aria-hidden="true">/</span> <Link to="/bank/registre/rolle">Roller</Link>{data && <> <span aria-hidden="true">/</span> <Link to={entryPage('rolle', data.key)}>{data.role}</Link></>}</nav>
      <PageTitle title={title}>{title}</PageTitle>
      {error && (error.status === 404 ? <p>Ingen arbejdsgang, du kan læse, har denne rolle. <Link to="/bank/registre/rolle">Se alle roller</Link></p> : <Problem error={error} retry={reload} />)}
      {!data && !error && <Waiting what="håndbogen" />}
      {data && (
        <div className="steps manual">
          <p className="lead">{count(data.steps, 'trin', 'trin')} i {count(doing.length, 'arbejdsgang', 'arbejdsgange')}. Numrene er trinnets plads i hele arbejdsgangen. Udskrevet {formatDate(new Date().toISOString())}.</p>
          <p className="no-print"><button type="button" className="function-link" onClick={() => window.print()}><Icon name="print" />Udskriv</button></p>
          <nav aria-label="Indhold" className="manual-contents"><ol>{doing.map((w) => <li key={w.slug}><a href={`#${w.slug.replace('/', '-')}`}>{w.title}</a> <span className="meta">{humanise(w.domain)}</span></li>)}</ol></nav>
          {doing.map((w) => (
            <section key={w.slug} id={w.slug.replace('/', '-')} aria-labelledby={`${w.slug.replace('/', '-')}-h`}>
              <h2 id={`${w.slug.replace('/', '-')}-h`}><Link to={pageOf(w.slug)}>{w.title}</Link></h2>
              <p className="meta">{humanise(w.domain)} · version {w.version}</p>
              <p>{w.summary}</p>
              <StepList steps={w.steps} slug={w.slug} />
            </section>
          ))}
          {named.length > 0 && <><h2>Nævnt uden egne trin</h2><ul className="value-list">{named.map((w) => <li key={w.slug}><Link to={pageOf(w.slug)}>{w.title}</Link></li>)}</ul></>}
        </div>
      )}
    </>
  )
}
