// Lignende arbejdsgange: on a workflow's page, and as the answer to a fragment.
import { Link } from 'react-router-dom'
import { compareAddress, similarPath, type SimilarWorkflow } from '../../api/compare'
import { useGet } from '../../api/load'
import { kindName } from '../../lib/words'
import { Problem, Waiting } from '../../ui/parts'
import '../../styles/compare.css'

const percent = (likeness: number) => `${Math.round(likeness * 100)} %`

export function SimilarItems({ items, compareWith }: { items: SimilarWorkflow[]; compareWith?: string }) {
  return (
    <ul className="similar-list">
      {items.map((s) => (
        <li key={s.slug}>
          <meter min={0} max={1} value={s.likeness} aria-label={`Ligner ${percent(s.likeness)}`}>{percent(s.likeness)}</meter> <span className="meta">{percent(s.likeness)}</span>
          <Link to={`/bank/${s.slug}`}>{s.title}</Link> <span className="muted">{s.domain}, {kindName(s.kind).toLowerCase()}{s.runnable ? ', kan køres' : ''}</span>
          {compareWith && <Link to={compareAddress(compareWith, s.slug)} aria-label={`Sammenlign med ${s.title}`}>Sammenlign</Link>}
        </li>
      ))}
    </ul>
  )
}

export function SimilarWorkflows({ slug }: { slug: string }) {
  const { data, error, reload } = useGet<{ items: SimilarWorkflow[] }>(similarPath(slug, 5))
  return (
    <section aria-labelledby="lignende">
      <h3 id="lignende">Lignende arbejdsgange</h3>
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && <Waiting what="lignende arbejdsgange" />}
      {data && (data.items.length === 0 ? <p>Ingen andre arbejdsgange i banken ligner denne.</p> : <SimilarItems items={data.items} compareWith={slug} />)}
      <p><Link to={compareAddress(slug)}>Sammenlign med en anden arbejdsgang eller version</Link> · <Link to="/bank/lignende">Find arbejdsgange ud fra et udsnit, du skriver</Link></p>
    </section>
  )
}
