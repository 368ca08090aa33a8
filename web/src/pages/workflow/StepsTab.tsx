// The diagram as numbered sentences by role, or as a table of steps and roles.
import { Link, useSearchParams } from 'react-router-dom'
import { useGet } from '../../api/load'
import type { Step } from '../../api/understand'
import { apiOf } from '../../api/understand'
import { Icon } from '../../ui/Icon'
import { Empty, Problem, Waiting } from '../../ui/parts'
import { StepList } from './StepList'

interface Lanes { lanes: { id: string; name: string; steps: Step[] }[] }
const roleName = (name: string) => name || 'Uden rolle'

export function StepsTab({ base, slug }: { base: string; slug: string }) {
  const [params] = useSearchParams()
  const lit = params.get('element')
  const matrix = params.get('vis') === 'roller'
  const { data, error } = useGet<Lanes>(`${apiOf(slug)}/steps`)
  if (error) return error.status === 404 ? <Empty heading="Der er ingen trin endnu"><p>Trinene læses af diagrammet, når det er tegnet.</p></Empty> : <Problem error={error} />
  if (!data) return <Waiting what="trin" />
  const lanes = data.lanes.filter((lane) => lane.steps.length > 0)
  if (lanes.length === 0) return <Empty heading="Der er ingen trin endnu"><p>Trinene læses af diagrammet, når det er tegnet.</p></Empty>
  return (
    <div className="steps">
      <p className="no-print pieces">
        <Link to={`${base}/trin`} aria-current={matrix ? undefined : 'true'} className="view-link" preventScrollReset>Trin som tekst</Link>
        <Link to={`${base}/trin?vis=roller`} aria-current={matrix ? 'true' : undefined} className="view-link" preventScrollReset>Hvem gør hvad</Link>
        <button type="button" className="function-link" onClick={() => window.print()}><Icon name="print" />Udskriv</button>
      </p>
      {matrix ? <Matrix lanes={lanes} slug={slug} base={base} /> : lanes.map((lane) => (
        <section key={lane.id} aria-label={roleName(lane.name)}>
          <h3>{roleName(lane.name)}</h3>
          <StepList steps={lane.steps} slug={slug} lit={lit} />
        </section>
      ))}
    </div>
  )
}

/** Steps down, roles across; on a narrow screen a step names its role instead. */
function Matrix({ lanes, base }: { lanes: Lanes['lanes']; slug: string; base: string }) {
  const steps = lanes.flatMap((lane, role) => lane.steps.map((step) => ({ step, role }))).sort((a, b) => Number(a.step.number) - Number(b.step.number))
  return (
    <div className="table--responsive-scroll" tabIndex={0} role="region" aria-label="Hvem gør hvad">
      <table className="table own-table role-matrix">
        <caption className="sr-only">Hvem gør hvad: et mærke viser, hvilken rolle der udfører trinnet</caption>
        <thead><tr><th scope="col">Trin</th>{lanes.map((lane) => <th scope="col" key={lane.id}>{roleName(lane.name)}</th>)}</tr></thead>
        <tbody>
          {steps.map(({ step, role }) => (
            <tr key={step.elementId}>
              <th scope="row"><span className="step-number">{step.number}</span> <Link to={`${base}?element=${encodeURIComponent(step.elementId)}`} preventScrollReset>{step.text}</Link></th>
              {lanes.map((lane, i) => <td key={lane.id} className={i === role ? 'does' : 'does-not'} data-label={i === role ? 'Udføres af' : undefined}>{i === role && <><span aria-hidden="true" className="mark">●</span><span className="mark-name">{roleName(lane.name)}</span></>}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
