import { describe, expect, it } from 'vitest'
import type { Board, Card, Patch } from '../api/boards'
import { cardsIn, durationWords, initials, look, moveTo, readDuration, slugOf, step, withPatch, writeDuration } from './board'

const card = (id: string, role: string, column: string): Card => ({ id, role, column, claims: [], text: id })
const line = (id: string) => ({ id, text: id.toUpperCase() })
const board = (cards: Card[]): Board => ({
  boardKey: '1', revision: 5, created: '', by: '', sources: [], fields: {}, roles: [line('r1'), line('r2')], columns: [line('k1'), line('k2'), line('k3')], goals: [], excuses: [], people: [],
  order: cards.map((c) => c.id), cards, coverage: {} as Board['coverage'], clock: {} as Board['clock'],
})
const at = (cards: Card[], id: string) => cards.find((c) => c.id === id) as Card

describe('patches', () => {
  const start = board([card('a', 'r1', 'k1'), card('b', 'r1', 'k1')])
  const patch = (more: Partial<Patch>): Patch => ({ revision: 6, operation: { revision: 6, by: '', at: '', mode: 'apply', op: { op: 'undo' } }, ...more })
  it('adds, changes, removes and orders cards', () => {
    const after = withPatch(start, patch({ cards: [card('c', 'r1', 'k1')], order: ['b', 'c', 'a'] }))
    expect(after.cards.map((c) => c.id)).toEqual(['b', 'c', 'a'])
    expect(after.revision).toBe(6)
    expect(withPatch(start, patch({ cards: [card('a', 'r2', 'k2')] })).cards[0]?.role).toBe('r2')
    expect(withPatch(start, patch({ removed: ['a'], order: ['b'] })).cards.map((c) => c.id)).toEqual(['b'])
  })
  it('leaves alone what it does not name, and the board when it is older', () => {
    expect(withPatch(start, patch({ goals: [line('m')] })).cards).toEqual(start.cards)
    expect(withPatch(start, patch({ revision: 5, removed: ['a'] }))).toBe(start)
  })
})

describe('places', () => {
  const cards = [card('a', 'r1', 'k1'), card('x', 'r2', 'k1'), card('b', 'r1', 'k1'), card('c', 'r1', 'k1'), card('d', 'r2', 'k3')]
  const all = board(cards)
  it('tells a move by its neighbours in the cell', () => {
    expect(moveTo(all, at(cards, 'x'), 'r1', 'k1', 1)).toEqual({ op: 'move', card: 'x', role: 'r1', column: 'k1', after: 'a', before: 'b' })
    expect(moveTo(all, at(cards, 'c'), 'r1', 'k1', 0)).toEqual({ op: 'move', card: 'c', role: 'r1', column: 'k1', before: 'a' })
    expect(moveTo(all, at(cards, 'c'), 'r2', 'k2', 9)).toEqual({ op: 'move', card: 'c', role: 'r2', column: 'k2' })
  })
  it('steps with arrows, and stops at the edge', () => {
    expect(step(all, at(cards, 'a'), 'down')).toMatchObject({ role: 'r1', column: 'k1', after: 'b', before: 'c' })
    expect(step(all, at(cards, 'c'), 'down')).toMatchObject({ role: 'r2', column: 'k1', before: 'x' })
    expect(step(all, at(cards, 'x'), 'up')).toMatchObject({ role: 'r1', column: 'k1', after: 'c' })
    expect(step(all, at(cards, 'a'), 'right')).toMatchObject({ role: 'r1', column: 'k2' })
    expect(step(all, at(cards, 'a'), 'up')).toBeNull()
    expect(step(all, at(cards, 'a'), 'left')).toBeNull()
    expect(step(all, at(cards, 'd'), 'down')).toBeNull()
  })
  it('looks at the next card, over empty columns', () => {
    expect(look(all, at(cards, 'c'), 'down')?.id).toBe('x')
    expect(look(all, at(cards, 'x'), 'right')?.id).toBe('d')
    expect(look(all, at(cards, 'd'), 'left')?.id).toBe('x')
    expect(look(all, at(cards, 'd'), 'right')).toBeUndefined()
    expect(cardsIn(all, 'r1', 'k1').map((c) => c.id)).toEqual(['a', 'b', 'c'])
  })
})

describe('durations', () => {
  for (const [iso, words] of [['PT45M', '45 minutter'], ['PT1H', '1 time'], ['PT1H/PT1.5H', '1–1,5 timer'], ['P5D', '5 hverdage'], ['P6W/P8W', '6–8 uger'], ['P1W', '1 uge'], ['', ''], ['PT1H30M', 'PT1H30M']] as const)
    it(`${iso} is »${words}«`, () => expect(durationWords(iso)).toBe(words))
  it('reads and writes back', () => {
    for (const iso of ['PT45M', 'PT1H/PT1.5H', 'P5D', 'P6W/P8W', '']) { const read = readDuration(iso); expect(read && writeDuration(read)).toBe(iso) }
    expect(writeDuration({ low: '1,5', high: '', unit: 'H' })).toBe('PT1.5H')
    expect(writeDuration({ low: '8', high: '6', unit: 'W' })).toBeNull()
    expect(writeDuration({ low: 'to', high: '', unit: 'W' })).toBeNull()
    expect(writeDuration({ low: '', high: '6', unit: 'W' })).toBeNull()
  })
})

describe('words', () => {
  it('initials', () => { expect(initials('Karen Lise Holm')).toBe('KH'); expect(initials('søren')).toBe('SØ'); expect(initials('')).toBe('?') })
  it('slugs', () => expect(slugOf('  Vores nye forløb: æble & år på ét møde! ')).toBe('vores-nye-forloeb-aeble-aar-paa-et-moede'))
})
