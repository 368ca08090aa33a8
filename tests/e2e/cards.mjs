// Boards of cards: two people at once, by mouse and by keyboard; lovdækning turns the strip and blocks publication; the clock; the diagram; paper.
import { signIn } from './browser.mjs'

export const correct = 'tvaergaaende/arbejdsevnevurdering-2010'
export const redesigned = 'arbejdsmarked/arbejdsevnevurdering-paa-et-moede'

/** A board of its own for a test or a picture: the redesigned process with times and goals. */
export async function boardSample(api, slug = redesigned, title = 'Arbejdsevnevurdering på ét møde') {
  const { boardKey } = await api('POST', '/api/bank/boards', { slug, title })
  const change = (operation) => api('POST', `/api/bank/boards/${boardKey}/operations`, operation)
  const { cards } = await api('GET', `/api/bank/boards/${boardKey}`)
  const times = ['PT10M', 'PT5M', 'PT20M/PT30M', 'PT30M/PT45M', 'PT15M', 'PT10M']
  for (const [i, card] of cards.entries()) await change({ op: 'edit', card: card.id, field: 'handling', value: times[i % times.length] })
  if (cards[1]) await change({ op: 'edit', card: cards[1].id, field: 'waiting', value: 'P3D/P5D' })
  await change({ op: 'board', field: 'beforeLead', value: 'P6W/P8W' })
  await change({ op: 'goal', id: 'maal1', text: 'Vurderingen er færdig ved det første opfølgningsmøde' })
  return boardKey
}

export function cardTests({ test, as, check, equal, waitFor, axe, browser, base, users }) {
  const card = (page, id) => page.locator(`.wall [data-card="${id}"]`)
  const cellOf = (page, id) => page.locator(`.wall td[data-cell]:has([data-card="${id}"])`).getAttribute('data-cell')

  test('cards: two people on one board see each other and each other\'s moves', async () => as('konsulent', async (page, api) => {
    const key = await boardSample(api)
    await page.goto(`/bank/kort/${key}`)
    await page.locator('.wall-card').first().waitFor()
    const second = await signIn(browser, base, users.sagsbehandler)
    try {
      const other = second.page
      await other.goto(`/bank/kort/${key}`)
      await other.locator('.wall-card').first().waitFor()
      await waitFor('both to see two people', async () => (await page.locator('.people .person').count()) === 2 && (await other.locator('.people .person').count()) === 2)
      await page.evaluate(() => { window.stillTheSame = true })
      // The first drags with the mouse; the second sees it.
      const id = 'holder_opfoelgningssamtale', from = await cellOf(page, id)
      const [role] = from.split(' ')
      const cells = await page.locator(`.wall td[data-cell^="${role} "]`).evaluateAll((all) => all.map((c) => c.dataset.cell))
      const target = cells[0] === from ? cells[1] : cells[0]
      await card(page, id).scrollIntoViewIfNeeded()
      await page.locator('.wall').evaluate((wall, cell) => { wall.querySelector(`[data-cell="${cell}"]`).scrollIntoView({ block: 'center', inline: 'center' }) }, target)
      const goal = await page.locator(`.wall td[data-cell="${target}"]`).boundingBox()
      let start = await card(page, id).boundingBox()
      if (!start || start.x < 0 || start.x > 1200) { // the card is out of sight beside the goal: bring both as near as the wall allows
        await card(page, id).scrollIntoViewIfNeeded()
        start = await card(page, id).boundingBox()
      }
      await page.mouse.move(start.x + 20, start.y + 12)
      await page.mouse.down()
      await page.mouse.move(start.x + 40, start.y + 30, { steps: 4 })
      const now = await page.locator(`.wall td[data-cell="${target}"]`).boundingBox()
      await page.mouse.move((now ?? goal).x + 30, (now ?? goal).y + 30, { steps: 8 })
      await page.locator('.drag-ghost').waitFor()
      await page.mouse.up()
      await waitFor('the first to see the own move', async () => (await cellOf(page, id)) === target)
      await waitFor('the second to see the move', async () => (await cellOf(other, id)) === target)
      // The second moves another one by keyboard at the same time as the first writes on it; both count.
      const two = 'indkalder_til_moede'
      await card(other, two).focus()
      await waitFor('the first to see which card the second holds', async () => (await page.locator(`.wall-card:has([data-card="${two}"]) .holder`).count()) === 1)
      await Promise.all([
        (async () => { await other.keyboard.press('Space'); await other.keyboard.press('ArrowRight') })(),
        api('POST', `/api/bank/boards/${key}/operations`, { op: 'edit', card: two, field: 'document', value: 'Indkaldelse med tre spørgsmål' }),
      ])
      await waitFor('both changes on both pages', async () => (await card(page, two).innerText()).includes('Indkaldelse med tre spørgsmål') && (await card(other, two).innerText()).includes('Indkaldelse med tre spørgsmål')
        && (await cellOf(page, two)) === (await cellOf(other, two)))
      await waitFor('the focus to go with the card', async () => other.evaluate((wanted) => document.activeElement?.dataset.card === wanted, two))
      check(/:/.test(await other.locator('[aria-live="polite"].sr-only').innerText()), 'the move by keyboard was not announced')
      // The second's undo takes back the second's move, not the first's words.
      await other.getByRole('button', { name: 'Fortryd', exact: true }).click()
      const places = await api('GET', `/api/bank/boards/${key}`)
      await waitFor('undo to be seen', async () => (await api('GET', `/api/bank/boards/${key}/operations?limit=1`)).items[0].mode === 'undo')
      equal(places.cards.find((c) => c.id === two).document, 'Indkaldelse med tre spørgsmål', 'what the other wrote')
      check(await page.evaluate(() => window.stillTheSame === true), 'the page was loaded again')
      await other.close()
      await waitFor('the first to see that the second has left', async () => (await page.locator('.people .person').count()) === 1)
      check(second.problems.length === 0, second.problems.join('; '))
    } finally { await second.context.close() }
  }))

  test('cards: a card typed in, opened, moved with the menu, claimed for and taken away with undo', async () => as('konsulent', async (page, api) => {
    const key = await boardSample(api)
    await page.goto(`/bank/kort/${key}`)
    await page.locator('.wall-card').first().waitFor()
    await page.locator('.add-card').first().click()
    await page.keyboard.type('Booker lokale')
    await page.keyboard.press('Enter')
    const made = page.locator('.wall-card button', { hasText: 'Booker lokale' })
    await made.waitFor()
    await page.keyboard.press('Escape')
    await made.click()
    const panel = page.locator('.card-panel')
    await panel.getByRole('heading', { name: 'Booker lokale' }).waitFor()
    check(new URL(page.url()).searchParams.has('kort'), 'the address does not hold the open card')
    await panel.getByLabel('Behandlingstid, mindst').fill('15')
    await panel.getByLabel('Behandlingstid, mindst').press('Enter')
    await made.getByText('15 minutter').waitFor()
    const roles = await panel.getByLabel('Flyt til rolle').locator('option').allInnerTexts()
    await panel.getByLabel('Flyt til rolle').selectOption({ label: roles[roles.length - 1] })
    await panel.getByText(new RegExp(`^${roles[roles.length - 1]}, `)).waitFor()
    await panel.getByLabel(/^Opretter sag/).check()
    await made.getByText('Opretter sag').waitFor()
    await panel.getByRole('button', { name: 'Tag kortet af tavlen' }).click()
    await made.waitFor({ state: 'detached' })
    await page.keyboard.press('f')
    await made.waitFor()
    check((await made.innerText()).includes('15 minutter'), 'undo brought the card back without its time')
    const faults = await axe(page, 'the board after undo')
    await page.getByRole('button', { name: 'Historik' }).click()
    await page.getByRole('dialog', { name: 'Det er der sket' }).getByText('Booker lokale').first().waitFor()
    faults.push(...await axe(page, 'history'))
    check(faults.length === 0, faults.join('\n'))
  }))

  test('cards: all eight duties are claimed; without one card the strip turns and publication is blocked', async () => as('konsulent', async (page, api) => {
    const key = await boardSample(api)
    await page.goto(`/bank/kort/${key}`)
    const strip = page.locator('.strip .coverage-text')
    await strip.getByText('8 af 8 lovfastsatte opgaver dækket').waitFor()
    equal(await page.locator('.duty-covered').count(), 8, 'duties pinned to the board')
    await card(page, 'indkalder_til_moede').focus()
    await page.keyboard.press('Delete')
    await strip.getByText('7 af 8 lovfastsatte opgaver dækket').waitFor()
    check((await strip.innerText()).includes('»Opretter sag«'), 'the strip does not name what is missing')
    check(await page.locator('.coverage-text.is-missing').first().isVisible(), 'the strip did not turn')
    await page.getByLabel('Navn i adressen').fill(`proeve-${key}`)
    await page.getByRole('button', { name: 'Gem i banken' }).click()
    await page.getByText('Gemt som version 1').waitFor()
    await page.getByRole('button', { name: 'Udgiv til alle myndigheder' }).click()
    await page.locator('.publish-refused').getByText('Den lovfastsatte opgave »Opretter sag«').waitFor()
    const faults = await axe(page, 'publication refused')
    // The eighth: another card takes it over; then it goes out.
    await page.locator('.duty-missing').click()
    const dialog = page.getByRole('dialog', { name: 'Opretter sag' })
    await dialog.getByLabel('Lad et kort dække opgaven').selectOption('holder_opfoelgningssamtale')
    await dialog.locator('.duty-claim').first().waitFor()
    faults.push(...await axe(page, 'a duty'))
    await page.keyboard.press('Escape')
    await strip.getByText('8 af 8 lovfastsatte opgaver dækket').waitFor()
    await page.getByRole('button', { name: 'Gem i banken' }).click()
    await page.getByText('Gemt som version 2').waitFor()
    await page.getByRole('button', { name: 'Udgiv til alle myndigheder' }).click()
    await page.getByText('Arbejdsgangen er udgivet').waitFor()
    const link = page.getByRole('link', { name: 'Sammenlign med udgangspunktet' })
    equal(await link.getAttribute('href'), `/bank/sammenlign?a=${encodeURIComponent(redesigned)}&b=${encodeURIComponent(`arbejdsmarked/proeve-${key}`)}`, 'the comparison')
    await page.getByRole('link', { name: 'Se arbejdsgangen' }).click()
    await page.locator('.diagram-canvas[data-ready]').waitFor()
    await page.goto(`/bank/arbejdsmarked/proeve-${key}/jura`)
    await page.locator('.coverage-box').getByText('8 af 8 lovfastsatte opgaver dækket').waitFor()
    faults.push(...await axe(page, 'lovdækning of a workflow'))
    check(faults.length === 0, faults.join('\n'))
  }))

  test('cards: moving cards shows the clock before and after; the diagram; paper', async () => as('konsulent', async (page, api) => {
    const { boardKey } = await api('POST', '/api/bank/boards', { text: 'proces #visitation: Samtale\n  bane: Team\n  @Team\n  start: Anmeldelse\n  bruger #ring: Ringer samme dag\n  bruger #indkald: Indkalder\n  bruger #samtale: Holder samtale\n  slut: Færdig\n' })
    const change = (operation) => api('POST', `/api/bank/boards/${boardKey}/operations`, operation)
    await change({ op: 'board', field: 'beforeLead', value: 'P6W/P8W' })
    await change({ op: 'edit', card: 'ring', field: 'waiting', value: 'P1W' })
    await change({ op: 'edit', card: 'indkald', field: 'waiting', value: 'P1W' })
    await page.goto(`/bank/kort/${boardKey}`)
    const clock = page.locator('.clock-lead dd')
    await waitFor('the clock before the move', async () => /6–8 uger\s*→\s*(bliver til)?\s*2 uger/.test(await clock.innerText()))
    await card(page, 'indkald').focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Space')
    await waitFor('»6–8 uger → 5 hverdage«', async () => /6–8 uger\s*→\s*(bliver til)?\s*5 hverdage/.test(await clock.innerText()))
    await page.getByRole('button', { name: 'Vis som diagram' }).click()
    await page.locator('.diagram-canvas[data-ready] .djs-element[data-element-id="indkald"]').waitFor()
    await page.emulateMedia({ media: 'print' })
    equal(await page.locator('.paper-card:visible').count(), 3, 'paper cards')
    check(!await page.locator('.wall').isVisible(), 'the wall is printed, too')
  }))

  test('cards: the list at 320 px reads, writes and moves', async () => as('sagsbehandler', async (page, api) => {
    const { boardKey } = await api('POST', '/api/bank/boards', { title: 'Lille tavle' })
    await page.goto(`/bank/kort/${boardKey}`)
    await page.getByLabel('Hvad gøres?').fill('Ringer til borgeren')
    await page.getByRole('button', { name: 'Læg kortet på tavlen' }).click()
    await page.locator('.board-list .wall-card').click()
    await page.getByLabel('Flyt til kolonne').selectOption({ label: 'Trin 3' })
    await page.locator('.board-list section[aria-label="Trin 3"] .wall-card').waitFor()
    equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, 'the width')
    equal(await page.getByRole('button', { name: 'Gem i banken' }).count(), 0, 'storing for somebody who may not')
  }, { width: 320, height: 640 }))
}

/** The pages for pictures and axe-core. */
export async function cardPages(api) {
  const key = await boardSample(api)
  const gap = await boardSample(api, correct, 'Arbejdsevnevurdering, første udkast')
  await api('POST', `/api/bank/boards/${gap}/operations`, { op: 'remove', card: 'indhenter_samtykke' })
  return [
    { name: 'kort', path: '/bank/kort', role: 'konsulent', ready: '.own-table' },
    { name: 'kort-tavle', path: `/bank/kort/${key}`, role: 'konsulent', ready: '.wall-card' },
    { name: 'kort-tavle-mangler', path: `/bank/kort/${gap}?kort=samtale_med_borgeren`, role: 'konsulent', ready: '.card-panel' },
    { name: 'kort-liste', path: `/bank/kort/${key}?vis=liste`, role: 'konsulent', ready: '.board-list .wall-card' },
    { name: 'arbejdsgang-lovdaekning', path: `/bank/${redesigned}/jura`, role: 'konsulent', ready: '.coverage-box table' },
  ]
}
