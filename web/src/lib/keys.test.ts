import { describe, expect, it } from 'vitest'
import { actionFor, isSubmit, neighbour, shortcutOf } from './keys'

const press = (key: string, more: object = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more })

describe('shortcuts', () => {
  it('are single keys, whatever the case', () => { expect(shortcutOf(press('a'), { tagName: 'BODY' })).toBe('a'); expect(shortcutOf(press('J'), null)).toBe('j') })
  it.each([['INPUT', 'search'], ['TEXTAREA', ''], ['SELECT', '']])('stay out of %s', (tagName, type) => expect(shortcutOf(press('a'), { tagName, type })).toBeNull())
  it('work on a check box, where nobody types', () => expect(shortcutOf(press('j'), { tagName: 'INPUT', type: 'checkbox' })).toBe('j'))
  it('leave the browser its own combinations and ignore a held key', () => {
    for (const more of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { repeat: true }]) expect(shortcutOf(press('a', more), null)).toBeNull()
    expect(shortcutOf(press('Escape'), null)).toBeNull()
  })
  it('Ctrl+Enter sends, Enter alone does not', () => { expect(isSubmit(press('Enter', { ctrlKey: true }))).toBe(true); expect(isSubmit(press('Enter'))).toBe(false) })
})

describe('actions', () => {
  const actions = [{ value: 'betal', needsReason: false }, { value: 'afvis', needsReason: true }, { value: 'proevIgen', needsReason: false }]
  it('a grants, r refuses, digits count', () => { expect(actionFor('a', actions)).toBe(0); expect(actionFor('r', actions)).toBe(1); expect(actionFor('3', actions)).toBe(2) })
  it('a does nothing where the task may not be granted', () => expect(actionFor('a', actions.slice(1))).toBe(-1))
  it('has no action for what is not there', () => { expect(actionFor('4', actions)).toBe(-1); expect(actionFor('x', actions)).toBe(-1); expect(actionFor('a', [])).toBe(-1) })
})

describe('next and previous', () => {
  const ids = ['1', '2', '3']
  it.each([['1', 1, '2'], ['2', -1, '1'], ['3', 1, '3'], ['1', -1, '1'], [undefined, 1, '1'], ['gone', -1, '1']] as const)('%s %d → %s', (from, step, to) => expect(neighbour(ids, from, step)).toBe(to))
  it('has none in an empty list', () => expect(neighbour([], '1', 1)).toBeUndefined())
})
