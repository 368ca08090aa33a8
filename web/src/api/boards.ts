// Boards of cards as the server tells them (docs/api.md, "Boards").
import type { Duration } from '../lib/board'

export type CardKind = 'activity' | 'form' | 'meeting' | 'wait'
export type CardField = 'text' | 'kind' | 'document' | 'handling' | 'waiting' | 'share' | 'law' | 'prerequisites' | 'ideas' | 'it'
export type Card = { id: string; role: string; column: string; claims: string[]; element?: string; calls?: string ; kind?: CardKind } & { [field in Exclude<CardField, 'kind'>]?: string }
export interface Line { id: string; text: string }
export interface Duty { id: string; name: string; slug: string; law: string[]; by: { id: string; name: string }[]; reason: string; reasonBy: string; reasonAt: string | null }
export interface Coverage { total: number; covered: number; excused: number; text: string; missing: Duty[]; duties: Duty[]; unknown: string[] }
export interface Time { low: number; high: number; text: string }
export interface Drawn extends Time { median: string; most: string }
export interface Clock {
  lead: Drawn; handling: Drawn; text: string; untimed: number; begins: string; done: { first: string; last: string }
  before: { lead: (Time & { written: boolean }) | null; handling: (Time & { written: boolean }) | null }
}
export interface Person { client: string; user: string; name: string; card?: string | null; x?: number; y?: number }
export type BoardField = 'title' | 'problem' | 'vision' | 'start' | 'end' | 'beforeLead' | 'beforeHandling' | 'beforeSource'
export interface Board {
  boardKey: string; revision: number; created: string; by: string; sources: string[]; fields: { [field in BoardField]?: string }
  roles: Line[]; columns: Line[]; goals: Line[]; order: string[]; cards: Card[]; coverage: Coverage; clock: Clock; people: Person[]
  excuses: { duty: string; reason: string; by: string; at: number }[]
}
export interface Patch extends Partial<Omit<Board, 'people'>> { revision: number; removed?: string[]; operation: { revision: number; by: string; at: string; mode: string; op: Operation } }
export interface BoardItem { boardKey: string; title: string; created: string; by: string; changed: string; cards: number; people: number; sources: string[]; coverage: string; missing: number; lead: string }
export interface HistoryItem { revision: number; by: string; at: string; mode: 'apply' | 'undo' | 'redo'; text: string }

export type Operation =
  | { op: 'add'; card: Partial<Card> & { id: string; role: string; column: string; text: string }; after?: string; before?: string }
  | { op: 'edit'; card: string; field: CardField; value: string }
  | { op: 'move'; card: string; role: string; column: string; after?: string; before?: string }
  | { op: 'remove'; card: string }
  | { op: 'claim' | 'unclaim'; card: string; duty: string }
  | { op: 'excuse'; duty: string; reason: string }
  | { op: 'goal' | 'role' | 'column'; id: string; text: string; after?: string }
  | { op: 'drop'; what: 'goal' | 'role' | 'column'; id: string }
  | { op: 'shift'; what: 'goal' | 'role' | 'column'; id: string; after: string }
  | { op: 'board'; field: BoardField; value: string }
  | { op: 'undo' } | { op: 'redo' }

export const kindNames: Record<CardKind, string> = { activity: 'Aktivitet', form: 'Blanket', meeting: 'Møde', wait: 'Ventetid' }
export type { Duration }
