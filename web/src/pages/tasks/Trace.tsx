// How the rules came to their answer: inputs, the rules that hit, the answer.
import type { DecisionTrace } from '../../api/types'
import { humanise } from '../../lib/format'
import { Values } from '../../ui/Values'

function nothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0) || (typeof value === 'object' && Object.keys(value).length === 0)
}

/** [{inputName, inputValue}] → {name: value}; other shapes are left as they are. */
function byName(list: unknown, name: string, value: string): unknown {
  if (!Array.isArray(list) || list.length === 0 || !list.every((item) => typeof item === 'object' && item !== null && name in item)) return list
  return Object.fromEntries(list.map((item: Record<string, unknown>) => [String(item[name] ?? ''), readable(item[value])]))
}

/** /v2 carries values as JSON text. */
function readable(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try { return JSON.parse(value) as unknown } catch { return value }
}

function rules(list: unknown): unknown {
  if (!Array.isArray(list)) return list
  return list.map((rule: unknown) => {
    if (typeof rule !== 'object' || rule === null || !('evaluatedOutputs' in rule)) return rule
    const { ruleIndex, evaluatedOutputs } = rule as Record<string, unknown>
    const outputs = byName(evaluatedOutputs, 'outputName', 'outputValue')
    return { regel: ruleIndex, ...(typeof outputs === 'object' && !Array.isArray(outputs) ? outputs : { svar: outputs }) }
  })
}

export function Trace({ decisions }: { decisions: DecisionTrace[] }) {
  return (
    <section aria-labelledby="regler" className="trace">
      <h3 id="regler">Sådan er det regnet</h3>
      {decisions.map((decision, i) => (
        <details key={i} className="plain-details">
          <summary>{humanise(decision.name)}</summary>
          <div className="trace-parts">
            {!nothing(decision.inputs) && <div><h4>Ud fra</h4><Values value={byName(decision.inputs, 'inputName', 'inputValue')} /></div>}
            {!nothing(decision.rules) && <div><h4>Regler, der ramte</h4><Values value={rules(decision.rules)} name="regler" /></div>}
            <div><h4>Svar</h4><Values value={readable(decision.output)} name={decision.name} /></div>
          </div>
        </details>
      ))}
    </section>
  )
}
