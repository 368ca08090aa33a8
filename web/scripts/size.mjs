// The first view's own script, compressed, stays under the limit; what is loaded later (diagrams, rules, charts) must not be in it.
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const limit = 200 * 1024 // ui.md: first view under 200 kB of script
const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist')
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))
const entry = Object.values(manifest).find((m) => m.isEntry)
const files = new Set()
const follow = (chunk) => { if (files.has(chunk.file)) return; files.add(chunk.file); (chunk.imports ?? []).forEach((name) => follow(manifest[name])) }
follow(entry)
const kB = (n) => `${(n / 1024).toFixed(1)} kB`
let total = 0
for (const file of files) {
  const size = gzipSync(readFileSync(join(dist, file))).length
  total += size
  console.log(`first view  ${kB(size).padStart(9)}  ${file}`)
}
for (const file of readdirSync(join(dist, 'assets')).filter((f) => f.endsWith('.js') && !files.has(`assets/${f}`))) {
  console.log(`later       ${kB(gzipSync(readFileSync(join(dist, 'assets', file))).length).padStart(9)}  assets/${file}`)
}
const foreign = /https?:\/\/[^"'`\s)]+\.(?:js|css|woff2?)\b/g
const found = [...files].flatMap((f) => readFileSync(join(dist, f), 'utf8').match(foreign) ?? [])
if (found.length > 0) { console.error(`failed: the first view refers to files elsewhere: ${found.join(', ')}`); process.exit(1) }
console.log(`first view: ${kB(total)} of at most ${kB(limit)} script, compressed`)
if (total > limit) { console.error('failed: the first view is too large; load the new part lazily'); process.exit(1) }
