// A board of cards without its page: patches, places, durations and words (docs/cards.md).
import type { Board, Card, Line, Operation, Patch } from '../api/boards'

/** What an operation changed, as it now is, put into the board. Patches that are older than the board change nothing. */
export function withPatch(board: Board, patch: Patch): Board {
  if (patch.revision <= board.revision) return board
  const { operation: _operation, removed = [], cards = [], ...rest } = patch
  const changed = new Map(cards.map((card) => [card.id, card]))
  const known = new Set(board.cards.map((card) => card.id))
  const all = [...board.cards.filter((card) => !removed.includes(card.id)).map((card) => changed.get(card.id) ?? card), ...cards.filter((card) => !known.has(card.id))]
  return { ...board, ...rest, cards: inOrder(all, patch.order ?? board.order) }
}

function inOrder(cards: Card[], order: readonly string[]): Card[] {
  const place = new Map(order.map((id, i) => [id, i]))
  return [...cards].sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0))
}

export const cardsIn = (board: Board, role: string, column: string): Card[] => board.cards.filter((card) => card.role === role && card.column === column)
export const textOf = (lines: readonly Line[], id: string): string => lines.find((line) => line.id === id)?.text ?? ''
export const placeWords = (board: Board, card: Card): string => `${textOf(board.roles, card.role)}, ${textOf(board.columns, card.column)}`

type Move = Extract<Operation, { op: 'move' }>
/** The move that puts a card at a position (0 = first) of a cell, told by its neighbours there. */
export function moveTo(board: Board, card: Card, role: string, column: string, position: number): Move {
  const others = cardsIn(board, role, column).filter((other) => other.id !== card.id)
  const at = Math.max(0, Math.min(position, others.length))
  const move: Move = { op: 'move', card: card.id, role, column }
  const after = others[at - 1], before = others[at]
  if (after) move.after = after.id
  if (before) move.before = before.id
  return move
}

export type Direction = 'up' | 'down' | 'left' | 'right'
/** One step with an arrow key: up and down within a cell and on to the next role, left and right to the next column. Null at the edge. */
export function step(board: Board, card: Card, direction: Direction): Move | null {
  const roles = board.roles.map((l) => l.id), columns = board.columns.map((l) => l.id)
  const row = roles.indexOf(card.role), column = columns.indexOf(card.column)
  if (direction === 'left' || direction === 'right') {
    const to = columns[column + (direction === 'left' ? -1 : 1)]
    return to === undefined ? null : moveTo(board, card, card.role, to, cardsIn(board, card.role, to).length)
  }
  const cell = cardsIn(board, card.role, card.column), at = cell.findIndex((other) => other.id === card.id), next = at + (direction === 'up' ? -1 : 1)
  if (next >= 0 && next < cell.length) return moveTo(board, card, card.role, card.column, next)
  const to = roles[row + (direction === 'up' ? -1 : 1)]
  return to === undefined ? null : moveTo(board, card, to, card.column, direction === 'up' ? cardsIn(board, to, card.column).length : 0)
}

/** The card that an arrow key looks at next, when none is lifted. */
export function look(board: Board, card: Card, direction: Direction): Card | undefined {
  const columns = board.columns.map((l) => l.id), roles = board.roles.map((l) => l.id)
  if (direction === 'up' || direction === 'down') {
    const all = roles.flatMap((role) => cardsIn(board, role, card.column)), at = all.findIndex((other) => other.id === card.id)
    return all[at + (direction === 'up' ? -1 : 1)]
  }
  const by = direction === 'left' ? -1 : 1
  for (let column = columns.indexOf(card.column) + by; column >= 0 && column < columns.length; column += by) {
    const found = cardsIn(board, card.role, columns[column] ?? '')[0] ?? board.cards.find((other) => other.column === columns[column])
    if (found) return found
  }
  return undefined
}

// A time as people write it: a number or two, and a unit. A day is a working day.
export type Unit = 'M' | 'H' | 'D' | 'W'
export interface Duration { low: string; high: string; unit: Unit }
export const units: [Unit, string][] = [['M', 'minutter'], ['H', 'timer'], ['D', 'hverdage'], ['W', 'uger']]
const oneUnit: Record<Unit, string> = { M: 'minut', H: 'time', D: 'hverdag', W: 'uge' }

const single = /^P(?:(\d+(?:\.\d+)?)([DW])|T(\d+(?:\.\d+)?)([MH]))$/
/** "PT1H/PT1.5H" → {low: "1", high: "1,5", unit: "H"}. Null for what is composed of several units; the clock reads it all the same. */
export function readDuration(iso: string | undefined): Duration | null {
  if (!iso) return { low: '', high: '', unit: 'M' }
  const [first = '', second] = iso.split('/')
  const a = single.exec(first), b = second === undefined ? a : single.exec(second)
  if (!a || !b) return null
  const unit = (a[2] ?? a[4]) as Unit
  if (unit !== (b[2] ?? b[4])) return null
  const danish = (text: string | undefined) => (text ?? '').replace('.', ',')
  return { low: danish(a[1] ?? a[3]), high: second === undefined ? '' : danish(b[1] ?? b[3]), unit }
}

/** The ISO duration, "" for none, null where the numbers are none or the wrong way round. */
export function writeDuration({ low, high, unit }: Duration): string | null {
  const read = (text: string) => { const clean = text.trim().replace(',', '.'); return clean === '' ? undefined : /^\d+(\.\d+)?$/.test(clean) ? Number(clean) : NaN }
  const a = read(low), b = read(high)
  if (a === undefined && b === undefined) return ''
  if (a === undefined || Number.isNaN(a) || (b !== undefined && (Number.isNaN(b) || b < a))) return null
  const one = (n: number) => (unit === 'M' || unit === 'H' ? `PT${n}${unit}` : `P${n}${unit}`)
  return b === undefined || b === a ? one(a) : `${one(a)}/${one(b)}`
}

/** "PT30M/PT45M" → "30–45 minutter". */
export function durationWords(iso: string | undefined): string {
  if (!iso) return ''
  const read = readDuration(iso)
  if (!read) return iso
  const last = read.high || read.low
  return `${read.low}${read.high ? `–${read.high}` : ''} ${last === '1' ? oneUnit[read.unit] : units.find(([u]) => u === read.unit)?.[1] ?? ''}`
}

/** "Karen Lise Holm" → "KH". */
export function initials(name: string): string {
  const parts = name.trim().split(/\s+/).filter((part) => part !== '')
  const first = parts[0] ?? '?', last = parts.length > 1 ? parts[parts.length - 1] ?? '' : ''
  return (first.charAt(0) + (last ? last.charAt(0) : first.charAt(1))).toUpperCase()
}

/** "Vores nye forløb" → "vores-nye-forloeb": the last part of a slug. */
export function slugOf(text: string): string {
  return text.toLowerCase().replace(/æ/g, 'ae').replace(/ø/g, 'oe').replace(/å/g, 'aa').normalize('NFD').replace(/\p{M}/gu, '').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60).replace(/-+$/, '')
}

export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(6)), (b) => b.toString(36).padStart(2, '0')).join('').slice(0, 10)
}
