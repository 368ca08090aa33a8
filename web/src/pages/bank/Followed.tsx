// What a person follows and keeps, and the secret addresses of their feeds.
import { useState } from 'react'
import { Link } from 'react-router-dom'
import { ApiError, write } from '../../api/client'
import { useGet } from '../../api/load'
import { pageOf, type Followed as List } from '../../api/understand'
import { count, formatDate, humanise } from '../../lib/format'
import { Icon } from '../../ui/Icon'
import { Confirm } from '../../ui/Dialog'
import { Badge, Empty, PageTitle, Problem, Time, Waiting } from '../../ui/parts'
import { toast } from '../../ui/toasts'
import { BankNav } from './parts'

export default function Followed() {
  const { data, error, reload } = useGet<List>('/api/bank/followed')
  const [feeds, setFeeds] = useState<{ followed: string; bank: string }>()
  const [asking, setAsking] = useState<'new' | 'end'>()
  const [fault, setFault] = useState<ApiError>()
  const change = async (what: 'new' | 'end') => {
    setFault(undefined)
    setAsking(undefined)
    try {
      if (what === 'new') setFeeds(await write<{ followed: string; bank: string }>('POST', '/api/bank/feeds'))
      else { await write('DELETE', '/api/bank/feeds'); setFeeds(undefined); toast('Adresserne er lukket') }
      reload()
    } catch (cause) { if (cause instanceof ApiError) setFault(cause) }
  }
  const unfollow = async (slug: string) => {
    try { await write('PUT', `/api/bank/workflows/${slug}/reader`, { favourite: false, follow: false }); toast('Fjernet fra listen'); reload() } catch (cause) { if (cause instanceof ApiError) setFault(cause) }
  }
  const address = (path: string) => `${window.location.origin}${path}`
  return (
    <>
      <BankNav />
      <PageTitle title="Følger" lead="De arbejdsgange, du følger eller har gemt som favorit. Nyeste ændring står øverst.">Følger</PageTitle>
      {error && <Problem error={error} retry={reload} />}
      {fault && <Problem error={fault} />}
      {!data && !error && <Waiting what="listen" />}
      {data && data.items.length === 0 && <Empty heading="Du følger ikke noget endnu"><p>Åbn en arbejdsgang og vælg »Følg«. Så står den her, og du kan få ændringer som feed. <Link to="/bank">Gå til banken</Link></p></Empty>}
      {data && data.items.length > 0 && (
        <ul className="plain-list rows">
          {data.items.map((item) => (
            <li key={item.slug}>
              <p className="pieces"><Link to={pageOf(item.slug)}><strong>{item.title}</strong></Link>{item.favourite && <Badge>Favorit</Badge>}{item.following && <Badge tone="info">Følger</Badge>}{item.openReviews > 0 && <Badge tone="warning">{count(item.openReviews, 'gennemgang venter', 'gennemgange venter')}</Badge>}</p>
              <p className="meta pieces"><span>{humanise(item.domain)} · version {item.version}, {formatDate(item.changed)}</span><span>{item.read === null ? 'Ikke bekræftet læst' : item.read < item.version ? `Du har læst version ${item.read}: der er en nyere` : 'Læst og forstået'}</span><button type="button" className="link-button" onClick={() => void unfollow(item.slug)}>Fjern<span className="sr-only"> {item.title} fra listen</span></button></p>
            </li>
          ))}
        </ul>
      )}
      {data && (
        <section aria-labelledby="feed">
          <h2 id="feed">Nyt som feed (Atom)</h2>
          <p className="narrow">En feedlæser kan hente ændringer uden at logge ind. Adressen er hemmelig: del den ikke. Feedet viser titler, versioner og lovændringer, aldrig navne eller sager.</p>
          {data.feed && !feeds && <p className="meta">Du fik en adresse <Time value={data.feed} />. Af hensyn til sikkerheden vises den kun én gang; har du mistet den, så lav en ny.</p>}
          {feeds && <dl className="facts narrow feed-addresses"><div><dt>Det, du følger</dt><dd><code className="break">{address(feeds.followed)}</code></dd></div><div><dt>Hele banken</dt><dd><code className="break">{address(feeds.bank)}</code></dd></div></dl>}
          {feeds && <p className="meta">Kopiér adresserne nu: de vises ikke igen.</p>}
          <div className="button-row"><button type="button" className="button button-secondary" onClick={() => (data.feed ? setAsking('new') : void change('new'))}><Icon name="refresh" />{data.feed ? 'Lav en ny adresse' : 'Lav en adresse'}</button>{data.feed && <button type="button" className="button button-secondary" onClick={() => setAsking('end')}>Luk adresserne</button>}</div>
          <p className="meta">Besked på mail findes ikke endnu.</p>
        </section>
      )}
      {asking && <Confirm title={asking === 'new' ? 'Lav en ny adresse' : 'Luk adresserne'} action={asking === 'new' ? 'Lav en ny' : 'Luk'} onConfirm={() => void change(asking)} onClose={() => setAsking(undefined)}><p>Den gamle adresse holder op med at virke med det samme, også i de feedlæsere, der bruger den nu.</p></Confirm>}
    </>
  )
}
