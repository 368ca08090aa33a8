// The published site opened from a disk: node tests/e2e/site.mjs [SITE]   (SITE: where a site is; otherwise bank/ is published to a new folder)
// Search by keyboard, down into a sub-workflow and up again, no script error, no request that leaves the disk, axe, 320 px, no scripts at all.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { axePath, launch, root } from './browser.mjs'

const temp = process.argv[2] ? null : mkdtempSync(join(tmpdir(), 'sagsgang-sider-'))
const site = process.argv[2] ?? join(temp, 'sider')
if (temp) execFileSync(process.env.SAGSGANG ?? join(root, 'build/release/sagsgang'), ['publish', site, '--bank', join(root, 'bank'), '--publisher', 'Eksempel Kommune', '--contact', 'hjaelp@example.dk'], { stdio: 'inherit' })
const at = (path) => pathToFileURL(join(site, path)).href.replace('%23', '#')
const check = (condition, message) => { if (!condition) throw new Error(message) }
const axe = readFileSync(axePath, 'utf8')
const browser = await launch()
let passed = 0, failed = 0

async function test(name, run, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'da-DK', reducedMotion: 'reduce', ...options })
  const page = await context.newPage(), problems = []
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`))
  page.on('console', (message) => { if (message.type() === 'error') problems.push(`console: ${message.text()}`) })
  page.on('request', (request) => { if (!request.url().startsWith('file:') && !request.url().startsWith('data:')) problems.push(`request to ${request.url()}`) })
  try {
    await run(page, context)
    check(problems.length === 0, problems.join('; '))
    check((await context.cookies()).length === 0, 'a cookie was set')
    passed++
    console.log(`ok   ${name}`)
  } catch (error) {
    failed++
    console.log(`FAIL ${name}\n     ${error.message}\n     again: node tests/e2e/site.mjs`)
  } finally { await context.close() }
}
const pages = ['index.html', 'alle.html', 'kle.html', 'om.html', 'tilgaengelighed.html', '404.html', 'registre/index.html', 'registre/jura.html', 'registre/roller.html', 'domaene/arbejdsmarked.html',
  'arbejdsgang/arbejdsmarked/sygedagpengeopfoelgning.html', 'arbejdsgang/arbejdsmarked/sygedagpengeopfoelgning-2010.html', 'arbejdsgang/arbejdsmarked/betaling-af-laegeerklaeringer.html']

await test('search by keyboard, down into a sub-workflow and up again', async (page) => {
  await page.goto(at('index.html'))
  await page.keyboard.press('/')
  await page.keyboard.type('sygedagpengeopfølgning')
  await page.locator('#fund li').first().waitFor()
  check(/arbejdsgange? fundet/.test(await page.locator('#fund-status').innerText()), 'the number of hits is not said')
  check(await page.locator('#uden-soegning').isHidden(), 'the tiles stay beside the hits')
  check(new URL(page.url()).hash.startsWith('#q='), 'the address does not hold the search')
  await page.reload()
  await page.locator('#fund li').first().waitFor()
  await page.locator('#fund a').first().click()
  await page.getByRole('heading', { level: 1 }).waitFor()
  check(page.url().endsWith('/arbejdsgang/arbejdsmarked/sygedagpengeopfoelgning.html'), `the first hit is ${page.url()}`)
  const link = page.locator('.diagram svg a').first()
  const name = await link.getAttribute('aria-label')
  check(name.startsWith('Åbn delarbejdsgangen '), 'the call activity does not say where it leads')
  await link.focus()
  await page.keyboard.press('Enter')
  await page.locator('.op a').first().waitFor()
  check((await page.locator('h1').innerText()) === name.slice('Åbn delarbejdsgangen '.length), 'another page opened than the link said')
  await page.locator('.op a').filter({ hasText: 'Sygedagpengeopfølgning' }).first().click()
  await page.waitForURL(/sygedagpengeopfoelgning\.html$/)
  await page.goBack()
  await page.goBack()
  await page.goBack()
  await page.locator('#fund li').first().waitFor()
  await page.locator('#soegefelt').fill('')
  check(await page.locator('#uden-soegning').isVisible(), 'the tiles do not come back')
})
await test('misspelt, prefixes, numbers, paragraphs, nothing', async (page) => {
  await page.goto(at('index.html'))
  const ask = async (query) => {
    await page.locator('#soegefelt').fill('')
    await page.locator('#soegefelt').fill(query)
    await page.locator('#fund-status').filter({ hasText: /\S/ }).waitFor()
    return page.locator('#fund').innerText()
  }
  check((await ask('parkeringstiladelse')).includes('Parkeringstilladelse'), 'a misspelt word finds nothing')
  check(/rettet/.test(await page.locator('#fund-status').innerText()), 'the correction is not said')
  check((await ask('kør')).includes('Fornyelse af kørekort'), 'a beginning finds nothing')
  check((await ask('15.17')).includes('Sygedagpenge'), 'a KLE number finds nothing')
  check((await ask('§ 24')).includes('jura'), 'a paragraph finds nothing')
  await ask('xyzzyplugh')
  check((await page.locator('#fund-status').innerText()).startsWith('Intet fundet'), 'nothing found is not said')
  await page.locator('#soegefelt').fill('<img src=x onerror=alert(1)>')
  check(await page.locator('main img').count() === 0, 'a query became markup')
})
for (const width of [1280, 320])
  await test(`axe and no sideways scrolling at ${width} px`, async (page) => {
    for (const path of [...pages, 'index.html#q=klage']) {
      await page.goto('about:blank')
      await page.goto(at(path))
      if (path.includes('#')) await page.locator('#fund li').first().waitFor()
      await page.evaluate(axe)
      const violations = await page.evaluate(async () => (await window.axe.run({ preload: false })).violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`))
      check(violations.length === 0, `${path}: ${violations.join('; ')}`)
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      check(sideways <= 0, `${path} scrolls sideways by ${sideways} px`)
    }
  }, { viewport: { width, height: 900 }, bypassCSP: true })
await test('without scripts everything is listed', async (page) => {
  await page.goto(at('index.html'))
  check(await page.getByRole('link', { name: 'Sygedagpengeopfølgning', exact: true }).first().isVisible(), 'the list is not there')
}, { javaScriptEnabled: false })
await test('the whole diagram is on paper', async (page) => {
  await page.goto(at('arbejdsgang/arbejdsmarked/sygedagpengeopfoelgning.html'))
  await page.emulateMedia({ media: 'print' })
  check(await page.locator('.menu').isHidden(), 'the menu is printed')
  const fits = await page.locator('.diagram svg').evaluate((svg) => svg.getBoundingClientRect().width <= svg.parentElement.getBoundingClientRect().width + 1)
  check(fits, 'the diagram runs off the paper')
})
await browser.close()
if (temp) rmSync(temp, { recursive: true, force: true })
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)
