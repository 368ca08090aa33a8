// How the rules came to their answer: inputs, the rules that hit, the answer.
import type { DecisionTrace } from '../../api/types'
import { humanise } from '../../lib/format'
import { Values } from '../../ui/Values'

function nothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0) || (typeof value === 'object' && Object.keys(value).length === 0)
}

export function Trace({ decisions }: { decisions: DecisionTrace[] }) {
  return (
    <section aria-labelledby="regler" className="trace">
      <h3 id="regler">Sådan er det regnet</h3>
      {decisions.map((decision, i) => (
        <details key={i} className="plain-details">
          <summary>{humanise(decision.name)}</summary>
          <div className="trace-parts">
            {!nothing(decision.inputs) && <div><h4>Ud fra</h4><Values value={decision.inputs} /></div>}
            {!nothing(decision.rules) && <div><h4>Regler, der ramte</h4><Values value={decision.rules} name="regler" /></div>}
            <div><h4>Svar</h4><Values value={decision.output} name={decision.name} /></div>
          </div>
        </details>
      ))}
    </section>
  )
}
