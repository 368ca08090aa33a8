// Scenarios with their last result; a consultant can run them here.
import { useState } from 'react'
import { ApiError, write } from '../../api/client'
import { useRole } from '../../api/session'
import type { ScenarioResult, WorkflowDetail } from '../../api/types'
import { count, formatNumber } from '../../lib/format'
import { Alert, Badge, Empty, Problem, Time } from '../../ui/parts'

export function Scenarios({ slug, workflow, onChanged }: { slug: string; workflow: WorkflowDetail; onChanged: () => void }) {
  const konsulent = useRole('konsulent')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError>()
  const [results, setResults] = useState<ScenarioResult[]>()
  const run = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const answer = await write<{ results: ScenarioResult[] }>('POST', `/api/bank/workflows/${slug}/scenario-runs`)
      setResults(answer.results)
      onChanged()
    } catch (cause) { if (cause instanceof ApiError) setError(cause) } finally { setBusy(false) }
  }
  if (workflow.scenarios.length === 0) return <Empty heading="Der er ingen scenarier endnu"><p>Et scenarie siger, hvad der kommer ind, og hvad der skal ske. Læg en fil i mappen scenarier i pakken.</p></Empty>
  const failed = results?.filter((r) => !r.passed).length ?? 0
  return (
    <>
      <p>Et scenarie er en prøve: det siger, hvad der kommer ind, og hvad der skal ske. Prøven kører på et virtuelt ur og rører ingen rigtige systemer.</p>
      {konsulent && <p><button type="button" className="button button-primary" disabled={busy} onClick={() => void run()}>{busy ? 'Kører scenarierne …' : `Kør ${count(workflow.scenarios.length, 'scenarie', 'scenarier')}`}</button></p>}
      {error && <Problem error={error} />}
      <div aria-live="polite">
        {results && (failed === 0
          ? <Alert tone="success" heading={`Alle ${formatNumber(results.length)} scenarier gik godt`} />
          : <Alert tone="error" heading={`${formatNumber(failed)} af ${formatNumber(results.length)} scenarier fejlede`} />)}
      </div>
      <ul className="plain-list rows scenarios">
        {workflow.scenarios.map((scenario) => {
          const fresh = results?.find((r) => r.file === scenario.file && (r.title === scenario.title || !scenario.title)) ?? results?.find((r) => r.file === scenario.file)
          const last = fresh ?? scenario.lastResult
          return (
            <li key={scenario.file + scenario.title}>
              <span className="scenario-title">{scenario.title}<span className="meta">{scenario.file}</span></span>
              <span className="scenario-result">
                {!last ? <Badge>Ikke kørt</Badge> : last.passed ? <Badge tone="success">Gik godt</Badge> : <Badge tone="error">Fejlede</Badge>}
                {fresh?.seconds !== undefined && <span className="meta">{formatNumber(fresh.seconds, 2)} sekunder</span>}
                {!fresh && scenario.lastResult?.at && <span className="meta"><Time value={scenario.lastResult.at} /></span>}
              </span>
              {last && !last.passed && last.message && <p className="scenario-message">{last.message}</p>}
            </li>
          )
        })}
      </ul>
    </>
  )
}
