// What the server says of two drawings, and of workflows that are alike (docs/compare.md).
export type ChangeKind = 'removed' | 'added' | 'merged' | 'split' | 'relabelled' | 'retyped' | 'moved' | 'laneChanged' | 'rerouted' | 'attributes'
export interface Difference { number: number; kind: ChangeKind; kinds: ChangeKind[]; subject: string; a: string[]; b: string[]; details: { what: string; name: string; before: string; after: string }[]; da: string; en: string }
export interface ComparedWorkflow { slug: string; version: number; title: string; kind: string; xml: string }
export interface Comparison {
  likeness: number; summary: { da: string; en: string }; elements: { a: number; b: number; both: number; unchanged: number }
  differences: Difference[]; movedOnPaper: { a: string; b: string }[]; a: ComparedWorkflow; b: ComparedWorkflow
}
export interface SimilarWorkflow { slug: string; title: string; domain: string; kind: string; runnable: boolean; version: number; likeness: number }
export const similarPath = (slug: string, limit = 6): string => `/api/bank/workflows/${slug.split('/').map(encodeURIComponent).join('/')}/similar?limit=${limit}`
export const comparePath = (a: string, b: string): string => `/api/bank/compare?${new URLSearchParams({ a, b })}`
export const compareAddress = (a: string, b = ''): string => `/bank/sammenlign?${new URLSearchParams(b ? { a, b } : { a })}`
