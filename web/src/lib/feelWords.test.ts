import { describe, expect, it } from 'vitest'
import { cellWords, ruleClauses, splitTests, stopSentence, valueWords } from './feelWords'

describe('cells in words', () => {
  it.each([
    ['< 500', 'under 500'], ['<= 500', 'højst 500'], ['> 1234.50', 'over 1.234,50'], ['>= -3', 'mindst −3'], ['-', 'hvad som helst'], ['', 'hvad som helst'],
    ['"LÆ 125"', '»LÆ 125«'], ['"A", "B"', '»A« eller »B«'], ['"A,B", "C", "D"', '»A,B«, »C« eller »D«'], ['true', 'ja'], ['null', 'ikke oplyst'], ['not("DKK")', 'ikke »DKK«'],
    ['[1..5]', 'fra 1 til 5'], ['[1..5)', 'fra 1 til under 5'], [']1..5]', 'over 1 og højst 5'], ['(1..5)', 'mellem 1 og 5'],
    ['[date("2026-01-01")..date("2026-12-31")]', 'fra 1. januar 2026 til 31. december 2026'], ['< @"2026-01-01"', 'under 1. januar 2026'],
  ])('%s', (cell, words) => expect(cellWords(cell)).toBe(words))
  it('gives up on expressions', () => {
    expect(cellWords('? > takst * 2')).toBeNull()
    expect(cellWords('< takst')).toBeNull()
  })
  it('splits only between tests', () => expect(splitTests('"a,\\"b", f(1, 2), [1..2]')).toEqual(['"a,\\"b"', 'f(1, 2)', '[1..2]']))
})

describe('why a rule stopped', () => {
  const stop = { ruleIndex: 3, inputName: 'beløb', cell: '< 500', inputValue: 512 as unknown }
  it('says value and test', () => expect(stopSentence(stop)).toBe('Regel 3 stoppede ved beløb: 512 er ikke under 500'))
  it('says what is missing', () => expect(stopSentence({ ...stop, inputValue: null })).toBe('Regel 3 stoppede ved beløb: værdien er ikke oplyst; reglen kræver under 500'))
  it('turns a negation round', () => expect(stopSentence({ ...stop, cell: 'not("DKK")', inputValue: 'DKK' })).toBe('Regel 3 stoppede ved beløb: »DKK« er netop »DKK«, og det udelukker reglen'))
  it('shows an expression as it is', () => expect(stopSentence({ ...stop, cell: '? < takst' })).toBe('Regel 3 stoppede ved beløb: 512 passer ikke med ? < takst'))
  it('masks personal numbers', () => expect(stopSentence({ ...stop, cell: '"x"', inputValue: '050380-1234' })).not.toContain('1234'))
})

describe('values and rules', () => {
  it('writes values', () => {
    expect(valueWords(true)).toBe('ja')
    expect(valueWords('2026-11-21')).toBe('21. november 2026')
    expect(valueWords([1, 'a'])).toBe('1, »a«')
    expect(valueWords({ a: null })).toBe('a: ikke oplyst')
  })
  it('leaves out what a rule does not ask', () => expect(ruleClauses(['Type', 'Dato', 'Beløb'], ['"A"', '-', '< 5'])).toEqual(['Type er »A«', 'Beløb er under 5']))
})
