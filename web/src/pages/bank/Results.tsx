// What was found, best first, each with the places where the words stand.
import { Link } from 'react-router-dom'
import type { FoundItem, SearchNote } from '../../api/bank'
import { query } from '../../api/client'
import { hitPath, pathOf } from '../../lib/bankSearch'
import { formatDate, humanise } from '../../lib/format'
import { fieldName, kindName } from '../../lib/words'
import { Alert, Badge, Stars } from '../../ui/parts'

export function WorkflowHit({ item }: { item: FoundItem }) {
  const places = (item.hits ?? []).filter((hit) => !/^(title|titel|summary|resume)$/.test(hit.field)) // those stand here already
  const first = places.find((hit) => hit.elementId && /element=/.test(hitPath(item.slug, hit)))
  const moved = item.kleNow ?? []
  return (
    <article className="hit">
      <h3><Link to={first ? hitPath(item.slug, first) : pathOf(item.slug)}>{item.title}</Link></h3>
      <p className="meta">
        {humanise(item.domain)}{item.kle ? ` · KLE ${item.kle}` : ''}{item.kleTitle ? ` ${item.kleTitle}` : ''}{moved.length > 0 ? ` (nu ${moved.join(' og ')})` : ''} · {kindName(item.kind)}{' '}
        <Stars value={item.stars} /> {item.runnable && <Badge tone="success">Kan køres</Badge>} {item.pattern === true && <Badge>Mønster</Badge>} {item.validTo && <Badge tone="warning">Gælder til {formatDate(item.validTo)}</Badge>}
      </p>
      <p>{item.summary}</p>
      {places.length > 0 && (
        <ul className="plain-list hit-places">
          {places.slice(0, 5).map((hit, i) => <li key={i}><Link to={hitPath(item.slug, hit)}><span className="muted">{fieldName(hit.field)}:</span> {hit.text}</Link></li>)}
        </ul>
      )}
    </article>
  )
}

/** What happened to a KLE number that was asked for. */
export function Notes({ notes }: { notes: SearchNote[] }) {
  return notes.map((note) => (
    <Alert key={note.from} tone="info" heading={note.text}>
      {note.to.length > 0 && <p>Arbejdsgange under begge numre er med. {note.to.map((to) => <Link key={to} to={query('/bank', { kle: to })}>Vis kun KLE {to}</Link>)}</p>}
    </Alert>
  ))
}

export function ShortItem({ item, showDate }: { item: FoundItem; showDate?: boolean }) {
  return (
    <>
      <Link to={pathOf(item.slug)}>{item.title}</Link>
      <span className="meta">{humanise(item.domain)}{showDate && item.changed ? ` · ${formatDate(item.changed)}` : ''}</span>
    </>
  )
}
