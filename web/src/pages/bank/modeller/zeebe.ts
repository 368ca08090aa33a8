// zeebe: extensions in bpmn-js. Whatever a file holds must come out again, so types are made from a table and from the file itself.
// moddle drops what a known namespace does not declare; `values` in every type keeps children nobody has heard of.

const attributes: Readonly<Record<string, string>> = {
  taskDefinition: 'type retries', taskHeaders: '', header: 'key value', ioMapping: '', input: 'source target', output: 'source target', subscription: 'correlationKey',
  loopCharacteristics: 'inputCollection inputElement outputCollection outputElement', calledElement: 'processId processIdExpression propagateAllChildVariables propagateAllParentVariables bindingType versionTag businessId',
  calledDecision: 'decisionId resultVariable bindingType versionTag', script: 'expression resultVariable', userTask: '', formDefinition: 'formId formKey externalReference bindingType versionTag',
  assignmentDefinition: 'assignee candidateGroups candidateUsers', priorityDefinition: 'priority', taskSchedule: 'dueDate followUpDate', properties: '', property: 'name value', versionTag: 'value', userTaskForm: 'id',
  executionListeners: '', executionListener: 'eventType type retries', taskListeners: '', taskListener: 'eventType type retries', linkedResources: '', linkedResource: 'resourceId resourceType bindingType linkName versionTag',
  adHoc: 'activeElementsCollection outputCollection outputElement', conditionalFilter: 'variableNames variableEvents', jobPriorityDefinition: 'priority', agentDefinition: '',
}
const zeebeNamespace = 'http://camunda.org/schema/zeebe/1.0'
const upper = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)

interface Property { name: string; type: string; isAttr?: boolean; isMany?: boolean; isBody?: boolean }
export interface Descriptor { name: string; prefix: string; uri: string; xml: { tagAlias: string }; types: { name: string; superClass: string[]; properties: Property[] }[] }

/** The moddle package for one file: what is known, and what the file holds besides. */
export function descriptorFor(xml: string): Descriptor {
  const known = new Map(Object.entries(attributes).map(([tag, list]) => [tag, new Set(list.split(' ').filter(Boolean))]))
  const bodies = new Set<string>()
  const prefix = new RegExp(`xmlns:([\\w.-]+)=["']${zeebeNamespace.replace(/\./g, '\\.')}["']`).exec(xml)?.[1] ?? 'zeebe'
  const tags = new RegExp(`<${prefix.replace(/[.-]/g, '\\$&')}:([\\w.-]+)((?:\\s+[\\w:.-]+\\s*=\\s*(?:"[^"]*"|'[^']*'))*)\\s*(/?)>([^<]*)`, 'g')
  for (const [, tag = '', list = '', closed, text = ''] of xml.matchAll(tags)) {
    const names = known.get(tag) ?? new Set<string>()
    known.set(tag, names)
    for (const [, name = ''] of list.matchAll(/([\w:.-]+)\s*=\s*(?:"[^"]*"|'[^']*')/g)) if (!name.includes(':')) names.add(name)
    if (!closed && text.trim()) bodies.add(tag)
  }
  return {
    name: 'zeebe', prefix: 'zeebe', uri: zeebeNamespace, xml: { tagAlias: 'lowerCase' },
    types: [...known].map(([tag, names]) => ({
      name: upper(tag), superClass: ['Element'],
      properties: [...[...names].map((name): Property => ({ name, type: 'String', isAttr: true })), ...(bodies.has(tag) ? [{ name: 'body', type: 'String', isBody: true }] : [{ name: 'values', type: 'Element', isMany: true }])],
    })),
  }
}

/** A moddle element, as far as the panel looks into it. */
export interface Moddle { $type: string; $attrs?: Record<string, unknown>; $descriptor?: { properties: { name: string; isAttr?: boolean }[] }; $parent?: Moddle; id?: string; name?: string; values?: Moddle[]; get(name: string): unknown; set(name: string, value: unknown): void }
export type Create = (type: string, properties: Record<string, unknown>) => Moddle

const list = (of: Moddle | undefined): Moddle[] => (of?.get('values') as Moddle[] | undefined) ?? []
const extensions = (element: Moddle) => element.get('extensionElements') as Moddle | undefined
const typeOf = (tag: string) => `zeebe:${upper(tag)}`

/** The first extension of that tag. */
export function extension(element: Moddle, tag: string): Moddle | undefined {
  return list(extensions(element)).find((one) => one.$type === typeOf(tag))
}
/** One attribute of it; '' where it is absent. */
export function attribute(element: Moddle, tag: string, name: string): string {
  return String(extension(element, tag)?.get(name) ?? '')
}
/** Rows inside it: children(task, 'ioMapping', 'input', ['target', 'source']) → [['beloeb', '=krav'], …]. */
export function children(element: Moddle, tag: string, child: string, names: [string, string]): [string, string][] {
  return list(extension(element, tag)).filter((one) => one.$type === typeOf(child)).map((one) => [String(one.get(names[0]) ?? ''), String(one.get(names[1]) ?? '')])
}
export const properties = (element: Moddle, name: string): string[] => children(element, 'properties', 'property', ['name', 'value']).filter(([key]) => key === name).map(([, value]) => value)

/** The extension elements with the tag's changed: attributes set ('' takes one away), rows of `child` replaced. Empty ones go. Nothing given is altered. */
export function withExtension(element: Moddle, tag: string, change: { set?: Record<string, string>; child?: string; names?: [string, string]; rows?: [string, string][]; remove?: boolean }, create: Create): Moddle[] {
  const all = list(extensions(element)), old = all.find((one) => one.$type === typeOf(tag))
  const rest = all.filter((one) => one !== old)
  if (change.remove) return rest
  const declared = old?.$descriptor?.properties.filter((p) => p.isAttr).map((p) => p.name.replace(/^zeebe:/, '')) ?? attributes[tag]?.split(' ').filter(Boolean) ?? []
  const kept: Record<string, unknown> = {}
  for (const name of new Set([...declared, ...Object.keys(old?.$attrs ?? {}), ...Object.keys(change.set ?? {})])) {
    const value = change.set?.[name] ?? old?.get(name)
    if (value !== undefined && value !== '') kept[name] = value
  }
  const [first, second] = change.names ?? ['', '']
  const rows = change.rows?.map(([a, b]) => create(typeOf(change.child ?? ''), { [first]: a, [second]: b }))
  const values = rows ? [...list(old).filter((one) => one.$type !== typeOf(change.child ?? '')), ...rows] : list(old)
  if (Object.keys(kept).length === 0 && values.length === 0 && tag !== 'userTask') return rest
  const made = create(typeOf(tag), { ...kept, ...(values.length > 0 && { values }) })
  for (const one of values) one.$parent = made
  return old ? all.map((one) => (one === old ? made : one)) : [...all, made]
}
/** The same for the values of one zeebe:property name ("lov", "daekker", "pakke"); others stay, in their order. */
export function withProperties(element: Moddle, name: string, values: string[], create: Create): Moddle[] {
  const rows = children(element, 'properties', 'property', ['name', 'value']), next: [string, string][] = []
  let placed = false
  for (const row of rows) {
    if (row[0] !== name) next.push(row)
    else if (!placed) { placed = true; next.push(...values.map((value): [string, string] => [name, value])) }
  }
  if (!placed) next.push(...values.map((value): [string, string] => [name, value]))
  return withExtension(element, 'properties', { child: 'property', names: ['name', 'value'], rows: next }, create)
}
