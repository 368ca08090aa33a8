// Pictures of every page at 1280 and 320 px into docs/pictures/: node tests/e2e/pictures.mjs http://127.0.0.1:8080 [name …]
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launch, root, signIn, userWithRole } from './browser.mjs'
import { driftSample } from './drift_model.mjs'
import { apiOf, pagesFor } from './pages.mjs'

const base = process.argv[2] ?? 'http://127.0.0.1:8080'
const only = process.argv.slice(3)
const folder = process.env.PICTURES ?? join(root, 'docs', 'pictures')
mkdirSync(folder, { recursive: true })
const browser = await launch()
try {
  const first = await signIn(browser, base, await userWithRole(base, 'sagsbehandler'))
  const drift = await signIn(browser, base, await userWithRole(base, 'drift'))
  const sample = await driftSample(drift.page, first.page, apiOf)
  await drift.context.close()
  const pages = (await pagesFor(apiOf(first.page), sample)).filter((p) => only.length === 0 || only.includes(p.name))
  await first.context.close()
  for (const [width, height] of [[1280, 900], [320, 640]]) {
    const held = new Map()
    for (const entry of pages) {
      if (!held.has(entry.role)) held.set(entry.role, await signIn(browser, base, entry.role && await userWithRole(base, entry.role), { width, height }))
      const { page } = held.get(entry.role)
      await page.goto(entry.path)
      await page.locator(entry.ready).first().waitFor()
      await entry.prepare?.(page)
      await page.waitForTimeout(500) // fonts and charts settle; nothing is judged here
      const file = join(folder, `${entry.name}-${width}.png`)
      await page.screenshot({ path: file, fullPage: true })
      console.log(file)
    }
    for (const { context } of held.values()) await context.close()
  }
} finally { await browser.close() }
