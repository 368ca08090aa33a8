// Drift's calls for the mock server, from what data.mjs holds. Look-ups among variables and moves find nothing here: the server's own.
import * as data from './data.mjs'

const batches = new Map()
const cases = (id) => data.instances.filter((i) => !id || i.processDefinitionId === id)
const ms = (e) => Date.parse(e.endDate) - Date.parse(e.startDate)
const spread = (times) => { const all = [...times].sort((a, b) => a - b); return all.length ? { n: all.length, median: all[Math.floor(all.length / 2)], p95: all[Math.floor(all.length * 0.95)] } : null }

function timeline(key, found) {
  const items = found(data.elements[key]).map((e) => ({ kind: 'element', ...e, at: e.startDate, end: e.endDate, taken: null, by: null, loopCounter: null, scopeKey: null, timers: [], messages: [] }))
  for (const i of data.incidents.filter((one) => one.processInstanceKey === key)) items.push({ kind: 'incident', ...i, at: i.creationTime, end: null })
  items.sort((a, b) => a.at.localeCompare(b.at))
  return { items, total: items.length, left: 0 }
}
function versions() {
  const own = cases(data.definition.processDefinitionId), n = (state) => own.filter((i) => i.state === state).length
  return [{ ...data.definition, versionTag: '', deployed: data.now.toISOString(), active: n('ACTIVE'), completed: n('COMPLETED'), terminated: n('TERMINATED') }]
}
function heat() {
  const elements = {}
  for (const list of Object.values(data.elements)) {
    for (const e of list) {
      const at = (elements[e.elementId] ??= { name: e.elementName, type: e.type, count: 0, active: 0, terminated: 0, incidents: 0, openIncidents: 0, times: [] })
      at.count++
      if (e.endDate) at.times.push(ms(e))
      else at.active++
    }
  }
  for (const i of data.incidents) if (elements[i.elementId]) { elements[i.elementId].incidents++; if (i.state === 'ACTIVE') elements[i.elementId].openIncidents++ }
  for (const e of Object.values(elements)) { Object.assign(e, { total: spread(e.times), waiting: null, handling: null }); delete e.times }
  return { instances: data.instances.length, looked: data.instances.length, whole: true, elements }
}
function groups() {
  const out = new Map()
  for (const i of data.incidents.filter((one) => one.state === 'ACTIVE')) {
    const key = `${i.elementId} ${i.errorType}`
    const g = out.get(key) ?? { processDefinitionKey: data.definition.processDefinitionKey, processDefinitionId: data.definition.processDefinitionId, processDefinitionName: data.definition.name, processDefinitionVersion: 1, elementId: i.elementId, elementName: i.elementName, errorType: i.errorType, count: 0, oldest: i.creationTime, newest: i.creationTime }
    g.count++
    out.set(key, g)
  }
  return [...out.values()]
}
function batch(kind, session, asked, outcome, rows) {
  const key = data.key(), at = new Date().toISOString()
  batches.set(key, { rows: rows.map((r) => ({ ...r, outcome })), summary: { batchKey: key, kind, by: session.user, purpose: '', asked, started: at, ended: at, expires: at, state: 'COMPLETED', message: null, done: rows.length, of: rows.length, counts: rows.length ? { [outcome]: rows.length } : {}, groups: [], kept: rows.length } })
  return { batchKey: key }
}

export const routes = (found) => [
  ['GET /api/operations/instances/:/timeline', ({ p }) => timeline(p[0], found)],
  ['GET /api/operations/definitions', () => ({ items: versions() })],
  ['GET /api/operations/definitions/:/heat', () => heat()],
  ['GET /api/operations/incidents/groups', () => ({ items: groups() })],
  ['POST /api/operations/incidents/resolution-batches', ({ body, session }) => {
    const rows = data.incidents.filter((i) => i.state === 'ACTIVE' && (!body.filter?.incidentKeys || body.filter.incidentKeys.includes(i.incidentKey)))
    rows.forEach((i) => { i.state = 'RESOLVED' })
    return batch('resolution', session, { filter: body.filter ?? {} }, 'retried', rows)
  }],
  ['POST /api/operations/instances/searches', ({ body, session }) => batch('search', session, { filter: body.filter ?? {}, variables: body.variables.map(({ name, operator }) => ({ name, operator })) }, 'found', [])],
  ['POST /api/operations/migration-batches', ({ body, session }) => batch('migration', session, { dryRun: body.dryRun !== false }, 'fits', [])],
  ['GET /api/operations/batches', () => ({ items: [...batches.values()].map((b) => b.summary).reverse() })],
  ['GET /api/operations/batches/:', ({ p }) => found(batches.get(p[0])).summary],
  ['GET /api/operations/batches/:/rows', ({ p }) => { const { rows } = found(batches.get(p[0])); return { items: rows, total: rows.length, nextCursor: null } }],
  ['POST /api/operations/batches/:/cancel', ({ p }) => { found(batches.get(p[0])) }],
]
