// Sammenlign and lignende in the browser: the 2010 sickness benefit against today's, steered from the list, the keyboard and the diagram; choosing
// the two from a workflow's page; a fragment that finds.
const old = 'arbejdsmarked/sygedagpengeopfoelgning-2010', now = 'arbejdsmarked/sygedagpengeopfoelgning'
export const comparePages = [
  { name: 'bank-sammenlign', path: `/bank/sammenlign?a=${old}&b=${now}&forskel=4`, role: 'konsulent', ready: '.compare-list .lit-step', prepare: (page) => page.locator('.diagram-canvas[data-ready]').nth(1).waitFor() },
  { name: 'bank-sammenlign-vaelg', path: `/bank/sammenlign?a=${now}`, role: 'konsulent', ready: '#med-hvad' },
  { name: 'bank-lignende', path: '/bank/lignende', role: 'konsulent', ready: '#s-text', prepare: async (page) => {
    await page.getByRole('button', { name: 'Indsæt et eksempel' }).click()
    await page.getByRole('button', { name: 'Find lignende' }).click()
    await page.locator('.similar-list > li').first().waitFor()
  } },
]

export function compareTests({ test, as, check, equal, waitFor }) {
  const view = (page, side) => page.locator('.diagram-canvas .viewport').nth(side).getAttribute('transform')
  const current = (page) => page.locator('.compare-current').innerText()
  const number = (page) => new URL(page.url()).searchParams.get('forskel')

  test('compare: the differences steer both diagrams, by list, key and symbol', async () => as('konsulent', async (page) => {
    await page.goto(`/bank/sammenlign?a=${old}&b=${now}`)
    await page.locator('.diagram-canvas[data-ready]').nth(1).waitFor()
    const sentences = await page.locator('.compare-list .link-button').allInnerTexts()
    check(sentences.length >= 10, `only ${sentences.length} differences`)
    check(sentences.some((s) => s.includes('Fremrykker første samtale') && s.startsWith('Nyt trin')), `the new step is not told: ${sentences.join(' | ')}`)
    check(sentences.some((s) => s.includes('lagt sammen')), 'the merged steps are not told')
    const badges = await page.locator('.diagram-canvas').nth(1).locator('.diff-badge').allInnerTexts()
    check(badges.some((b) => b.endsWith('+')) && badges.every((b) => /^\d+ \S+$/.test(b)), `badges without number and sign: ${badges.join(' ')}`)
    await page.locator('body').press('n')
    await waitFor('the first difference', async () => number(page) === '1')
    equal(await current(page), sentences[0], 'the difference that is told')
    await page.locator('body').press('n')
    await waitFor('the second difference', async () => number(page) === '2')
    await page.locator('body').press('p')
    await waitFor('the first difference again', async () => number(page) === '1')
    // the last one is far to the right: both diagrams go there
    const before = [await view(page, 0), await view(page, 1)]
    const ends = sentences.findIndex((s) => s.includes('jobafklaringsforløb'))
    await page.locator('.compare-list .link-button').nth(ends).click()
    await waitFor('the chosen difference', async () => number(page) === String(ends + 1))
    await waitFor('the right diagram to move', async () => (await view(page, 1)) !== before[1])
    check(await page.locator('.diagram-canvas').nth(1).locator('.djs-element.lit').count() === 1, 'the new step is not lit')
    await page.goBack()
  }))

  test('compare: diagrams of different making scroll together', async () => as('konsulent', async (page) => {
    await page.goto(`/bank/sammenlign?a=${old}&b=${now}`)
    await page.locator('.diagram-canvas[data-ready]').nth(1).waitFor()
    await page.waitForTimeout(1700) // the first views are set apart from each other
    const before = [await view(page, 0), await view(page, 1)]
    await page.locator('.side-by-side').getByRole('button', { name: 'Større' }).first().click()
    await waitFor('both to move', async () => (await view(page, 0)) !== before[0] && (await view(page, 1)) !== before[1])
  }))

  test('compare: chosen from the workflow, with what it comes from and what is like it; turned round', async () => as('konsulent', async (page) => {
    await page.goto(`/bank/${now}`)
    await page.getByRole('heading', { name: 'Lignende arbejdsgange' }).waitFor()
    await page.locator('.similar-list > li').first().waitFor()
    check((await page.locator('.similar-list > li').first().innerText()).includes('2010'), 'the 2010 edition is not the most alike')
    await page.getByRole('link', { name: 'Sammenlign med en anden', exact: true }).click()
    await page.getByRole('heading', { name: /^Sammenlign Sygedagpengeopfølgning med/ }).waitFor()
    await page.locator('#med-hvad + ul a').filter({ hasText: '2010' }).first().click()
    await page.locator('.compare-list > li').first().waitFor()
    await page.getByRole('button', { name: 'Byt om' }).click()
    await waitFor('the two to change place', async () => new URL(page.url()).searchParams.get('b') === old)
    await page.locator('.compare-list > li').first().waitFor()
    check((await page.locator('.compare-list').innerText()).includes('Trinnet «Fremrykker første samtale» (Sagsbehandler) er fjernet'), 'turned round, what was new is not gone')
  }))

  test('similar: a few words, one step a line, find the workflows that have them', async () => as('konsulent', async (page) => {
    await page.goto('/bank/lignende')
    await page.getByLabel('Trin', { exact: true }).fill('Afholder opfølgningssamtale\nTager stilling til forlængelse af sygedagpenge')
    await page.getByRole('button', { name: 'Find lignende' }).click()
    await page.locator('.similar-list > li').first().waitFor()
    const found = await page.locator('.similar-list > li').allInnerTexts()
    check(found.slice(0, 5).some((t) => /sygedagpenge/i.test(t)), `no sickness benefit among ${found.slice(0, 5).join(' | ')}`)
  }))
}
