import { describe, expect, it } from 'vitest'
import { deeper, readTrail, trailText, up } from './trail'

describe('the trail through sub-workflows', () => {
  it('is read from the address, without what is no slug', () => {
    expect(readTrail('a/b,c/d')).toEqual(['a/b', 'c/d'])
    expect(readTrail(null)).toEqual([])
    expect(readTrail('a/b,javascript:x,../e,C/D,')).toEqual(['a/b'])
  })
  it('grows downwards and is cut where it comes round', () => {
    expect(deeper([], 'a/b', 'c/d')).toEqual(['a/b'])
    expect(deeper(['a/b'], 'c/d', 'e/f')).toEqual(['a/b', 'c/d'])
    expect(deeper(['a/b', 'c/d'], 'e/f', 'c/d')).toEqual(['a/b'])
    expect(deeper(['a/b'], 'c/d', 'c/d')).toEqual(['a/b'])
  })
  it('goes up to the nearest parent', () => {
    expect(up(['a/b', 'c/d'])).toEqual({ parent: 'c/d', rest: ['a/b'] })
    expect(up([])).toBeNull()
    expect(trailText([])).toBeUndefined()
    expect(trailText(['a/b', 'c/d'])).toBe('a/b,c/d')
  })
})
