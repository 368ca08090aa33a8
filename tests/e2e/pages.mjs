// Every page with the role that meets it and what must be on it before it counts as shown.
import { cardPages } from './cards.mjs'
import { draftPages } from './drafts.mjs'
import { importPages } from './imports.mjs'
import { modellerPages } from './modeller.mjs'
import { comparePages } from './compare.mjs'

const slug = 'arbejdsmarked/betaling-af-laegeerklaeringer'
export const workflow = slug

/** `sample`: what driftSample made; without it Drift's pages on it are left out. */
export async function pagesFor(api, sample) {
  const instance = (await api('POST', '/v2/process-instances/search', { filter: {}, page: { limit: 1 }, sort: [{ field: 'startDate', order: 'ASC' }] })).items[0]?.processInstanceKey
  const waiting = (await api('GET', '/api/tasks?state=CREATED&limit=5')).items[0]
  const list = [
    { name: 'log-ind', path: '/login', role: null, ready: 'form' },
    { name: 'bank', path: '/bank', role: 'konsulent', ready: '.tile' },
    { name: 'bank-soegning', path: '/bank?q=takst', role: 'konsulent', ready: '.hit' },
    { name: 'bank-afgraenset', path: '/bank?q=sygedagpenge&kind=korrekt', role: 'konsulent', ready: '.chip' },
    { name: 'bank-forslag', path: '/bank', role: 'konsulent', ready: '.tile', prepare: typeWords },
    { name: 'bank-kle', path: '/bank/kle', role: 'konsulent', ready: '.kle-row' },
    { name: 'bank-kle-gruppe', path: '/bank/kle?nr=15', role: 'konsulent', ready: '.kle-row' },
    { name: 'bank-ny', path: '/bank/ny', role: 'konsulent', ready: 'form' },
    { name: 'bank-deling', path: '/bank/deling', role: 'konsulent', ready: '#share-on' },
    { name: 'arbejdsgang-diagram', path: `/bank/${slug}`, role: 'konsulent', ready: '.diagram-canvas[data-ready]' },
    { name: 'arbejdsgang-trin', path: `/bank/${slug}/trin`, role: 'konsulent', ready: '.step-list' },
    { name: 'arbejdsgang-regler', path: `/bank/${slug}/regler`, role: 'konsulent', ready: '.dmn-canvas[data-shown]:not([data-shown=""])' },
    { name: 'arbejdsgang-regler-ret', path: `/bank/${slug}/regler?regel=takst&vis=ret`, role: 'konsulent', ready: '.sheet' },
    { name: 'arbejdsgang-regler-hvad-nu-hvis', path: `/bank/${slug}/regler?vis=hvad-nu-hvis`, role: 'konsulent', ready: '.empty' },
    { name: 'arbejdsgang-regler-versioner', path: `/bank/${slug}/regler?vis=versioner`, role: 'konsulent', ready: '.rule-views' },
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
  list.push(...comparePages, ...importPages)
  if (waiting) list.push({ name: 'opgaver', path: `/opgaver/${waiting.userTaskKey}`, role: 'sagsbehandler', ready: '.task-heading' })
  else list.push({ name: 'opgaver', path: '/opgaver', role: 'sagsbehandler', ready: '.empty' })
  list.push({ name: 'opgaver-liste', path: '/opgaver', role: 'sagsbehandler', ready: '.task-list' })
  const shown = waiting?.processInstanceKey ?? instance
  const rules = `/bank/${slug}/regler`
  list.push({ name: 'arbejdsgang-regler-svar', path: `${rules}?regel=takst`, role: 'konsulent', ready: '[data-field]', prepare: tryRule }, // these leave a draft in their tab, so they come last
    { name: 'arbejdsgang-regler-kladde', path: `${rules}?regel=takst&vis=ret`, role: 'konsulent', ready: '.sheet', prepare: editRule }, { name: 'arbejdsgang-regler-hvad-nu-hvis-svar', path: `${rules}?regel=takst&vis=hvad-nu-hvis`, role: 'konsulent', ready: '.replay-form', prepare: askThePast })
  if (shown) list.push({ name: 'drift-sag', path: `/drift/${shown}`, role: 'drift', ready: '.diagram-canvas[data-ready] .token' }, { name: 'sag', path: `/sager/${shown}`, role: 'sagsbehandler', ready: '.timeline' })
  list.push(...await cardPages(api), ...await modellerPages(api))
  if (sample) list.push(...driftPages(sample))
  list.push(...understandPages)
  return list
}

const main = 'arbejdsmarked/sygedagpengeopfoelgning', sub = 'arbejdsmarked/sygedagpenge-holder-samtale'
const understandPages = [
  { name: 'arbejdsgang-spor', path: `/bank/${sub}?spor=${encodeURIComponent(main)}`, role: 'konsulent', ready: '.trail li + li', prepare: (page) => page.locator('.diagram-canvas[data-ready]').waitFor() },
  { name: 'arbejdsgang-hoved', path: `/bank/${main}?element=samtale`, role: 'konsulent', ready: '.opening', prepare: (page) => page.locator('.chosen').waitFor() },
  { name: 'arbejdsgang-roller', path: `/bank/${main}/trin?vis=roller`, role: 'konsulent', ready: '.role-matrix' },
  { name: 'arbejdsgang-trin-hoved', path: `/bank/${main}/trin`, role: 'konsulent', ready: '.step-list' },
  { name: 'arbejdsgang-kald', path: `/bank/${main}/kald`, role: 'konsulent', ready: '.call-graph svg' },
  { name: 'arbejdsgang-profil', path: `/bank/${main}/profil`, role: 'konsulent', ready: '.profile-figures' },
  { name: 'arbejdsgang-jura-trin', path: `/bank/${sub}/jura`, role: 'konsulent', ready: '.law' },
  { name: 'registre', path: '/bank/registre', role: 'konsulent', ready: '.tile' },
  { name: 'register-love', path: '/bank/registre/lov', role: 'konsulent', ready: '.own-table' },
  { name: 'register-lov', path: '/bank/registre/lov/sygedagpengeloven', role: 'konsulent', ready: '.uses' },
  { name: 'register-lov-aendret', path: '/bank/registre/lov/sygedagpengeloven', role: 'konsulent', ready: '.uses', prepare: async (page) => { await page.getByRole('button', { name: 'Loven er ændret' }).click(); await page.locator('.mark-law').waitFor() } },
  { name: 'register-rolle', path: '/bank/registre/rolle/sagsbehandler', role: 'konsulent', ready: '.uses' },
  { name: 'rolle-haandbog', path: '/bank/roller/sagsbehandler', role: 'konsulent', ready: '.step-list' },
  { name: 'foelger', path: '/bank/foelger', role: 'sagsbehandler', ready: '#feed' },
  { name: 'guide', path: '/bank/guide', role: 'sagsbehandler', ready: '.diagram-canvas[data-ready]' },
  { name: 'guide-undtagelse', path: '/bank/guide?symbol=undtagelse', role: 'sagsbehandler', ready: '.diagram-canvas[data-ready]' },
]

function driftPages({ instance, before, after }) {
  const diagram = '.diagram-canvas[data-ready]'
  return [
    { name: 'drift-sager', path: '/drift/sager', role: 'drift', ready: '.own-table' },
    { name: 'drift-sager-oplysninger', path: '/drift/sager?oplysninger=1', role: 'drift', ready: '.own-table', prepare: findByVariable },
    { name: 'drift-fejl', path: '/drift/fejl', role: 'drift', ready: '.choose-table' },
    { name: 'drift-varmekort', path: `/drift/varmekort/${before}?vis=antal`, role: 'drift', ready: `${diagram} .heat-badge` },
    { name: 'drift-versioner', path: '/drift/versioner/drift_naboer?element=vurder', role: 'drift', ready: '.difference-list .lit-step', prepare: (page) => page.locator(diagram).nth(1).waitFor() },
    { name: 'drift-for-hver', path: `/drift/${instance}`, role: 'drift', ready: `${diagram} .token` },
    { name: 'drift-flyt-i-sagen', path: `/drift/${instance}/flyt?plan=flyt%3Avurder%3Anaboer`, role: 'drift', ready: `${diagram} .plan-badge` },
    { name: 'drift-flyt-version', path: `/drift/flytning?fra=${before}&til=${after}`, role: 'drift', ready: '.own-table' },
    { name: 'drift-arbejde', path: '/drift/arbejde', role: 'drift', ready: '.own-table, .empty' },
  ]
}
async function typeWords(page) {
  await page.locator('#bank-search').click()
  await page.keyboard.type('lægeerk')
  await page.locator('.suggestion').first().waitFor()
}
async function findByVariable(page) {
  await page.getByLabel('Oplysning', { exact: true }).fill('ansoeger.cpr')
  await page.getByLabel('Værdi').fill('010101-1234')
  await page.getByLabel('Formål').fill('Finde sagen til en klage')
  await page.getByRole('button', { name: 'Søg i sagerne', exact: true }).click()
  await page.locator('.verdict').filter({ hasText: 'passer' }).waitFor()
  await page.locator('.match').first().waitFor()
}

async function tryRule(page) {
  await page.locator('[data-field="ordre.erklaeringstype"]').fill('LÆ 125')
  await page.locator('[data-field="ordre.levering.dato"]').fill('2.3.2026')
  await page.locator('.stops > summary').click()
  await page.locator('.dmn-canvas td.cell-stopped').first().waitFor()
}
async function editRule(page) {
  await page.locator('[data-cell="1:2"]').fill('480.00')
  await page.locator('[data-cell="3:2"]').fill('1046,00 kr')
  await page.locator('.cell-fault').waitFor()
  await page.locator('.draft-bar').waitFor()
  await page.locator('[data-cell="3:2"]').fill('1046.00')
  await page.getByText('Du har en kladde med 1 ændring.').waitFor()
  await page.locator('.cell-fault').waitFor({ state: 'detached' })
}
async function askThePast(page) {
  await page.getByLabel('Formål').fill('Vurdere virkningen af nye takster')
  await page.getByRole('button', { name: 'Spørg de gamle sager' }).click()
  await page.locator('.verdict').waitFor({ timeout: 120_000 })
  await page.locator('.tab-content table').waitFor()
}

/** JSON calls with the page's own cookie. */
/** `more`: { type, headers } of a body that is no JSON and is sent as it is; text: the answer is not JSON. */
export const apiOf = (page) => (method, path, body, more = {}) => page.evaluate(async ([m, p, b, o]) => {
  const answer = await fetch(p, { method: m, headers: { 'Content-Type': o.type ?? 'application/json', ...o.headers }, body: b === undefined ? undefined : o.type ? b : JSON.stringify(b) })
  if (!answer.ok) throw new Error(`${m} ${p}: ${answer.status} ${await answer.text()}`)
  return answer.status === 204 ? undefined : o.text ? answer.text() : answer.json()
}, [method, path, body, more])
