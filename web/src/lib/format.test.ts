import { describe, expect, it } from 'vitest'
import { count, formatAmount, formatBytes, formatClock, formatDate, formatDue, formatDuration, formatMinutes, formatTime, humanise } from './format'

describe('amounts', () => {
  it.each<[unknown, string | undefined, string]>([
    ['1234.5', undefined, '1.234,50 kr.'], [1234.5, undefined, '1.234,50 kr.'], ['0', undefined, '0,00 kr.'], ['512.00', 'DKK', '512,00 kr.'], ['-468', undefined, '−468,00 kr.'],
    ['1000000', undefined, '1.000.000,00 kr.'], ['99.90', 'EUR', '99,90 EUR'], ['0.1', undefined, '0,10 kr.'], ['007.5', undefined, '7,50 kr.'], [null, undefined, '–'], ['ukendt', undefined, 'ukendt'],
  ])('%j %j → %s', (value, currency, text) => expect(formatAmount(value, currency)).toBe(text))
  it('keeps digits that binary floating point would lose', () => expect(formatAmount('90071992547409931.25')).toBe('90.071.992.547.409.931,25 kr.'))
  it('does not hide digits beyond the øre', () => expect(formatAmount('1.2345')).toBe('1,2345 kr.'))
})

describe('dates in Danish time', () => {
  it('writes the month', () => expect(formatDate('2026-11-21')).toBe('21. november 2026'))
  it('moves to the next day past midnight in Denmark', () => expect(formatDate('2026-07-31T22:30:00Z')).toBe('1. august 2026'))
  it('says the clock', () => expect(formatTime('2026-11-21T13:05:00Z')).toBe('21. november 2026 kl. 14.05'))
  it('reads the zone as FEEL writes it', () => {
    expect(formatTime('2026-11-27T00:19:34.513@Europe/Copenhagen')).toBe('27. november 2026 kl. 00.19')
    expect(formatTime('2026-07-01T10:05:00+02:00[Europe/Copenhagen]')).toBe('1. juli 2026 kl. 10.05')
    expect(formatTime('2026-07-01T10:05:00')).toBe('1. juli 2026 kl. 10.05')
  })
  it('pads the clock', () => expect(formatClock('2026-01-01T07:03:00Z')).toBe('08.03'))
  it('leaves what is no date', () => expect(formatDate('snarest')).toBe('snarest'))
  it('says nothing for nothing', () => expect(formatTime(null)).toBe('–'))
})

describe('due dates', () => {
  const now = new Date('2026-11-21T23:30:00Z') // already 22 November in Denmark
  it.each([['2026-11-21', 'frist overskredet 21. november 2026', true], ['2026-11-22', 'frist i dag', false], ['2026-11-23', 'frist i morgen', false], ['2026-12-24', 'frist 24. december 2026', false]])('%s', (due, text, late) =>
    expect(formatDue(due, now)).toEqual({ text, late }))
  it('is late within the day when the hour has passed', () => expect(formatDue('2026-11-21T23:10:00Z', now).late).toBe(true))
})

it('says time and sizes as people do', () => {
  expect(formatMinutes(45)).toBe('45 min.')
  expect(formatMinutes(750)).toBe('12,5 timer')
  expect(formatDuration('P5Y')).toBe('5 år')
  expect(formatDuration('P1Y6M')).toBe('1 år og 6 måneder')
  expect(formatDuration('PT5M')).toBeNull()
  expect(formatDuration('P')).toBeNull()
  expect(formatBytes(1536)).toBe('1,5 kB')
  expect(count(1, 'sag', 'sager')).toBe('1 sag')
  expect(count(1200, 'sag', 'sager')).toBe('1.200 sager')
  expect(humanise('leverandoer_navn')).toBe('Leverandør navn')
  expect(humanise('minutterFoer')).toBe('Minutter før')
})
