import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BpmnModdle } from 'bpmn-moddle'
import { expect, test } from 'vitest'
import { attribute, children, descriptorFor, properties, withExtension, withProperties, type Create, type Descriptor, type Moddle } from './zeebe'

interface Tool { fromXML(xml: string): Promise<{ rootElement: Moddle; elementsById: Record<string, Moddle>; warnings: { message: string }[] }>; toXML(root: Moddle, options: { format: boolean }): Promise<{ xml: string }>; create: Create }
const tool = (xml: string) => new (BpmnModdle as unknown as new (packages: { zeebe: Descriptor }) => Tool)({ zeebe: descriptorFor(xml) })
const squeezed = (xml: string) => xml.replace(/>\s+</g, '><')

const odd = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:other="urn:other" id="d" targetNamespace="t">
<bpmn:process id="p" isExecutable="true" other:mark="7"><bpmn:serviceTask id="t" name="Betal"><bpmn:extensionElements>
<zeebe:taskDefinition type="okonomi:bogfoer" retries="3" timeToDream="P1D" />
<zeebe:ioMapping><zeebe:input source="=krav" target="beloeb" /><zeebe:output source="=bilag" target="bilag" /><zeebe:merge into="x"><zeebe:deeper a="1" /></zeebe:merge></zeebe:ioMapping>
<zeebe:futureThing level="9"><zeebe:part n="1">indhold</zeebe:part><other:inside>tekst</other:inside></zeebe:futureThing>
<zeebe:properties><zeebe:property name="lov" value="SDPL § 8" /><zeebe:property name="andet" value="x" /><zeebe:property name="lov" value="FVL § 19" /></zeebe:properties>
<other:note kind="a"><other:p>hej</other:p></other:note></bpmn:extensionElements></bpmn:serviceTask></bpmn:process></bpmn:definitions>`
const parts = ['timeToDream="P1D"', '<zeebe:merge into="x"><zeebe:deeper a="1" /></zeebe:merge>', '<zeebe:futureThing level="9">', '<zeebe:part n="1">indhold</zeebe:part>', '<other:inside>tekst</other:inside>', '<other:note kind="a"><other:p>hej</other:p></other:note>', 'other:mark="7"']

test('a round trip keeps extensions nobody has heard of, in and out of the zeebe namespace', async () => {
  const moddle = tool(odd), { rootElement, warnings } = await moddle.fromXML(odd)
  const out = squeezed((await moddle.toXML(rootElement, { format: true })).xml)
  for (const part of parts) expect(out).toContain(part)
  expect(warnings.map((w) => w.message)).toEqual([])
})

test('shipped diagrams survive whole', async () => {
  const root = join(__dirname, '../../../../../bank')
  for (const name of ['arbejdsmarked/betaling-af-laegeerklaeringer', 'arbejdsmarked/sygedagpengeopfoelgning', 'tvaergaaende/arbejdsevnevurdering-2010']) {
    const xml = readFileSync(join(root, name, 'proces.bpmn'), 'utf8'), moddle = tool(xml)
    const { rootElement, warnings } = await moddle.fromXML(xml)
    expect(warnings).toEqual([])
    const out = (await moddle.toXML(rootElement, { format: false })).xml
    const count = (text: string) => { const found = new Map<string, number>(); for (const [tag] of text.matchAll(/<[a-zA-Z]+:[a-zA-Z]+/g)) found.set(tag, (found.get(tag) ?? 0) + 1); return [...found].sort() }
    expect(count(out)).toEqual(count(xml))
  }
})

test('the panel reads and changes one thing and leaves the others', async () => {
  const moddle = tool(odd), { rootElement, elementsById } = await moddle.fromXML(odd), task = elementsById.t!, create: Create = (type, values) => moddle.create(type, values)
  expect(attribute(task, 'taskDefinition', 'type')).toBe('okonomi:bogfoer')
  expect(children(task, 'ioMapping', 'input', ['target', 'source'])).toEqual([['beloeb', '=krav']])
  expect(properties(task, 'lov')).toEqual(['SDPL § 8', 'FVL § 19'])
  const apply = (values: Moddle[]) => (task.get('extensionElements') as Moddle).set('values', values)
  apply(withExtension(task, 'taskDefinition', { set: { type: 'sag:notat' } }, create))
  apply(withExtension(task, 'ioMapping', { child: 'input', names: ['target', 'source'], rows: [['tekst', '="hej"']] }, create))
  apply(withProperties(task, 'lov', ['SDPL § 9'], create))
  apply(withProperties(task, 'daekker', ['opretter_sag, vurderer'], create))
  const out = squeezed((await moddle.toXML(rootElement, { format: true })).xml)
  for (const part of [...parts, 'type="sag:notat" retries="3"', '<zeebe:input target="tekst" source="=&#34;hej&#34;" />', '<zeebe:property name="lov" value="SDPL § 9" />', '<zeebe:property name="andet" value="x" />', '<zeebe:property name="daekker" value="opretter_sag, vurderer" />', '<zeebe:output source="=bilag" target="bilag" />']) expect(out.replace(/&quot;/g, '&#34;').replace('<zeebe:input source="=&#34;hej&#34;" target="tekst" />', '<zeebe:input target="tekst" source="=&#34;hej&#34;" />')).toContain(part)
  expect(out).not.toContain('FVL § 19')
  apply(withProperties(task, 'lov', [], create))
  expect(properties(task, 'lov')).toEqual([])
  expect(properties(task, 'andet')).toEqual(['x'])
})
