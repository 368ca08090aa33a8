// A decision table as rows of texts (docs/dmn.md "Tables as sheets"): edits, undo, and what differs between two of them. Pure functions.

export interface SheetInput { id: string; label: string; expression: string; type?: string; allowed?: string }
export interface SheetOutput { id: string; name: string; label?: string; type?: string; allowed?: string; default?: string }
export interface SheetRule { id: string; inputs: string[]; outputs: string[]; annotations: string[] }
export interface Sheet { decisionId: string; decisionName: string; hitPolicy: string; aggregation?: string; inputs: SheetInput[]; outputs: SheetOutput[]; annotations: string[]; rules: SheetRule[] }

export type Part = 'input' | 'output' | 'annotation'
export interface Column { part: Part; index: number; label: string; hint: string }

/** The columns of the grid from left to right. */
export function columnsOf(sheet: Sheet): Column[] {
  return [
    ...sheet.inputs.map((c, index): Column => ({ part: 'input', index, label: c.label || c.expression || `Betingelse ${index + 1}`, hint: [typeWord(c.type), c.expression !== c.label ? c.expression : ''].filter(Boolean).join(': ') })),
    ...sheet.outputs.map((c, index): Column => ({ part: 'output', index, label: c.label || c.name || 'Svar', hint: typeWord(c.type) })),
    ...sheet.annotations.map((label, index): Column => ({ part: 'annotation', index, label: label || 'Bemærkning', hint: '' })),
  ]
}

const types: Record<string, string> = { string: 'tekst', number: 'tal', boolean: 'ja/nej', date: 'dato', time: 'klokkeslæt', 'date and time': 'tidspunkt', dateTime: 'tidspunkt', 'days and time duration': 'varighed', 'years and months duration': 'varighed' }
export const typeWord = (type: string | undefined): string => (type ? types[type.replace(/^feel:/, '')] ?? (type === 'Any' ? '' : type) : '')

const key = { input: 'inputs', output: 'outputs', annotation: 'annotations' } as const
export const cellOf = (rule: SheetRule, column: Pick<Column, 'part' | 'index'>): string => rule[key[column.part]][column.index] ?? ''

export function withCell(sheet: Sheet, row: number, column: Pick<Column, 'part' | 'index'>, text: string): Sheet {
  const rule = sheet.rules[row]
  if (!rule || cellOf(rule, column) === text) return sheet
  const list = [...rule[key[column.part]]]
  while (list.length <= column.index) list.push('')
  list[column.index] = text
  return { ...sheet, rules: sheet.rules.map((r, i) => (i === row ? { ...rule, [key[column.part]]: list } : r)) }
}

/** An id that no rule has: XML needs one, and it stays with the rule when it moves. */
export function newRuleId(sheet: Sheet): string {
  const taken = new Set(sheet.rules.map((r) => r.id))
  for (let n = sheet.rules.length + 1; ; n++) {
    const id = `${sheet.decisionId.replace(/[^\w-]/g, '_')}_regel_${n}`
    if (!taken.has(id)) return id
  }
}

/** Adds an empty rule, or a copy of the rule at `copy`, at a place. */
export function withRule(sheet: Sheet, place: number, copy?: number): Sheet {
  const from = copy === undefined ? undefined : sheet.rules[copy]
  const rule: SheetRule = from ? { ...from, id: newRuleId(sheet) } : { id: newRuleId(sheet), inputs: sheet.inputs.map(() => '-'), outputs: sheet.outputs.map(() => ''), annotations: sheet.annotations.map(() => '') }
  return { ...sheet, rules: [...sheet.rules.slice(0, place), rule, ...sheet.rules.slice(place)] }
}

export function withoutRule(sheet: Sheet, row: number): Sheet {
  return { ...sheet, rules: sheet.rules.filter((_r, i) => i !== row) }
}

/** Moves a rule one place up (-1) or down (1); at the ends nothing happens. */
export function withMoved(sheet: Sheet, row: number, step: 1 | -1): Sheet {
  const to = row + step, a = sheet.rules[row], b = sheet.rules[to]
  if (!a || !b) return sheet
  return { ...sheet, rules: sheet.rules.map((r, i) => (i === row ? b : i === to ? a : r)) }
}

// ---- undo and redo

export interface History<T> { past: readonly T[]; now: T; future: readonly T[]; tag: string }
const depth = 200 // steps one can undo; a sheet shares what did not change with the one before

export const historyOf = <T>(now: T): History<T> => ({ past: [], now, future: [], tag: '' })
/** Steps with the same tag (typing in one cell) are one step to undo. */
export function step<T>(history: History<T>, next: T, tag = ''): History<T> {
  if (next === history.now) return history
  if (tag !== '' && tag === history.tag) return { ...history, now: next, future: [] }
  return { past: [...history.past, history.now].slice(-depth), now: next, future: [], tag }
}
export function undo<T>(history: History<T>): History<T> {
  const last = history.past.at(-1)
  return last === undefined ? history : { past: history.past.slice(0, -1), now: last, future: [history.now, ...history.future], tag: '' }
}
export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future
  return next === undefined ? history : { past: [...history.past, history.now], now: next, future, tag: '' }
}

// ---- differences

export interface CellChange { column: Column; before: string; after: string }
export type RuleChange =
  | { kind: 'added' | 'removed'; id: string; at: number; rule: SheetRule }
  | { kind: 'changed'; id: string; at: number; rule: SheetRule; cells: CellChange[] }
  | { kind: 'moved'; id: string; at: number; from: number; rule: SheetRule }

/** What happened to the rules from one sheet to another; `at` counts from 1, in the new sheet (in the old one for what is removed). */
export function sheetChanges(before: Sheet, after: Sheet): RuleChange[] {
  const columns = columnsOf(after)
  const old = new Map(before.rules.map((rule, i) => [rule.id, { rule, at: i + 1 }]))
  const now = new Map(after.rules.map((rule, i) => [rule.id, { rule, at: i + 1 }]))
  const result: RuleChange[] = []
  for (const [id, { rule, at }] of now) {
    const earlier = old.get(id)
    if (!earlier) { result.push({ kind: 'added', id, at, rule }); continue }
    const cells = columns.flatMap((column) => {
      const a = cellOf(earlier.rule, column), b = cellOf(rule, column)
      return a === b ? [] : [{ column, before: a, after: b }]
    })
    if (cells.length > 0) result.push({ kind: 'changed', id, at, rule, cells })
  }
  for (const [id, { rule, at }] of old) if (!now.has(id)) result.push({ kind: 'removed', id, at, rule })
  return [...result, ...moves(before, after)]
}

/** Of the rules in both, the fewest that must have moved: those outside the longest run that kept its order. */
function moves(before: Sheet, after: Sheet): RuleChange[] {
  const place = new Map(before.rules.map((r, i) => [r.id, i]))
  const common = after.rules.flatMap((rule, i) => { const from = place.get(rule.id); return from === undefined ? [] : [{ rule, at: i, from }] })
  const tails: number[] = [], previous: number[] = [] // patience sorting: indexes into `common`
  common.forEach((item, i) => {
    let low = 0, high = tails.length
    while (low < high) { const mid = (low + high) >> 1; if ((common[tails[mid]!]!).from < item.from) low = mid + 1; else high = mid }
    previous[i] = low > 0 ? tails[low - 1]! : -1
    tails[low] = i
  })
  const kept = new Set<number>()
  for (let i = tails.at(-1) ?? -1; i >= 0; i = previous[i]!) kept.add(i)
  return common.flatMap((item, i): RuleChange[] => (kept.has(i) ? [] : [{ kind: 'moved', id: item.rule.id, at: item.at + 1, from: item.from + 1, rule: item.rule }]))
}

/** The change as a sentence for people. */
export function changeWords(change: RuleChange): string {
  switch (change.kind) {
    case 'added': return `Regel ${change.at} er ny`
    case 'removed': return `Regel ${change.at} er slettet`
    case 'moved': return `Regel ${change.from} er flyttet til plads ${change.at}`
    case 'changed': return `Regel ${change.at}: ${change.cells.map((c) => `${c.column.label} fra ${c.before || 'tom'} til ${c.after || 'tom'}`).join('; ')}`
  }
}

/** "regelId/input/0" for every cell of a rule that exists in both and differs, and "regelId" for rules that are new. */
export function changedCells(before: Sheet, after: Sheet): Set<string> {
  const marks = new Set<string>()
  for (const change of sheetChanges(before, after)) {
    if (change.kind === 'added') marks.add(change.id)
    if (change.kind === 'changed') for (const c of change.cells) marks.add(cellKey(change.id, c.column))
  }
  return marks
}
export const cellKey = (ruleId: string, column: Pick<Column, 'part' | 'index'>): string => `${ruleId}/${column.part}/${column.index}`
