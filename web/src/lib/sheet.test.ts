import { describe, expect, it } from 'vitest'
import { changedCells, changeWords, columnsOf, historyOf, newRuleId, redo, sheetChanges, step, undo, withCell, withMoved, withoutRule, withRule, type Sheet } from './sheet'

const rule = (id: string, a: string, out: string) => ({ id, inputs: [a], outputs: [out], annotations: [''] })
const sheet: Sheet = {
  decisionId: 'takst', decisionName: 'Takst', hitPolicy: 'UNIQUE', inputs: [{ id: 'i', label: 'Beløb', expression: 'b', type: 'number' }],
  outputs: [{ id: 'o', name: 'takst', label: 'Takst', type: 'number' }], annotations: ['Bemærkning'], rules: [rule('r1', '< 5', '1'), rule('r2', '5', '2'), rule('r3', '> 5', '3')],
}
const input = { part: 'input', index: 0 } as const

describe('edits', () => {
  it('changes one cell and shares the rest', () => {
    const next = withCell(sheet, 1, input, '6')
    expect(next.rules[1]?.inputs).toEqual(['6'])
    expect(next.rules[0]).toBe(sheet.rules[0])
    expect(withCell(sheet, 1, input, '5')).toBe(sheet)
  })
  it('adds, copies, deletes and moves rules', () => {
    const added = withRule(sheet, 1)
    expect(added.rules.map((r) => r.id)).toEqual(['r1', 'takst_regel_4', 'r2', 'r3'])
    expect(added.rules[1]?.inputs).toEqual(['-'])
    const copied = withRule(sheet, 3, 0)
    expect(copied.rules[3]).toEqual({ ...sheet.rules[0], id: 'takst_regel_4' })
    expect(withoutRule(sheet, 0).rules.map((r) => r.id)).toEqual(['r2', 'r3'])
    expect(withMoved(sheet, 0, 1).rules.map((r) => r.id)).toEqual(['r2', 'r1', 'r3'])
    expect(withMoved(sheet, 0, -1)).toBe(sheet)
    expect(withMoved(sheet, 2, 1)).toBe(sheet)
  })
  it('never gives an id twice', () => expect(newRuleId({ ...sheet, rules: [rule('takst_regel_2', '', '')] })).toBe('takst_regel_3'))
  it('names columns', () => expect(columnsOf(sheet).map((c) => [c.label, c.hint])).toEqual([['Beløb', 'tal: b'], ['Takst', 'tal'], ['Bemærkning', '']]))
})

describe('undo', () => {
  it('goes back and forth', () => {
    let h = step(step(historyOf(1), 2), 3)
    h = undo(h)
    expect(h.now).toBe(2)
    expect(redo(h).now).toBe(3)
    expect(step(h, 9).future).toEqual([])
    expect(undo(undo(undo(h))).now).toBe(1)
  })
  it('takes typing in one cell as one step', () => expect(undo(step(step(historyOf('a'), 'ab', 'cell'), 'abc', 'cell')).now).toBe('a'))
})

describe('differences', () => {
  it('finds cells, new and deleted rules', () => {
    const next = withRule(withoutRule(withCell(sheet, 1, input, '6'), 2), 2)
    expect(sheetChanges(sheet, next).map(changeWords)).toEqual(['Regel 2: Beløb fra 5 til 6', 'Regel 3 er ny', 'Regel 3 er slettet'])
    expect([...changedCells(sheet, next)]).toEqual(['r2/input/0', 'takst_regel_3'])
  })
  it('names the one rule that moved, not those it passed', () => {
    const next = { ...sheet, rules: [sheet.rules[1]!, sheet.rules[2]!, sheet.rules[0]!] }
    expect(sheetChanges(sheet, next).map(changeWords)).toEqual(['Regel 1 er flyttet til plads 3'])
    expect(sheetChanges(sheet, sheet)).toEqual([])
  })
})
