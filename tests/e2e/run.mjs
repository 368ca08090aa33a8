// Browser tests against a running house: node tests/e2e/run.mjs http://127.0.0.1:8080 [part of a test's name]
// Prints one line per test and "N passed, N failed" last. The house needs demo users (--local) and at least 24 waiting tasks.
import { readFileSync } from 'node:fs'
import { axePath, launch, signIn, userWithRole } from './browser.mjs'
import { cardTests } from './cards.mjs'
import { bankTests } from './bank.mjs'
import { compareTests } from './compare.mjs'
import { draftTests } from './drafts.mjs'
import { driftTests } from './drift.mjs'
import { driftSample } from './drift_model.mjs'
import { importTests } from './imports.mjs'
import { incidentTests } from './incidents.mjs'
import { modellerTests } from './modeller.mjs'
import { apiOf, pagesFor, workflow } from './pages.mjs'
import { ruleTests } from './rules.mjs'
import { sharingTests } from './sharing.mjs'
import { understandTests } from './understand.mjs'

const base = (process.argv[2] ?? 'http://127.0.0.1:8080').replace(/\/$/, '')
const part = process.argv[3] ?? ''
const axeSource = readFileSync(axePath, 'utf8')
const tests = []
const test = (name, run) => tests.push({ name, run })
const check = (condition, message) => { if (!condition) throw new Error(message) }
const equal = (actual, expected, what) => check(actual === expected, `${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`)
const browser = await launch()
const users = {}
for (const role of ['konsulent', 'sagsbehandler', 'drift']) users[role] = await userWithRole(base, role)

/** Opens a page for a role, runs, and then holds it to: no script error, no request to another host. */
async function as(role, run, size) {
  const opened = await signIn(browser, base, role && users[role], size)
  try {
    await run(opened.page, apiOf(opened.page))
    check(opened.problems.length === 0, opened.problems.join('; '))
  } finally { await opened.context.close() }
}
const focused = (page) => page.evaluate(() => ({ tag: document.activeElement?.tagName ?? '', text: document.activeElement?.textContent ?? '', id: document.activeElement?.id ?? '' }))
const heading = (page) => page.locator('.task-heading')
const waitFor = async (what, condition) => {
  for (let i = 0; i < 300; i++) {
    if (await condition()) return
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error(`waited in vain for ${what}`)
}
const waitingTasks = async (api) => (await api('GET', '/api/tasks?state=CREATED&limit=200')).items
/** A waiting task that may be granted as it is. */
async function grantable(api) {
  for (const item of await waitingTasks(api)) {
    const task = await api('GET', `/api/tasks/${item.userTaskKey}`)
    if (task.actions?.[0] && !task.actions[0].needsReason) return task
  }
  throw new Error('no waiting task can be granted')
}

test('search, diagram, task, approval, ledger', async () => {
  await as('konsulent', async (page) => {
    await page.goto('/gevinster')
    await page.getByRole('heading', { name: 'Gevinster', level: 1 }).waitFor()
    await page.keyboard.press('/')
    await page.waitForURL((url) => url.pathname === '/bank')
    await waitFor('the focus in the search field', async () => (await focused(page)).id === 'bank-search')
    await page.keyboard.type('takst')
    await page.keyboard.press('Enter')
    const hit = page.locator('.hit-places a[href*="element="]').first()
    await hit.waitFor()
    check(new URL(page.url()).searchParams.get('q') === 'takst', 'the address does not hold the search')
    const wanted = new URL(await hit.evaluate((a) => a.href)).searchParams.get('element')
    await hit.click()
    await page.locator('.diagram-canvas[data-ready]').waitFor()
    equal(new URL(page.url()).pathname, `/bank/${workflow}`, 'the hit opens the workflow')
    await page.locator(`.djs-element.lit[data-element-id="${wanted}"]`).waitFor()
    check(await page.locator('.bjs-powered-by').isVisible(), "bpmn.io's watermark is not visible")
    await page.goBack()
    await page.locator('.hit').first().waitFor()
    equal(await page.locator('#bank-search').inputValue(), 'takst', 'back goes back to the search')
  })
  await as('sagsbehandler', async (page, api) => {
    const before = await api('GET', '/api/ledger?limit=1')
    const task = await grantable(api)
    const number = String(task.variables?.faktura?.nummer ?? '')
    check(number !== '', 'the task carries no invoice with a number')
    await page.goto(`/opgaver/${task.userTaskKey}`)
    await heading(page).waitFor()
    equal(await heading(page).innerText(), task.reason.split('\n')[0], 'the first line')
    check((await page.locator('.invoice').innerText()).includes(number), `the invoice beside the task does not show its number ${number}`)
    await page.keyboard.press('a')
    await page.locator('.toast').waitFor()
    await waitFor('the payment in the ledger', async () => (await api('GET', '/api/ledger?limit=1')).total === before.total + 1)
    await page.getByRole('link', { name: 'Regnskab' }).first().click()
    await page.locator('.entries > li').first().waitFor()
    await waitFor('the entry on the page', async () => (await page.locator('.entries').innerText()).includes(number))
    check(await page.getByText('Regnskabet stemmer').isVisible(), 'the ledger does not say that it balances')
  })
})

test('live: the ledger and the case change without a reload', async () => as('sagsbehandler', async (page, api) => {
  const task = await grantable(api)
  await page.goto('/regnskab')
  await page.locator('.figures').waitFor()
  await page.evaluate(() => { window.stillTheSame = true })
  const shown = () => page.locator('.figures > div').nth(1).locator('dd').innerText()
  const first = await shown()
  const other = await page.context().newPage()
  await other.goto(`/drift/${task.processInstanceKey}`)
  await other.locator('.djs-overlay .token-active').first().waitFor()
  await other.getByText('Opdateres løbende').waitFor()
  await other.evaluate(() => { window.stillTheSame = true })
  await api('POST', `/api/tasks/${task.userTaskKey}/completion`, { action: task.actions[0].value, reason: '' })
  await waitFor('the ledger page to show the payment', async () => (await shown()) !== first)
  await waitFor('the tokens to move on', async () => (await other.locator('.djs-overlay .token-active').count()) === 0)
  await other.getByText('Afsluttet', { exact: true }).first().waitFor()
  check(await page.evaluate(() => window.stillTheSame === true) && await other.evaluate(() => window.stillTheSame === true), 'a page was loaded again')
}))

test('20 refusals by keyboard alone', async () => {
  const opened = await signIn(browser, base, null)
  const { page, context, problems } = opened
  const user = users.sagsbehandler
  // From here on only page.keyboard is used.
  await page.goto('/login?til=/opgaver')
  await page.locator('#user').waitFor()
  for (let i = 0; i < 30 && (await focused(page)).id !== 'user'; i++) await page.keyboard.press('Tab')
  await page.keyboard.type(user.user)
  await page.keyboard.press('Tab')
  await page.keyboard.type(user.password ?? process.env.SAGSGANG_DEMO_PASSWORD ?? user.user)
  await page.keyboard.press('Enter')
  await heading(page).waitFor()
  const api = apiOf(page)
  const before = (await api('GET', '/api/tasks?state=CREATED&limit=1')).total
  const done = new Set(), lines = []
  for (let n = 0; n < 20; n++) {
    const key = new URL(page.url()).pathname.split('/').pop()
    check(!done.has(key), `task ${key} came again`)
    await waitFor('the focus on the reason', async () => (await focused(page)).id === 'task-reason')
    const line = await heading(page).innerText()
    check(/^[A-ZÆØÅ0-9].*\d.*\p{L}.*\.?$/u.test(line) || /^[A-ZÆØÅ].*\d/.test(line), `the first line is no sentence with the numbers: ${line}`)
    check(line.split(' ').length >= 4, `the first line is no sentence: ${line}`)
    lines.push(line)
    await page.keyboard.press('r')
    await waitFor('the reason field', async () => (await focused(page)).id === 'reason')
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).boxShadow)
    check(outline !== 'nonenone', 'the focus is not visible on the reason field')
    if (n === 0) { // an empty reason is refused at the field
      await page.keyboard.press('Control+Enter')
      check(await page.locator('#reason-error').isVisible(), 'an empty reason was not refused at the field')
    }
    await page.keyboard.type(`Regningen stemmer ikke, nr. ${n + 1}`)
    await page.keyboard.press('Control+Enter')
    await waitFor('the next task', async () => !new URL(page.url()).pathname.endsWith(key))
    done.add(key)
  }
  await waitFor('20 tasks fewer', async () => (await api('GET', '/api/tasks?state=CREATED&limit=1')).total === before - 20)
  check(problems.length === 0, problems.join('; '))
  console.log(`      first lines, for example: ${[...new Set(lines)].slice(0, 4).join(' | ')}`)
  await context.close()
})

test('next and previous by keyboard, help, and shortcuts that can be switched off', async () => as('sagsbehandler', async (page) => {
  await page.goto('/opgaver')
  await heading(page).waitFor()
  const first = page.url()
  await page.keyboard.press('j')
  await waitFor('the next task', async () => page.url() !== first)
  await page.keyboard.press('k')
  await waitFor('the previous task', async () => page.url() === first)
  await page.locator('#task-search').focus()
  await page.keyboard.press('j')
  equal(await page.locator('#task-search').inputValue(), 'j', 'a letter typed in a field')
  equal(page.url(), first, 'typing must not move on')
  await heading(page).focus()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Genvejstaster' }).waitFor()
  await page.getByLabel('Genvejstaster er slået til').uncheck()
  await page.keyboard.press('Escape')
  await waitFor('the focus back on the task', async () => (await focused(page)).id === 'task-reason')
  await page.keyboard.press('j')
  await page.waitForTimeout(300) // nothing must happen
  equal(page.url(), first, 'a shortcut that is switched off')
}))

test('focus, titles and the skip link', async () => as('konsulent', async (page) => {
  await page.goto('/bank')
  await page.locator('.tile').first().waitFor()
  await page.keyboard.press('Tab')
  equal((await focused(page)).text, 'Gå til sidens indhold', 'the first stop of the Tab key')
  for (const [link, title] of [['Gevinster', 'Gevinster'], ['Drift', 'Drift'], ['Regnskab', 'Regnskab'], ['Bank', 'Bank']]) {
    await page.getByRole('navigation', { name: 'Hovedmenu' }).getByRole('link', { name: link, exact: true }).click()
    await waitFor(`the focus on the heading of ${link}`, async () => { const f = await focused(page); return f.tag === 'H1' && f.text === title })
    equal(await page.title(), `${title} – Sagsgang`, 'the title')
  }
}))

test('errors are Danish, at the field, with a reference number', async () => {
  await as(null, async (page) => {
    await page.goto('/login')
    await page.getByRole('button', { name: 'Log ind', exact: true }).click()
    check(await page.getByText('Skriv dit brugernavn').isVisible(), 'no message at the empty field')
    equal((await focused(page)).id, 'user', 'the focus on the field with the fault')
    await page.getByLabel('Brugernavn').fill(users.drift.user)
    await page.getByLabel('Adgangskode').fill('helt forkert')
    await page.getByRole('button', { name: 'Log ind', exact: true }).click()
    await page.getByText('Brugernavn eller adgangskode passer ikke').waitFor()
  })
  await as('konsulent', async (page) => {
    await page.goto('/bank/ingen/saadan')
    await page.getByText('Findes ikke').first().waitFor()
    await page.getByText('Referencenummer').waitFor()
  })
})

test('rules as tables, scenarios with their last result, deployment for consultants only', async () => {
  await as('konsulent', async (page) => {
    await page.goto(`/bank/${workflow}/regler`)
    await page.locator('.dmn-canvas[data-shown]:not([data-shown=""])').waitFor()
    check(await page.locator('.rule-choice button').count() >= 2, 'fewer than two decisions to choose from')
    check(await page.locator('.dmn-js-parent .bjs-powered-by, .dmn-canvas .powered-by').first().isVisible(), "bpmn.io's watermark is not visible on the rules")
    await page.goto(`/bank/${workflow}/scenarier`)
    await page.locator('.scenarios > li').first().waitFor()
    await page.getByRole('button', { name: /^Kør \d+ scenarie/ }).click()
    await page.locator('.alert-success, .alert-error').first().waitFor({ timeout: 120_000 })
    check(await page.locator('.alert-success').isVisible(), `not all scenarios passed: ${await page.locator('.scenario-message').allInnerTexts()}`)
    check(await page.getByRole('button', { name: /Sæt i drift/ }).isVisible(), 'a consultant cannot deploy')
  })
  await as('drift', async (page) => {
    await page.goto(`/bank/${workflow}`)
    await page.locator('.workflow-head').waitFor()
    equal(await page.getByRole('button', { name: /Sæt i drift/ }).count(), 0, 'deploy buttons for somebody else')
  })
})

test('no CPR number is shown in full', async () => as('sagsbehandler', async (page, api) => {
  const tasks = (await waitingTasks(api)).slice(0, 3)
  check(tasks.length > 0, 'no waiting task to look at')
  for (const path of tasks.flatMap((t) => [`/opgaver/${t.userTaskKey}`, `/sager/${t.processInstanceKey}`, `/drift/${t.processInstanceKey}`])) {
    await page.goto(path)
    await page.locator(path.startsWith('/opgaver') ? '.task-heading' : path.startsWith('/sager') ? '.timeline' : '.diagram-canvas[data-ready]').waitFor()
    await page.waitForTimeout(300)
    await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true }))
    const found = /(?<!\d|\d[.,])(?:[06][1-9]|[1278]\d|[39][01])(?:0[1-9]|1[0-2])\d{2}[- ]?\d{4}(?!\d|[.,]\d)/.exec(await page.locator('main').innerText())
    check(found === null, `${path} shows what looks like a CPR number`)
  }
}))

test('the menu on a narrow screen opens and closes by keyboard', async () => as('konsulent', async (page) => {
  await page.goto('/bank')
  const button = page.getByRole('button', { name: 'Menu' })
  await button.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Menu' })
  await dialog.getByRole('link', { name: 'Gevinster' }).waitFor()
  await page.keyboard.press('Escape')
  await waitFor('the focus back on the menu button', async () => (await focused(page)).text === 'Menu')
}, { width: 320, height: 640 }))

bankTests({ test, as, check, equal, waitFor, focused })
incidentTests({ test, as, check, equal, waitFor, axe })
driftTests({ test, as, check, equal, waitFor, axe })
ruleTests({ test, as, check, equal, waitFor, axe })
cardTests({ test, as, check, equal, waitFor, axe, browser, base, users })
importTests({ test, as, check, equal, waitFor, axe })
draftTests({ test, as, check, equal, waitFor, axe, browser, base, users })
sharingTests({ test, as, check, equal, waitFor, axe, browser, base })
modellerTests({ test, as, check, equal, waitFor, axe, browser, base, users })
understandTests({ test, as, check, equal, waitFor, axe })
compareTests({ test, as, check, equal, waitFor })

for (const [width, height] of [[1280, 900], [320, 640]]) {
  test(`every page at ${width} px: axe-core finds nothing${width === 320 ? ', nothing scrolls sideways' : ''}`, async () => {
    const faults = []
    let pages = []
    await as('sagsbehandler', async (page, api) => as('drift', async (other) => { pages = await pagesFor(api, await driftSample(other, page, apiOf)) }))
    for (const role of new Set(pages.map((p) => p.role))) {
      await as(role, async (page) => {
        for (const entry of pages.filter((p) => p.role === role)) {
          await page.goto(entry.path)
          await page.locator(entry.ready).first().waitFor()
          await entry.prepare?.(page)
          await page.waitForTimeout(250)
          faults.push(...await axe(page, entry.name))
          if (width === 320) {
            const wide = await page.evaluate(() => document.documentElement.scrollWidth)
            if (wide > width) faults.push(`${entry.name}: ${wide} px wide`)
          }
        }
      }, { width, height })
    }
    check(faults.length === 0, `\n        ${faults.join('\n        ')}`)
    console.log(`      ${pages.length} pages`)
  })
}

test('axe-core on dialogs and on the form with a fault', async () => as('sagsbehandler', async (page, api) => {
  const task = (await waitingTasks(api))[0]
  await page.goto(`/opgaver/${task.userTaskKey}`)
  await heading(page).waitFor()
  await page.keyboard.press('r')
  await page.locator('#reason').waitFor()
  await page.keyboard.press('Control+Enter')
  await page.locator('#reason-error').waitFor()
  const faults = await axe(page, 'reason form')
  await page.goto(`/sager/${task.processInstanceKey}`)
  await page.getByRole('button', { name: 'Glem sagen' }).click()
  await page.getByRole('dialog', { name: 'Glem sagen for altid?' }).waitFor()
  faults.push(...await axe(page, 'forget dialog'))
  await page.getByRole('button', { name: 'Fortryd' }).click()
  await page.getByRole('heading', { level: 1 }).focus()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Genvejstaster' }).waitFor()
  faults.push(...await axe(page, 'help dialog'))
  check(faults.length === 0, `\n        ${faults.join('\n        ')}`)
}))

async function axe(page, name) {
  await page.evaluate(axeSource)
  const result = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }))
  if (result.passes.length === 0) return [`${name}: axe-core checked nothing`]
  return result.violations.map((v) => `${name}: ${v.id}: ${v.help} (${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(', ')})`)
}

let passed = 0, failed = 0
for (const { name, run } of tests.filter((t) => t.name.includes(part))) {
  const start = Date.now()
  try {
    await run()
    passed++
    console.log(`ok    ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`)
  } catch (error) {
    failed++
    console.log(`FAIL  ${name}: ${error.message.slice(0, 1500)}\n      again: node tests/e2e/run.mjs ${base} ${JSON.stringify(name)}`)
  }
}
await browser.close()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
