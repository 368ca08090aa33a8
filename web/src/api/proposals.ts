// A draft's way to publication as the server tells it (docs/drafts.md).
import { write, type Finding } from './client'
import { draftPath } from './drafts'

export type ProposalState = 'draft' | 'proposed' | 'returned' | 'approved' | 'published' | 'withdrawn' | 'deleted'
export interface ProposalItem {
  id: string; slug: string; title: string; state: ProposalState; revision: number; by: string; created: string; at: string; changedBy: string; mine: boolean
  base: { slug: string; version: number; own: boolean } | null; published: number | null; mayDecide: boolean
}
export type StepName = 'propose' | 'withdraw' | 'return' | 'approve' | 'publish' | 'delete' | 'restore'
export interface Remark { at: string; by: string; text: string; element: string; revision: number }
export interface Event { at: string; by: string; what: string; note: string; revision: number }
export interface Proposal extends ProposalItem {
  manifest: Record<string, unknown> | null; files: { path: string; bytes: number }[]; findings: Finding[]; history: Event[]; comments: Remark[]
  may: { write: boolean } & Record<StepName, boolean>
  behind: { version: number; by: string | null; at: string } | null; replaces: number | null
}
export interface DiagramDifference { number: number; kind: string; kinds: string[]; subject: string; a: string[]; b: string[]; da: string }
export interface Changes {
  against: { slug: string; version: number } | null
  files: { path: string; change: 'added' | 'removed' | 'changed' }[]
  manifest: { key: string; before: unknown; after: unknown }[]
  diagram: { summary: { da: string }; differences: DiagramDifference[] } | null
}

const paths: Record<StepName, string> = { propose: '/proposal', withdraw: '/withdrawal', return: '/return', approve: '/approval', publish: '/publication', delete: '', restore: '/restoration' }
export interface StepDone { state: ProposalState; revision: number; slug?: string; version?: number }
export function takeStep(id: string, step: StepName, body: Record<string, unknown>): Promise<StepDone | undefined> {
  return write<StepDone | undefined>(step === 'delete' ? 'DELETE' : 'POST', draftPath(id, paths[step]), step === 'restore' || step === 'delete' ? {} : body)
}
