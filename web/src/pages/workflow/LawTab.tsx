// The laws behind a workflow and behind each step, when they were last looked at, and who answers for its data.
import { lazy, Suspense } from 'react'
import { Link } from 'react-router-dom'
import { query } from '../../api/client'
import { useGet } from '../../api/load'
import type { WorkflowDetail } from '../../api/types'
import { apiOf, entryPage, pageOf, type WorkflowLaw } from '../../api/understand'
import { count, humanise } from '../../lib/format'
import { systemName } from '../../lib/words'
import { Icon } from '../../ui/Icon'
import { Empty, Facts, Problem, StandInMark, Waiting } from '../../ui/parts'
import { Values } from '../../ui/Values'
import { Verified } from '../bank/parts'
import { Reviews } from '../bank/Reviews'

const WorkflowCoverage = lazy(() => import('./WorkflowCoverage'))

export function LawTab({ workflow }: { workflow: WorkflowDetail }) {
  const { slug } = workflow
  const { data, error, reload } = useGet<WorkflowLaw>(`${apiOf(slug)}/law`, { keep: true })
  const manifest = workflow.manifest ?? {}
  const text = (name: string) => { const value = manifest[name]; return value === undefined || value === null ? undefined : <Values value={value} name={name} /> }
  const decision: Record<string, string> = { ingen: 'Nej, der træffes ingen afgørelse om en borger', begunstigende: 'Ja, en begunstigende afgørelse', bebyrdende: 'Ja, en bebyrdende afgørelse' }
  const derived = Array.isArray(manifest.afledt_af) && manifest.afledt_af.length > 0
  const steps = new Map<string, WorkflowLaw['activities']>()
  for (const one of data?.activities ?? []) steps.set(one.elementId, [...(steps.get(one.elementId) ?? []), one])
  return (
    <>
      {derived && <Suspense fallback={<Waiting what="lovdækningen" />}><WorkflowCoverage slug={workflow.slug} own={workflow.own === true} /></Suspense>}
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && <Waiting what="loven" />}
      {data && data.reviews.length > 0 && (
        <section aria-labelledby="gennemgang" className="review-box">
          <h3 id="gennemgang">Skal gennemgås, fordi loven er ændret <span className="muted">({count(data.openReviews, 'venter', 'venter')})</span></h3>
          <Reviews items={data.reviews} onChanged={reload} of="workflow" />
        </section>
      )}
      {data && (data.laws.length === 0 ? <Empty heading="Ingen lov er knyttet til arbejdsgangen"><p>Skriv loven i pakkens arbejdsgang.yaml under jura, med den dato, den sidst er kontrolleret.</p></Empty> : (
        <ul className="plain-list rows law">
          {data.laws.map((law) => (
            <li key={law.title + law.reference}>
              <p className="pieces"><Link to={entryPage('lov', law.key)}><strong>{law.title}</strong></Link>{/^https?:/.test(law.url) && <a href={law.url} target="_blank" rel="noreferrer">{law.eli ? 'Læs loven (ELI)' : 'Læs loven'} <Icon name="open" label="(åbner i nyt vindue)" /></a>}</p>
              {law.reference && <span>{law.reference}</span>}
              <Verified date={law.verified} state={law.state} due={law.due} />
            </li>
          ))}
        </ul>
      ))}
      {steps.size > 0 && (
        <>
          <h3>Lov ved hvert trin</h3>
          <ul className="plain-list rows law">
            {[...steps].map(([id, laws]) => (
              <li key={id}>
                <Link to={query(pageOf(slug), { element: id })}>{laws[0]?.name || id}</Link>
                {laws.map((law) => (
                  <span key={law.key + law.reference} className="pieces"><Link to={entryPage('lov', law.key)}>{law.title}</Link>{law.reference && <span>{law.reference}</span>}
                    {law.url && /^https?:/.test(law.url) && <a href={law.url} target="_blank" rel="noreferrer">Læs loven <Icon name="open" label="(åbner i nyt vindue)" /></a>}
                    {law.listed ? law.state !== '' && <Verified date={law.verified} state={law.state} /> : <span className="meta">Loven står ikke i pakkens liste over jura</span>}</span>
                ))}
              </li>
            ))}
          </ul>
        </>
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
