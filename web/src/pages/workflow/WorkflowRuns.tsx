// The workflow's cases: how many run, and the latest.
import { Link } from 'react-router-dom'
import { search } from '../../api/client'
import { useLoad } from '../../api/load'
import { useRole } from '../../api/session'
import type { Instance, Page, WorkflowDetail } from '../../api/types'
import { count } from '../../lib/format'
import { Empty, Problem, Waiting } from '../../ui/parts'
import { InstanceTable } from '../InstanceTable'

export function processIdOf(workflow: WorkflowDetail): string {
  const process = workflow.manifest?.proces
  return typeof process === 'string' && process ? process : workflow.slug.split('/')[1] ?? workflow.slug
}

export function WorkflowRuns({ workflow }: { workflow: WorkflowDetail }) {
  const id = processIdOf(workflow)
  const mayWatch = useRole('drift', 'konsulent')
  const { data, error, reload } = useLoad(`runs ${id}`, workflow.deployed || workflow.runnable
    ? () => search<Page<Instance>>('process-instances', { processDefinitionId: id }, { sort: [{ field: 'startDate', order: 'DESC' }], limit: 20 }) : null, { live: ['instance', 'incident'] })
  if (!workflow.runnable) return <Empty heading="Arbejdsgangen er tegnet, men kan ikke køres endnu"><p>Den kan køres, når diagrammet siger, hvilket system hvert trin bruger, og pakken har mindst ét scenarie.</p></Empty>
  if (error) return <Problem error={error} retry={reload} />
  if (!data) return <Waiting what="sager" />
  if (data.items.length === 0) return <Empty heading="Ingen sager har kørt endnu"><p>{workflow.deployed ? 'Læg en regning i indbakken, så starter den første sag af sig selv.' : 'Sæt arbejdsgangen i drift, så starter sager af sig selv, når der kommer noget i indbakken.'}</p></Empty>
  return (
    <>
      <p>{count(data.page?.totalItems ?? data.items.length, 'sag', 'sager')} i alt. Her er de seneste. {mayWatch && <Link to={`/drift/sager?id=${encodeURIComponent(id)}`}>Se alle i Drift</Link>}</p>
      <InstanceTable items={data.items} showName={false} />
    </>
  )
}
