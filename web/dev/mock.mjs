// A stand-in for the server while the pages are built: `npm run mock [port]`. Serves dist/ and the calls of docs/api.md from memory. Never shipped.
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as data from './data.mjs'
import { bpmn, nodes } from './diagrams.mjs'
import * as drift from './drift.mjs'
import * as rules from './rules.mjs'

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist')
const port = Number(process.argv[2] ?? 8099)
const streams = new Set()
const sessions = new Map()
const emit = (kind, note) => streams.forEach((s) => s.write(`event: ${kind}\ndata: ${JSON.stringify(note)}\n\n`))
let reference = 1

class Fault { constructor(status, code, title, detail = title) { Object.assign(this, { status, code, title, detail }) } }
const found = (thing) => { if (thing === undefined) throw new Fault(404, 'not_found', 'Findes ikke', 'unknown key'); return thing }
const page = (items, body) => { const from = body.page?.from ?? 0, limit = body.page?.limit ?? 100; return { items: items.slice(from, from + limit), page: { totalItems: items.length, hasMoreTotalItems: false } } }
const filter = (items, body) => items.filter((item) => Object.entries(body.filter ?? {}).every(([k, v]) => item[k] === v))
const sorted = (items, body) => { const by = body.sort?.[0]; return by ? [...items].sort((a, b) => String(a[by.field] ?? '').localeCompare(String(b[by.field] ?? '')) * (by.order === 'DESC' ? -1 : 1)) : items }
const search = (items) => ({ body }) => page(sorted(filter(items, body), body), body)
const facet = (items, name) => [...items.reduce((m, i) => m.set(i[name], (m.get(i[name]) ?? 0) + 1), new Map())].map(([value, count]) => ({ value, count }))
const text = (type, body) => ({ raw: true, type, body })
const workflow = (p) => found(data.workflows.find((w) => w.slug === `${p[0]}/${p[1]}`))
const role = (session, name) => { if (!session.roles.includes(name)) throw new Fault(403, 'forbidden', 'Det har du ikke adgang til', `role ${name} is needed`) }

function complete(task, action, reason, user) {
  task.state = 'COMPLETED'
  const instance = data.instances.find((i) => i.processInstanceKey === task.processInstanceKey)
  const trail = data.elements[instance.processInstanceKey]
  Object.assign(trail.at(-1), { state: 'COMPLETED', endDate: new Date().toISOString() })
  data.reach(instance, action === 'godkend' ? ['Task_bogfoer', 'Task_notat', 'End_betalt'] : ['End_afvist'], 0)
  if (action === 'godkend') data.post(instance, task.variables.faktura, 0)
  task.notes.push({ at: new Date().toISOString(), text: `${user.name}: ${action}${reason ? `, ${reason}` : ''}` })
  Object.assign(instance, { state: 'COMPLETED', endDate: new Date().toISOString() })
  emit('task', { key: task.userTaskKey, processInstanceKey: instance.processInstanceKey, state: 'COMPLETED' })
  emit('instance', { key: instance.processInstanceKey, processInstanceKey: instance.processInstanceKey, state: 'COMPLETED' })
}

const readers = [ // as x-roles of src/api/openapi.json
  [/^\/api\/tasks/, ['sagsbehandler']], [/^\/api\/cases\/[^/]+\/documents/, ['sagsbehandler']], [/^\/api\/cases/, ['sagsbehandler', 'drift']], [/^\/api\/operations\/quarantine/, ['drift']],
  [/^\/api\/operations$/, ['drift', 'konsulent']], [/^\/api\/operations\/(batches|instances\/searches|migration-batches|incidents\/resolution)/, ['drift']], [/^\/api\/operations\/(definitions|incidents\/groups)/, ['drift', 'konsulent']], [/^\/v2\/incidents\/search/, ['drift', 'konsulent']], [/^\/v2\/variables/, ['sagsbehandler', 'drift']],
]
const routes = [
  ['GET /api/bank/workflows', ({ url }) => {
    const q = (url.searchParams.get('q') ?? '').toLowerCase()
    let items = data.workflows.map((w) => ({ ...w, hits: [] })).filter((w) => {
      if (!q) return true
      for (const n of w.runnable ? nodes : []) if (`${n[2]} ${n[6]}`.toLowerCase().includes(q)) w.hits.push({ field: 'element', text: n[2], elementId: n[0] })
      return w.hits.length > 0 || `${w.title} ${w.summary} ${w.kle}`.toLowerCase().includes(q)
    })
    for (const name of ['domain', 'kind', 'runnable']) { const v = url.searchParams.get(name); if (v) items = items.filter((i) => String(i[name]) === v) }
    const from = Number(url.searchParams.get('offset') ?? 0)
    return { items: items.slice(from, from + Number(url.searchParams.get('limit') ?? 20)), total: items.length, suggestion: null, partly: false, notes: [], facets: { domain: facet(items, 'domain'), kleGroup: [], kind: facet(items, 'kind'), pattern: [], law: [], system: [], runnable: facet(items, 'runnable'), stars: [], owner: [] } }
  }],
  ['GET /api/bank/suggestions', ({ url }) => { const q = (url.searchParams.get('q') ?? '').toLowerCase(), items = data.workflows.filter((w) => w.title.toLowerCase().includes(q)); return { items: items.slice(0, 6).map((w) => ({ kind: 'workflow', title: w.title, slug: w.slug, domain: w.domain, runnable: w.runnable, hit: null })), suggestion: null, total: items.length } }],
  ['GET /api/bank/front', () => { const all = data.workflows; return { total: all.length, facets: { domain: facet(all, 'domain'), pattern: [], runnable: facet(all, 'runnable'), kind: facet(all, 'kind') }, recent: all.slice(0, 6), runnable: all.filter((w) => w.runnable), used: [], kle: { source: 'Eksempel', date: '', imported: false, subjects: 1 } } }],
  ['GET /api/bank/kle', ({ url }) => { const number = url.searchParams.get('number') ?? '', one = { number: '15', title: 'Arbejde', count: data.workflows.length, inUse: true, gone: null, movedTo: [], children: 0 }; return { number, path: number ? [one] : [], items: number ? [] : [one], source: { source: 'Eksempel', date: '', imported: false, subjects: 1 } } }],
  ['GET /api/bank/workflows/:/:', ({ p }) => data.detail(workflow(p))],
  ['GET /api/bank/workflows/:/:/diagram', ({ p }) => { if (!workflow(p).runnable) throw new Fault(404, 'not_found', 'Findes ikke'); return text('application/xml', bpmn()) }],
  ['GET /api/bank/workflows/:/:/decisions', ({ url }) => text('application/xml', rules.dmn(found(rules.versions.find((v) => v.version === Number(url.searchParams.get('version') ?? rules.newest().version))).sheets))],
  ['GET /api/bank/workflows/:/:/decisions/model', ({ p }) => rules.model(workflow(p).slug)],
  ['POST /api/bank/workflows/:/:/decisions/evaluate', ({ body }) => rules.evaluate(body.decision, body.variables, body.xml)],
  ['GET /api/bank/workflows/:/:/decisions/table', ({ url }) => { const id = url.searchParams.get('decision'), sheet = found(rules.newest().sheets.find((s) => s.decisionId === id)); return url.searchParams.get('format') === 'csv' ? text('text/csv; charset=utf-8', rules.csv(id)) : sheet }],
  ['POST /api/bank/workflows/:/:/decisions/table', ({ body, session }) => { role(session, 'konsulent'); return rules.changeTable(body) }],
  ['PUT /api/bank/workflows/:/:/decisions', ({ body, session, p }) => { role(session, 'konsulent'); if (body.base !== undefined && body.base !== rules.newest().version) throw new Fault(409, 'conflict', 'Reglerne er ændret imens', 'there is a newer version'); rules.versions.push({ version: rules.newest().version + 1, at: new Date().toISOString(), by: session.user, note: body.note, sheets: rules.sheetsIn(body.xml) }); return { slug: workflow(p).slug, version: rules.newest().version, changed: true, findings: [] } }],
  ['POST /api/bank/workflows/:/:/decisions/replays', ({ body, session }) => { role(session, 'konsulent'); return rules.startReplay(body, session.user) }],
  ['GET /api/replays/:', ({ p }) => found(rules.replay(p[0]))],
  ['GET /api/replays/:/differences', ({ p, url }) => { found(rules.replay(p[0])); return url.searchParams.get('format') === 'csv' ? text('text/csv; charset=utf-8', 'sag;f\u00f8r;efter') : rules.differences(p[0], Number(url.searchParams.get('cursor') ?? 0), Number(url.searchParams.get('limit') ?? 50), data.instances) }],
  ['POST /api/replays/:/cancel', ({ p }) => { found(rules.cancelReplay(p[0])) }],
  ['GET /v2/decision-definitions/:/xml', () => text('text/xml', rules.dmn())],
  ['POST /v2/decision-instances/search', ({ body }) => page(data.tasks.filter((t) => t.processInstanceKey === body.filter?.processInstanceKey).flatMap((t) => t.decisions.map(({ evaluatedDecisions, decisionOutput, ...d }) => ({ ...d, trace: { evaluatedDecisions, decisionOutput } }))), body)],
  ['GET /api/bank/workflows/:/:/reader', ({ p }) => (workflow(p), { permanentId: 1, version: 1, favourite: false, following: false, read: null, confirmed: [], openComments: 0, openReviews: 0 })],
  ['GET /api/bank/workflows/:/:/comments', ({ p }) => (workflow(p), { threads: [], open: 0 })],
  ['GET /api/bank/workflows/:/:/calls', ({ p }) => (workflow(p), { calls: [], calledBy: [] })],
  ['GET /api/bank/workflows/:/:/law', ({ p }) => ({ laws: (data.detail(workflow(p)).law ?? []).map((l) => ({ key: 'lov', title: l.title, reference: l.reference ?? '', url: l.url ?? '', eli: false, verified: l.verified ?? '', due: '', state: '' })), activities: [], reviews: [], openReviews: 0 })],
  ['GET /api/bank/workflows/:/:/steps', ({ p }) => ({ lanes: workflow(p).runnable ? ['Automatik', 'Sagsbehandler'].map((name, lane) => ({ id: `l${lane}`, name, steps: nodes.map((n, i) => ({ number: i + 1, elementId: n[0], kind: n[1], text: n[6], lane: n[5] })).filter((s) => s.lane === lane) })) : [] })],
  ['POST /api/bank/workflows/:/:/deployment', ({ p, session }) => { role(session, 'konsulent'); const w = workflow(p); const old = data.deployed[w.slug]; data.deployed[w.slug] = { version: (old?.version ?? 0) + 1, definitionKey: data.definition.processDefinitionKey }; emit('definition', { key: '1' }); return { deployments: [] } }],
  ['POST /api/bank/workflows/:/:/scenario-runs', ({ session }) => { role(session, 'konsulent'); return { results: data.scenarios.map((s) => { s.lastResult = { passed: true, at: new Date().toISOString(), message: '' }; return { file: s.file, title: s.title, passed: true, seconds: 0.04, message: '' } }) } }],
  ['POST /api/bank/workflows', () => { throw Object.assign(new Fault(400, 'invalid_package', 'Pakken er ikke gyldig', 'arbejdsgang.yaml:3: unknown key'), { findings: [{ file: 'arbejdsgang.yaml', line: 3, message_da: 'Ukendt felt "titl"; mener du "titel"?' }] }) }],
  ['GET /api/tasks', ({ url }) => { const q = (url.searchParams.get('q') ?? '').toLowerCase(); const items = data.tasks.filter((t) => t.state === 'CREATED' && (!q || `${t.reason} ${t.title}`.toLowerCase().includes(q))); return { items: items.map(({ findings, variables, documents, notes, decisions, actions, ...t }) => t), total: items.length } }],
  ['GET /api/tasks/:', ({ p }) => found(data.tasks.find((t) => t.userTaskKey === p[0]))],
  ['POST /api/tasks/:/completion', ({ p, body, session }) => { role(session, 'sagsbehandler'); const task = found(data.tasks.find((t) => t.userTaskKey === p[0])); if (task.state !== 'CREATED') throw new Fault(409, 'conflict', 'Det kan ikke lade sig gøre nu', 'the task is completed'); if (body.action === 'afvis' && !body.reason) throw new Fault(400, 'invalid_argument', 'Skriv en begrundelse'); complete(task, body.action, body.reason, session) }],
  ['POST /api/tasks/:/assignment', ({ p, body }) => { found(data.tasks.find((t) => t.userTaskKey === p[0])).assignee = body.assignee; emit('task', { key: p[0] }) }],
  ['GET /api/cases/:', ({ p }) => {
    const i = found(data.instances.find((x) => x.processInstanceKey === p[0] && !x.forgotten)), task = data.tasks.find((t) => t.processInstanceKey === p[0])
    return { processInstanceKey: p[0], workflow: i.processDefinitionName, state: i.state, started: i.startDate, ended: i.endDate, notes: task?.notes ?? [{ at: i.startDate, text: 'Kontrolleret: bestilling, levering, takst og dublet. Alt stemmer; betalt automatisk.' }], documents: task?.documents ?? [{ name: 'regning.xml', mime: 'application/xml', bytes: 4321 }], entries: data.entries.filter((e) => e.processInstanceKey === p[0]), timeline: data.elements[p[0]].map((e) => ({ at: e.startDate, elementId: e.elementId, name: e.elementName, state: e.state })) }
  }],
  ['GET /api/cases/:/documents/:', () => text('application/xml', '<Invoice/>')],
  ['DELETE /api/cases/:', ({ p }) => { found(data.instances.find((x) => x.processInstanceKey === p[0])).forgotten = true }],
  ['GET /api/ledger', ({ url }) => { const from = Number(url.searchParams.get('offset') ?? 0), sum = data.entries.reduce((s, e) => s + Math.round(Number(e.amount) * 100), 0); const paid = (sum / 100).toFixed(2); return { entries: data.entries.slice(from, from + Number(url.searchParams.get('limit') ?? 50)), total: data.entries.length, balance: { debit: paid, credit: paid }, paidTotal: paid } }],
  ['GET /api/operations', () => ({ incidents: data.incidents.filter((i) => i.state === 'ACTIVE').length, active: data.instances.filter((i) => i.state === 'ACTIVE').length, late: 3, retrying: 1, quarantined: data.quarantine.length, standIns: data.standIns, perHour: Array.from({ length: 24 }, (_x, i) => ({ hour: new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - (23 - i) * 3_600_000).toISOString(), started: (i * 5) % 11, completed: (i * 4) % 9 })) })],
  ['GET /api/operations/instances/:/tokens', ({ p }) => { const c = {}; for (const e of found(data.elements[p[0]])) { const t = (c[e.elementId] ??= { active: 0, completed: 0, terminated: 0, incidents: 0 }); if (e.state === 'ACTIVE') t.active++; else t.completed++; if (e.hasIncident) t.incidents++ } return c }],
  ...drift.routes(found),
  ['POST /api/operations/quarantine/settlement', ({ body }) => { found(data.quarantine.find((i) => i.idempotencyKey === body.idempotencyKey)).settled = true }],
  ['GET /api/operations/quarantine', () => ({ items: data.quarantine })],
  ['GET /api/benefits', () => data.benefits()],
  ['POST /v2/process-instances/search', (c) => search(data.instances.filter((i) => !i.forgotten))(c)],
  ['GET /v2/process-instances/:', ({ p }) => found(data.instances.find((i) => i.processInstanceKey === p[0]))],
  ['POST /v2/process-instances/:/cancellation', ({ p, session }) => { role(session, 'drift'); Object.assign(found(data.instances.find((i) => i.processInstanceKey === p[0])), { state: 'TERMINATED', endDate: new Date().toISOString() }); emit('instance', { processInstanceKey: p[0] }) }],
  ['GET /v2/process-definitions/:/xml', () => text('text/xml', bpmn())],
  ['POST /v2/process-definitions/search', search([data.definition])],
  ['POST /v2/element-instances/search', ({ body }) => page(found(data.elements[body.filter.processInstanceKey]), body)],
  ['POST /v2/variables/search', ({ body }) => page(Object.entries(data.variables[body.filter.processInstanceKey] ?? {}).map(([name, value]) => ({ variableKey: name, name, value: JSON.stringify(value), scopeKey: body.filter.processInstanceKey, processInstanceKey: body.filter.processInstanceKey })), body)],
  ['POST /v2/incidents/search', search(data.incidents)],
  ['PATCH /v2/jobs/:', () => undefined],
  ['POST /v2/incidents/:/resolution', ({ p, session }) => {
    role(session, 'drift')
    const incident = found(data.incidents.find((i) => i.incidentKey === p[0]))
    incident.state = 'RESOLVED'
    const instance = data.instances.find((i) => i.processInstanceKey === incident.processInstanceKey)
    Object.assign(instance, { hasIncident: false, state: 'COMPLETED', endDate: new Date().toISOString() })
    Object.assign(data.elements[instance.processInstanceKey].at(-1), { hasIncident: false, state: 'COMPLETED', endDate: new Date().toISOString() })
    data.reach(instance, ['Task_takst', 'Gw_stemmer', 'Task_bogfoer', 'Task_notat', 'End_betalt'], 0)
    data.post(instance, data.variables[instance.processInstanceKey].faktura, 0)
    emit('incident', { key: p[0], processInstanceKey: instance.processInstanceKey, state: 'RESOLVED' })
  }],
].map(([route, run]) => { const [method, path] = route.split(' '); return { method, pattern: new RegExp(`^${path.replace(/:/g, '([^/]+)')}$`), run } })

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.json': 'application/json', '.png': 'image/png' }
const policy = "default-src 'self'; img-src 'self' data:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
function file(url, response) {
  const path = join(dist, normalize(decodeURIComponent(url.pathname)))
  const target = path.startsWith(dist) && existsSync(path) && statSync(path).isFile() ? path : join(dist, 'index.html')
  response.writeHead(200, { 'Content-Type': types[extname(target)] ?? 'application/octet-stream', 'Content-Security-Policy': policy })
  createReadStream(target).pipe(response)
}
const json = (response, status, body, headers = {}) => { response.writeHead(status, { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ...headers }); response.end(body === undefined ? '' : JSON.stringify(body)) }

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://mock')
  if (!/^\/(api|v2)\//.test(url.pathname)) return file(url, response)
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const sent = Buffer.concat(chunks).toString()
  const body = sent.startsWith('{') ? JSON.parse(sent) : {}
  const session = data.users[sessions.get(/sagsgang=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? '')]
  try {
    if (url.pathname === '/api/status') return json(response, 200, { version: '0.1.0', local: true, authorityName: data.authority.authorityName, standIns: data.standIns, demoUsers: Object.values(data.users).map((u) => ({ user: u.user, role: u.roles[0], name: u.name })) })
    if (url.pathname === '/api/session') {
      if (request.method === 'DELETE') return json(response, 204, undefined, { 'Set-Cookie': 'sagsgang=; Max-Age=0; Path=/' })
      if (request.method === 'POST') {
        if (!data.users[body.user] || body.password !== body.user) throw new Fault(401, 'not_signed_in', 'Log ind først', 'wrong user or password')
        const id = String(Math.random()).slice(2)
        sessions.set(id, body.user)
        return json(response, 200, { ...data.users[body.user], ...data.authority }, { 'Set-Cookie': `sagsgang=${id}; HttpOnly; SameSite=Strict; Path=/` })
      }
      if (!session) throw new Fault(401, 'not_signed_in', 'Log ind først')
      return json(response, 200, { ...session, ...data.authority })
    }
    if (!session) throw new Fault(401, 'not_signed_in', 'Log ind først')
    if (url.pathname === '/api/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
      response.write(': open\n\n')
      streams.add(response)
      request.on('close', () => streams.delete(response))
      return
    }
    for (const [path, roles] of readers) if (path.test(url.pathname) && !roles.some((r) => session.roles.includes(r))) throw new Fault(403, 'forbidden', 'Det har du ikke adgang til', `one of ${roles}`)
    for (const route of routes) {
      const match = route.method === request.method && route.pattern.exec(url.pathname)
      if (!match) continue
      const answer = route.run({ url, body, session, p: match.slice(1).map(decodeURIComponent) })
      if (answer?.raw) { response.writeHead(200, { 'Content-Type': answer.type }); return response.end(answer.body) }
      return json(response, answer === undefined ? 204 : 200, answer)
    }
    throw new Fault(404, 'not_found', 'Findes ikke', `no route ${request.method} ${url.pathname}`)
  } catch (fault) {
    if (!(fault instanceof Fault)) console.error(fault)
    json(response, fault.status ?? 500, { type: `urn:sagsgang:${fault.code ?? 'internal'}`, title: fault.title ?? 'Intern fejl', status: fault.status ?? 500, detail: fault.detail ?? String(fault), instance: `ref-${reference++}`, findings: fault.findings })
  }
}).listen(port, '127.0.0.1', () => console.log(`mock on http://127.0.0.1:${port} (demo users ${Object.keys(data.users).join(', ')}, the password is the name)`))
