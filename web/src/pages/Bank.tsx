// The bank: one search field, domains with counts, hits that open at the activity that matched.
import { useEffect, useRef, useState } from 'react'
import { Link, useLocation, useSearchParams } from 'react-router-dom'
import { query } from '../api/client'
import { useGet } from '../api/load'
import { useRole } from '../api/session'
import type { Facet, Hit, WorkflowItem, WorkflowList } from '../api/types'
import { count, formatDate, humanise } from '../lib/format'
import { fieldName, kindName } from '../lib/words'
import { Badge, Empty, Keycap, PageTitle, Problem, Stars, Waiting } from '../ui/parts'
import { useShortcuts } from '../ui/shortcuts'
import { ListExport } from './workflow/ExportMenu'

const filters = ['domain', 'kind', 'runnable'] as const
type Filter = (typeof filters)[number]
const pageSize = 20

export function Bank() {
  const [params, setParams] = useSearchParams()
  const location = useLocation()
  const field = useRef<HTMLInputElement>(null)
  const q = params.get('q') ?? ''
  const [text, setText] = useState(q)
  const chosen = Object.fromEntries(filters.map((f) => [f, params.get(f) ?? ''])) as Record<Filter, string>
  const searching = q !== '' || filters.some((f) => chosen[f] !== '')
  const offset = Math.max(0, Number(params.get('fra') ?? 0) || 0)
  const { data, error, loading, reload } = useGet<WorkflowList>(query('/api/bank/workflows', { q, ...chosen, limit: pageSize, offset }), { keep: true, live: ['definition'] })
  const konsulent = useRole('konsulent')

  useEffect(() => setText(q), [q])
  useEffect(() => {
    if ((location.state as { focusSearch?: boolean } | null)?.focusSearch) field.current?.focus()
  }, [location.state])
  useEffect(() => { // results as you type; one entry in the history for one search
    if (text === q) return
    const timer = setTimeout(() => change('q', text, true), 200)
    return () => clearTimeout(timer)
  })
  const change = (name: string, value: string, replace = false) => {
    const now = new URLSearchParams(params)
    if (value === '') now.delete(name)
    else now.set(name, value)
    if (name !== 'fra') now.delete('fra')
    setParams(now, { replace })
  }
  useShortcuts([{ key: '/', text: 'Gå til søgefeltet', run: () => field.current?.focus(), group: 'Bank' }])

  const runnable = data?.items.filter((item) => item.runnable) ?? []
  const recent = [...(data?.items ?? [])].sort((a, b) => (b.changed ?? '').localeCompare(a.changed ?? '')).slice(0, 6)
  return (
    <>
      <PageTitle title={q ? `${q} – Bank` : 'Bank'} lead="Her ligger kommunens arbejdsgange. Søg på det, du laver, en lov, et KLE-nummer eller et ord fra diagrammet; et klik viser stedet.">Bank</PageTitle>
      <form role="search" className="bank-search" onSubmit={(e) => { e.preventDefault(); change('q', text) }}>
        <label htmlFor="bank-search" className="form-label">Søg i arbejdsgange</label>
        <div className="bank-search-row">
          <input id="bank-search" ref={field} type="search" className="form-input" value={text} onChange={(e) => setText(e.target.value)} placeholder="fx lægeerklæring, takst eller 15.20" autoComplete="off" />
          <button className="button button-primary">Søg</button>
        </div>
        <p className="hint hide-narrow">Tryk <Keycap>/</Keycap> for at komme hertil fra alle sider.</p>
      </form>
      {error && <Problem error={error} retry={reload} />}
      {!data && loading && <Waiting what="arbejdsgange" />}
      {data && searching && (
        <div className="bank-results">
          <aside aria-label="Afgræns">
            <FacetList title="Domæne" facets={data.facets.domain} value={chosen.domain} onChange={(v) => change('domain', v)} name={humanise} />
            <FacetList title="Art" facets={data.facets.kind} value={chosen.kind} onChange={(v) => change('kind', v)} name={kindName} />
            <FacetList title="Kan køres" facets={data.facets.runnable} value={chosen.runnable} onChange={(v) => change('runnable', v)} name={(v) => (v === 'true' ? 'Ja' : 'Nej')} />
          </aside>
          <section aria-label="Resultater">
            <h2 className="result-count" aria-live="polite">{data.total === 0 ? 'Ingen arbejdsgange passer' : count(data.total, 'arbejdsgang', 'arbejdsgange')}{q ? ` for »${q}«` : ''}</h2>
            {data.total === 0 && (
              <Empty heading="Prøv et andet ord">
                <p>Skriv et kortere ord eller fjern en afgrænsning. Prøv fx <button type="button" className="link-button" onClick={() => setParams({ q: 'lægeerklæring' })}>lægeerklæring</button>.</p>
                <button type="button" className="button button-secondary" onClick={() => { setParams({}); field.current?.focus() }}>Ryd søgningen</button>
              </Empty>
            )}
            <ul className="plain-list">{data.items.map((item) => <li key={item.slug}><WorkflowHit item={item} /></li>)}</ul>
            <Pager offset={offset} shown={data.items.length} total={data.total} onChange={(n) => change('fra', n === 0 ? '' : String(n))} />
            {data.total > 0 && <ListExport query={query('', { q, ...chosen })} />}
          </section>
        </div>
      )}
      {data && !searching && (
        <>
          {data.total === 0 ? (
            <Empty heading="Banken er tom endnu">
              <p>Læg den første arbejdsgang ind: kør <code>sagsgang import bank/</code>{konsulent ? ' eller ' : '.'}{konsulent && <Link to="/bank/ny">læg en pakke op her</Link>}</p>
            </Empty>
          ) : (
            <section aria-labelledby="domaener">
              <h2 id="domaener">Domæner</h2>
              <ul className="tiles">
                {data.facets.domain.map((facet) => (
                  <li key={String(facet.value)}>
                    <Link className="tile" to={query('/bank', { domain: String(facet.value) })}>
                      <span className="tile-name">{facet.title ?? humanise(String(facet.value))}</span>
                      <span className="tile-count">{count(facet.count, 'arbejdsgang', 'arbejdsgange')}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <div className="two-columns">
            {runnable.length > 0 && (
              <section aria-labelledby="kan-koeres">
                <h2 id="kan-koeres">Kan køres</h2>
                <ul className="plain-list rows">{runnable.slice(0, 6).map((item) => <li key={item.slug}><ShortItem item={item} /></li>)}</ul>
                {(data.facets.runnable.find((f) => String(f.value) === 'true')?.count ?? 0) > 6 && <p><Link to="/bank?runnable=true">Vis alle, der kan køres</Link></p>}
              </section>
            )}
            {recent.length > 0 && (
              <section aria-labelledby="senest">
                <h2 id="senest">Senest ændret</h2>
                <ul className="plain-list rows">{recent.map((item) => <li key={item.slug}><ShortItem item={item} showDate /></li>)}</ul>
              </section>
            )}
          </div>
          <p className="page-actions button-row">{konsulent && <Link className="button button-secondary" to="/bank/ny">Læg en arbejdsgang i banken</Link>}{konsulent && <Link className="button button-secondary" to="/bank/deling">Deling med andre banker</Link>}<Link className="button button-secondary" to="/bank/kort">Tegn om med kort</Link></p>
        </>
      )}
    </>
  )
}

function FacetList({ title, facets, value, onChange, name }: { title: string; facets: Facet[]; value: string; onChange: (value: string) => void; name: (value: string) => string }) {
  if (facets.length === 0 && value === '') return null
  const all = value !== '' && !facets.some((f) => String(f.value) === value) ? [...facets, { value, count: 0 }] : facets
  return (
    <fieldset className="facet">
      <legend>{title}</legend>
      <ul className="plain-list">
        {all.map((facet) => {
          const own = String(facet.value)
          const on = own === value
          return (
            <li key={own}>
              <button type="button" className="facet-button" aria-pressed={on} onClick={() => onChange(on ? '' : own)}>
                <span>{facet.title ?? name(own)}</span> <span className="facet-count">{facet.count}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </fieldset>
  )
}

const pathOf = (slug: string) => `/bank/${slug.split('/').map(encodeURIComponent).join('/')}`

function hitPath(slug: string, hit: Hit): string {
  if (/decision|regel|beslutning/.test(hit.field)) return query(`${pathOf(slug)}/regler`, { regel: hit.elementId })
  if (hit.elementId) return query(pathOf(slug), { element: hit.elementId })
  if (/law|jura/.test(hit.field)) return `${pathOf(slug)}/jura`
  return pathOf(slug)
}

function WorkflowHit({ item }: { item: WorkflowItem }) {
  const places = (item.hits ?? []).filter((hit) => !/^(title|titel|summary|resume)$/.test(hit.field)) // those stand here already
  const first = places.find((hit) => hit.elementId && /element=/.test(hitPath(item.slug, hit)))
  return (
    <article className="hit">
      <h3><Link to={first ? hitPath(item.slug, first) : pathOf(item.slug)}>{item.title}</Link></h3>
      <p className="meta">{humanise(item.domain)}{item.kle ? ` · KLE ${item.kle}` : ''} · {kindName(item.kind)} <Stars value={item.stars} /> {item.runnable && <Badge tone="success">Kan køres</Badge>}</p>
      <p>{item.summary}</p>
      {places.length > 0 && (
        <ul className="plain-list hit-places">
          {places.slice(0, 5).map((hit, i) => <li key={i}><Link to={hitPath(item.slug, hit)}><span className="muted">{fieldName(hit.field)}:</span> {hit.text}</Link></li>)}
        </ul>
      )}
    </article>
  )
}

function ShortItem({ item, showDate }: { item: WorkflowItem; showDate?: boolean }) {
  return (
    <>
      <Link to={pathOf(item.slug)}>{item.title}</Link>
      <span className="meta">{humanise(item.domain)}{showDate && item.changed ? ` · ${formatDate(item.changed)}` : ''}</span>
    </>
  )
}

export function Pager({ offset, shown, total, onChange, size = pageSize }: { offset: number; shown: number; total: number; onChange: (offset: number) => void; size?: number }) {
  if (total <= size && offset === 0) return null
  return (
    <nav className="pager" aria-label="Sider">
      <button type="button" className="button button-secondary" disabled={offset === 0} onClick={() => onChange(Math.max(0, offset - size))}>Forrige</button>
      <span>{shown === 0 ? 0 : offset + 1}–{offset + shown} af {total}</span>
      <button type="button" className="button button-secondary" disabled={offset + shown >= total} onClick={() => onChange(offset + size)}>Næste</button>
    </nav>
  )
}
