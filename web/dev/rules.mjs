// The mock server's rules: two small tables as sheets, the DMN file they make, and a matcher for the few tests they use. Not FEEL: enough to build pages against.
const year = '[date("2026-01-01")..date("2026-12-31")]'
const rule = (id, inputs, outputs, note = '') => ({ id, inputs, outputs, annotations: [note] })
const takst = {
  decisionId: 'takst', decisionName: 'Takst', hitPolicy: 'FIRST', aggregation: '', annotations: ['Bemærkning'],
  inputs: [{ id: 'takst_i0', label: 'Erklæringstype', expression: 'type', type: 'string', allowed: '' }, { id: 'takst_i1', label: 'Dato', expression: 'dato', type: 'date', allowed: '' }], outputs: [{ id: 'takst_o', name: 'takst', label: 'Takst', type: 'number', allowed: '', default: '' }],
  rules: [['"LÆ 125"', '468.00'], ['"LÆ 135"', '1284.00'], ['"LÆ 145"', '702.00'], ['"LÆ 155"', '1051.50']].map(([type, price], n) => rule(`takst_r${n}`, [type, year], [price], n === 0 ? 'Statusattest' : '')),
}
const kontering = {
  decisionId: 'kontering', decisionName: 'Kontering', hitPolicy: 'FIRST', aggregation: '', annotations: ['Bemærkning'],
  inputs: [{ id: 'kontering_i0', label: 'Målgruppe', expression: 'maalgruppe', type: 'string', allowed: '' }], outputs: [{ id: 'kontering_o', name: 'konto', label: 'Konto', type: 'string', allowed: '', default: '' }],
  rules: [['"sygedagpenge"', '"5.57.71"'], ['"kontanthjælp"', '"5.57.73"'], ['-', '"5.57.90"']].map(([group, account], n) => rule(`kontering_r${n}`, [group], [account])),
}
export const versions = [{ version: 1, at: new Date(Date.now() - 86_400_000).toISOString(), by: 'karen', note: 'Første udgave', sheets: [takst, kontering] }]
export const newest = () => versions.at(-1)

const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')
const table = (s) => `<decisionTable id="${s.decisionId}_t" hitPolicy="${s.hitPolicy}">${s.inputs.map((c, i) => `<input id="${c.id}" label="${escape(c.label)}"><inputExpression id="${s.decisionId}_e${i}" typeRef="${c.type}"><text>${escape(c.expression)}</text></inputExpression></input>`).join('')}${s.outputs.map((c) => `<output id="${c.id}" label="${c.label}" name="${c.name}" typeRef="${c.type}"/>`).join('')}${s.rules.map((r) => `<rule id="${r.id}"><description>${escape(r.annotations[0] ?? '')}</description>${r.inputs.map((t, i) => `<inputEntry id="${r.id}_i${i}"><text>${escape(t)}</text></inputEntry>`).join('')}${r.outputs.map((t, i) => `<outputEntry id="${r.id}_o${i}"><text>${escape(t)}</text></outputEntry>`).join('')}</rule>`).join('')}</decisionTable>`
/** The sheets ride along in a comment, so that a draft the pages send back can be read without an XML parser. */
export function dmn(sheets = newest().sheets) {
  const [a, b] = sheets
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:di="http://www.omg.org/spec/DMN/20180521/DI/" id="defs" name="Lægeerklæringer" namespace="urn:sagsgang:mock">
<!--sheets ${Buffer.from(JSON.stringify(sheets)).toString('base64')}-->
<inputData id="type" name="type" label="Erklæringstype"/><inputData id="dato" name="dato" label="Dato"/><inputData id="maalgruppe" name="maalgruppe" label="Målgruppe"/>
<decision id="takst" name="Takst"><informationRequirement id="q1"><requiredInput href="#type"/></informationRequirement><informationRequirement id="q2"><requiredInput href="#dato"/></informationRequirement>${table(a)}</decision>
<decision id="kontering" name="Kontering"><informationRequirement id="q3"><requiredDecision href="#takst"/></informationRequirement>${table(b)}</decision>
<dmndi:DMNDI><dmndi:DMNDiagram id="dia"><dmndi:DMNShape id="s1" dmnElementRef="takst"><dc:Bounds x="200" y="120" width="180" height="80"/></dmndi:DMNShape><dmndi:DMNShape id="s2" dmnElementRef="kontering"><dc:Bounds x="200" y="10" width="180" height="80"/></dmndi:DMNShape><dmndi:DMNShape id="s3" dmnElementRef="type"><dc:Bounds x="120" y="250" width="125" height="45"/></dmndi:DMNShape><dmndi:DMNShape id="s4" dmnElementRef="dato"><dc:Bounds x="330" y="250" width="125" height="45"/></dmndi:DMNShape>
<dmndi:DMNEdge id="e1" dmnElementRef="q1"><di:waypoint x="182" y="250"/><di:waypoint x="270" y="200"/></dmndi:DMNEdge><dmndi:DMNEdge id="e2" dmnElementRef="q2"><di:waypoint x="392" y="250"/><di:waypoint x="310" y="200"/></dmndi:DMNEdge><dmndi:DMNEdge id="e3" dmnElementRef="q3"><di:waypoint x="290" y="120"/><di:waypoint x="290" y="90"/></dmndi:DMNEdge></dmndi:DMNDiagram></dmndi:DMNDI></definitions>`
}
export const sheetsIn = (xml) => { const held = /<!--sheets (\S+)-->/.exec(xml ?? ''); return held ? JSON.parse(Buffer.from(held[1], 'base64').toString()) : newest().sheets }

const literal = (text) => { const t = text.trim(); return /^"/.test(t) ? t.slice(1, -1) : /^date/.test(t) ? t.slice(6, -2) : t === '' ? null : Number(t) }
function matches(cell, value) {
  const text = cell.trim()
  if (text === '-') return true
  if (value === null || value === undefined) return false
  const compared = /^(<=|>=|<|>)\s*(.+)$/.exec(text), range = /^\[(.+)\.\.(.+)\]$/.exec(text)
  if (compared) { const b = literal(compared[2]); return { '<': value < b, '<=': value <= b, '>': value > b, '>=': value >= b }[compared[1]] }
  if (range) return value >= literal(range[1]) && value <= literal(range[2])
  return value === literal(text)
}
function evaluateSheet(sheet, variables) {
  const seen = sheet.inputs.map((c) => variables[c.expression] ?? null)
  const evaluated = { decisionDefinitionId: sheet.decisionId, decisionDefinitionName: sheet.decisionName, decisionDefinitionType: 'DECISION_TABLE', output: null, evaluatedInputs: sheet.inputs.map((c, i) => ({ inputId: c.id, inputName: c.label, inputValue: seen[i] })), matchedRules: [], stoppedRules: [], stoppedRulesLeftOut: 0, reasons: [] }
  sheet.rules.forEach((r, n) => {
    const stop = r.inputs.findIndex((cell, i) => !matches(cell, seen[i]))
    if (stop >= 0) evaluated.stoppedRules.push({ ruleId: r.id, ruleIndex: n + 1, inputId: sheet.inputs[stop].id, inputIndex: stop + 1, cellId: `${r.id}_i${stop}`, cell: r.inputs[stop], inputValue: seen[stop] })
    else if (evaluated.matchedRules.length === 0) { evaluated.output = literal(r.outputs[0]); evaluated.matchedRules.push({ ruleId: r.id, ruleIndex: n + 1, evaluatedOutputs: [{ outputId: sheet.outputs[0].id, outputName: sheet.outputs[0].name, outputValue: evaluated.output }] }) }
  })
  if (evaluated.matchedRules.length === 0) evaluated.reasons.push({ code: 'no_rule', text: `no rule of '${sheet.decisionId}' matches`, textDa: `Ingen regel i »${sheet.decisionName}« passer.`, line: 0, column: 0 })
  return evaluated
}
export function evaluate(decision, variables, xml) {
  const sheets = sheetsIn(xml), sheet = sheets.find((s) => s.decisionId === decision) ?? sheets[0]
  const evaluated = (sheet.decisionId === 'kontering' ? [sheets[0], sheet] : [sheet]).map((s) => evaluateSheet(s, variables))
  return { decisionDefinitionId: sheet.decisionId, decisionDefinitionName: sheet.decisionName, decisionOutput: evaluated.at(-1).output, failureMessage: null, failedDecisionDefinitionId: null, evaluatedDecisions: evaluated }
}

export function model(slug) {
  const inputs = { type: { id: 'type', name: 'type', label: 'Erklæringstype', type: 'string', collection: false, allowed: ['LÆ 125', 'LÆ 135', 'LÆ 145', 'LÆ 155', 'LÆ 999'] }, dato: { id: 'dato', name: 'dato', label: 'Dato', type: 'date', collection: false, allowed: null }, maalgruppe: { id: 'maalgruppe', name: 'maalgruppe', label: 'Målgruppe', type: 'string', collection: false, allowed: null } }
  const one = (s, names, requires) => ({ id: s.decisionId, name: s.decisionName, kind: 'DECISION_TABLE', type: '', label: '', description: `Eksempel: ${s.decisionName.toLowerCase()}.`, inputs: names.map((n) => inputs[n]), requires, outputs: s.outputs, table: true, hitPolicy: s.hitPolicy, rules: s.rules.length })
  const [a, b] = newest().sheets
  return { slug, version: newest().version, own: true, name: 'Lægeerklæringer', decisions: [one(a, ['type', 'dato'], []), one(b, ['type', 'dato', 'maalgruppe'], ['takst'])], examples: [{ decisionId: 'takst', title: 'En statusattest fra marts', variables: { type: 'LÆ 125', dato: '2026-03-02' } }], findings: [], versions: versions.map(({ sheets, ...v }) => v) }
}

const balanced = (text) => (text.match(/"/g) ?? []).length % 2 === 0 && (text.match(/\(/g) ?? []).length === (text.match(/\)/g) ?? []).length
const csvOf = (s) => [['id', ...s.inputs.map((c) => c.label), ...s.outputs.map((c) => c.label), ...s.annotations], ...s.rules.map((r) => [r.id, ...r.inputs, ...r.outputs, ...r.annotations])].map((row) => row.map((t) => `"${t.replace(/"/g, '""')}"`).join(';')).join('\r\n')
export const csv = (decision) => csvOf(newest().sheets.find((s) => s.decisionId === decision))
function fromCsv(text, old) {
  const rows = text.trim().split(/\r?\n/).slice(1).map((line) => [...line.matchAll(/"((?:[^"]|"")*)"(?:;|$)/g)].map((m) => m[1].replace(/""/g, '"')))
  return { ...old, rules: rows.map((r, n) => ({ id: r[0] || `${old.decisionId}_ny_${n}`, inputs: r.slice(1, 1 + old.inputs.length), outputs: r.slice(1 + old.inputs.length, 1 + old.inputs.length + old.outputs.length), annotations: r.slice(1 + old.inputs.length + old.outputs.length) })) }
}
export function changeTable(body) {
  const sheets = sheetsIn(body.xml), old = sheets.find((s) => s.decisionId === body.decision)
  const sheet = body.sheet ?? fromCsv(Buffer.from(body.content, 'base64').toString(), old)
  const changes = sheet.rules.flatMap((r, n) => { const before = old.rules.find((o) => o.id === r.id); return !before ? [`Regel ${n + 1} er ny`] : JSON.stringify(before) === JSON.stringify(r) ? [] : [`Regel ${n + 1} er ændret`] })
  const findings = sheet.rules.flatMap((r, n) => ['inputs', 'outputs'].flatMap((part) => r[part].flatMap((cell, i) => (balanced(cell) ? [] : [{ code: 'DMN-FEEL', message: 'unexpected end of text', message_da: 'Udtrykket er ikke gyldig FEEL.', error: true, ruleIndex: n + 1, part: part.slice(0, -1), index: i + 1 }]))))
  const xml = findings.length > 0 ? '' : dmn(sheets.map((s) => (s === old ? { ...old, ...sheet } : s)))
  return { xml, sheet, changes, findings }
}

const replays = new Map()
export function startReplay(body, user) {
  const key = String(1000 + replays.size), changed = changeCount(body.xml)
  replays.set(key, { replayKey: key, decisionId: body.decision, decisionName: body.decision, from: body.from, to: body.to, purpose: body.purpose, by: user, state: 'RUNNING', message: null, done: 0, of: 4212, changed, counts: { same: 0, different: 0, failed: 0, notReplayable: 0 }, notReplayable: { withoutInputs: 0, forgotten: 0 }, kept: 0 })
  return { replayKey: key }
}
const changeCount = (xml) => sheetsIn(xml).flatMap((s, i) => s.rules.filter((r) => !newest().sheets[i].rules.some((o) => JSON.stringify(o) === JSON.stringify(r)))).length * 37
export function replay(key) {
  const r = replays.get(key)
  if (r?.state === 'RUNNING') {
    r.done = Math.min(r.of, r.done + 1500)
    if (r.done === r.of) Object.assign(r, { state: 'COMPLETED', counts: { same: r.of - r.changed - 12, different: r.changed, failed: 0, notReplayable: 12 }, notReplayable: { withoutInputs: 12, forgotten: 0 }, kept: r.changed })
  }
  return r
}
export const cancelReplay = (key) => { const r = replays.get(key); if (r) r.state = 'CANCELED'; return r }
export function differences(key, from, limit, instances) {
  const r = replays.get(key)
  const item = (n) => ({ decisionEvaluationKey: String(n), processInstanceKey: instances[n % instances.length].processInstanceKey, businessKey: '', elementId: 'Task_takst', evaluationDate: instances[n % instances.length].startDate, decisionDefinitionVersion: 1, outcome: 'different',
    before: { output: { takst: 468, udfald: 'betal' }, failureMessage: null, matchedRules: [1], matchedRuleIds: ['takst_r0'], tables: [{ decisionDefinitionId: 'takst', decisionDefinitionName: 'Takst', matchedRules: [1], matchedRuleIds: ['takst_r0'] }] }, after: { output: { takst: 500, udfald: 'person' }, failureMessage: null, matchedRules: [1], matchedRuleIds: ['takst_r0'], tables: [{ decisionDefinitionId: 'takst', decisionDefinitionName: 'Takst', matchedRules: [1], matchedRuleIds: ['takst_r0'] }] } })
  const items = Array.from({ length: Math.max(0, Math.min(limit, r.changed - from)) }, (_x, i) => item(from + i))
  return { items, total: r.changed, nextCursor: from + limit < r.changed ? String(from + limit) : null }
}
