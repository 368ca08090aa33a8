// The search in the bank as the address holds it, and where a hit leads.
import type { FacetName } from '../api/bank'
import type { Hit } from '../api/types'

/** Each facet and its name in the address; KLE's is the number or what is above it. */
export const parameters: Record<FacetName, string> = { domain: 'domain', kleGroup: 'kle', kind: 'kind', pattern: 'pattern', law: 'law', system: 'system', runnable: 'runnable', stars: 'stars', owner: 'owner' }
export interface BankSearch { q: string; chosen: Partial<Record<FacetName, string>>; sort: string; offset: number }

export function readSearch(params: URLSearchParams): BankSearch {
  const chosen: BankSearch['chosen'] = {}
  for (const [facet, name] of Object.entries(parameters) as [FacetName, string][]) {
    const value = params.get(name)
    if (value) chosen[facet] = value
  }
  return { q: params.get('q') ?? '', chosen, sort: params.get('sort') ?? '', offset: Math.max(0, Math.floor(Number(params.get('fra') ?? 0)) || 0) }
}

/** Whether there is anything to look for; else the entry page is shown. */
export const isSearching = (search: BankSearch): boolean => search.q !== '' || Object.keys(search.chosen).length > 0 || search.sort !== ''

/** The address with one value changed; another page only where that is what changes. */
export function changed(params: URLSearchParams, name: string, value: string): URLSearchParams {
  const now = new URLSearchParams(params)
  if (value === '') now.delete(name)
  else now.set(name, value)
  if (name !== 'fra') now.delete('fra')
  return now
}

export const pathOf = (slug: string): string => `/bank/${slug.split('/').map(encodeURIComponent).join('/')}`

/** Where in the workflow a hit is shown: the rule, the lit element, the law, or just the workflow. */
export function hitPath(slug: string, hit: Hit): string {
  const path = pathOf(slug)
  if (/decision|regel|beslutning/.test(hit.field)) return hit.elementId ? `${path}/regler?regel=${encodeURIComponent(hit.elementId)}` : `${path}/regler`
  if (hit.elementId) return `${path}?element=${encodeURIComponent(hit.elementId)}`
  if (/law|jura/.test(hit.field)) return `${path}/jura`
  return path
}
