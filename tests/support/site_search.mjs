// node tests/support/site_search.mjs SITE: asks the search of a published site without a browser; one line "ok|no what" per query.
// Queries as everyday people write them: other endings, prefixes, no Danish letters, misspelt, numbers, paragraphs, parts of compounds.
import { readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import vm from 'node:vm'

const site = process.argv[2]
const context = vm.createContext({ console })
context.window = context
context.location = { hash: '' }
context.addEventListener = () => {}
context.document = {
  readyState: 'complete', getElementById: () => null, addEventListener: () => {},
  createElement: () => ({}),
  head: { appendChild(script) {
    const file = join(site, script.src)
    if (!existsSync(file)) return script.onerror()
    vm.runInContext(readFileSync(file, 'utf8'), context)
    script.onload()
  } },
}
vm.runInContext(readFileSync(join(site, 'soeg.js'), 'utf8'), context)
const find = (query) => new Promise((done) => context.sagsgangSoeg.find(query, done))
const cases = [
  ['sygedagpenge', 'sygedagpenge', 3], ['sygedagpengene', 'sygedagpenge', 3], ['dagpenge', 'dagpenge', 3], ['SYGEDAGPENGEOPFØLGNING', 'sygedagpengeopfoelgning', 1], ['sygedagpengeopfoelgning', 'sygedagpengeopfoelgning', 1],
  ['lægeerklæringer', 'betaling-af-laegeerklaeringer', 1], ['laegeerklaering', 'betaling-af-laegeerklaeringer', 1], ['erklæring', 'laegeerklaering', 3], ['betaling læge', 'betaling-af-laegeerklaeringer', 1],
  ['parkeringstilladelse', 'parkeringstilladelse', 1], ['parkeringstiladelse', 'parkeringstilladelse', 1], ['parker', 'parkering', 1], ['kørekort', 'koerekort', 1], ['korekort', 'koerekort', 3], ['fornyelse af kørekortet', 'koerekortsfornyelse', 1],
  ['15.17.06', 'sygedagpenge', 3], ['klagen', 'behandler-klage', 3], ['partshøring', 'partshoerer', 3], ['pas', 'pasregistret', 3], ['flytning', 'flytte', 5], ['løn', 'loen', 5],
]
let failed = false
for (const [query, wanted, within] of cases) {
  const answer = await find(query)
  const place = answer.hits.findIndex((hit) => hit.address.includes(wanted)) + 1
  const good = place > 0 && place <= within
  failed ||= !good
  console.log(`${good ? 'ok' : 'no'} "${query}" finds ${wanted} among the first ${within} (place ${place}; first: ${answer.hits.slice(0, 3).map((hit) => hit.address).join(', ')})`)
}
const paragraph = await find('§ 10'), same = await find('paragraf 10'), nothing = await find('xyzzyplugh'), empty = await find('  ')
console.log(`${paragraph.hits.length > 0 && JSON.stringify(paragraph.hits) === JSON.stringify(same.hits) ? 'ok' : 'no'} "§ 10" and "paragraf 10" find the same (${paragraph.hits.length})`)
console.log(`${nothing.hits.length === 0 && empty.hits.length === 0 ? 'ok' : 'no'} nonsense and nothing find nothing`)
