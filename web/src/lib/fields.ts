// The form of a decision: which controls its inputs get, and what people write in them as values. Pure functions.

export interface InputData { name: string; label: string; type: string; allowed?: readonly unknown[] | null }
export type Kind = 'text' | 'number' | 'date' | 'boolean' | 'choice' | 'moment' | 'duration' | 'time' | 'any' | 'json'
/** One control. `path` from the input's name inwards: ["ordre", "levering", "dato"]. */
export interface Field { id: string; path: string[]; label: string; kind: Kind; type: string; allowed: readonly unknown[]; suggestions: string[] }

const kinds: Record<string, Kind> = {
  string: 'text', number: 'number', boolean: 'boolean', date: 'date', time: 'time', 'date and time': 'moment', datetime: 'moment', 'days and time duration': 'duration', 'years and months duration': 'duration',
  daytimeduration: 'duration', yearmonthduration: 'duration', integer: 'number', long: 'number', double: 'number',
}
export function kindOf(type: string | undefined): Kind {
  return kinds[(type ?? '').replace(/^feel:/, '').trim().toLowerCase()] ?? 'json'
}

export function fieldOf(input: InputData): Field {
  const allowed = input.allowed ?? []
  return { id: input.name, path: [input.name], label: input.label || input.name, kind: allowed.length > 0 ? 'choice' : kindOf(input.type), type: input.type, allowed, suggestions: [] }
}

/** What the tables and expressions say about the inside of an input whose type nobody declared. */
export interface Uses { expressions: readonly string[]; columns: readonly { expression: string; type?: string; label: string; cells: readonly string[] }[] }

const word = '[\\p{L}_][\\p{L}\\p{N}_]*'
const strings = /"(?:[^"\\]|\\.)*"/g

/** The fields of a context that nobody declared, from the paths that expressions use; [] where it is used as a whole only. */
export function fieldsInside(name: string, uses: Uses): Field[] {
  const found = new Map<string, { kind: Kind; type: string; label: string; suggestions: string[] }>()
  const path = new RegExp(`(?<![\\p{L}\\p{N}_.])${escape(name)}((?:\\.${word})+)(\\s*\\[)?`, 'gu')
  for (const text of uses.expressions) {
    const bare = text.replace(strings, (s) => '"' + ' '.repeat(Math.max(0, s.length - 2)) + '"')
    for (const match of bare.matchAll(path)) {
      const inner = (match[1] ?? '').slice(1)
      const before = bare.slice(0, match.index), after = bare.slice(match.index + match[0].length)
      const listed = match[2] !== undefined || /(?:count|sum|min|max|sort|flatten|distinct values)\s*\(\s*$/.test(before) || /\bin\s+$/.test(before)
      const dated = /\bdate\s*\(\s*$/.test(before)
      const kind: Kind = listed ? 'json' : dated ? 'date' : /^\s*=\s*(?:true|false)\b/.test(after) ? 'boolean' : 'any'
      const old = found.get(inner)
      if (!old || (old.kind === 'any' && kind !== 'any') || kind === 'json') found.set(inner, { kind, type: '', label: inner, suggestions: [] })
    }
  }
  for (const column of uses.columns) {
    const inner = column.expression.startsWith(`${name}.`) ? column.expression.slice(name.length + 1).trim() : ''
    const entry = found.get(inner)
    if (!entry) continue
    const kind = kindOf(column.type)
    found.set(inner, { ...entry, kind: kind === 'json' ? entry.kind : kind, type: column.type ?? '', label: column.label || inner, suggestions: suggestionsOf(column.cells) })
  }
  const names = [...found.keys()]
  return names.filter((n) => !names.some((other) => other.startsWith(`${n}.`))) // a parent of another is a context, not a field
    .map((n) => { const e = found.get(n)!; return { id: `${name}.${n}`, path: [name, ...n.split('.')], label: e.label, kind: e.kind, type: e.type, allowed: [], suggestions: e.suggestions } })
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Texts that the cells of a column compare with, once each. */
export function suggestionsOf(cells: readonly string[]): string[] {
  return [...new Set(cells.flatMap((cell) => [...cell.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((m) => m[1] ?? '')))].filter((s) => !/^\d{4}-\d{2}-\d{2}/.test(s)).slice(0, 200)
}

// ---- what people write → values

export type Read = { ok: true; value: unknown } | { ok: false; fault: string }
const good = (value: unknown): Read => ({ ok: true, value })
const bad = (fault: string): Read => ({ ok: false, fault })
const months = ['januar', 'februar', 'marts', 'april', 'maj', 'juni', 'juli', 'august', 'september', 'oktober', 'november', 'december']

/** Danish number → JSON number: "1.234,50" → 1234.5. */
export function readNumber(text: string): Read {
  const plain = text.replace(/\s/g, '').replace('−', '-')
  if (!/^-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$/.test(plain)) {
    return bad(/^-?\d+\.\d+$/.test(plain) ? `Skriv decimaler med komma, fx ${plain.replace('.', ',')}` : `»${text.trim()}« er ikke et tal. Skriv fx 512 eller 1.234,50`)
  }
  const digits = plain.replace(/\./g, '').replace(',', '.')
  if (digits.replace(/\D/g, '').replace(/^0+/, '').length > 15) return bad('Tallet har for mange cifre. Skriv højst 15')
  return good(Number(digits))
}

/** "21.11.2026", "21/11 2026", "21. november 2026" or ISO → "2026-11-21". */
export function readDate(text: string): Read {
  const plain = text.trim().toLowerCase()
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(plain)
  const danish = /^(\d{1,2})[./ -]\s*(\d{1,2})[./ -]\s*(\d{4})$/.exec(plain)
  const named = /^(\d{1,2})\.?\s*([a-zæøå]+)\s*(\d{4})$/.exec(plain)
  const [year, month, day] = iso ? [iso[1], iso[2], iso[3]] : danish ? [danish[3], danish[2], danish[1]]
    : named ? [named[3], String(months.findIndex((m) => m.startsWith(named[2] ?? '-') && (named[2] ?? '').length >= 3) + 1), named[1]] : []
  if (!year || !month || !day || month === '0') return bad(`»${text.trim()}« er ikke en dato. Skriv dag, måned og år, fx 21.11.2026`)
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const real = new Date(`${date}T12:00:00Z`)
  if (Number.isNaN(real.getTime()) || real.toISOString().slice(0, 10) !== date) return bad(`Datoen ${text.trim()} findes ikke i kalenderen`)
  return good(date)
}

/** A JSON text; faults say where. */
export function readJson(text: string): Read {
  try {
    return good(JSON.parse(text) as unknown)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : ''
    const at = /position (\d+)/.exec(message)
    const position = at ? Number(at[1]) : /end of (JSON|data|input)/i.test(message) ? text.length : faultPlace(text)
    const lines = text.slice(0, position).split('\n')
    return bad(`Teksten er ikke gyldig JSON: se linje ${lines.length}, tegn ${(lines.at(-1)?.length ?? 0) + 1}`)
  }
}

/** Where the longest start that could still become JSON ends; asked only where the browser does not say. */
function faultPlace(text: string): number {
  const open: string[] = []
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (quoted) { if (c === '\\') i++; else if (c === '"') quoted = false; continue }
    if (c === '"') quoted = true
    else if (c === '{' || c === '[') open.push(c === '{' ? '}' : ']')
    else if (c === '}' || c === ']') { if (open.pop() !== c) return i } else if (!/[\s\d.,:eE+\-truefalsn]/.test(c)) return i
  }
  return text.length
}

/** A field whose type nobody declared: numbers and ja/nej are read as such, "…" in quotes and all else is text. */
function readAny(text: string): Read {
  const plain = text.trim()
  if (/^".*"$/s.test(plain)) return good(plain.slice(1, -1))
  if (/^(ja|true|sand)$/i.test(plain)) return good(true)
  if (/^(nej|false|falsk)$/i.test(plain)) return good(false)
  if (/^[[{]/.test(plain)) return readJson(plain)
  const number = /^-?\d/.test(plain) ? readNumber(plain) : bad('')
  return number.ok ? number : good(plain)
}

/** What is written in a field as its value. Nothing written is null ("ikke oplyst"). */
export function readField(field: Pick<Field, 'kind' | 'allowed'>, text: string): Read {
  if (text.trim() === '') return good(null)
  switch (field.kind) {
    case 'number': return readNumber(text)
    case 'date': return readDate(text)
    case 'boolean': return good(text === 'ja' ? true : text === 'nej' ? false : null)
    case 'choice': return good(field.allowed[Number(text)] ?? null)
    case 'json': return readJson(text)
    case 'any': return readAny(text)
    case 'time': return /^([01]?\d|2[0-3])[.:]\d{2}([.:]\d{2})?$/.test(text.trim()) ? good(text.trim().replace(/\./g, ':').replace(/^(\d):/, '0$1:').replace(/^(\d{2}:\d{2})$/, '$1:00')) : bad('Skriv klokkeslættet som timer og minutter, fx 14.05')
    case 'moment': return readMoment(text)
    case 'duration': return /^-?P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/.test(text.trim()) ? good(text.trim()) : bad('Skriv varigheden som P14D (dage), P2M (måneder) eller PT8H (timer)')
    default: return good(text)
  }
}

function readMoment(text: string): Read {
  const plain = text.trim()
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}|@[\w/+-]+)?$/.test(plain)) return good(/T\d{2}:\d{2}$/.test(plain) ? `${plain}:00` : plain)
  const match = /^(.+?)\s+(?:kl\.?\s*)?(\d{1,2})[.:](\d{2})$/.exec(plain)
  const date = match ? readDate(match[1] ?? '') : bad('')
  return match && date.ok && Number(match[2]) < 24 && Number(match[3]) < 60 ? good(`${String(date.value)}T${(match[2] ?? '').padStart(2, '0')}:${match[3]}:00`) : bad('Skriv dato og klokkeslæt, fx 21.11.2026 14.05')
}

/** A value as it would be written in the field: what an example fills in. */
export function writeField(field: Pick<Field, 'kind' | 'allowed'>, value: unknown): string {
  if (value === null || value === undefined) return ''
  switch (field.kind) {
    case 'choice': { const at = field.allowed.findIndex((a) => JSON.stringify(a) === JSON.stringify(value)); return at < 0 ? '' : String(at) }
    case 'boolean': return value === true ? 'ja' : value === false ? 'nej' : ''
    case 'json': return JSON.stringify(value, null, 2)
    case 'date': { const iso = /^(\d{4})-(\d{2})-(\d{2})/.exec(String(value)); return iso ? `${iso[3]}.${iso[2]}.${iso[1]}` : String(value) }
    case 'any':
      if (typeof value === 'string') return /^(ja|nej|true|false|sand|falsk)$/i.test(value) || /^[-\d[{"]/.test(value) ? `"${value}"` : value
      if (typeof value === 'boolean') return value ? 'ja' : 'nej'
      return typeof value === 'number' ? danish(value) : JSON.stringify(value)
    default: return typeof value === 'number' ? danish(value) : typeof value === 'string' ? value : JSON.stringify(value)
  }
}
const danish = (value: number) => String(value).replace('.', ',')

/** All fields as the variables of an evaluation; a context of which nothing is written is null. Faults by field id. */
export function readForm(fields: readonly Field[], texts: Readonly<Record<string, string>>): { variables: Record<string, unknown>; faults: Record<string, string> } {
  const variables: Record<string, unknown> = {}, faults: Record<string, string> = {}
  for (const field of fields) {
    const text = texts[field.id] ?? ''
    const read = readField(field, text)
    if (!read.ok) { faults[field.id] = read.fault; continue }
    const [name = '', ...inner] = field.path
    if (inner.length === 0) { variables[name] = read.value; continue }
    if (text.trim() === '') { variables[name] ??= null; continue }
    let holder = (variables[name] ??= {}) as Record<string, unknown>
    inner.slice(0, -1).forEach((part) => { holder = (holder[part] ??= {}) as Record<string, unknown> })
    holder[inner.at(-1) ?? ''] = read.value
  }
  return { variables, faults }
}

/** Variables → what is written in the fields. */
export function writeForm(fields: readonly Field[], variables: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(fields.map((field) => [field.id, writeField(field, field.path.reduce<unknown>((value, part) => (value && typeof value === 'object' ? (value as Record<string, unknown>)[part] : undefined), variables))]))
}
