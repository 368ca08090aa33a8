// The diagram as numbered sentences by role.
import { Link, useSearchParams } from 'react-router-dom'
import { useGet } from '../../api/load'
import type { Steps } from '../../api/types'
import { elementName } from '../../lib/words'
import { Icon } from '../../ui/Icon'
import { Empty, Problem, Waiting } from '../../ui/parts'

export function StepsTab({ base, slug }: { base: string; slug: string }) {
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
