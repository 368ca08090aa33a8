// The bank's search: what /api/bank answers about finding workflows.
import type { Facet, Hit, WorkflowItem } from './types'

export const facetNames = ['domain', 'kleGroup', 'kind', 'pattern', 'law', 'system', 'runnable', 'stars', 'owner'] as const
export type FacetName = (typeof facetNames)[number]
export interface FoundItem extends WorkflowItem { owner?: string; validTo?: string | null; kleTitle?: string | null; kleNow?: string[] }
export interface SearchNote { kind: 'kle-moved' | 'kle-gone'; from: string; to: string[]; date: string | null; text: string }
export interface SearchResult {
  items: FoundItem[]; total: number; facets: Record<FacetName, Facet[]>
  suggestion: string | null; partly: boolean; notes: SearchNote[]
}
export interface Suggestion { kind: 'workflow' | 'kle'; title: string; slug?: string; domain?: string; runnable?: boolean; number?: string; hit?: Hit | null }
export interface Suggestions { items: Suggestion[]; suggestion: string | null; total: number }
export interface KleSource { source: string; date: string; imported: boolean; subjects: number }
export interface Front { total: number; facets: Pick<Record<FacetName, Facet[]>, 'domain' | 'pattern' | 'runnable' | 'kind'>; recent: FoundItem[]; runnable: FoundItem[]; used: FoundItem[]; kle: KleSource }
export interface KleSubject { number: string; title: string; count: number; inUse: boolean; gone: string | null; movedTo: string[]; children: number }
export interface KleTree { number: string; path: KleSubject[]; items: KleSubject[]; source: KleSource }
