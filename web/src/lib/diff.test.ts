import { expect, it } from 'vitest'
import { difference, same } from './diff'

const key = (item: { id: string }) => item.id

it('finds what came, went and changed', () => {
  const before = [{ id: '1', state: 'CREATED' }, { id: '2', state: 'CREATED' }, { id: '3', state: 'CREATED' }]
  const after = [{ id: '3', state: 'CREATED' }, { id: '2', state: 'COMPLETED' }, { id: '4', state: 'CREATED' }]
  expect(difference(before, after, key)).toEqual({ added: [after[2]], removed: [before[0]], changed: [{ before: before[1], after: after[1] }] })
})
it('does not call a new order a change', () => expect(difference([{ id: '1' }, { id: '2' }], [{ id: '2' }, { id: '1' }], key)).toEqual({ added: [], removed: [], changed: [] }))
it('compares as JSON values', () => {
  expect(same({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true)
  expect(same([1, 2], [2, 1])).toBe(false)
  expect(same({ a: undefined }, { b: undefined })).toBe(false)
  expect(same({ 0: 'a' }, ['a'])).toBe(false)
})
