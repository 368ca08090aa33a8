import { describe, expect, it } from 'vitest'
import { changeMarks, eventText, valueText, whatItIs, whatNow } from './proposals'

const may = (on: Partial<Record<string, boolean>>) => ({ write: false, propose: false, withdraw: false, return: false, approve: false, publish: false, delete: false, restore: false, ...on })

describe('words of a proposal', () => {
  it('tells what it is', () => {
    expect(whatItIs({ base: null, slug: 'a/b', by: 'Bo' })).toBe('En ny arbejdsgang, begyndt af Bo.')
    expect(whatItIs({ base: { slug: 'a/b', version: 2, own: true }, slug: 'a/b', by: 'Bo' })).toBe('En ny udgave af arbejdsgangen, begyndt af Bo fra version 2.')
    expect(whatItIs({ base: { slug: 'a/b', version: 2, own: false }, slug: 'a/c', by: 'Bo' })).toContain('efter a/b')
  })
  it('tells whose turn it is', () => {
    expect(whatNow({ state: 'proposed', may: may({ approve: true }), mayDecide: true, mine: false, published: null })).toContain('din tur')
    expect(whatNow({ state: 'proposed', may: may({ withdraw: true }), mayDecide: false, mine: true, published: null })).toContain('træk forslaget tilbage')
    expect(whatNow({ state: 'approved', may: may({}), mayDecide: false, mine: true, published: null })).toContain('venter')
    expect(whatNow({ state: 'published', may: may({}), mayDecide: false, mine: true, published: 3 })).toContain('version 3')
  })
  it('names events, also those it does not know', () => {
    expect(eventText('returned')).toBe('sendte forslaget tilbage')
    expect(eventText('anything')).toBe('anything')
  })
  it('shows values of a manifest as text', () => {
    expect(valueText([{ titel: 'Lov', url: '' }, { titel: 'Bekendtgørelse', status: 'gældende' }])).toBe('Lov; Bekendtgørelse, gældende')
    expect(valueText({ fra: '2026-01-01', til: null })).toBe('2026-01-01')
    expect(valueText(null)).toBe('intet')
    expect(valueText([])).toBe('ingen')
    expect(valueText(false)).toBe('nej')
  })
  it('marks what is new and changed by number, and nothing for what is gone', () => {
    const marks = changeMarks([{ number: 1, kind: 'added', kinds: ['added'], subject: 'step', a: [], b: ['x'], da: '' }, { number: 2, kind: 'removed', kinds: ['removed'], subject: 'step', a: ['y'], b: [], da: '' }])
    expect(marks.map((m) => [m.id, m.marker, m.badges[0]?.text])).toEqual([['x', 'diff-added', '+1']])
  })
})
