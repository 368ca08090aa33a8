// The bank before anybody searched: the domains, the other ways in, and what is new, used and runnable.
import { Link } from 'react-router-dom'
import type { FoundItem, Front } from '../../api/bank'
import { query } from '../../api/client'
import { count, humanise } from '../../lib/format'
import { Empty } from '../../ui/parts'
import { ShortItem } from './Results'

export function FrontPage({ front, konsulent }: { front: Front; konsulent: boolean }) {
  if (front.total === 0) {
    return (
      <Empty heading="Banken er tom endnu">
        <p>Læg den første arbejdsgang ind: kør <code>sagsgang import bank/</code>{konsulent ? ' eller ' : '.'}{konsulent && <Link to="/bank/ny">læg en pakke op her</Link>}</p>
      </Empty>
    )
  }
  const yes = (facet: 'pattern' | 'runnable') => front.facets[facet].find((f) => String(f.value) === 'true')?.count ?? 0
  return (
    <>
      <section aria-labelledby="domaener">
        <h2 id="domaener">Domæner</h2>
        <ul className="tiles">
          {front.facets.domain.map((facet) => (
            <li key={String(facet.value)}><Tile to={query('/bank', { domain: String(facet.value) })} name={facet.title ?? humanise(String(facet.value))} note={count(facet.count, 'arbejdsgang', 'arbejdsgange')} /></li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="andre-veje">
        <h2 id="andre-veje">Andre veje ind</h2>
        <ul className="tiles tiles-more">
          <li><Tile to="/bank/kle" name="KLE-emner" note={front.kle.imported ? 'Find efter emnenummer' : 'Find efter emnenummer (eksempel)'} /></li>
          {yes('pattern') > 0 && <li><Tile to="/bank?pattern=true" name="Mønstre" note={`${count(yes('pattern'), 'forløb', 'forløb')}, der går igen`} /></li>}
          <li><Tile to="/bank?sort=title" name="Alle arbejdsgange" note={`${count(front.total, 'arbejdsgang', 'arbejdsgange')} fra A til Å`} /></li>
        </ul>
      </section>
      <div className="two-columns">
        <ShortList id="senest" heading="Senest ændret" items={front.recent} more="/bank?sort=changed" moreText="Vis alle, nyeste først" showDate />
        <ShortList id="mest-brugt" heading="Mest brugt" items={front.used} empty="Her står de arbejdsgange, I oftest slår op. Vi tæller opslag, ikke personer." />
        <ShortList id="kan-koeres" heading="Kan køres" items={front.runnable} more={yes('runnable') > front.runnable.length ? '/bank?runnable=true' : undefined} moreText={`Vis alle ${yes('runnable')}, der kan køres`} />
      </div>
      <p className="page-actions button-row">
        {konsulent && <Link className="button button-secondary" to="/bank/ny">Læg en arbejdsgang i banken</Link>}
        {konsulent && <Link className="button button-secondary" to="/bank/import">Hent tegninger ind</Link>}
        {konsulent && <Link className="button button-secondary" to="/bank/deling">Deling med andre banker</Link>}
        <Link className="button button-secondary" to="/bank/forslag/ny">Ny arbejdsgang</Link><Link className="button button-secondary" to="/bank/forslag">Forslag</Link><Link className="button button-secondary" to="/bank/kort">Tegn om med kort</Link>
      </p>
    </>
  )
}

function Tile({ to, name, note }: { to: string; name: string; note: string }) {
  return <Link className="tile" to={to}><span className="tile-name">{name}</span><span className="tile-count">{note}</span></Link>
}

function ShortList({ id, heading, items, more, moreText, showDate, empty }: { id: string; heading: string; items: FoundItem[]; more?: string; moreText?: string; showDate?: boolean; empty?: string }) {
  if (items.length === 0 && empty === undefined) return null
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{heading}</h2>
      {items.length === 0 && <p className="muted">{empty}</p>}
      <ul className="plain-list rows">{items.map((item) => <li key={item.slug}><ShortItem item={item} showDate={showDate} /></li>)}</ul>
      {more !== undefined && <p><Link to={more}>{moreText}</Link></p>}
    </section>
  )
}
