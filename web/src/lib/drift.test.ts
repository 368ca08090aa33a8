import { describe, expect, it } from 'vitest'
import type { Batch, Moment } from '../api/drift'
import { askedWords, batchTitle, batchVerdict, groupWords } from './batch'
import { faultsOf, filterOf, hasFaults, instanceFilter, scanFilter, serverValue } from './caseSearch'
import { bpmnDifferences, differenceName, propertyName } from './bpmnDiff'
import { bpmnElements, isStep } from './bpmnModel'
import { detailsOf, gathered, headingOf, isMinor, kindOf, progressWords, toneOf, waitsFor } from './caseTimeline'
import { effects, mayBegin, modificationOf, planFaults, planMarks, readPlan, stepWords, withStep, writeStep } from './casePlan'
import { choices, instructions, readMapping, suggestion, writeMapping } from './mapping'
import { finding, heatMarks, limitsOf, stepOf } from './heat'
import { between, spanShort, spanWords } from './spans'
import { parseXml } from './xml'

const file = (inside: string) => `<?xml version="1.0"?><bpmn:definitions xmlns:bpmn="b" xmlns:zeebe="z"><!-- <bpmn:task id="no"/> --><bpmn:process id="p" name="Sag">${inside}</bpmn:process><bpmndi:BPMNDiagram id="d"><x id="y"/></bpmndi:BPMNDiagram></bpmn:definitions>`
const task = (name: string, type: string) => `<bpmn:serviceTask id="t" name="${name}"><bpmn:extensionElements><zeebe:taskDefinition type="${type}" retries="3"/></bpmn:extensionElements><bpmn:incoming>f</bpmn:incoming></bpmn:serviceTask>`

describe('XML', () => {
  it('reads names, attributes, text, entities and CDATA', () => {
    expect(parseXml('<a b="1 &lt; 2" c=\'&#230;\'><d>x &amp; y<![CDATA[<z>]]></d><e/></a>')).toEqual({ name: 'a', attributes: { b: '1 < 2', c: 'æ' }, text: '', children: [{ name: 'd', attributes: {}, children: [], text: 'x & y<z>' }, { name: 'e', attributes: {}, children: [], text: '' }] })
  })
  it('refuses what does not close, and DTDs', () => {
    expect(parseXml('<a><b></a>')).toBeNull()
    expect(parseXml('<a>')).toBeNull()
    expect(parseXml('<!DOCTYPE a><a/>')).toBeNull()
  })
})

describe('BPMN', () => {
  it('finds elements with their event, loop and place, not those in comments or the drawing', () => {
    const found = bpmnElements(file(`${task('Betal', 'x')}<bpmn:subProcess id="s"><bpmn:userTask id="u"><bpmn:multiInstanceLoopCharacteristics isSequential="true"/></bpmn:userTask></bpmn:subProcess><bpmn:boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><bpmn:timerEventDefinition/></bpmn:boundaryEvent><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="t"/>`))
    expect([...found.keys()]).toEqual(['p', 't', 's', 'u', 'b', 'f'])
    expect(found.get('u')).toMatchObject({ parent: 's', multi: 'sequential' })
    expect(found.get('b')).toMatchObject({ event: 'timer', attachedTo: 't', nonInterrupting: true })
    expect([...found.values()].filter(isStep).map((e) => e.id)).toEqual(['t', 's', 'u', 'b'])
  })
  it('names what was added, removed and changed, by what it says and not by how it is drawn', () => {
    const before = file(`${task('Betal', 'x')}<bpmn:task id="gone"/><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="t"/>`)
    const after = file(`${task('Udbetal', 'y')}<bpmn:task id="a" name="Ny"/><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="t"><bpmn:conditionExpression>=ja</bpmn:conditionExpression></bpmn:sequenceFlow>`).replace('<x id="y"/>', '<x id="z"/>')
    const found = bpmnDifferences(before, after)
    expect(found.map((d) => `${d.kind} ${d.id}`)).toEqual(['changed t', 'added a', 'removed gone', 'changed f'])
    expect(found[0]?.changes.map((c) => [propertyName(c.property), c.before, c.after])).toEqual([['navn', 'Betal', 'Udbetal'], ['hvilket system den kalder', 'x', 'y']])
    expect(found[3]?.changes.map((c) => [propertyName(c.property), c.after])).toEqual([['betingelse', '=ja']])
    expect(differenceName(found[3]!, bpmnElements(after))).toBe('vejen fra Ny til Udbetal')
    expect(bpmnDifferences(before, before)).toEqual([])
  })
})

describe('times', () => {
  it('are said in two units', () => {
    expect([300, 12_000, 90_000, 3_600_000, 90_000_000, 86_400_000].map(spanWords)).toEqual(['under 1 sekund', '12 sekunder', '1 minut og 30 sekunder', '1 time', '1 dag og 1 time', '1 dag'])
    expect([300, 1500, 90_000, 7_200_000, 36 * 3_600_000].map(spanShort)).toEqual(['300 ms', '1,5 sek.', '1,5 min.', '2 t.', '1,5 dage'])
    expect(between('2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z')).toBe(60_000)
    expect(between(undefined, null)).toBeNull()
  })
})

const element = (more: Partial<Moment>): Moment => ({ kind: 'element', at: '2026-01-01T10:00:00Z', elementId: 'u', elementName: 'Vurder', type: 'USER_TASK', state: 'COMPLETED', ...more })
describe('the timeline', () => {
  it('puts the items of a "for each" together', () => {
    const entries = gathered([element({ elementId: 'start' }), element({ elementInstanceKey: '9', state: 'ACTIVE', multi: { completed: 1, total: 200 } }), element({ loopCounter: 1, scopeKey: '9' }), element({ elementId: 'g', type: 'EXCLUSIVE_GATEWAY' }), element({ loopCounter: 2, scopeKey: '9', state: 'ACTIVE' })])
    expect(entries.map((e) => e.items?.length ?? 0)).toEqual([0, 2, 0])
    expect(entries.map(isMinor)).toEqual([false, false, true])
    expect(detailsOf(entries[1]!)).toEqual(['1 af 200 færdige', '1 i gang'])
    expect(toneOf(entries[1]!)).toBe('now')
    expect(headingOf(entries[1]!)).toBe('Vurder, for hver')
    expect(progressWords({ completed: 37, total: 200 })).toBe('37 af 200 færdige')
    expect(progressWords({ completed: 37, total: null })).toBe('37 færdige')
  })
  it('says who, how long it waited and how long it took', () => {
    const done = element({ taken: '2026-01-01T10:03:00Z', end: '2026-01-01T10:05:00Z', by: 'soren', action: 'godkend' })
    expect(detailsOf({ moment: done })).toEqual(['ventede 3 minutter', 'blev behandlet på 2 minutter', 'af soren', 'valgte »godkend«'])
    expect(detailsOf({ moment: element({ state: 'ACTIVE' }) }, Date.parse('2026-01-01T11:00:00Z'))).toEqual(['i gang i 1 time'])
    expect(headingOf({ moment: { kind: 'mark', at: '', mark: 'RETRIED', by: 'dorte' } })).toBe('Fejlen blev prøvet igen')
  })
  it('says what an open step waits for, and leaves out what is past', () => {
    const elements = bpmnElements(file('<bpmn:userTask id="u"/><bpmn:boundaryEvent id="b" attachedToRef="u"><bpmn:timerEventDefinition/></bpmn:boundaryEvent>'))
    const open = element({ state: 'ACTIVE', timers: [{ elementId: 'b', elementName: 'Frist', due: '2026-01-03T10:00:00Z' }, { elementId: 'u', due: '2025-01-01T00:00:00Z' }], messages: [{ elementId: 'u', name: 'svar' }] })
    expect(waitsFor(open, elements, Date.parse('2026-01-01T11:00:00Z'))).toEqual([{ text: '»Frist« sker', at: '2026-01-03T10:00:00Z' }, { text: 'venter på beskeden »svar«' }])
    expect(kindOf(element({ elementId: 'b', type: 'BOUNDARY_EVENT' }), elements)).toBe('Ur')
  })
})

describe('heat', () => {
  const spread = (median: number) => ({ n: 1, median, p95: median })
  const one = (count: number, median: number | null, incidents = 0) => ({ name: `N${count}`, count, active: 0, terminated: 0, incidents, openIncidents: 0, total: median === null ? null : spread(median), waiting: null, handling: null })
  const heat = { instances: 3, looked: 3, whole: true, elements: { a: one(1, 10), b: one(100, 100_000, 2), c: one(10, null) } }
  it('has five steps, even in their logarithm', () => {
    expect(limitsOf([1, 100_000]).map((n) => Math.round(n))).toEqual([10, 100, 1000, 10_000, 100_000])
    expect([1, 10, 11, 100_000].map((n) => stepOf(n, limitsOf([1, 100_000])))).toEqual([1, 1, 2, 5])
    expect(stepOf(7, limitsOf([7, 7]))).toBe(3)
    expect(limitsOf([])).toEqual([])
  })
  it('marks only elements the measure says something of, each with its number', () => {
    expect(heatMarks(heat, 'tid').map((m) => [m.id, m.step, m.text])).toEqual([['a', 1, '10 ms'], ['b', 5, '1,7 min.']])
    expect(heatMarks(heat, 'fejl').map((m) => m.id)).toEqual(['b'])
    expect(finding(heat, 'antal')).toBe('»N100« sker oftest: 100 gange')
    expect(finding({ ...heat, elements: {} }, 'fejl')).toBe('Ingen sager i perioden')
  })
})

describe('the search for cases', () => {
  it('understands what Danes write', () => {
    expect(['1.234,50', '12,5', '21.11.2026', 'Ja', 'A-4711', '4711', '31.02.2026'].map((t) => serverValue(t, 'equals'))).toEqual(['1234.50', '12.5', '2026-11-21', 'true', 'A-4711', '4711', '31.02.2026'])
    expect(serverValue('1.234', 'contains')).toBe('1.234')
  })
  it('says at the field what is missing', () => {
    expect(faultsOf([{ name: '', operator: 'exists', value: '' }, { name: 'x', operator: 'equals', value: ' ' }, { name: '', operator: 'equals', value: '1' }], 'ab')).toMatchObject({ rows: { 0: { name: expect.any(String) }, 1: { value: expect.any(String) } }, purpose: expect.any(String) })
    expect(hasFaults(faultsOf([{ name: '', operator: 'equals', value: '1' }], 'klage'))).toBe(false)
  })
  it('asks by Danish days', () => {
    const filter = filterOf(new URLSearchParams('startet=2026-07-01&til=2026-07-01&tilstand=INCIDENT&sag=12'))
    expect(instanceFilter(filter)).toEqual({ processInstanceKey: '12', state: 'ACTIVE', hasIncident: true, startDate: { $gte: '2026-06-30T22:00:00.000Z', $lt: '2026-07-01T22:00:00.000Z' } })
    expect(scanFilter(filter)).toEqual({ state: 'ACTIVE', hasIncident: true, startedFrom: '2026-07-01', startedTo: '2026-07-01' })
  })
})

describe('work on many', () => {
  const batch = (more: Partial<Batch>): Batch => ({ batchKey: '1', kind: 'resolution', by: 'd', started: '', state: 'RUNNING', done: 3, of: 10, counts: {}, groups: [], kept: 0, ...more })
  it('is said in words', () => {
    expect(batchVerdict(batch({}))).toBe('3 af 10 prøvet igen')
    expect(batchVerdict(batch({ state: 'COMPLETED', done: 10, counts: { retried: 9, failed: 1 } }))).toBe('Færdig: 10 af 10 prøvet igen, 1 kunne ikke prøves')
    expect(batchTitle(batch({ kind: 'migration', state: 'COMPLETED', counts: { fits: 212, refused: 3 }, asked: { dryRun: true } }))).toBe('212 af 215 sager kan flyttes')
    expect(askedWords(batch({ asked: { filter: { processDefinitionId: 'sag', elementId: 'betal' } } }), (id) => id.toUpperCase())).toBe('SAG, trinet betal')
    expect(groupWords({ code: 'busy', text: 'full' })).toBe('systemet havde for travlt (full)')
  })
})

describe('a plan for a case', () => {
  const elements = bpmnElements(file('<bpmn:userTask id="a" name="A"/><bpmn:serviceTask id="b" name="B"/><bpmn:subProcess id="s" name="S"><bpmn:userTask id="u" name="U"/></bpmn:subProcess><bpmn:boundaryEvent id="t" name="Frist" attachedToRef="a"/>'))
  const tokens = { a: { active: 1 }, b: { completed: 1 } }
  it('lies in the address and stops an element only once', () => {
    const plan = readPlan(['flyt:a:b', 'begynd:u', 'stop:a', 'x', 'flyt:a'])
    expect(plan.map(writeStep)).toEqual(['flyt:a:b', 'begynd:u', 'stop:a'])
    expect(withStep(readPlan(['flyt:a:b', 'begynd:u']), { kind: 'stop', element: 'a' }).map(writeStep)).toEqual(['begynd:u', 'stop:a'])
  })
  it('is said in words, with what follows', () => {
    const plan = readPlan(['flyt:a:b', 'begynd:u'])
    expect(plan.map((s) => stepWords(s, elements, tokens))).toEqual(['»A« standser, og »B« begynder i stedet.', '»U« begynder, uden at noget andet standser.'])
    const open: Moment[] = [{ kind: 'element', at: '', elementId: 'a', type: 'USER_TASK', state: 'ACTIVE', userTaskKey: '1', assignee: 'soren', timers: [{ elementId: 't', due: '2999-01-01T00:00:00Z' }] }]
    expect(effects(plan, elements, tokens, open)).toEqual(['Opgaven »A« hos soren forsvinder.', '»Frist« sker ikke længere.', 'Systemet bag »B« bliver kaldt igen.', 'Delprocessen »S« begynder også.', 'Der kommer en ny opgave: »U«.'])
    expect(effects(readPlan(['stop:a']), elements, tokens, [])).toEqual(['Intet er i gang bagefter, så sagen slutter.'])
    expect(planFaults(readPlan(['flyt:b:a', 'begynd:findes-ikke', 'flyt:a:a']), elements, tokens)).toEqual(['»B« er ikke i gang længere.', 'Trinet »findes-ikke« findes ikke i denne version.', '»A« kan ikke flyttes til sig selv.'])
  })
  it('becomes one modification', () => {
    expect(modificationOf(readPlan(['flyt:a:b', 'begynd:u', 'stop:s']))).toEqual({ moveInstructions: [{ sourceElementId: 'a', targetElementId: 'b' }], activateInstructions: [{ elementId: 'u' }], terminateInstructions: [{ elementId: 's' }] })
    expect(planMarks(readPlan(['flyt:a:b'])).map((m) => `${m.id} ${m.marker}`)).toEqual(['a plan-stop', 'b plan-start'])
    expect([...elements.values()].filter(mayBegin).map((e) => e.id)).toEqual(['a', 'b', 's', 'u'])
  })
})

describe('moving to another version', () => {
  const source = bpmnElements(file('<bpmn:userTask id="a" name="A"/><bpmn:userTask id="old" name="B"/><bpmn:serviceTask id="c"/>'))
  const target = bpmnElements(file('<bpmn:userTask id="a" name="A2"/><bpmn:userTask id="new" name="B"/><bpmn:userTask id="c"/>'))
  it('suggests the same id, else the only one of that kind and name', () => {
    expect(['a', 'old', 'c'].map((id) => suggestion(id, source, target))).toEqual(['a', 'new', ''])
    expect(instructions(['a', 'old', 'c'], readMapping(['c:new']), source, target)).toEqual([{ sourceElementId: 'old', targetElementId: 'new' }, { sourceElementId: 'c', targetElementId: 'new' }])
    expect(choices('c', source, target)).toMatchObject({ same: [], others: [{ id: 'a' }, { id: 'new' }, { id: 'c' }] })
    expect(writeMapping({ c: 'new' })).toEqual(['c:new'])
  })
})
