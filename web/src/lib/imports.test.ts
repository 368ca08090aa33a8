import { describe, expect, it } from 'vitest'
import type { ShapeRow } from '../api/imports'
import { isReadable, loads, openRows, progressWords, settledWords, typeWords } from './imports'

const row = (more: Partial<ShapeRow>): ShapeRow => ({ row: 0, page: 1, shape: '1', master: '', verdict: 'guessed', type: 'task', element: 'e', name: '', from: '', to: '', confidence: 0.6, reason: 'box', reasonDa: '', asks: true, line: false, settled: null, ...more })

describe('imports', () => {
  it('cuts an upload into loads by bytes and by number, keeping the order', () => {
    expect(loads([4, 4, 4, 20, 1].map((size) => ({ size })), 10, 3).map((l) => l.map((f) => f.size))).toEqual([[4, 4], [4], [20], [1]])
    expect(loads(Array.from({ length: 5 }, () => ({ size: 1 })), 10, 2).map((l) => l.length)).toEqual([2, 2, 1])
    expect(loads([])).toEqual([])
  })
  it('knows what is read', () => {
    expect(['A.VSD', 'b.vsdx', 'c.bpmn', 'd.zip'].every(isReadable)).toBe(true)
    expect(['Thumbs.db', 'brev.docx', 'vsdx'].some(isReadable)).toBe(false)
  })
  it('asks for steps before lines and for the least sure first', () => {
    const rows = [row({ row: 1, line: true, confidence: 0.1 }), row({ row: 2, confidence: 0.7 }), row({ row: 3, confidence: 0.4 }), row({ row: 4, settled: { action: 'accept', value: '', by: 'A', at: '' } }), row({ row: 5, asks: false })]
    expect(openRows(rows).map((r) => r.row)).toEqual([3, 2, 1])
  })
  it('says it in Danish', () => {
    const kinds = [{ value: 'userTask', xml: 'userTask', textDa: 'Opgave for en person' }]
    expect(typeWords('userTask', kinds)).toBe('Opgave for en person')
    expect(typeWords('sequenceFlow', kinds)).toBe('Pil')
    expect(settledWords(row({ settled: { action: 'kind', value: 'userTask', by: '', at: '' } }), kinds)).toBe('Er: Opgave for en person')
    expect(settledWords(row({ verdict: 'refused', settled: { action: 'accept', value: '', by: '', at: '' } }), kinds)).toBe('Skal ikke med')
    expect(progressWords({ waiting: 3, doubtful: 1, ready: 1, drafted: 0, empty: 0, refused: 0 })).toBe('Læser: 2 af 5 filer')
  })
})
