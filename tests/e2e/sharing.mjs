// Deling in the browser: the one authority shares, the other follows it through the house's own address (serve --allow-local), sees what
// taking would change, takes one and puts one away; and the menu of formats on a workflow's page.
import { signIn } from './browser.mjs'
import { apiOf, workflow } from './pages.mjs'

export function sharingTests({ test, as, check, equal, waitFor, axe, browser, base }) {
  const consultants = async () => (await (await fetch(`${base}/api/status`)).json()).demoUsers.filter((u) => String(u.role).includes('konsulent'))
  async function person(user, run, size) {
    const opened = await signIn(browser, base, user, size)
    try {
      await run(opened.page, apiOf(opened.page))
      check(opened.problems.length === 0, opened.problems.join('; '))
    } finally { await opened.context.close() }
  }
  const other = async () => {
    const all = await consultants(), giver = all[0], taker = all.find((u) => u.authority !== giver.authority)
    check(taker !== undefined, 'there is no consultant of another authority')
    return { giver, taker }
  }

  test('sharing: switched on, followed by its key, compared, taken and put away', async () => {
    const { giver, taker } = await other()
    let address = '', key = ''
    await person(giver, async (page) => {
      await page.goto('/bank')
      await page.getByRole('link', { name: 'Deling med andre banker' }).click()
      await page.getByRole('heading', { name: 'Deling med andre banker', level: 1 }).waitFor()
      await page.getByText('Der er ingen nye forslag').waitFor()
      await page.getByLabel('Andre banker må hente det, vi har udgivet').check()
      await page.locator('code', { hasText: '/api/bank/share/feeds/' }).waitFor()
      address = await page.locator('code', { hasText: '/api/bank/share/feeds/' }).innerText()
      key = await page.locator('code', { hasText: /^([0-9a-f]{4} ){7}[0-9a-f]{4}$/ }).innerText()
      const faults = [...await axe(page, 'deling, own')]
      check(faults.length === 0, faults.join('; '))
    })
    await person(taker, async (page) => {
      await page.goto('/bank/deling')
      await page.getByLabel('Bankens adresse').waitFor()
      await page.getByRole('button', { name: 'Se banken' }).click()
      check(await page.getByText('Skriv bankens adresse').isVisible(), 'no message at the empty field')
      await page.getByLabel('Bankens adresse').fill('https://bank.example.invalid/x')
      await page.getByRole('button', { name: 'Se banken' }).click()
      await page.getByText('Det andet system svarede ikke som ventet').waitFor()
      await page.getByLabel('Bankens adresse').fill(address)
      await page.getByRole('button', { name: 'Se banken' }).click()
      await page.getByRole('button', { name: 'Nøglen passer: følg banken' }).waitFor()
      check((await page.locator('.alert-info').innerText()).includes(key), 'the key that is shown is not the giver’s')
      await page.getByRole('button', { name: 'Nøglen passer: følg banken' }).click()
      await page.getByRole('button', { name: /^Spørg efter nyt/ }).click()
      await page.locator('.alert-success', { hasText: 'nye udgaver' }).waitFor()
      const row = page.locator('.rows > li', { hasText: 'Betaling af lægeerklæringer' })
      await row.getByRole('button', { name: /^Se og afgør/ }).click()
      await row.getByRole('button', { name: 'Tag forslaget' }).waitFor()
      const faults = [...await axe(page, 'deling, a proposal')]
      check(faults.length === 0, faults.join('; '))
      await row.getByRole('button', { name: 'Tag forslaget' }).click()
      await page.locator('.toast', { hasText: 'Forslaget er taget' }).waitFor()
      await waitFor('the proposal to go', async () => (await row.count()) === 0)
      const second = page.locator('.rows > li').first(), title = await second.locator('strong').innerText()
      await second.getByRole('button', { name: /^Se og afgør/ }).click()
      await second.getByRole('button', { name: 'Læg væk' }).click()
      await waitFor('the second to go', async () => !(await page.locator('.rows > li strong').allInnerTexts()).includes(title))
      await page.goto(`/bank/${workflow}`)
      await page.locator('.came-from').waitFor()
      check((await page.locator('.came-from').innerText()).includes(key), 'the page does not say whose key signed it')
      await page.goto('/bank/deling')
      await page.getByRole('button', { name: /^Afslut/ }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Afslut abonnementet' }).click()
      await page.locator('.toast', { hasText: 'Abonnementet er slut' }).waitFor()
    })
    await person(giver, async (_page, api) => { await api('PUT', '/api/bank/share/settings', { share: false }) })
  })

  test('sharing at 320 px, and the formats of a workflow', async () => {
    const { giver } = await other()
    await person(giver, async (page) => {
      await page.goto('/bank/deling')
      await page.getByLabel('Bankens adresse').waitFor()
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      check(sideways <= 0, `the page scrolls sideways by ${sideways} px`)
      const faults = [...await axe(page, 'deling at 320 px')]
      check(faults.length === 0, faults.join('; '))
    }, { width: 320 })
    await as('konsulent', async (page) => {
      await page.goto(`/bank/${workflow}`)
      await page.locator('.diagram-canvas[data-ready]').waitFor()
      await page.getByText('Hent arbejdsgangen', { exact: true }).click()
      for (const [name, ending] of [['Rapport (PDF)', '-rapport.pdf'], ['Diagram (billede, PNG)', '.png'], ['Visio (.vsdx)', '.vsdx'], ['Pakken (zip)', '.zip']]) {
        const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name, exact: true }).click()])
        equal(download.suggestedFilename(), `betaling-af-laegeerklaeringer${ending}`, name)
        check(await download.failure() === null, `${name} did not come`)
      }
      const faults = [...await axe(page, 'export menu')]
      check(faults.length === 0, faults.join('; '))
      await page.goto('/bank?q=regning')
      const [list] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Hent listen (Excel)' }).click()])
      equal(list.suggestedFilename(), 'arbejdsgange.xlsx', 'the list')
    })
  })
}
