// What narrows a search: each facet a list that folds, with counts; on a narrow screen all of them fold into one line.
import { useEffect, useState } from 'react'
import { facetNames, type FacetName } from '../../api/bank'
import type { Facet } from '../../api/types'
import { parameters, type BankSearch } from '../../lib/bankSearch'
import { count, humanise } from '../../lib/format'
import { kindName, systemName } from '../../lib/words'

const titles: Record<FacetName, string> = { domain: 'Domæne', kleGroup: 'KLE-gruppe', kind: 'Art', pattern: 'Mønster', law: 'Lov', system: 'System', runnable: 'Kan køres', stars: 'Stjerner', owner: 'Myndighed' }
const openAtFirst: readonly FacetName[] = ['domain', 'kind', 'runnable']
const few = 8

export function valueName(facet: FacetName, value: string, title?: string): string {
  if (facet === 'kleGroup') return title ? `${value} ${title}` : value
  if (title) return title
  if (facet === 'domain') return humanise(value)
  if (facet === 'kind') return kindName(value)
  if (facet === 'system') return systemName(value)
  if (facet === 'runnable') return value === 'true' ? 'Ja' : 'Nej'
  if (facet === 'pattern') return value === 'true' ? 'Generelt mønster' : 'Konkret arbejdsgang'
  if (facet === 'stars') return count(Number(value), 'stjerne', 'stjerner')
  return value
}

export function Facets({ facets, search, onChange }: { facets: Record<FacetName, Facet[]>; search: BankSearch; onChange: (name: string, value: string) => void }) {
  const narrow = useNarrow()
  const chosen = Object.keys(search.chosen).length
  const lists = facetNames.map((facet) => (
    <FacetList key={facet} facet={facet} values={facets[facet]} value={search.chosen[facet] ?? ''} onChange={(value) => onChange(parameters[facet], value)} />
  ))
  if (!narrow) return <aside aria-label="Afgræns" className="facets">{lists}</aside>
  return (
    <aside aria-label="Afgræns" className="facets">
      <details className="facet-all"><summary>Afgræns{chosen > 0 ? ` (${chosen} valgt)` : ''}</summary>{lists}</details>
    </aside>
  )
}

function FacetList({ facet, values, value, onChange }: { facet: FacetName; values: Facet[]; value: string; onChange: (value: string) => void }) {
  const [all, setAll] = useState(false)
  const here = value !== '' && !values.some((f) => String(f.value) === value) ? [{ value, count: 0 }, ...values] : values
  if (here.length === 0 || (here.length === 1 && value === '' && facet === 'owner')) return null
  const shown = all ? here : here.filter((f, i) => i < few || String(f.value) === value)
  return (
    <details className="facet" open={openAtFirst.includes(facet) || value !== ''}>
      <summary>{titles[facet]}</summary>
      <ul className="plain-list">
        {shown.map((f) => {
          const own = String(f.value), on = own === value
          return (
            <li key={own}>
              <button type="button" className="facet-button" aria-pressed={on} onClick={() => onChange(on ? '' : own)}>
                <span>{valueName(facet, own, f.title)}</span> <span className="facet-count">{f.count}</span>
              </button>
            </li>
          )
        })}
      </ul>
      {here.length > few && <button type="button" className="link-button" aria-expanded={all} onClick={() => setAll(!all)}>{all ? 'Vis færre' : `Vis alle ${here.length}`}</button>}
    </details>
  )
}

/** The choices made, each with its way out. */
export function Chosen({ search, facets, onChange }: { search: BankSearch; facets: Record<FacetName, Facet[]>; onChange: (name: string, value: string) => void }) {
  const chosen = Object.entries(search.chosen) as [FacetName, string][]
  if (chosen.length === 0) return null
  return (
    <ul className="chosen" aria-label="Valgte afgrænsninger">
      {chosen.map(([facet, value]) => {
        const name = valueName(facet, value, facets[facet].find((f) => String(f.value) === value)?.title)
        return (
          <li key={facet}>
            <button type="button" className="chip" onClick={() => onChange(parameters[facet], '')}>
              <span>{titles[facet]}: {name}</span><span aria-hidden="true"> ×</span><span className="sr-only">, fjern</span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}

function useNarrow(): boolean {
  const wide = '(min-width: 768px)'
  const [narrow, setNarrow] = useState(() => !window.matchMedia(wide).matches)
  useEffect(() => {
    const media = window.matchMedia(wide)
    const changed = () => setNarrow(!media.matches)
    media.addEventListener('change', changed)
    return () => media.removeEventListener('change', changed)
  }, [])
  return narrow
}
