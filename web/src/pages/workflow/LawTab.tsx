// The laws behind a workflow, and who answers for its data.
import { lazy, Suspense } from 'react'
import type { WorkflowDetail } from '../../api/types'
import { formatDate, humanise } from '../../lib/format'
import { systemName } from '../../lib/words'
import { Icon } from '../../ui/Icon'
import { Empty, Facts, StandInMark, Waiting } from '../../ui/parts'
import { Values } from '../../ui/Values'

const WorkflowCoverage = lazy(() => import('./WorkflowCoverage'))

export function LawTab({ workflow }: { workflow: WorkflowDetail }) {
  const manifest = workflow.manifest ?? {}
  const text = (name: string) => { const value = manifest[name]; return value === undefined || value === null ? undefined : <Values value={value} name={name} /> }
  const decision: Record<string, string> = { ingen: 'Nej, der træffes ingen afgørelse om en borger', begunstigende: 'Ja, en begunstigende afgørelse', bebyrdende: 'Ja, en bebyrdende afgørelse' }
  const derived = Array.isArray(manifest.afledt_af) && manifest.afledt_af.length > 0
  return (
    <>
      {derived && <Suspense fallback={<Waiting what="lovdækningen" />}><WorkflowCoverage slug={workflow.slug} own={workflow.own === true} /></Suspense>}
      {workflow.law.length === 0 ? <Empty heading="Ingen lov er knyttet til arbejdsgangen"><p>Skriv loven i pakkens arbejdsgang.yaml under jura, med den dato, den sidst er kontrolleret.</p></Empty> : (
        <ul className="plain-list rows law">
          {workflow.law.map((law) => (
            <li key={law.title + law.reference}>
              {law.url ? <a href={law.url} target="_blank" rel="noreferrer">{law.title} <Icon name="open" label="(åbner i nyt vindue)" /></a> : <strong>{law.title}</strong>}
              {law.reference && <span>{law.reference}</span>}
              <span className="meta">{typeof law.verified === 'string' && law.verified ? `Sidst kontrolleret ${formatDate(law.verified)}` : 'Ikke kontrolleret endnu'}</span>
            </li>
          ))}
        </ul>
      )}
      <h3>Ansvar og data</h3>
      <Facts items={[
        ['Ender det i en afgørelse?', typeof manifest.afgoerelse === 'string' ? decision[manifest.afgoerelse] ?? manifest.afgoerelse : undefined],
        ['Hjemmel til at behandle oplysningerne', text('hjemmel')], ['Automatik', text('automatik')], ['Bevaring og sletning', text('bevaring')],
        ['Roller', workflow.roles.length > 0 ? workflow.roles.map((r) => (typeof r === 'string' ? r : r.name)).join(', ') : undefined],
        ['Systemer', workflow.systems.length > 0 ? <ul className="value-list">{workflow.systems.map((s) => <li key={s.kind}>{humanise(systemName(s.kind))} {s.standIn && <StandInMark what={systemName(s.kind)} />}</li>)}</ul> : undefined],
      ]} />
    </>
  )
}
