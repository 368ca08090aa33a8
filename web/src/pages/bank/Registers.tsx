// The registers of the bank: what there is, how often it is used, and which laws wait for somebody.
import { useState } from 'react'
import { Link, useParams } from 'react-router-dom'
import { useGet } from '../../api/load'
import { entryPage, registerNames, type RegisterKind, type RegisterList, type RegisterSizes, type Reviews as ReviewList } from '../../api/understand'
import { count, formatNumber, humanise } from '../../lib/format'
import { systemName } from '../../lib/words'
import { Alert, Badge, Empty, PageTitle, Problem, Table, Waiting } from '../../ui/parts'
import { BankNav, Verified } from './parts'
import { Reviews } from './Reviews'

export const entryTitle = (kind: RegisterKind, title: string) => (kind === 'system' ? humanise(systemName(title)) : title)

export default function Registers() {
  const { kind } = useParams()
  if (kind !== undefined && kind in registerNames) return <Register kind={kind as RegisterKind} />
  return <Overview unknown={kind !== undefined} />
}

function Overview({ unknown }: { unknown: boolean }) {
  const { data, error, reload } = useGet<RegisterSizes>('/api/bank/registers')
  const { data: reviews, reload: again } = useGet<ReviewList>('/api/bank/law-reviews?open=true')
  const [owner, setOwner] = useState('')
  const overdue = data?.kinds.find((k) => k.kind === 'lov')?.overdue ?? 0
  const shown = (reviews?.items ?? []).filter((r) => owner === '' || r.owner === owner)
  return (
    <>
      <BankNav />
      <PageTitle title="Registre" lead="Hvert register viser, hvad bankens arbejdsgange bruger, og hvor det bruges.">Registre</PageTitle>
      {unknown && <Alert tone="warning" heading="Det register findes ikke" />}
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && <Waiting what="registrene" />}
      {data && (
        <ul className="tiles">
          {data.kinds.map(({ kind, entries }) => (
            <li key={kind}><Link className="tile" to={`/bank/registre/${kind}`}><span className="tile-name">{registerNames[kind].many}</span><span className="tile-count">{formatNumber(entries)}</span></Link></li>
          ))}
        </ul>
      )}
      {overdue > 0 && <Alert tone="warning" heading={`${count(overdue, 'lov er', 'love er')} ikke kontrolleret i over et år`} live={false}><p><Link to="/bank/registre/lov?vis=overskredet">Se dem i registret over love</Link></p></Alert>}
      {reviews && reviews.open > 0 && (
        <section aria-labelledby="gennemgang">
          <h2 id="gennemgang">Skal gennemgås, fordi en lov er ændret</h2>
          <div className="form-group"><label className="form-label" htmlFor="ejer">Vis for ejer</label>
            <select id="ejer" className="form-select" value={owner} onChange={(e) => setOwner(e.target.value)}>
              <option value="">Alle ({reviews.open})</option>
              {reviews.byOwner.map((o) => <option key={o.owner} value={o.owner}>{o.owner || 'Ingen ejer angivet'} ({o.open})</option>)}
            </select></div>
          <Reviews items={shown} onChanged={again} of="law" />
        </section>
      )}
      {reviews?.open === 0 && <p className="meta">Ingen aktiviteter venter på gennemgang efter en lovændring. Bliver en lov ændret, så markér den i <Link to="/bank/registre/lov">registret over love</Link>.</p>}
    </>
  )
}

function Register({ kind }: { kind: RegisterKind }) {
  const names = registerNames[kind]
  const { data, error, reload } = useGet<RegisterList>(`/api/bank/registers?kind=${kind}`)
  const [words, setWords] = useState('')
  const late = new URLSearchParams(window.location.search).get('vis') === 'overskredet'
  const [onlyLate, setOnlyLate] = useState(late)
  const law = kind === 'lov'
  const wanted = words.trim().toLocaleLowerCase('da')
  const shown = (data?.items ?? []).filter((i) => entryTitle(kind, i.title).toLocaleLowerCase('da').includes(wanted) && (!onlyLate || i.state === 'overskredet'))
  return (
    <>
      <BankNav />
      <nav aria-label="Brødkrummer" className="crumbs"><Link to="/bank">Bank</Link> <span aria-hidden="true">/</span> <Link to="/bank/registre">Registre</Link></nav>
      <PageTitle title={names.many} lead={names.explain}>{names.many}</PageTitle>
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && <Waiting what="registret" />}
      {data && data.items.length === 0 && <Empty heading="Registret er tomt"><p>Det fyldes af de arbejdsgange, der ligger i banken. <Link to="/bank/ny">Læg en arbejdsgang i banken</Link></p></Empty>}
      {data && data.items.length > 0 && (
        <>
          <div className="register-filter">
            <div className="form-group"><label className="form-label" htmlFor="ord">Find i registret</label><input id="ord" type="search" className="form-input" value={words} onChange={(e) => setWords(e.target.value)} /></div>
            {law && <div className="form-group-checkbox"><input id="kun-sene" type="checkbox" className="form-checkbox" checked={onlyLate} onChange={(e) => setOnlyLate(e.target.checked)} /><label htmlFor="kun-sene">Kun love, der mangler kontrol</label></div>}
          </div>
          <p className="meta" role="status">{count(shown.length, names.one.toLocaleLowerCase('da'), names.many.toLocaleLowerCase('da'))}</p>
          <Table caption={names.many} head={[names.one, { text: 'Arbejdsgange', right: true }, { text: 'Trin', right: true }, ...(law ? ['Kontrol'] : [])]}>
            {shown.map((item) => (
              <tr key={item.key}>
                <td><Link to={entryPage(kind, item.key)}>{entryTitle(kind, item.title)}</Link></td>
                <td className="right">{formatNumber(item.workflows)}</td>
                <td className="right">{formatNumber(item.activities)}</td>
                {law && <td><Verified date={item.verified} state={item.state} /> {(item.openReviews ?? 0) > 0 && <Badge tone="warning">{count(item.openReviews ?? 0, 'gennemgang venter', 'gennemgange venter')}</Badge>}</td>}
              </tr>
            ))}
          </Table>
        </>
      )}
    </>
  )
}
