// Steps as sentences, with deadline, law and explanation: the same on a workflow's page and in a role's manual.
import { Link } from 'react-router-dom'
import { query } from '../../api/client'
import { pageOf, type Step } from '../../api/understand'
import { elementName } from '../../lib/words'

export function StepList({ steps, slug, lit }: { steps: readonly Step[]; slug: string; lit?: string | null }) {
  return (
    <ol className="plain-list step-list">
      {steps.map((step) => (
        <li key={step.elementId} className={step.elementId === lit ? 'lit-step' : ''} aria-current={step.elementId === lit ? 'true' : undefined}>
          <span className="step-number">{step.number}</span>
          <span className="step-body">
            <Link to={query(pageOf(slug), { element: step.elementId })} preventScrollReset>{step.text}</Link>
            {step.note && <span className="step-note">{step.note}</span>}
            {(step.deadline || step.law || step.calls) && (
              <span className="meta pieces">
                {step.deadline && <span>Frist: {step.deadline}</span>}
                {step.law?.map((law) => <span key={law}>{law}</span>)}
                {step.calls && <Link to={query(pageOf(step.calls), { spor: slug })}>Se delprocessen</Link>}
              </span>
            )}
          </span>
          <span className="step-kind">{elementName(step.kind)}</span>
        </li>
      ))}
    </ol>
  )
}
