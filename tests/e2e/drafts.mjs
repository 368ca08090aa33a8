// Drafts: made from text by one person, proposed, approved by another, published and found; what covers too little is stopped.
import { signIn } from './browser.mjs'

const correct = 'tvaergaaende/arbejdsevnevurdering-2010'
const textOf = (title, thing) => `proces: ${title}
  pulje: ${title}
  bane: Borgerservice
  bane: Fagkontor
  @Borgerservice
  start: Henvendelse modtaget
  bruger: Læser om ${thing}
  valg: Kan vi svare?
    hvis Ja:
      bruger: Svarer borgeren
    ellers Nej:
      @Fagkontor
      bruger: Skriver til borgeren
  slut: Borgeren har fået svar
`

/** Drafts for pictures: one of each state that a page shows differently. */
export async function draftPages(api) {
  const made = await api('POST', '/api/bank/drafts', { notation: textOf('Svarer på en klage over snerydning', 'snerydning'), domain: 'Teknik og miljø' })
  await api('POST', `/api/bank/drafts/${made.id}/comments`, { text: 'Hvem svarer i weekenden?' })
  const derived = await api('POST', '/api/bank/drafts', { from: correct, name: 'billede-vores' })
  await changeDiagram(api, derived.id, (xml) => xml.replace(/name="Holder [^"]*"/, 'name="Holder et fælles møde"'))
  const ready = '.diagram-canvas[data-ready]'
  return [
    { name: 'forslag', path: '/bank/forslag?vis=alle', role: 'konsulent', ready: '.own-table' }, { name: 'forslag-tom', path: '/bank/forslag', role: 'drift', ready: '.empty' },
    { name: 'forslag-nyt', path: '/bank/forslag/ny', role: 'konsulent', ready: '#ny-text' }, { name: 'forslag-kladde', path: `/bank/forslag/${made.id}`, role: 'konsulent', ready },
    { name: 'forslag-aendret', path: `/bank/forslag/${derived.id}`, role: 'konsulent', ready: `${ready} .diff-badge, .difference-list` },
  ]
}

async function changeDiagram(api, id, change) {
  const draft = await api('GET', `/api/bank/drafts/${id}`)
  const xml = await api('GET', `/api/bank/drafts/${id}/diagram`, undefined, { text: true })
  return api('PUT', `/api/bank/drafts/${id}/diagram`, change(xml), { type: 'application/xml', headers: { 'If-Match': `"${draft.revision}"` } })
}

export function draftTests({ test, as, check, equal, waitFor, axe, browser, base, users }) {
  const stamp = Date.now().toString(36)
  const title = `Svarer om gadelygter ${stamp}`

  /** The other person, in a browser of their own. */
  async function beside(role, run, expected = /^$/) {
    const second = await signIn(browser, base, users[role])
    try {
      await run(second.page)
      const problems = second.problems.filter((p) => !expected.test(p))
      check(problems.length === 0, problems.join('; '))
    } finally { await second.context.close() }
  }
  const step = async (page, name, note) => {
    await page.locator('.what-now .button-row').getByRole('button', { name, exact: true }).click()
    if (note) await page.locator('#step-note').fill(note)
    await page.locator('dialog[open]').getByRole('button', { name, exact: true }).click()
  }
  const state = (page, text) => page.locator('.head-facts .badge', { hasText: text }).waitFor()

  test('drafts: from text, proposed, returned with a reason, mended, approved by another, published and found', async () => as('sagsbehandler', async (page) => {
    await page.goto('/bank')
    await page.getByRole('link', { name: 'Ny arbejdsgang' }).click()
    await page.locator('#ny-text').waitFor()
    await page.getByRole('button', { name: 'Lav kladden' }).click()
    await waitFor('the focus at the first fault', async () => page.evaluate(() => document.activeElement?.id === 'ny-domain'))
    await page.locator('#ny-domain').fill('Teknik og miljø')
    await page.locator('#ny-text').fill(textOf(title, 'gadelygter'))
    await page.getByRole('button', { name: 'Lav kladden' }).click()
    await page.locator('.diagram-canvas[data-ready]').waitFor()
    const address = new URL(page.url()).pathname
    await state(page, 'Kladde')
    await step(page, 'Send som forslag', 'Borgerne ringer om det hver dag')
    await state(page, 'Venter på svar')
    equal(await page.locator('.what-now').getByRole('button', { name: 'Godkend', exact: true }).count(), 0, 'ways for the author to approve')

    await beside('konsulent', async (other) => {
      await other.goto('/bank/forslag')
      await other.getByRole('link', { name: title }).click()
      await other.locator('.diagram-canvas[data-ready]').waitFor()
      await other.locator('.djs-element[data-element-id="laeser_om_gadelygter"]').click()
      await waitFor('the chosen step in the address', async () => new URL(other.url()).searchParams.get('element') === 'laeser_om_gadelygter')
      await other.locator('#kommentar').fill('Hvor tit sker det?')
      await other.getByRole('button', { name: 'Skriv kommentaren' }).click()
      await other.locator('.comments', { hasText: 'Hvor tit sker det?' }).waitFor()
      await step(other, 'Send tilbage')
      await other.locator('#step-fault').waitFor()
      await other.locator('#step-note').fill('Skriv, hvem der ejer den')
      await other.locator('dialog[open]').getByRole('button', { name: 'Send tilbage', exact: true }).click()
      await state(other, 'Sendt tilbage')
    })

    await page.goto('/bank/forslag')
    await page.getByRole('link', { name: title }).click()
    await page.locator('.timeline', { hasText: 'Skriv, hvem der ejer den' }).waitFor()
    await page.locator('.comments', { hasText: 'Læser om gadelygter' }).waitFor()
    await page.getByRole('button', { name: 'Ret stamdata' }).click()
    await page.locator('#stam-ejerrolle').fill('Teknisk chef')
    await page.getByRole('button', { name: 'Gem stamdata' }).click()
    await page.locator('.facts', { hasText: 'Teknisk chef' }).waitFor()
    await step(page, 'Send som forslag')
    await state(page, 'Venter på svar')

    await beside('konsulent', async (other) => {
      await other.goto(address)
      await step(other, 'Godkend', 'Fint')
      await state(other, 'Godkendt')
      await step(other, 'Offentliggør', 'Gælder fra i dag')
      await state(other, 'Offentliggjort')
      await other.goto('/bank')
      await other.locator('#bank-search').fill(title)
      await other.getByRole('link', { name: title }).first().waitFor()
    })
  }))

  test('drafts: a fault in the text is shown at its line, and nothing typed is lost', async () => beside('sagsbehandler', async (page) => {
    await page.goto('/bank/forslag/ny')
    await page.locator('#ny-domain').fill('Teknik og miljø')
    const lines = textOf(title, 'gadelygter').trimEnd().split('\n')
    await page.locator('#ny-text').fill([...lines, '  hovsa: Noget forkert'].join('\n'))
    await page.getByRole('button', { name: 'Lav kladden' }).click()
    await page.getByText(`Se på linje ${lines.length + 1}`).waitFor()
    check((await page.locator('#ny-text').inputValue()).includes('Noget forkert'), 'the text is gone')
  }, /status of 400/))

  test('drafts: drawn on from a workflow, a change is told and shown, an older version comes back as a draft', async () => as('konsulent', async (page, api) => {
    const from = await api('POST', '/api/bank/drafts', { notation: textOf(`Ny lampe ${stamp}`, 'lamper'), domain: 'Teknik og miljø', name: `ny-lampe-${stamp}` })
    await api('POST', `/api/bank/drafts/${from.id}/proposal`, {})
    const slug = `teknik-og-miljoe/ny-lampe-${stamp}`
    await page.goto(`/bank/forslag/${from.id}`)
    await state(page, 'Venter på svar')
    equal(await page.locator('.what-now').getByRole('button', { name: 'Godkend', exact: true }).count(), 0, 'ways to approve one\'s own')
    await step(page, 'Træk tilbage')
    await state(page, 'Trukket tilbage')
    await step(page, 'Slet kladden')
    await state(page, 'Slettet')
    await page.locator('.what-now').getByRole('button', { name: 'Hent tilbage' }).click()
    await state(page, 'Trukket tilbage')
    check((await api('GET', `/api/bank/drafts/${from.id}`)).slug === slug, 'the draft has another slug')

    await page.goto(`/bank/${correct}`)
    await page.getByRole('button', { name: 'Tegn videre' }).click()
    await page.waitForURL((url) => url.pathname.startsWith('/bank/tegn/'))
    const id = new URL(page.url()).pathname.split('/').pop()
    await changeDiagram(api, id, (xml) => xml.replace(/(<bpmn:\w*[tT]ask id="[^"]*" name=")[^"]*"/, '$1Noget helt andet end før"'))
    await page.goto(`/bank/forslag/${id}`)
    await page.locator('.difference-list li', { hasText: 'Noget helt andet end før' }).waitFor()
    await page.locator('.difference-list').getByRole('button', { name: /^Vis/ }).first().click()
    await page.locator('.djs-element.lit').waitFor()
    await page.locator('.diff-badge').first().waitFor()
    equal((await axe(page)).length, 0, 'faults found by axe-core')
  }))

  test('drafts: what does not cover the law is named and is not approved', async () => as('sagsbehandler', async (page, api) => {
    const { id } = await api('POST', '/api/bank/drafts', { from: correct, name: `vores-${stamp}`, title: `Vores vurdering ${stamp}` })
    await changeDiagram(api, id, (xml) => xml.replace(/name="lov"/, 'name="ideer"'))
    await page.goto(`/bank/forslag/${id}`)
    await page.getByText('er ikke dækket').waitFor()
    await step(page, 'Send som forslag')
    await state(page, 'Venter på svar')
    await beside('konsulent', async (other) => {
      await other.goto(`/bank/forslag/${id}`)
      await step(other, 'Godkend')
      await other.locator('dialog[open]', { hasText: 'Den lovfastsatte opgave' }).waitFor()
      await other.keyboard.press('Escape')
      await state(other, 'Venter på svar')
    })
    equal((await api('GET', `/api/bank/drafts/${id}`)).state, 'proposed', 'the state')
  }))
}
