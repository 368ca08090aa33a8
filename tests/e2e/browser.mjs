// Chromium for the browser tests: Debian's, headless, with nothing of its own going out.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const require = createRequire(join(root, 'web', 'package.json'))
const { chromium } = require('playwright-core')
export const axePath = require.resolve('axe-core/axe.min.js')

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags })

/** A signed-in context of its own; console errors, page errors and requests to other hosts are gathered in `problems`. */
export async function signIn(browser, base, user, { width = 1280, height = 900 } = {}) {
  const context = await browser.newContext({ baseURL: base, viewport: { width, height }, locale: 'da-DK', timezoneId: 'Europe/Copenhagen', reducedMotion: 'reduce' })
  const page = await context.newPage()
  const problems = []
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`))
  page.on('console', (message) => { if (message.type() === 'error' && !/status of (401|404|409|502)/.test(message.text())) problems.push(`console: ${message.text()}`) })
  page.on('request', (request) => { if (!request.url().startsWith(base) && /^https?:/.test(request.url())) problems.push(`request to ${request.url()}`) })
  if (user) {
    const password = user.password ?? process.env.SAGSGANG_DEMO_PASSWORD ?? user.user
    await page.goto('/login')
    await page.getByLabel('Brugernavn').fill(user.user)
    await page.getByLabel('Adgangskode').fill(password)
    await page.getByRole('button', { name: 'Log ind', exact: true }).click()
    await page.waitForURL((url) => !url.pathname.startsWith('/login'))
  }
  return { context, page, problems }
}

/** The server's own demo user for a role (GET /api/status says which there are). */
export async function userWithRole(base, role) {
  const status = await (await fetch(`${base}/api/status`)).json()
  const users = (status.demoUsers ?? []).filter((u) => u.role === role || u.roles?.includes(role) || String(u.role).split(/[ ,]+/).includes(role))
  if (users.length === 0) throw new Error(`the server at ${base} has no demo user with the role ${role}; start it with --local`)
  return users[0]
}
