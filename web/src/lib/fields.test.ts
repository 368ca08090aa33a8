import { describe, expect, it } from 'vitest'
import { fieldOf, fieldsInside, kindOf, readDate, readField, readForm, readJson, readNumber, suggestionsOf, writeField, writeForm, type Field } from './fields'

const value = (read: ReturnType<typeof readNumber>) => (read.ok ? read.value : read.fault)
const any = { kind: 'any', allowed: [] } as const

describe('numbers and dates as Danes write them', () => {
  it.each([['512', 512], ['1.234,50', 1234.5], ['-3,5', -3.5], ['0,1', 0.1], [' 12 ', 12], ['1234567', 1234567]])('%s', (text, number) => expect(value(readNumber(text))).toBe(number))
  it.each([['5.5', 'Skriv decimaler med komma, fx 5,5'], ['abc', '»abc« er ikke et tal. Skriv fx 512 eller 1.234,50'], ['1,2,3', '»1,2,3« er ikke et tal. Skriv fx 512 eller 1.234,50'], ['12345678901234567', 'Tallet har for mange cifre. Skriv højst 15']])('%s is refused', (text, fault) => expect(value(readNumber(text))).toBe(fault))
  it.each(['21.11.2026', '21-11-2026', '21/11 2026', '21. november 2026', '21 nov 2026', '2026-11-21'])('%s', (text) => expect(value(readDate(text))).toBe('2026-11-21'))
  it('refuses what no calendar has', () => {
    expect(value(readDate('31.02.2026'))).toBe('Datoen 31.02.2026 findes ikke i kalenderen')
    expect(value(readDate('i morgen'))).toContain('ikke en dato')
  })
})

describe('other fields', () => {
  it('nothing written is null', () => expect(value(readField({ kind: 'number', allowed: [] }, ' '))).toBeNull())
  it('choices by place', () => expect(value(readField({ kind: 'choice', allowed: ['a', 'b'] }, '1'))).toBe('b'))
  it('times, moments and durations', () => {
    expect(value(readField({ kind: 'time', allowed: [] }, '8.05'))).toBe('08:05:00')
    expect(value(readField({ kind: 'moment', allowed: [] }, '21.11.2026 kl. 14.05'))).toBe('2026-11-21T14:05:00')
    expect(value(readField({ kind: 'duration', allowed: [] }, 'P14D'))).toBe('P14D')
    expect(readField({ kind: 'duration', allowed: [] }, '14 dage').ok).toBe(false)
  })
  it('reads what nobody declared', () => {
    expect(value(readField(any, '12,5'))).toBe(12.5)
    expect(value(readField(any, 'ja'))).toBe(true)
    expect(value(readField(any, '"12"'))).toBe('12')
    expect(value(readField(any, 'LÆ 125'))).toBe('LÆ 125')
    expect(value(readField(any, '[1, 2]'))).toEqual([1, 2])
  })
  it('JSON faults have a place', () => expect(value(readJson('{\n  "a": x}'))).toMatch(/linje 2, tegn \d/))
  it('writes back what it reads', () => {
    for (const v of [12.5, true, '12', 'LÆ 125', 'ja', '{x', [1]]) expect(value(readField(any, writeField(any, v)))).toEqual(v)
    expect(writeField({ kind: 'date', allowed: [] }, '2026-11-21')).toBe('21.11.2026')
  })
})

describe('the form', () => {
  const uses = {
    expressions: ['ordre.erklaeringstype', 'if ordre.levering.dato = null then null else date(ordre.levering.dato)', 'count(faktura.linjer)', 'faktura.fejl[1].tekst', 'faktura.kopi = true', '"ordre.ikke" + x.ordre.heller', 'faktura.total.linjer - takst', 'faktura.total'],
    columns: [{ expression: 'ordre.erklaeringstype', type: 'string', label: 'Erklæringstype', cells: ['"LÆ 125"', '"LÆ 135", "LÆ 125"', '-'] }],
  }
  it('finds the fields inside a context', () => {
    expect(fieldsInside('ordre', uses).map((f) => [f.id, f.kind, f.label, f.suggestions])).toEqual([['ordre.erklaeringstype', 'text', 'Erklæringstype', ['LÆ 125', 'LÆ 135']], ['ordre.levering.dato', 'date', 'levering.dato', []]])
    expect(fieldsInside('faktura', uses).map((f) => [f.id, f.kind])).toEqual([['faktura.linjer', 'json'], ['faktura.fejl', 'json'], ['faktura.kopi', 'boolean'], ['faktura.total.linjer', 'any']])
    expect(fieldsInside('takst', uses)).toEqual([])
  })
  const fields: Field[] = [fieldOf({ name: 'beloeb', label: 'Beløb', type: 'number' }), ...fieldsInside('ordre', uses)]
  it('gathers variables and faults', () => {
    expect(readForm(fields, { beloeb: '5', 'ordre.levering.dato': '1.2.2026' })).toEqual({ variables: { beloeb: 5, ordre: { levering: { dato: '2026-02-01' } } }, faults: {} })
    expect(readForm(fields, { beloeb: 'fem' }).faults).toEqual({ beloeb: '»fem« er ikke et tal. Skriv fx 512 eller 1.234,50' })
    expect(readForm(fields, {}).variables).toEqual({ beloeb: null, ordre: null })
  })
  it('takes a context that begins empty and then is written', () => expect(readForm(fields, { 'ordre.levering.dato': '1.2.2026' }).variables.ordre).toEqual({ levering: { dato: '2026-02-01' } }))
  it('fills itself from variables', () => expect(writeForm(fields, { beloeb: 5.5, ordre: { erklaeringstype: 'LÆ 125' } })).toEqual({ beloeb: '5,5', 'ordre.erklaeringstype': 'LÆ 125', 'ordre.levering.dato': '' }))
  it('knows types', () => expect([kindOf('feel:number'), kindOf('tLån'), kindOf(undefined), kindOf('date and time')]).toEqual(['number', 'json', 'json', 'moment']))
  it('suggests texts, not dates', () => expect(suggestionsOf(['[date("2026-01-01")..x]', '"a"'])).toEqual(['a']))
})
