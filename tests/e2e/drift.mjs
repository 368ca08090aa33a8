// Drift in the browser: one case's timeline and tokens, cases found by their variables, incidents in bulk, versions side by side, the heat map.
import { deploy } from './drift_model.mjs'

export function driftTests({ test, as, check, equal, waitFor, axe }) {
  const start = async (api, id, variables) => (await api('POST', '/v2/process-instances', { processDefinitionId: id, variables })).processInstanceKey
  const tasksOf = async (api, key) => (await api('POST', '/v2/user-tasks/search', { filter: { processInstanceKey: key, state: 'CREATED' } })).items
  const complete = async (api, key, element) => {
    const task = (await tasksOf(api, key)).find((t) => t.elementId === element)
    await api('POST', `/v2/user-tasks/${task.userTaskKey}/completion`, { action: 'godkend' })
  }
  const incidents = async (api, id) => (await api('POST', '/v2/incidents/search', { filter: { state: 'ACTIVE', processDefinitionId: id }, page: { limit: 200 } })).items
  const overlay = (page, element, tone) => page.locator(`.djs-overlays[data-container-id="${element}"] .token-${tone}`)
  const clean = async (page, name) => { const faults = await axe(page, name); check(faults.length === 0, faults.join('; ')) }
  const neighbours = ['Nabo 1', 'Nabo 2', 'Nabo 3']
  /** Runs a case of the model as far as its note. */
  const toTheNote = async (api, id, variables) => {
    const key = await start(api, id, { naboer: neighbours.slice(0, 1), ...variables })
    await complete(api, key, 'vurder')
    await complete(api, key, 'naboer')
    return key
  }

  test('drift: one case, where it is and what happened, live', async () => as('drift', async (page, api) => {
    await page.goto('/drift')
    await deploy(page, 1)
    let key = ''
    await as('sagsbehandler', async (_page, other) => { key = await start(other, 'drift_naboer', { naboer: neighbours, ansoeger: { navn: 'Prøve', cpr: '010101-1234' } }) })
    await page.goto(`/drift/${key}`)
    await overlay(page, 'vurder', 'active').waitFor()
    const timeline = page.locator('.case-timeline')
    await timeline.getByText('»Frist« sker').waitFor()
    await page.getByText('Opdateres løbende').waitFor()
    await page.evaluate(() => { window.stillTheSame = true })
    let who = ''
    await as('sagsbehandler', async (other, api2) => {
      who = (await api2('GET', '/api/session')).user
      await complete(api2, key, 'vurder')
      await complete(api2, key, 'naboer')
    })
    await waitFor('the counter of the neighbours', async () => (await overlay(page, 'naboer', 'active').allInnerTexts()).includes('1 af 3'))
    await timeline.getByText(`af ${who}`).first().waitFor()
    const items = timeline.locator('li').filter({ hasText: 'Spørg naboer, for hver' })
    await waitFor('the items in one line', async () => (await items.allInnerTexts()).join(' ').includes('1 af 3 færdige'))
    equal(await items.count(), 1, 'lines of the three neighbours')
    const judged = await timeline.locator('li').filter({ hasText: 'Vurder ansøgning' }).first().innerText()
    check(judged.includes('valgte »godkend«'), `the line does not say what was chosen: ${judged}`)
    check(!(await page.locator('main').innerText()).includes('010101-1234'), 'a CPR number is shown in full')
    await page.getByText('Vis tallene som tabel').first().click()
    check((await page.getByRole('region', { name: 'Hvor sagen er og har været' }).innerText()).includes('1 af 3 færdige'), 'the table does not hold the counter')
    await timeline.getByRole('link', { name: 'Vurder ansøgning' }).first().click()
    await page.locator('.djs-element.lit[data-element-id="vurder"]').waitFor()
    check(page.url().includes('element=vurder'), 'the address does not hold the step')
    await clean(page, 'one case')
    check(await page.evaluate(() => window.stillTheSame === true), 'the page was loaded again')
  }))

  test('drift: a case found by what stands in its variables', async () => as('drift', async (page, api) => {
    await page.goto('/drift')
    await deploy(page, 1)
    const mine = await start(api, 'drift_naboer', { naboer: neighbours, byggesag: { nummer: 'B-0815', gebyr: 1234.5 } })
    await start(api, 'drift_naboer', { naboer: neighbours, byggesag: { nummer: 'B-0816', gebyr: 10 } })
    await page.goto('/drift/sager')
    await page.locator('.own-table').first().waitFor()
    await page.getByRole('button', { name: 'Søg i sagernes oplysninger' }).click()
    await page.getByRole('button', { name: 'Søg i sagerne', exact: true }).click()
    await waitFor('the focus on the first fault', async () => (await page.evaluate(() => document.activeElement?.id)) === 't-value-0')
    check(await page.getByText('Skriv den værdi, du leder efter').isVisible() && await page.getByText('Opslag i sagernes oplysninger bliver logget').isVisible(), 'no faults at the fields')
    await clean(page, 'the look-up with faults')
    await page.getByLabel('Oplysning', { exact: true }).fill('byggesag.nummer')
    await page.getByLabel('Værdi').fill('b-0815')
    await page.getByLabel('Formål').fill('Prøve af søgning')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '1 sag passer' }).waitFor()
    const found = page.locator('.own-table td a').first()
    equal(await found.innerText(), mine, 'the case that was found')
    check(!page.url().toLowerCase().includes('0815'), `the address holds the value: ${page.url()}`)
    await clean(page, 'the look-up')
    const address = page.url()
    await found.click()
    await page.locator('.diagram-canvas[data-ready]').waitFor()
    await page.goto(address) // left and found again
    await page.getByRole('heading', { name: '1 sag passer' }).waitFor()
    await page.getByLabel('Oplysning', { exact: true }).fill('byggesag.gebyr')
    await page.getByLabel('Hvordan').selectOption('greater')
    await page.getByLabel('Værdi').fill('1.234,00')
    await page.getByLabel('Formål').fill('Prøve af søgning')
    await page.keyboard.press('Enter')
    await waitFor('the other search', async () => page.url() !== address && (await page.locator('.match').allInnerTexts()).some((t) => t.includes('1234.5')))
  }))

  test('drift: incidents in bulk, with progress, left and found again', async () => as('drift', async (page, api) => {
    const id = 'drift_naboer_fejl'
    await page.goto('/drift')
    await deploy(page, 1, id)
    const cases = []
    await as('sagsbehandler', async (_page, other) => { for (let i = 0; i < 4; i++) cases.push(await toTheNote(other, id, {})) })
    await waitFor('four incidents', async () => (await incidents(api, id)).length === 4)
    await page.goto(`/drift/fejl?id=${id}`)
    await page.getByRole('heading', { name: '4 fejl passer' }).waitFor()
    await clean(page, 'the incidents')
    await page.getByLabel('Vælg alle på siden').check()
    check(await page.getByText('4 valgt.').isVisible(), 'the page does not say how many are chosen')
    await page.getByLabel(`Vælg fejlen ved Skriv notat i sag ${cases[3]}`).uncheck()
    for (const key of cases.slice(0, 2)) await api('PUT', `/v2/element-instances/${key}/variables`, { variables: { tekst: 'Notat' } })
    await page.getByRole('button', { name: 'Prøv 3 igen' }).click()
    await page.getByRole('dialog', { name: 'Prøv 3 fejl igen?' }).getByRole('button', { name: 'Prøv igen' }).click()
    await page.waitForURL((url) => url.pathname.startsWith('/drift/arbejde/'))
    await page.getByText('Færdig: 3 af 3 prøvet igen').waitFor()
    for (const key of cases.slice(0, 2)) await waitFor(`case ${key} to end`, async () => (await api('GET', `/v2/process-instances/${key}`)).state === 'COMPLETED')
    await waitFor('the third to fail again', async () => (await incidents(api, id)).length === 2)
    const address = page.url()
    await page.goto('/drift/arbejde')
    await page.locator('.own-table').getByRole('link', { name: '3 fejl er prøvet igen' }).first().click()
    equal(page.url(), address, 'the batch found again')
    await page.getByText('Fejlet igen').waitFor()
    equal(await page.getByText('Fejlet igen').count(), 1, 'cases that failed again')
    await clean(page, 'the result')
  }))

  test('drift: two versions side by side', async () => as('drift', async (page, api) => {
    const id = 'drift_naboer_to'
    await page.goto('/drift')
    await deploy(page, 1, id)
    await start(api, id, { naboer: neighbours })
    await deploy(page, 2, id)
    await page.goto(`/drift/versioner/${id}`)
    await page.locator('.side-by-side .diagram-canvas[data-ready]').nth(1).waitFor()
    await page.getByText('4 forskelle: 2 nye, 0 fjernede og 2 ændrede.').waitFor({ timeout: 5000 }).catch(async () => check(false, `differences: ${await page.locator('#forskelle ~ *').allInnerTexts()}`))
    const list = page.locator('.difference-list')
    await list.getByRole('button', { name: 'Vurder ansøgningen grundigt' }).click()
    equal(await page.locator('.djs-element.lit[data-element-id="vurder"]').count(), 2, 'diagrams that show the step')
    equal(await list.locator('li.lit-step del').innerText(), 'Vurder ansøgning', 'what it was called before')
    equal(await page.locator('.diff-badge.diff-added').count() >= 2, true, 'new steps are marked')
    const views = () => page.evaluate(() => [...document.querySelectorAll('.side-by-side .viewport')].map((v) => (v.getAttribute('transform').match(/-?[\d.]+/g) ?? []).map(Number)))
    const before = await views()
    await page.locator('.side-by-side').getByRole('button', { name: 'Større' }).first().click()
    await waitFor('both diagrams to move', async () => { const [left, right] = await views(); return left[0] > before[0][0] * 1.1 && left.every((n, i) => Math.abs(n - right[i]) < 1) })
    await page.getByRole('heading', { level: 1 }).focus()
    await page.keyboard.press('n')
    await waitFor('the next difference', async () => !page.url().includes('element=vurder'))
    await clean(page, 'versions')
  }))

  test('drift: the heat map says where the time goes, and the table is behind it', async () => as('drift', async (page, api) => {
    const id = 'drift_naboer_varme'
    await page.goto('/drift')
    await deploy(page, 1, id)
    await as('sagsbehandler', async (_page, other) => { for (let i = 0; i < 2; i++) await toTheNote(other, id, {}) })
    await waitFor('two incidents', async () => (await incidents(api, id)).length === 2)
    const definition = (await api('POST', '/v2/process-definitions/search', { filter: { processDefinitionId: id } })).items[0].processDefinitionKey
    await page.goto(`/drift/varmekort/${definition}?vis=fejl`)
    await page.getByRole('heading', { name: 'Der er flest fejl ved »Skriv notat«: 2' }).waitFor()
    equal(await page.locator('.djs-overlays[data-container-id="notat"] .heat-badge').innerText(), '2', 'the number at the step')
    await page.getByRole('button', { name: 'Antal', exact: true }).click()
    await page.locator('.djs-overlays[data-container-id="vurder"] .heat-badge').waitFor()
    check(page.url().includes('vis=antal'), 'the address does not hold the measure')
    await page.getByText('Vis tallene som tabel').click()
    const row = page.getByRole('region', { name: 'Tallene bag varmekortet' }).locator('tr').filter({ hasText: 'Skriv notat' })
    check((await row.innerText()).includes('System'), `the row of the step: ${await row.innerText()}`)
    await clean(page, 'the heat map')
    await page.getByLabel('Fra og med').fill('2020-01-02')
    await page.getByLabel('Til og med').fill('2020-01-01')
    await page.getByRole('button', { name: 'Vis perioden' }).click()
    check(await page.getByText('Den sidste dag skal ligge efter den første').isVisible(), 'no fault at the period')
    await page.getByLabel('Til og med').fill('2020-01-05')
    await page.getByRole('button', { name: 'Vis perioden' }).click()
    await page.getByText('Ingen sager i perioden').waitFor()
  }))
}
