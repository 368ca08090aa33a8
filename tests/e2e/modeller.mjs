// Drawing a draft: named, added to by keyboard, judged live, stored by itself, written as text, arranged, two people at once; nothing in a diagram runs.
import { signIn } from './browser.mjs'

const process = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
<bpmn:process id="tegneproeve" name="Tegneprøve" isExecutable="false">
<bpmn:startEvent id="ind" name="Henvendelse modtaget"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
<bpmn:userTask id="laes" name="Læser henvendelsen"><bpmn:documentation>DOKUMENTATION</bpmn:documentation><bpmn:extensionElements><zeebe:fremtid grad="9"><zeebe:del>x</zeebe:del></zeebe:fremtid></bpmn:extensionElements><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>
<bpmn:endEvent id="ud" name="Besvaret"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
<bpmn:sequenceFlow id="f1" sourceRef="ind" targetRef="laes"/><bpmn:sequenceFlow id="f2" sourceRef="laes" targetRef="ud"/></bpmn:process>
<bpmndi:BPMNDiagram id="dd"><bpmndi:BPMNPlane id="pp" bpmnElement="tegneproeve">
<bpmndi:BPMNShape id="s1" bpmnElement="ind"><dc:Bounds x="152" y="102" width="36" height="36"/></bpmndi:BPMNShape>
<bpmndi:BPMNShape id="s2" bpmnElement="laes"><dc:Bounds x="300" y="220" width="100" height="80"/></bpmndi:BPMNShape>
<bpmndi:BPMNShape id="s3" bpmnElement="ud"><dc:Bounds x="502" y="102" width="36" height="36"/></bpmndi:BPMNShape>
<bpmndi:BPMNEdge id="e1" bpmnElement="f1"><di:waypoint x="188" y="120"/><di:waypoint x="240" y="120"/><di:waypoint x="240" y="260"/><di:waypoint x="300" y="260"/></bpmndi:BPMNEdge>
<bpmndi:BPMNEdge id="e2" bpmnElement="f2"><di:waypoint x="400" y="260"/><di:waypoint x="450" y="260"/><di:waypoint x="450" y="120"/><di:waypoint x="502" y="120"/></bpmndi:BPMNEdge>
</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>`
let made = 0

/** A draft of its own for a test or a picture. */
export async function draftSample(api, documentation = 'Læser, hvad borgeren spørger om.', bpmn = process) {
  const { id } = await api('POST', '/api/bank/drafts', { title: 'Svarer på en henvendelse', domain: 'tvaergaaende', name: `tegneproeve-${Date.now()}-${++made}`, bpmn: bpmn.replace('DOKUMENTATION', documentation) })
  return id
}

export async function modellerPages(api) {
  const id = await draftSample(api)
  return [
    { name: 'tegn', path: `/bank/tegn/${id}?element=laes`, role: 'konsulent', ready: '.modeller-canvas[data-ready] .djs-shape, #notation' },
    { name: 'tegn-tekst', path: `/bank/tegn/${id}?vis=tekst`, role: 'konsulent', ready: '#notation' },
  ]
}

export function modellerTests({ test, as, check, equal, waitFor, axe, browser, base, users }) {
  const opened = async (page, id, query = '') => {
    await page.goto(`/bank/tegn/${id}${query}`)
    await page.locator('.modeller-canvas[data-ready] .djs-shape').first().waitFor()
  }
  const panel = (page) => page.locator('.modeller-panel')
  const choose = (page, label) => panel(page).getByLabel('Vælg element').selectOption({ label })
  const chosen = (page) => panel(page).getByLabel('Vælg element').inputValue()
  const saved = (page, what) => waitFor(`${what} to be stored`, async () => (await page.locator('[data-saving]').getAttribute('data-saving')) === 'saved')
  const stored = async (page, id) => page.evaluate(async (path) => (await fetch(path)).text(), `/api/bank/drafts/${id}/diagram`)
  const drawn = (page, text) => page.locator('.djs-shape .djs-label', { hasText: text })
  const add = async (page, label) => { // by keyboard: choose the kind, Tab, Enter
    await page.getByLabel('Hvad vil du tilføje?').selectOption({ label })
    await page.getByLabel('Hvad vil du tilføje?').press('Tab')
    await page.keyboard.press('Enter')
  }

  test('modeller: renamed and added to by keyboard, stored by itself, there after a reload', async () => as('konsulent', async (page, api) => {
    const id = await draftSample(api)
    await opened(page, id)
    check(await page.locator('.bjs-powered-by').isVisible(), "bpmn.io's mark is not visible")
    await choose(page, 'Læser henvendelsen')
    await panel(page).getByLabel('Navn').fill('Læser brevet')
    await panel(page).getByLabel('Navn').press('Enter')
    await drawn(page, 'Læser brevet').waitFor()
    await add(page, 'Opgave for et system')
    await panel(page).getByRole('heading', { name: 'Opgave for et system' }).waitFor()
    await panel(page).getByLabel('Navn').fill('Skriver notat')
    await panel(page).getByLabel('Hvad skal systemet gøre?').selectOption({ label: 'Skriv notat på sagen' })
    await panel(page).getByLabel('Tekst', { exact: true }).fill('Borgeren har skrevet')
    await panel(page).getByLabel('Lovhenvisninger').fill('Forvaltningsloven § 7')
    await panel(page).getByLabel('Lovhenvisninger').blur()
    await drawn(page, 'Skriver notat').waitFor()
    const added = await chosen(page)
    await panel(page).getByLabel('Forbind til').selectOption({ label: 'Besvaret' })
    await panel(page).getByRole('button', { name: 'Forbind', exact: true }).click()
    await waitFor('the flow to be drawn', async () => (await stored(page, id)).includes(`sourceRef="${added}" targetRef="ud"`))
    await saved(page, 'the new task')
    check(/^Gemt \d\d.\d\d$/.test(await page.locator('[data-saving]').innerText()), 'the page does not say when it was stored')
    const xml = await stored(page, id)
    for (const part of ['name="Læser brevet"', 'type="sag:notat"', 'Borgeren har skrevet', 'name="lov" value="Forvaltningsloven § 7"', '<zeebe:fremtid grad="9">']) check(xml.includes(part), `the stored diagram has no ${part}`)
    await page.reload()
    await drawn(page, 'Læser brevet').waitFor()
    await drawn(page, 'Skriver notat').waitFor()
    await panel(page).getByRole('heading', { name: 'Opgave for et system' }).waitFor()
    equal(await panel(page).getByLabel('Tekst', { exact: true }).inputValue(), 'Borgeren har skrevet', 'the input after the reload')
  }))

  test('modeller: a finding appears at its element, leads there, and goes with what was wrong', async () => as('konsulent', async (page, api) => {
    const id = await draftSample(api)
    await opened(page, id)
    await page.getByText('Ingen fejl fundet').waitFor()
    await choose(page, 'Hele processen')
    await panel(page).getByLabel('Kan køre').check()
    await choose(page, 'Læser henvendelsen')
    await add(page, 'Opgave for et system')
    const own = await chosen(page)
    check(own !== 'laes' && own !== '', 'the new task is not the chosen one')
    const finding = page.locator(`.finding[data-element="${own}"]`).first()
    await finding.waitFor()
    await page.locator(`.djs-overlays[data-container-id="${own}"] .finding-mark`).waitFor()
    check((await finding.locator('.meta').innerText()).length > 5, 'the finding has no remedy')
    await choose(page, 'Læser henvendelsen')
    await finding.getByRole('button').focus()
    await page.keyboard.press('Enter')
    await waitFor('the element to be chosen, here and in the address', async () => (await chosen(page)) === own && new URL(page.url()).searchParams.get('element') === own)
    await panel(page).getByLabel('Hvad skal systemet gøre?').selectOption({ label: 'Skriv notat på sagen' })
    await panel(page).getByLabel('Tekst', { exact: true }).fill('x')
    await waitFor('the finding about the job type to go', async () => !(await page.locator(`.finding.is-error[data-element="${own}"]`).count()))
    await page.getByRole('button', { name: 'Fortryd', exact: true }).click()
    await page.getByRole('button', { name: 'Fortryd', exact: true }).click()
    await page.locator(`.finding.is-error[data-element="${own}"]`).first().waitFor()
  }))

  test('modeller: the text goes back to the drawing; faults stand at their line; undo', async () => as('konsulent', async (page, api) => {
    const id = await draftSample(api, 'Læser.', process.replace(/<bpmn:extensionElements>.*?<\/bpmn:extensionElements>/, ''))
    await opened(page, id)
    await page.getByRole('button', { name: 'Som tekst' }).click()
    const text = page.locator('#notation')
    await text.waitFor()
    const first = await text.inputValue()
    check(first.includes('Læser henvendelsen'), 'the text lacks the task')
    await text.fill(first.replace('bruger', 'brugr'))
    const line = first.split('\n').findIndex((one) => one.includes('bruger')) + 1
    await page.getByRole('button', { name: `Linje ${line}` }).waitFor()
    await page.getByRole('button', { name: `Linje ${line}` }).click()
    check(await text.evaluate((area, n) => area.value.slice(0, area.selectionStart).split('\n').length === n, line), 'the finding does not lead to its line')
    check((await stored(page, id)).includes('Læser henvendelsen'), 'a text with a fault changed the draft')
    await text.fill(first.replace('Læser henvendelsen', 'Læser og sorterer').replace(/\n(\s*)slut/, '\n$1manuel: Ringer tilbage\n$1slut'))
    await waitFor('the text to be stored', async () => (await stored(page, id)).includes('name="Ringer tilbage"'))
    await page.getByRole('button', { name: 'Diagram', exact: true }).click()
    await drawn(page, 'Ringer tilbage').waitFor()
    await page.getByRole('button', { name: 'Fortryd', exact: true }).click()
    await drawn(page, 'Læser henvendelsen').waitFor()
    await saved(page, 'the undone text')
    check(!(await stored(page, id)).includes('Ringer tilbage'), 'undo did not reach the draft')
  }))

  test('modeller: arranged as one step that can be undone and done again', async () => as('konsulent', async (page, api) => {
    const id = await draftSample(api)
    await opened(page, id)
    const place = () => page.locator('.djs-element[data-element-id="laes"]').evaluate((g) => { const m = g.transform.baseVal.consolidate().matrix; return `${m.e} ${m.f}` })
    const before = await place()
    await page.getByRole('button', { name: 'Ordn diagrammet' }).click()
    await waitFor('the task to move', async () => (await place()) !== before)
    const after = await place()
    await waitFor('it to be stored', async () => !(await stored(page, id)).includes('x="300" y="220"'))
    await page.getByRole('button', { name: 'Fortryd', exact: true }).click()
    equal(await place(), before, 'the place after undo')
    await waitFor('the old place to be stored', async () => (await stored(page, id)).includes('x="300" y="220"'))
    await page.getByRole('button', { name: 'Gør igen' }).click()
    equal(await place(), after, 'the place after redo')
  }))

  test('modeller: two tabs; the second is told who was first, and nothing is lost', async () => as('konsulent', async (page, api) => {
    const id = await draftSample(api)
    await opened(page, id)
    const second = await signIn(browser, base, users.konsulent)
    try {
      const other = second.page
      await opened(other, id)
      const rename = async (on, from, to) => { await choose(on, from); await panel(on).getByLabel('Navn').fill(to); await panel(on).getByLabel('Navn').press('Enter') }
      await rename(page, 'Læser henvendelsen', 'Første var her')
      await waitFor('the first change', async () => (await stored(page, id)).includes('Første var her'))
      await rename(other, 'Besvaret', 'Anden var her')
      const told = other.getByRole('alert').filter({ hasText: 'har ændret kladden' })
      await told.waitFor()
      check((await stored(page, id)).includes('Første var her') && !(await stored(page, id)).includes('Anden var her'), 'the second overwrote the first')
      const faults = await axe(other, 'conflict')
      await told.getByRole('button', { name: 'Gem min som ny kladde' }).click()
      await other.waitForURL((url) => url.pathname.startsWith('/bank/tegn/') && !url.pathname.endsWith(`/${id}`))
      await drawn(other, 'Læser henvendelsen').waitFor()
      const copy = new URL(other.url()).pathname.split('/').pop()
      check((await stored(other, copy)).includes('Anden var her'), 'the copy lacks what the second drew')
      await opened(other, id)
      await rename(page, 'Første var her', 'Første igen')
      await waitFor('the first again', async () => (await stored(page, id)).includes('Første igen'))
      await rename(other, 'Besvaret', 'Tabt')
      await told.getByRole('button', { name: 'Hent den nye' }).click()
      await drawn(other, 'Første igen').waitFor()
      check(faults.length === 0, faults.join('\n'))
      check(second.problems.filter((p) => !/status of 412/.test(p)).length === 0, second.problems.join('; '))
    } finally { await second.context.close() }
  }))

  test('modeller: leaving with something unsaved asks', async () => as('konsulent', async (page, api) => {
    const id = await draftSample(api)
    await opened(page, id)
    await page.route('**/diagram', (route) => (route.request().method() === 'PUT' ? new Promise(() => {}) : route.continue())) // an answer that does not come
    await choose(page, 'Besvaret')
    await panel(page).getByLabel('Navn').fill('Svaret')
    await panel(page).getByLabel('Navn').press('Enter')
    await page.getByText('Gemmer …').waitFor()
    await page.getByRole('link', { name: 'Send som forslag' }).click()
    const dialog = page.getByRole('dialog', { name: 'Vil du gå uden at gemme?' })
    await dialog.waitFor()
    const faults = await axe(page, 'the question on leaving')
    await dialog.getByRole('button', { name: 'Bliv her' }).click()
    equal(new URL(page.url()).pathname, `/bank/tegn/${id}`, 'the page one stays on')
    await page.getByRole('link', { name: 'Send som forslag' }).click()
    await dialog.getByRole('button', { name: 'Gå uden at gemme' }).click()
    await page.waitForURL((url) => url.pathname === `/bank/forslag/${id}`)
    check(faults.length === 0, faults.join('\n'))
  }))

  test('modeller: nothing in a diagram runs or is fetched', async () => as('konsulent', async (page, api) => {
    const evil = '&lt;script&gt;window.ran = 1&lt;/script&gt;&lt;img src="https://ude.example/x.png" onerror="window.ran = 2"&gt;'
    const id = await draftSample(api, evil, process.replace('name="Besvaret"', `name="${evil.replace(/"/g, '&quot;')}"`).replace('name="Læser henvendelsen"', 'name="javascript:window.ran=3"'))
    await opened(page, id, '?element=laes')
    equal(await panel(page).getByLabel('Beskrivelse').inputValue(), '<script>window.ran = 1</script><img src="https://ude.example/x.png" onerror="window.ran = 2">', 'the text is shown as text')
    await page.getByRole('button', { name: 'Som tekst' }).click()
    await page.locator('#notation').waitFor()
    equal(await page.evaluate(() => window.ran), undefined, 'what ran')
    check((await page.locator('.modeller-page script, .modeller-page img').count()) === 0, 'the diagram put elements into the page')
  }))

  test('modeller: narrow screens write and are judged, and say that drawing wants a wider one', async () => as('konsulent', async (page, api) => {
    const id = await draftSample(api, 'Læser.', process.replace(/<bpmn:extensionElements>.*?<\/bpmn:extensionElements>/, ''))
    await page.goto(`/bank/tegn/${id}`)
    await page.getByText('Tegning kræver en bredere skærm').waitFor()
    const text = page.locator('#notation')
    await text.waitFor()
    equal(await page.locator('.djs-container').count(), 0, 'drawings on a narrow screen')
    await text.fill((await text.inputValue()).replace('Besvaret', 'Borgeren har svar'))
    await waitFor('the text to be stored', async () => (await stored(page, id)).includes('Borgeren har svar'))
    const faults = await axe(page, 'narrow')
    check(faults.length === 0, faults.join('\n'))
  }, { width: 320, height: 700 }))
}
