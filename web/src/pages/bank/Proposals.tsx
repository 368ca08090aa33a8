// Forslag: drafts on their way to publication. What I write, what waits for me, what everybody has.
import { Link, useSearchParams } from 'react-router-dom'
import '../../styles/proposals.css'
import { query } from '../../api/client'
import { useGet } from '../../api/load'
import type { ProposalItem, ProposalState } from '../../api/proposals'
import { count } from '../../lib/format'
import { stateNames, stateTone } from '../../lib/proposals'
import { Badge, Empty, PageTitle, Problem, Table, Time, Waiting } from '../../ui/parts'

const tabs: [string, string, string][] = [['', 'Venter på mig', 'waiting'], ['mine', 'Mine', 'mine'], ['alle', 'Alle', 'all']]

export default function Proposals() {
  const [params, setParams] = useSearchParams()
  const shown = tabs.find(([key]) => key === (params.get('vis') ?? '')) ?? tabs[0]
  const state = params.get('tilstand') ?? ''
  const who = shown?.[2] ?? 'waiting'
  const { data, error, reload } = useGet<{ items: ProposalItem[]; total: number }>(query('/api/bank/drafts', { who, state }), { keep: false })
  return (
    <>
      <nav aria-label="Brødkrummer" className="crumbs"><Link to="/bank">Bank</Link></nav>
      <PageTitle title="Forslag" lead="Her bliver nye og ændrede arbejdsgange til: en kladde bliver et forslag, en anden godkender det, og så kan det offentliggøres i banken.">Forslag</PageTitle>
      <p><Link className="button button-primary" to="/bank/forslag/ny">Ny arbejdsgang</Link></p>
      <nav className="tab-container own-tabs" aria-label="Forslag">
        <ul className="tab-list">{tabs.map(([key, text]) => { const on = key === shown?.[0]; return <li key={key}><Link className="tab-button" aria-current={on ? 'page' : undefined} to={query('/bank/forslag', { vis: key })}><span>{text}</span></Link></li> })}</ul>
      </nav>
      {who !== 'waiting' && (
        <p className="proposal-filter"><label className="form-label" htmlFor="tilstand">Vis</label>
          <select id="tilstand" className="form-select" value={state} onChange={(e) => setParams((old) => { e.target.value ? old.set('tilstand', e.target.value) : old.delete('tilstand'); return old })}>
            <option value="">Alle, der ikke er slettet</option>{(Object.keys(stateNames) as ProposalState[]).map((s) => <option key={s} value={s}>{stateNames[s]}</option>)}
          </select></p>
      )}
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && <Waiting what="forslagene" />}
      {data?.items.length === 0 && <Nothing who={who} filtered={state !== ''} />}
      {data && data.items.length > 0 && (
        <>
          <p className="meta" aria-live="polite">{count(data.total, 'forslag', 'forslag')}{data.total > data.items.length ? `; de ${data.items.length} senest ændrede vises` : ''}</p>
          <Table caption="Forslag" head={['Forslag', 'Tilstand', 'Begyndt af', 'Sidst ændret']} compact>
            {data.items.map((item) => (
              <tr key={item.id}>
                <td><Link to={`/bank/forslag/${item.id}`}>{item.title}</Link><br /><span className="muted break">{item.slug}{item.base ? '' : ' (ny)'}</span></td>
                <td><Badge tone={stateTone[item.state]}>{stateNames[item.state]}</Badge>{item.mayDecide && <span className="meta"> du kan svare</span>}</td>
                <td>{item.by}</td><td><Time value={item.at} /><br /><span className="muted">{item.changedBy}</span></td>
              </tr>
            ))}
          </Table>
        </>
      )}
    </>
  )
}

function Nothing({ who, filtered }: { who: string; filtered: boolean }) {
  if (filtered) return <Empty heading="Ingen i den tilstand"><p>Vælg »Alle« for at se de andre.</p></Empty>
  if (who === 'waiting') return <Empty heading="Der er ikke noget, der venter på dig"><p>Når en kollega sender et forslag, kan en konsulent, der ikke selv har skrevet i det, godkende det herfra. Dine egne kladder, der er sendt tilbage, står her også.</p><p><Link to="/bank/forslag?vis=alle">Se alle forslag</Link></p></Empty>
  return (
    <Empty heading={who === 'mine' ? 'Du har ingen kladder' : 'Her er ingen forslag endnu'}>
      <p>Find en arbejdsgang i <Link to="/bank">banken</Link>, og vælg »Tegn videre«: så får du en kladde, du kan ændre, uden at nogen andre mærker det. Eller <Link to="/bank/forslag/ny">begynd på en ny</Link>, fx ved at skrive den som tekst.</p>
    </Empty>
  )
}
