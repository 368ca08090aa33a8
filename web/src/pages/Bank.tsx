// The bank: one search field; before a search the ways in, after it the hits with what narrows them. The address holds all of it.
import { useEffect, useRef } from 'react'
import { useLocation, useSearchParams } from 'react-router-dom'
import type { Front, SearchResult } from '../api/bank'
import { query } from '../api/client'
import { useGet } from '../api/load'
import { useRole } from '../api/session'
import { changed, isSearching, parameters, readSearch, type BankSearch } from '../lib/bankSearch'
import { count } from '../lib/format'
import { Pager } from '../ui/Pager'
import { Empty, PageTitle, Problem, Waiting } from '../ui/parts'
import { useShortcuts } from '../ui/shortcuts'
import { ListExport } from './workflow/ExportMenu'
import { Chosen, Facets } from './bank/Facets'
import { FrontPage } from './bank/FrontPage'
import { Notes, WorkflowHit } from './bank/Results'
import { SearchBox } from './bank/SearchBox'

const pageSize = 20

export function Bank() {
  const [params, setParams] = useSearchParams()
  const location = useLocation()
  const field = useRef<HTMLInputElement>(null)
  const search = readSearch(params)
  const searching = isSearching(search)
  useEffect(() => {
    if ((location.state as { focusSearch?: boolean } | null)?.focusSearch) field.current?.focus()
  }, [location.state])
  useShortcuts([{ key: '/', text: 'Gå til søgefeltet', run: () => field.current?.focus(), group: 'Bank' }])
  const change = (name: string, value: string) => setParams(changed(params, name, value))
  const clear = () => { setParams({}); field.current?.focus() }
  return (
    <>
      <PageTitle title={search.q ? `${search.q} – Bank` : 'Bank'} lead="Her ligger kommunens arbejdsgange. Find en, se den som diagram, og sæt den i gang.">Bank</PageTitle>
      <SearchBox q={search.q} field={field} onSearch={(words) => change('q', words)} />
      {searching ? <Hits search={search} change={change} clear={clear} /> : <Entry />}
    </>
  )
}

function Entry() {
  const { data, error, loading, reload } = useGet<Front>('/api/bank/front', { keep: true, live: ['definition'] })
  const konsulent = useRole('konsulent')
  return (
    <>
      {error && <Problem error={error} retry={reload} />}
      {!data && loading && <Waiting what="banken" />}
      {data && <FrontPage front={data} konsulent={konsulent} />}
    </>
  )
}

function Hits({ search, change, clear }: { search: BankSearch; change: (name: string, value: string) => void; clear: () => void }) {
  const filters = Object.fromEntries(Object.entries(search.chosen).map(([facet, value]) => [parameters[facet as keyof typeof parameters], value]))
  const { data, error, loading, reload } = useGet<SearchResult>(query('/api/bank/workflows', { q: search.q, ...filters, sort: search.sort, limit: pageSize, offset: search.offset }), { keep: true, live: ['definition'] })
  if (error) return <Problem error={error} retry={reload} />
  if (!data) return loading ? <Waiting what="arbejdsgange" /> : null
  const words = data.suggestion ?? search.q
  return (
    <div className="bank-results">
      <Facets facets={data.facets} search={search} onChange={change} />
      <section aria-label="Resultater">
        <h2 className="result-count" aria-live="polite">{data.total === 0 ? 'Ingen arbejdsgange passer' : count(data.total, 'arbejdsgang', 'arbejdsgange')}{search.q ? ` for »${words}«` : ''}</h2>
        {data.suggestion && <p className="hint">Du skrev »{search.q}«. Vi søgte efter »{data.suggestion}«.</p>}
        {data.partly && <p className="hint">Få eller ingen har alle ordene. Her er også dem, der har nogle af dem.</p>}
        <Notes notes={data.notes} />
        <div className="result-tools">
          <Chosen search={search} facets={data.facets} onChange={change} />
          {data.total > 1 && <Order search={search} change={change} />}
        </div>
        {data.total === 0 && (
          <Empty heading="Prøv et andet ord">
            <p>Skriv et kortere ord eller fjern en afgrænsning. Prøv fx <button type="button" className="link-button" onClick={() => change('q', 'lægeerklæring')}>lægeerklæring</button>.</p>
            <button type="button" className="button button-secondary" onClick={clear}>Ryd søgningen</button>
          </Empty>
        )}
        <ul className="plain-list">{data.items.map((item) => <li key={`${item.owner} ${item.slug}`}><WorkflowHit item={item} /></li>)}</ul>
        {data.total > 0 && <ListExport query={query('', { q: search.q, ...filters })} />}
        <Pager offset={search.offset} shown={data.items.length} total={data.total} size={pageSize} onChange={(n) => change('fra', n === 0 ? '' : String(n))} />
      </section>
    </div>
  )
}

function Order({ search, change }: { search: BankSearch; change: (name: string, value: string) => void }) {
  const usual = search.q ? 'relevance' : 'title'
  return (
    <div className="result-order">
      <label htmlFor="bank-order" className="form-label">Rækkefølge</label>
      <select id="bank-order" className="form-select" value={search.sort || usual} onChange={(e) => change('sort', e.target.value)}>
        {search.q && <option value="relevance">Bedste først</option>}
        <option value="title">Titel, A til Å</option>
        <option value="changed">Senest ændret først</option>
      </select>
    </div>
  )
}
