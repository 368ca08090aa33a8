// The decisions of one case: on a task the one that sent it there comes first and stands open, on an instance each is folded.
import { lazy, Suspense, useState } from 'react'
import { getText } from '../api/client'
import { useLoad } from '../api/load'
import { valueWords } from '../lib/feelWords'
import { humanise } from '../lib/format'
import { traceOf, type StoredDecision } from '../lib/trace'
import { Time, Waiting } from '../ui/parts'

const Explain = lazy(() => import('./Explain').then((m) => ({ default: m.Explain })))

/** The table stands in the model that was deployed then, so the rule has the words it had. */
function One({ stored, brief }: { stored: StoredDecision; brief: boolean }) {
  const key = stored.decisionDefinitionKey
  const { data: xml, error } = useLoad(`decision xml ${key}`, key ? (signal) => getText(`/v2/decision-definitions/${key}/xml`, signal) : null)
  if (key && xml === undefined && !error) return <Waiting what="reglen" />
  return <Suspense fallback={<Waiting what="reglen" />}><Explain trace={traceOf(stored)} xml={xml} brief={brief} /></Suspense>
}

/** Reads its model when somebody opens it. */
function Folded({ stored }: { stored: StoredDecision }) {
  const [open, setOpen] = useState(false)
  const output = traceOf(stored).decisionOutput
  const short = typeof output === 'object' && output !== null ? '' : `: ${valueWords(output)}`
  return (
    <details className="plain-details" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{humanise(stored.decisionDefinitionName || stored.decisionDefinitionId || stored.name || '')}{short} {stored.evaluationDate && <span className="meta">(<Time value={stored.evaluationDate} />)</span>}</summary>
      {open && <div className="trace-body"><One stored={stored} brief /></div>}
    </details>
  )
}

/** `decisions` newest first on a task, in order on an instance. */
export function CaseDecisions({ decisions, task }: { decisions: StoredDecision[]; task?: boolean }) {
  const [first, ...rest] = decisions
  if (!task) return <>{decisions.map((d, i) => <Folded key={d.decisionEvaluationKey ?? i} stored={d} />)}</>
  if (!first) return null
  return (
    <section aria-labelledby="regler" className="trace">
      <h3 id="regler">Reglen, der sendte opgaven til dig</h3>
      <p className="meta">{humanise(first.decisionDefinitionName || first.name || '')}{first.evaluationDate && <>, <Time value={first.evaluationDate} /></>}</p>
      <One stored={first} brief />
      {rest.length > 0 && <><h4>Tidligere i sagen</h4>{rest.map((d, i) => <Folded key={d.decisionEvaluationKey ?? i} stored={d} />)}</>}
    </section>
  )
}
