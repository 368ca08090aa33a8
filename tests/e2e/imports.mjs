// Hent tegninger ind: an upload with a broken file in it, settled on the page, made a draft of; hostile words stay words.
const box = (id, x, y, text) => `<Shape ID='${id}'><XForm><PinX>${x}</PinX><PinY>${y}</PinY><Width>1.5</Width><Height>0.9</Height><LocPinX>0.75</LocPinX><LocPinY>0.45</LocPinY></XForm><Geom IX='0'><MoveTo IX='1'><X>0</X><Y>0</Y></MoveTo><LineTo IX='2'><X>1.5</X><Y>0</Y></LineTo><LineTo IX='3'><X>1.5</X><Y>0.9</Y></LineTo><LineTo IX='4'><X>0</X><Y>0.9</Y></LineTo><LineTo IX='5'><X>0</X><Y>0</Y></LineTo></Geom><Text>${text}</Text></Shape>`
const line = (id, x1, y1, x2, y2) => `<Shape ID='${id}'><XForm1D><BeginX>${x1}</BeginX><BeginY>${y1}</BeginY><EndX>${x2}</EndX><EndY>${y2}</EndY></XForm1D><Line><EndArrow>4</EndArrow></Line></Shape>`
export const drawing = `<VisioDocument><Masters/><Pages><Page ID='0' Name='Side-1'><PageSheet><PageProps><PageWidth>20</PageWidth><PageHeight>10</PageHeight></PageProps></PageSheet><Shapes>${box(1, 2, 8, 'Modtager ansøgning')}${box(2, 6, 8, 'Vurderer ansøgning &lt;img src=x onerror="window.ond=1"&gt;')}${box(3, 10, 8, 'Sender afgørelse')}${line(4, 2.75, 8, 5.25, 8)}${line(5, 6.75, 8, 9.25, 8)}${line(6, 10, 7.55, 10, 3)}</Shapes></Page></Pages></VisioDocument>`

export async function uploadSample(page) {
  await page.goto('/bank/import')
  await page.locator('#import-files').setInputFiles([
    { name: 'Gammel tegning.vdx', mimeType: 'application/octet-stream', buffer: Buffer.from(drawing) }, { name: 'halv.vdx', mimeType: 'application/octet-stream', buffer: Buffer.from(drawing.slice(0, 400)) },
  ])
  await page.waitForURL(/\/bank\/import\/\d+/)
  await page.getByText('Alle 2 filer er læst').waitFor()
  return page.url()
}

/** What is read of a drawing, for pictures. */
export const importPages = [
  { name: 'bank-import', path: '/bank/import', role: 'konsulent', ready: '#import-files' },
  { name: 'bank-import-filer', path: '/bank/import', role: 'konsulent', ready: '#import-files', prepare: uploadSample },
  { name: 'bank-import-fil', path: '/bank/import', role: 'konsulent', ready: '#import-files', prepare: openSample },
]
async function openSample(page) {
  await uploadSample(page)
  await page.getByRole('link', { name: /^Gammel tegning/ }).click()
  await page.locator('.diagram-canvas[data-ready]').waitFor()
  await page.locator('.shape-name').first().click()
}

export function importTests({ test, as, check, equal, waitFor, axe }) {
  test('imports: a broken file stops nothing, doubts are settled by keyboard, and a draft is made', async () => as('konsulent', async (page) => {
    await uploadSample(page)
    check(await page.getByText('Afvist', { exact: true }).first().isVisible(), 'the broken file is not told')
    await page.getByRole('link', { name: /^Gammel tegning/ }).click()
    await page.locator('.diagram-canvas[data-ready]').waitFor()
    const open = () => page.locator('#afgoer').innerText()
    const first = Number.parseInt(await open(), 10)
    check(first >= 4, `too little is in doubt: ${first}`)
    await page.keyboard.press('j')
    await page.locator('.shape-list > li.chosen').waitFor()
    await page.locator('.djs-element.lit').first().waitFor()
    await page.keyboard.press('a')
    await waitFor('one doubt less', async () => Number.parseInt(await open(), 10) === first - 1)
    await page.getByRole('button', { name: 'Fortryd den sidste' }).click()
    await waitFor('the doubt back again', async () => Number.parseInt(await open(), 10) === first)
    const item = page.locator('.shape-list > li', { hasText: 'Modtager ansøgning' })
    if (!(await item.getByLabel('Hvad er det?').count())) await item.locator('.shape-name').click()
    await item.getByLabel('Hvad er det?').selectOption('startEvent')
    await item.getByRole('button', { name: 'Skift til det' }).click()
    await waitFor('the start in the diagram', async () => (await page.evaluate(async () => (await fetch(`/api${location.pathname.replace('/bank/import/', '/bank/imports/').replace(/\/(\d+)$/, '/files/$1')}/diagram`)).text())).includes('startEvent'))
    const loose = page.locator('.shape-list > li', { hasText: 'Ikke taget med' })
    if (!(await loose.getByLabel('Fra').count())) await loose.locator('.shape-name').click()
    await loose.getByLabel('Fra').selectOption({ label: 'Sender afgørelse' })
    await loose.getByLabel('Til').selectOption({ index: 2 })
    await loose.getByRole('button', { name: 'Tegn pilen' }).click()
    await waitFor('the line settled', async () => (await loose.count()) === 0)
    const rest = page.getByRole('button', { name: /Det passer for de/ })
    if (await rest.count()) await rest.click()
    check(await page.evaluate(() => window.ond === undefined && document.querySelector('img[src="x"]') === null), "a drawing's words ran as a page of ours")
    const faults = await axe(page, 'a file of an import')
    equal(faults.length, 0, `faults found by axe-core: ${JSON.stringify(faults)}`)
    await page.locator('#import-title').fill(`Gammel tegning ${Date.now()}`)
    await page.locator('#import-domain').fill('Prøver')
    await page.getByRole('button', { name: 'Lav kladden' }).click()
    await page.waitForURL(/\/bank\/forslag\/\d+/)
    await page.getByText(/Importeret fra »Gammel tegning/).first().waitFor()
    equal(await page.evaluate(() => window.ond), undefined, 'a script of the drawing')
  }))
}
