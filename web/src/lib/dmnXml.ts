// What the pages read of a DMN file themselves: its tables as sheets, and which texts stand under a decision. The browser's own XML reader; by local name, so every version of DMN.
import type { Uses } from './fields'
import type { Sheet } from './sheet'

const children = (element: Element, name: string): Element[] => Array.from(element.children).filter((c) => c.localName === name)
const child = (element: Element | undefined, name: string): Element | undefined => (element ? children(element, name)[0] : undefined)
const textOf = (element: Element | undefined): string => child(element, 'text')?.textContent?.trim() ?? ''
const attribute = (element: Element | undefined, name: string): string => element?.getAttribute(name) ?? ''
const policies: Record<string, string> = { U: 'UNIQUE', A: 'ANY', P: 'PRIORITY', F: 'FIRST', R: 'RULE ORDER', O: 'OUTPUT ORDER', C: 'COLLECT' }

function read(xml: string): Element | null {
  const parsed = new DOMParser().parseFromString(xml, 'application/xml')
  return parsed.getElementsByTagName('parsererror').length > 0 ? null : parsed.documentElement
}

function sheetOf(decision: Element, table: Element): Sheet {
  const annotations = children(table, 'annotation').map((a) => attribute(a, 'name'))
  const rules = children(table, 'rule')
  const seen = new Set<string>()
  const idOf = (rule: Element, n: number) => { const own = attribute(rule, 'id'), id = own === '' || seen.has(own) ? `#${n + 1}` : own; seen.add(id); return id } // as the server's sheets
  return {
    decisionId: attribute(decision, 'id'), decisionName: attribute(decision, 'label') || attribute(decision, 'name'), hitPolicy: policies[attribute(table, 'hitPolicy')] ?? (attribute(table, 'hitPolicy') || 'UNIQUE'), aggregation: attribute(table, 'aggregation'),
    inputs: children(table, 'input').map((i) => { const e = child(i, 'inputExpression'); return { id: attribute(i, 'id'), label: attribute(i, 'label') || textOf(e), expression: textOf(e), type: attribute(e, 'typeRef'), allowed: textOf(child(i, 'inputValues')) } }),
    outputs: children(table, 'output').map((o) => ({ id: attribute(o, 'id'), name: attribute(o, 'name'), label: attribute(o, 'label'), type: attribute(o, 'typeRef'), allowed: textOf(child(o, 'outputValues')), default: textOf(child(o, 'defaultOutputEntry')) })),
    annotations: [...annotations, 'Bemærkning'], // the last column is always the rules' description, which is what dmn-js writes
    rules: rules.map((r, n) => ({ id: idOf(r, n), inputs: children(r, 'inputEntry').map(textOf), outputs: children(r, 'outputEntry').map(textOf), annotations: [...annotations.map((_a, i) => textOf(children(r, 'annotationEntry')[i])), child(r, 'description')?.textContent?.trim() ?? ''] })),
  }
}

/** Every decision table of a file, by the decision's id; tables inside other expressions are left out. */
export function sheetsOf(xml: string): Map<string, Sheet> {
  const sheets = new Map<string, Sheet>()
  const root = read(xml)
  if (!root) return sheets
  for (const decision of children(root, 'decision')) {
    const table = child(decision, 'decisionTable')
    if (table) sheets.set(attribute(decision, 'id'), sheetOf(decision, table))
  }
  return sheets
}

/** All expressions of these decisions, and the columns of their tables: what the fields of undeclared inputs are found from. */
export function usesOf(xml: string, decisions: ReadonlySet<string>): Uses {
  const uses = { expressions: [] as string[], columns: [] as { expression: string; type?: string; label: string; cells: string[] }[] }
  const root = read(xml)
  if (!root) return uses
  for (const decision of children(root, 'decision').filter((d) => decisions.has(attribute(d, 'id')))) {
    for (const text of Array.from(decision.getElementsByTagName('*')).filter((e) => e.localName === 'text')) uses.expressions.push(text.textContent ?? '')
    const table = child(decision, 'decisionTable')
    if (!table) continue
    const sheet = sheetOf(decision, table)
    sheet.inputs.forEach((input, i) => uses.columns.push({ expression: input.expression, type: input.type, label: input.label, cells: sheet.rules.map((r) => r.inputs[i] ?? '') }))
  }
  return uses
}

/** Labels that people read of inputs and decisions, by id and by name. */
export function labelsOf(xml: string): Map<string, string> {
  const labels = new Map<string, string>()
  const root = read(xml)
  for (const element of root ? [...children(root, 'inputData'), ...children(root, 'decision')] : []) {
    const label = attribute(element, 'label') || attribute(element, 'name')
    labels.set(attribute(element, 'id'), label)
    labels.set(attribute(element, 'name'), label)
  }
  return labels
}

/** Where an element of a table stands: the id of its rule and which cell, or null. What a finding's element id means on the page. */
export function placeOf(xml: string, elementId: string): { ruleId: string; part?: 'input' | 'output'; index?: number } | null {
  const root = read(xml)
  let element: Element | null = root ? Array.from(root.getElementsByTagName('*')).find((e) => e.getAttribute('id') === elementId) ?? null : null
  while (element && !['rule', 'inputEntry', 'outputEntry'].includes(element.localName)) element = element.parentElement
  if (!element) return null
  if (element.localName === 'rule') return { ruleId: attribute(element, 'id') }
  const rule = element.parentElement
  if (!rule) return null
  const part = element.localName === 'inputEntry' ? 'input' : 'output'
  return { ruleId: attribute(rule, 'id'), part, index: children(rule, element.localName).indexOf(element) }
}
