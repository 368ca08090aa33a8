// FEEL as Danes say it: values, the tests of a table's cells, and why a rule stopped.
import { maskCpr } from './cpr'
import { formatDate, formatDuration, formatTime } from './format'

const isoDate = /^-?\d{4,9}-\d{2}-\d{2}$/
const isoMoment = /^-?\d{4,9}-\d{2}-\d{2}T\d{2}:\d{2}/

/** 468 → "468", 1234.5 → "1.234,5"; digits are kept as they are written. */
export function numberWords(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (!match) return text
  return `${match[1] ? '−' : ''}${(match[2] ?? '').replace(/\B(?=(\d{3})+(?!\d))/g, '.')}${match[3] ? `,${match[3]}` : ''}`
}

/** Any value in one line; what is in it of personal numbers is masked. */
export function valueWords(value: unknown, depth = 0): string {
  if (value === null || value === undefined) return 'ikke oplyst'
  if (value === true) return 'ja'
  if (value === false) return 'nej'
  if (typeof value === 'number') return numberWords(String(value))
  if (typeof value === 'string') return textWords(value)
  if (depth > 2) return '…'
  if (Array.isArray(value)) {
    if (value.length === 0) return 'en tom liste'
    const shown = value.slice(0, 5).map((item) => valueWords(item, depth + 1)).join(', ')
    return value.length > 5 ? `${shown} og ${value.length - 5} mere` : shown
  }
  return Object.entries(value).map(([name, item]) => `${name}: ${valueWords(item, depth + 1)}`).join('; ') || 'tom'
}

function textWords(text: string): string {
  if (isoDate.test(text)) return formatDate(text)
  if (isoMoment.test(text)) return formatTime(text)
  if (/^P/.test(text)) { const duration = formatDuration(text); if (duration) return duration }
  return text === '' ? 'tom tekst' : `»${maskCpr(text)}«`
}

/** A literal of FEEL in words, or null where it is something else. */
function literalWords(text: string): string | null {
  const plain = text.trim()
  if (/^-?\d+(\.\d+)?$/.test(plain)) return numberWords(plain)
  if (/^-?\.\d+$/.test(plain)) return numberWords(plain.replace('.', '0.'))
  const string = /^"((?:[^"\\]|\\.)*)"$/.exec(plain)
  if (string) return `»${maskCpr((string[1] ?? '').replace(/\\(.)/g, (_all, c: string) => (c === 'n' ? ' ' : c)))}«`
  if (plain === 'true') return 'ja'
  if (plain === 'false') return 'nej'
  if (plain === 'null') return 'ikke oplyst'
  const call = /^(?:date|date and time|time|duration)\s*\(\s*"([^"]*)"\s*\)$/.exec(plain) ?? /^@"([^"]*)"$/.exec(plain)
  return call ? textWords(call[1] ?? '').replace(/[»«]/g, '') : null
}

/** Splits at commas that stand outside strings, brackets and parentheses. */
export function splitTests(cell: string): string[] {
  const parts: string[] = []
  let depth = 0, start = 0, quoted = false
  for (let i = 0; i < cell.length; i++) {
    const c = cell[i]
    if (quoted) { if (c === '\\') i++; else if (c === '"') quoted = false; continue }
    if (c === '"') quoted = true
    else if (c === '(' || c === '{' || c === '[') depth++
    else if (c === ')' || c === '}' || c === ']') depth--
    else if (c === ',' && depth === 0) { parts.push(cell.slice(start, i).trim()); start = i + 1 }
  }
  parts.push(cell.slice(start).trim())
  return parts
}

const comparisons: [RegExp, string][] = [[/^<=\s*(.+)$/s, 'højst'], [/^>=\s*(.+)$/s, 'mindst'], [/^<\s*(.+)$/s, 'under'], [/^>\s*(.+)$/s, 'over'], [/^!=\s*(.+)$/s, 'andet end'], [/^=\s*(.+)$/s, '']]

function testWords(test: string): string | null {
  for (const [form, word] of comparisons) {
    const match = form.exec(test)
    if (!match) continue
    const value = literalWords(match[1] ?? '')
    return value === null ? null : word === '' ? value : `${word} ${value}`
  }
  const range = /^([[\](])(.+)\.\.(.+)([[\])])$/s.exec(test)
  if (range) {
    const from = literalWords(range[2] ?? ''), to = literalWords(range[3] ?? '')
    if (from === null || to === null) return null
    const low = range[1] === '[', high = range[4] === ']'
    if (low && high) return `fra ${from} til ${to}`
    if (low) return `fra ${from} til under ${to}`
    return high ? `over ${from} og højst ${to}` : `mellem ${from} og ${to}`
  }
  return literalWords(test)
}

/** A cell in words: `< 500` → "under 500", `"A","B"` → "»A« eller »B«"; null where it is an expression of its own. */
export function cellWords(cell: string): string | null {
  const text = cell.trim()
  if (text === '' || text === '-') return 'hvad som helst'
  const none = /^not\s*\((.+)\)$/s.exec(text)
  if (none) {
    const inner = cellWords(none[1] ?? '')
    return inner === null ? null : `ikke ${inner}`
  }
  const words = splitTests(text).map(testWords)
  if (words.some((w) => w === null)) return null
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} eller ${words.at(-1)}` : words[0] ?? null
}

/** Whether a cell asks for anything at all. */
export const asks = (cell: string | undefined): boolean => !['', '-'].includes((cell ?? '').trim())

export interface Stop { ruleIndex: number; inputName?: string; inputIndex?: number; cell: string; inputValue?: unknown }

/** "Regel 3 stoppede ved beløb: 512 er ikke under 500". */
export function stopSentence(stop: Stop, inputName = stop.inputName): string {
  const start = `Regel ${stop.ruleIndex} stoppede ved ${inputName || `betingelse ${stop.inputIndex ?? ''}`.trim()}`
  const words = cellWords(stop.cell)
  if (words === null) return `${start}: ${valueWords(stop.inputValue)} passer ikke med ${maskCpr(stop.cell.trim())}`
  if (stop.inputValue === null || stop.inputValue === undefined) return `${start}: værdien er ikke oplyst; reglen kræver ${words}`
  if (words.startsWith('ikke ')) return `${start}: ${valueWords(stop.inputValue)} er netop ${words.slice(5)}, og det udelukker reglen`
  return `${start}: ${valueWords(stop.inputValue)} er ikke ${words}`
}

/** What a rule asks, as clauses: ["Erklæringstype er »LÆ 125«", …]; empty where it asks nothing. */
export function ruleClauses(labels: readonly string[], cells: readonly string[]): string[] {
  return cells.flatMap((cell, i) => {
    if (!asks(cell)) return []
    const words = cellWords(cell)
    return [words === null ? `${labels[i] ?? ''} opfylder ${maskCpr(cell.trim())}` : `${labels[i] ?? ''} er ${words}`]
  })
}

/** "a, b og c". */
export const joined = (parts: readonly string[]): string => (parts.length > 1 ? `${parts.slice(0, -1).join(', ')} og ${parts.at(-1)}` : parts[0] ?? '')
