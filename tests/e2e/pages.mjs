// Every page with the role that meets it and what must be on it before it counts as shown.
const slug = 'arbejdsmarked/betaling-af-laegeerklaeringer'
export const workflow = slug

export async function pagesFor(api) {
  const instance = (await api('POST', '/v2/process-instances/search', { filter: {}, page: { limit: 1 }, sort: [{ field: 'startDate', order: 'ASC' }] })).items[0]?.processInstanceKey
  const waiting = (await api('GET', '/api/tasks?state=CREATED&limit=5')).items[0]
  const list = [
    { name: 'log-ind', path: '/login', role: null, ready: 'form' },
    { name: 'bank', path: '/bank', role: 'konsulent', ready: '.tile' },
    { name: 'bank-soegning', path: '/bank?q=takst', role: 'konsulent', ready: '.hit' },
    { name: 'bank-ny', path: '/bank/ny', role: 'konsulent', ready: 'form' },
    { name: 'arbejdsgang-diagram', path: `/bank/${slug}`, role: 'konsulent', ready: '.diagram-canvas[data-ready]' },
    { name: 'arbejdsgang-trin', path: `/bank/${slug}/trin`, role: 'konsulent', ready: '.step-list' },
    { name: 'arbejdsgang-regler', path: `/bank/${slug}/regler`, role: 'konsulent', ready: '.dmn-canvas[data-shown]:not([data-shown=""])' },
    { name: 'arbejdsgang-jura', path: `/bank/${slug}/jura`, role: 'konsulent', ready: '.law' },
    { name: 'arbejdsgang-scenarier', path: `/bank/${slug}/scenarier`, role: 'konsulent', ready: '.scenarios' },
    { name: 'arbejdsgang-koersel', path: `/bank/${slug}/koersel`, role: 'konsulent', ready: '.tab-content table' },
    { name: 'arbejdsgang-gevinst', path: `/bank/${slug}/gevinst`, role: 'konsulent', ready: '.benefit' },
    { name: 'arbejdsgang-historik', path: `/bank/${slug}/historik`, role: 'konsulent', ready: '.files' },
    { name: 'drift', path: '/drift', role: 'drift', ready: '.chart svg' },
    { name: 'regnskab', path: '/regnskab', role: 'sagsbehandler', ready: '.entries' },
    { name: 'gevinster', path: '/gevinster', role: 'konsulent', ready: '.chart svg' },
    { name: 'findes-ikke', path: '/ingen-side', role: 'konsulent', ready: 'h1' },
  ]
  if (waiting) list.push({ name: 'opgaver', path: `/opgaver/${waiting.userTaskKey}`, role: 'sagsbehandler', ready: '.task-heading' })
  else list.push({ name: 'opgaver', path: '/opgaver', role: 'sagsbehandler', ready: '.empty' })
  list.push({ name: 'opgaver-liste', path: '/opgaver', role: 'sagsbehandler', ready: '.task-list' })
  const shown = waiting?.processInstanceKey ?? instance
  if (shown) list.push({ name: 'drift-sag', path: `/drift/${shown}`, role: 'drift', ready: '.diagram-canvas[data-ready] .token' }, { name: 'sag', path: `/sager/${shown}`, role: 'sagsbehandler', ready: '.timeline' })
  return list
}

/** JSON calls with the page's own cookie. */
export const apiOf = (page) => (method, path, body) => page.evaluate(async ([m, p, b]) => {
  const answer = await fetch(p, { method: m, headers: { 'Content-Type': 'application/json' }, body: b === undefined ? undefined : JSON.stringify(b) })
  if (!answer.ok) throw new Error(`${m} ${p}: ${answer.status} ${await answer.text()}`)
  return answer.status === 204 ? undefined : answer.json()
}, [method, path, body])
