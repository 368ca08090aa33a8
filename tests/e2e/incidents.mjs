// Incidents in the browser: real ones, of a process that the test deploys itself (proeve_med_fejl.bpmn). Its note lacks the
// variable `tekst`, so the connector gives up at once; its gateway lacks `godkendt`, so the condition is neither true nor false.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { apiOf } from './pages.mjs'
import { root } from './browser.mjs'

const model = readFileSync(join(root, 'tests', 'e2e', 'proeve_med_fejl.bpmn'), 'utf8')
const id = 'proeve_med_fejl', name = 'Prøve med fejl', note = 'Skriv notat om sagen'

async function deploy(page) {
  const status = await page.evaluate(async (text) => {
    const form = new FormData()
    form.append('resources', new File([text], 'proeve_med_fejl.bpmn', { type: 'application/xml' }))
    const answer = await fetch('/v2/deployments', { method: 'POST', body: form })
    return answer.ok ? 'ok' : `${answer.status} ${await answer.text()}`
  }, model)
  if (status !== 'ok') throw new Error(`the process was not deployed: ${status}`)
}

export function incidentTests({ test, as, check, equal, waitFor, axe }) {
  const start = async (api, variables = {}) => (await api('POST', '/v2/process-instances', { processDefinitionId: id, variables })).processInstanceKey
  const set = (api, key, variables) => api('PUT', `/v2/element-instances/${key}/variables`, { variables })
  const active = async (api, filter = {}) => (await api('POST', '/v2/incidents/search', { filter: { state: 'ACTIVE', ...filter }, page: { limit: 200 } })).items
  const incidentOf = async (api, key, after) => {
    let found
    await waitFor(`an incident of case ${key}`, async () => { found = (await active(api, { processInstanceKey: key }))[0]; return found && found.incidentKey !== after })
    return found
  }
  const stateOf = async (api, key) => (await api('GET', `/v2/process-instances/${key}`)).state
  const row = (page, key) => page.locator('.incidents > li').filter({ hasText: `sag ${key}` })
  const rows = (page) => page.locator('.incidents > li')
  const figure = (page) => page.locator('.figures > div').first().locator('dd').innerText()
  const unmoved = async (page) => check(await page.evaluate(() => window.stillTheSame === true), 'the page was loaded again')

  test('incidents: seen live, one tried in vain, one mended, the rest tried together', async () => as('drift', async (page, api) => {
    await page.goto('/drift')
    await page.locator('.figures').waitFor()
    await page.getByText('Opdateres løbende').waitFor()
    await page.evaluate(() => { window.stillTheSame = true })
    const before = (await active(api)).length
    await deploy(page)
    const cases = []
    for (let n = 0; n < 5; n++) cases.push(await start(api))
    await waitFor('five rows more', async () => (await rows(page).count()) === before + 5)
    await waitFor('the figure', async () => (await figure(page)) === String(before + 5))
    const text = await row(page, cases[0]).innerText()
    for (const part of ['Forsøgene er brugt op', note, name]) check(text.includes(part), `the incident does not say "${part}": ${text}`)

    // Nothing mended: it fails again, as a new incident.
    const first = await incidentOf(api, cases[0])
    await row(page, cases[0]).getByRole('button').click()
    await page.locator('.toast').filter({ hasText: 'Prøver igen' }).first().waitFor()
    const again = await incidentOf(api, cases[0], first.incidentKey)
    check(again.errorMessage.includes('tekst'), `the new incident does not say what is missing: ${again.errorMessage}`)
    await waitFor('its row to be back', async () => (await row(page, cases[0]).count()) === 1)

    // Half mended: the note is written, the gateway cannot choose; it has no name, so its id is shown.
    await set(api, cases[1], { tekst: 'Notat fra prøven' })
    await row(page, cases[1]).getByRole('button').click()
    await waitFor('the gateway as the next incident', async () => (await row(page, cases[1]).allInnerTexts()).some((t) => t.includes('En betingelse kunne ikke afgøres: valg')))

    // Mended: gone from the page, and the case ends.
    await set(api, cases[2], { tekst: 'Notat fra prøven', godkendt: true })
    await row(page, cases[2]).getByRole('button').click()
    await waitFor('the row to go', async () => (await row(page, cases[2]).count()) === 0)
    await waitFor('the case to end', async () => (await stateOf(api, cases[2])) === 'COMPLETED')
    await waitFor('the figure', async () => (await figure(page)) === String(before + 4))
    const faults = await axe(page, 'drift with incidents')
    check(faults.length === 0, faults.join('; '))

    // All together, with progress.
    for (const key of cases) if (key !== cases[2]) await set(api, key, { tekst: 'Notat fra prøven', godkendt: key !== cases[3] })
    await page.getByRole('button', { name: 'Prøv alle igen' }).click()
    await page.locator('progress#bulk').waitFor()
    await page.getByText(`Færdig: ${before + 4} af ${before + 4} prøvet igen`).waitFor()
    equal(await page.locator('progress#bulk').evaluate((p) => `${p.value} of ${p.max}`), `${before + 4} of ${before + 4}`, 'the progress')
    for (const key of cases) await waitFor(`case ${key} to end`, async () => (await stateOf(api, key)) === 'COMPLETED')
    await waitFor('an empty list', async () => (await rows(page).count()) === before)
    await waitFor('the figure', async () => (await figure(page)) === String(before))
    await unmoved(page)
  }))

  test('incidents: tokens on the diagram, mended there, and a case stopped after one question', async () => as('drift', async (page, api) => {
    await page.goto('/drift')
    await page.locator('.figures').waitFor()
    await deploy(page)
    const key = await start(api), stopped = await start(api)
    await incidentOf(api, key)
    await page.goto(`/drift/${key}`)
    const overlay = (element, tone) => page.locator(`.djs-overlays[data-container-id="${element}"] .token-${tone}`)
    await overlay('notat', 'incident').waitFor()
    equal(await overlay('notat', 'incident').innerText(), '! 1', 'the mark of the incident')
    equal(await overlay('start', 'done').innerText(), '✓ 1', 'the mark of the start')
    await page.locator('.djs-element.has-incident[data-element-id="notat"]').waitFor({ state: 'attached' })
    await page.getByText('Opdateres løbende').waitFor()
    await page.evaluate(() => { window.stillTheSame = true })
    await page.getByText(`Forsøgene er brugt op: ${note}`).waitFor()
    check((await page.locator('.case-timeline').innerText()).includes(note), 'the timeline does not name the step')
    await set(api, key, { tekst: 'Notat fra prøven' })
    await page.getByRole('button', { name: 'Prøv igen' }).click()
    await page.getByText('En betingelse kunne ikke afgøres: valg').waitFor()
    await overlay('valg', 'incident').waitFor()
    await overlay('notat', 'done').waitFor()
    equal(await overlay('notat', 'incident').count(), 0, 'marks of the mended incident')
    await set(api, key, { godkendt: true })
    await page.getByRole('button', { name: 'Prøv igen' }).click()
    await page.getByText('Afsluttet', { exact: true }).first().waitFor()
    await overlay('godkendt_slut', 'done').waitFor()
    equal(await page.locator('.djs-overlays .token-incident').count(), 0, 'marks of incidents')
    equal(await page.getByRole('button', { name: 'Prøv igen' }).count(), 0, 'buttons to try again')
    await unmoved(page)
    const told = await apiOf(page)('GET', `/api/cases/${key}`)
    equal(told.notes.filter((n) => n.text === 'Notat fra prøven').length, 1, 'notes written')

    await incidentOf(api, stopped)
    await page.goto(`/drift/${stopped}`)
    await overlay('notat', 'incident').waitFor()
    await page.evaluate(() => { window.stillTheSame = true })
    const dialog = page.getByRole('dialog', { name: 'Stop sagen?' })
    await page.getByRole('button', { name: 'Stop sagen' }).click()
    await dialog.getByRole('button', { name: 'Fortryd' }).click()
    await dialog.waitFor({ state: 'hidden' })
    equal(await stateOf(api, stopped), 'ACTIVE', 'a case that somebody did not stop after all')
    await page.getByRole('button', { name: 'Stop sagen' }).click()
    await dialog.getByRole('button', { name: 'Stop sagen' }).click()
    await page.getByText('Stoppet', { exact: true }).first().waitFor()
    equal(await stateOf(api, stopped), 'TERMINATED', 'the stopped case')
    await waitFor('the incident to go', async () => (await active(api, { processInstanceKey: stopped })).length === 0)
    await waitFor('its mark to go', async () => (await page.locator('.djs-overlays .token-incident').count()) === 0)
    equal(await page.getByRole('button', { name: 'Stop sagen' }).count(), 0, 'buttons to stop a stopped case')
    await unmoved(page)
  }))

  test('a forgotten case is gone', async () => as('sagsbehandler', async (page, api) => {
    const task = (await api('GET', '/api/tasks?state=CREATED&limit=1')).items[0]
    const key = task.processInstanceKey
    const number = String((await api('GET', `/api/tasks/${task.userTaskKey}`)).variables.faktura.nummer)
    const documents = (await api('GET', `/api/cases/${key}`)).documents
    check(documents.length > 0, 'the case has no document to forget')
    const total = (await api('GET', '/api/tasks?state=CREATED&limit=1')).total
    await page.goto(`/sager/${key}`)
    await page.locator('.timeline').waitFor()
    await page.getByRole('button', { name: 'Glem sagen' }).click()
    const dialog = page.getByRole('dialog', { name: 'Glem sagen for altid?' })
    check((await dialog.innerText()).includes(documents[0].name), 'the question does not say what disappears')
    await dialog.getByRole('button', { name: 'Glem sagen' }).click()
    await page.locator('.toast').filter({ hasText: 'Sagen er glemt' }).waitFor()
    await page.waitForURL((url) => url.pathname.startsWith('/opgaver'))
    equal((await api('GET', '/api/tasks?state=CREATED&limit=1')).total, total - 1, 'waiting tasks')
    await page.goto(`/sager/${key}`)
    await page.getByText('Sagen findes ikke').waitFor()
    await page.goto(`/opgaver/${task.userTaskKey}`)
    await waitFor('the page of the task', async () => (await page.locator('main').innerText()).length > 0 && (await page.locator('.waiting').count()) === 0)
    check(!(await page.locator('main').innerText()).includes(number), 'the task of the forgotten case still shows its invoice')
    const answers = await page.evaluate(async (paths) => Promise.all(paths.map(async (p) => { const a = await fetch(p); return `${a.status} ${await a.text()}` })),
      [`/api/cases/${key}`, `/api/tasks/${task.userTaskKey}`, `/api/cases/${key}/documents/${encodeURIComponent(documents[0].name)}`, `/v2/process-instances/${key}`])
    for (const answer of answers) check(!answer.includes(number), `an answer still holds the invoice: ${answer.slice(0, 200)}`)
    check(answers[2].startsWith('404') || answers[2].startsWith('410'), `the document is still there: ${answers[2].slice(0, 200)}`)
  }))
}
