import { describe, expect, it } from 'vitest'
import type { Difference } from '../api/compare'
import { makeLooseSync } from '../diagram/sync'
import { changeWords, differenceOf, nextNumber, sideMarks, splitRef } from './differences'

const one = (number: number, kind: Difference['kind'], a: string[], b: string[], subject = 'step'): Difference => ({ number, kind, kinds: [kind], subject, a, b, details: [], da: '', en: '' })

describe('marks of differences', () => {
  const all = [one(1, 'removed', ['x'], []), one(2, 'attributes', ['x', 'y'], ['z', 'w']), one(3, 'rerouted', ['f1', 'f2'], [], 'route')]
  it('frames an element once, by what is about it alone, with a badge for each difference', () => {
    const left = sideMarks(all, 'a')
    const x = left.find((m) => m.id === 'x')
    expect(x?.marker).toBe('diff-removed')
    expect(x?.badges.map((b) => b.text)).toEqual(['1 −', '2 ~'])
    expect(left.find((m) => m.id === 'f2')?.badges).toEqual([])
    expect(sideMarks(all, 'b').map((m) => m.id)).toEqual(['z', 'w'])
  })
  it('gives every kind a sign of its own', () => {
    const signs = Object.values(changeWords).map((w) => w.sign)
    expect(new Set(signs).size).toBe(signs.length)
  })
  it('a click means the difference about the element alone', () => {
    expect(differenceOf(all, 'x')?.number).toBe(1)
    expect(differenceOf(all, 'y')?.number).toBe(2)
    expect(differenceOf(all, 'nowhere')).toBeUndefined()
  })
  it('goes round', () => {
    expect([nextNumber(3, 0, 1), nextNumber(3, 3, 1), nextNumber(3, 1, -1), nextNumber(3, 0, -1), nextNumber(0, 0, 1)]).toEqual([1, 1, 3, 3, 0])
  })
  it('splits a reference', () => { expect(splitRef('a/b@3')).toEqual({ slug: 'a/b', version: '3' }); expect(splitRef('a/b')).toEqual({ slug: 'a/b', version: '' }) })
})

describe('two drawings that are not the same', () => {
  const view = (x: number, width = 100) => ({ x, y: 0, width, height: width / 2 })
  it('move by the same way, each from where it is, and not while they are steered apart', () => {
    const sync = makeLooseSync()
    const seen: number[] = []
    let tellA: (v: ReturnType<typeof view>) => void = () => undefined, tellB = tellA
    sync.join(() => undefined, (changed) => { tellA = changed }, view(0))
    sync.join((v) => { seen.push(v.x); tellB(v) }, (changed) => { tellB = changed }, view(500))
    tellA(view(30))
    expect(seen).toEqual([530])
    sync.apart(() => tellA(view(200)))
    expect(seen).toEqual([530])
    tellA(view(210))
    expect(seen).toEqual([530, 540])
    tellA(view(210, 200))
    expect(seen.length).toBe(3)
  })
})
