// What stands above every tab of a workflow: what it is, who owns it, whether it runs, and what can be done with it.
import { useState } from 'react'
import { Link } from 'react-router-dom'
import { ApiError, write } from '../../api/client'
import { compareAddress } from '../../api/compare'
import { useRole } from '../../api/session'
import type { WorkflowDetail } from '../../api/types'
import { kindName, systemName } from '../../lib/words'
import { Badge, Facts, Problem, StandInMark, Stars } from '../../ui/parts'
import { toast } from '../../ui/toasts'
import { ReaderBar } from './ReaderBar'
import { DrawOn } from '../bank/DrawOn'

export function Head({ workflow, onChanged }: { workflow: WorkflowDetail; onChanged: () => void }) {
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
        <DrawOn slug={workflow.slug} />
        {konsulent && workflow.runnable && (
          <button type="button" className="button button-primary" disabled={busy} onClick={() => void deploy()}>{busy ? 'Sætter i drift …' : workflow.deployed ? 'Sæt i drift igen' : 'Sæt i drift'}</button>
        )}
      </div>
      <p><Link to={compareAddress(workflow.slug)}>Sammenlign med en anden</Link></p>
      {workflow.systems.some((s) => s.standIn) && <p className="stand-ins">{workflow.systems.filter((s) => s.standIn).map((s) => <StandInMark key={s.kind} what={systemName(s.kind)} />)}</p>}
      <ReaderBar workflow={workflow} />
      {error && <Problem error={error} />}
    </div>
  )
}
