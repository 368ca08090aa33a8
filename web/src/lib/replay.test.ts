import { describe, expect, it } from 'vitest'
import { outputDifferences, verdict } from './replay'

const counts = { same: 4175, different: 30, failed: 7, notReplayable: 12 }
describe('the verdict', () => {
  it('counts what could be asked', () => expect(verdict(counts)).toBe('37 af 4.212 sager får andet udfald'))
  it('says none', () => {
    expect(verdict({ ...counts, different: 0, failed: 0 })).toBe('Ingen af 4.175 sager får andet udfald')
    expect(verdict({ same: 0, different: 0, failed: 0, notReplayable: 3 })).toBe('Ingen sager kunne spørges igen')
    expect(verdict({ same: 0, different: 1, failed: 0, notReplayable: 0 })).toBe('1 af 1 sag får andet udfald')
  })
})

describe('differences of results', () => {
  it('names the entries that differ', () => expect(outputDifferences({ a: 1, b: { c: 2, d: 3 } }, { a: 1, b: { c: 5, d: 3 }, e: null })).toEqual([{ name: 'b c', before: 2, after: 5 }, { name: 'e', before: undefined, after: null }]))
  it('takes scalars and lists as a whole', () => {
    expect(outputDifferences(468, 500)).toEqual([{ name: '', before: 468, after: 500 }])
    expect(outputDifferences({ l: [1] }, { l: [1, 2] })).toEqual([{ name: 'l', before: [1], after: [1, 2] }])
    expect(outputDifferences({ a: [1] }, { a: [1] })).toEqual([])
  })
})
