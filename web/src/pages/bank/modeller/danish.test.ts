import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inDanish, kindWords, known } from './danish'

const modules = join(__dirname, '../../../../node_modules')
const files = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((f) => f.isDirectory() ? files(join(folder, f.name)) : f.name.endsWith('.js') ? [join(folder, f.name)] : [])
// An example in the service's own documentation; a text put together with a direction; a piece of SVG.
const notShown = new Set(['HELLO {you}', 'Align elements ', ' + shift + '])

test('every text bpmn-js translates has Danish words', () => {
  const found = new Set<string>()
  for (const file of [...files(join(modules, 'bpmn-js/lib')), ...files(join(modules, 'diagram-js/lib')), ...files(join(modules, 'diagram-js-direct-editing/lib'))]) {
    const text = readFileSync(file, 'utf8')
    for (const [, , said = ''] of text.matchAll(/translate\(\s*(['"])((?:[^'"\\]|\\.)+)\1/g)) found.add(said)
    for (const [, said = ''] of text.matchAll(/_ERR_MSG = '([^']+)'/g)) found.add(said)
    if (/(PopupEntries|ReplaceOptions)\.js$/.test(file)) for (const [, said = ''] of text.matchAll(/label: '([^']+)'/g)) found.add(said)
  }
  for (const direction of ['left', 'center', 'right', 'top', 'middle', 'bottom']) found.add(`Align elements ${direction}`)
  expect(found.size).toBeGreaterThan(120)
  expect([...found].filter((text) => !notShown.has(text) && !known(text))).toEqual([])
})

test('events are put together by one rule, and values are filled in', () => {
  expect(inDanish('Timer boundary event (non-interrupting)')).toBe('Hændelse på kanten: tid (arbejdet går videre)')
  expect(inDanish('Open {element}', { element: 'Visitér' })).toBe('Åbn Visitér')
  expect(inDanish('unknown {x}')).toBe('unknown {x}')
})

test('kinds of elements have Danish names', () => {
  for (const [type, name] of [['bpmn:UserTask', 'Opgave for en person'], ['bpmn:EventBasedGateway', 'Det, der sker først'], ['bpmn:CallActivity', 'Kald en anden arbejdsgang'], ['bpmn:Lane', 'Bane (rolle)'], ['bpmn:BusinessRuleTask', 'Regel']]) expect(kindWords(type!)).toBe(name)
})
