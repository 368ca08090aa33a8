// The mock server's state: made from a seed, so pictures and tests see the same every time.
import { nodes } from './diagrams.mjs'
import * as rules from './rules.mjs'

let seed = 43
const random = () => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed / 2 ** 32 }
const pick = (list) => list[Math.floor(random() * list.length)]
const amount = (n) => n.toFixed(2)
const danish = (n) => `${n.toFixed(2).replace('.', ',').replace(/\B(?=(\d{3})+(?!\d))/g, '.')} kr.`
export const now = new Date()
const ago = (minutes) => new Date(now.getTime() - minutes * 60_000).toISOString()
let nextKey = 2251799813685300n
export const key = () => String(nextKey++)

export const users = {
  karen: { user: 'karen', name: 'Karen Holm', roles: ['konsulent'] },
  soren: { user: 'soren', name: 'Søren Lund', roles: ['sagsbehandler'] },
  dorte: { user: 'dorte', name: 'Dorte Bak', roles: ['drift'] },
}
export const authority = { authority: '29189999', authorityName: 'Eksempel Kommune' }
export const standIns = [{ kind: 'sundhedsordre', title: 'bestillingssystem for erklæringer' }, { kind: 'oekonomi', title: 'økonomisystem' }]

const slug = 'arbejdsmarked/betaling-af-laegeerklaeringer'
const summary = 'Starter, når kommunen får en elektronisk regning for en lægeerklæring. Regningen holdes op mod bestillingen, leveringen og taksten og betales. En medarbejder ser kun det, der ikke stemmer.'
const others = [
  ['arbejdsmarked', 'kontrolopslag-kontanthjaelp', 'Kontrolopslag ved kontanthjælp', '32.24', 'korrekt', 3, 'Samler oplysninger fra registre, når en borger søger kontanthjælp.'],
  ['borgerservice', 'flyttekontrol', 'Kontrol af flyttemeddelelser', '23.05', 'korrekt', 2, 'Ser, om en flytning kan passe, og spørger, hvor der er tvivl.'],
  ['borgerservice', 'fejl-i-pasregistret', 'Fejl i pasregistret', '23.03', 'god', 1, 'Retter pas, som politiet har fundet fejl i, efter at have skrevet til borgeren.'],
  ['loen-og-personale', 'godkend-loenskema', 'Godkendelse af lønskemaer', '81.03', 'god', 2, 'Sender et lønskema til dem, der skal godkende det, og videre til løn.'],
  ['teknik-og-miljoe', 'ejendomsarkiv', 'Ejendomsarkiv på nettet', '02.34', 'god', 2, 'Udgiver byggesager, når der ikke er personoplysninger i dem.'],
  ['tvaergaaende', 'fordel-post', 'Fordeling af post', '00.13', 'lokal', 4, 'Læser post i hovedpostkassen og sender den til den rigtige afdeling.'],
  ['tvaergaaende', 'oplyser-sag', 'Oplys sagen', '00.01', 'god', null, 'Et mønster: hvad der skal være på plads, før der kan træffes en afgørelse.'],
]
export const workflows = [
  { slug, title: 'Betaling af lægeerklæringer', summary, domain: 'Arbejdsmarked', kle: '15', kla: 'Beskæftigelsesindsats', kind: 'god', pattern: false, runnable: true, stars: 2, catalogueNumber: 43, version: '1.0.0', changed: ago(90) },
  ...others.map(([domain, name, title, kle, kind, stars, text], i) => ({ slug: `${domain}/${name}`, title, summary: text, domain: { arbejdsmarked: 'Arbejdsmarked', borgerservice: 'Borgerservice', 'loen-og-personale': 'Løn og personale', 'teknik-og-miljoe': 'Teknik og miljø', tvaergaaende: 'Tværgående' }[domain], kle, kla: null, kind, pattern: name === 'oplyser-sag', runnable: false, stars, catalogueNumber: null, version: '0.1.0', changed: ago(2000 * (i + 1)) })),
]
export const deployed = { [slug]: { version: 1, definitionKey: '2251799813685250' } }
export const definition = { processDefinitionKey: '2251799813685250', processDefinitionId: 'betaling-af-laegeerklaeringer', name: 'Betaling af lægeerklæringer', version: 1 }

export function detail(item) {
  const main = item.slug === slug
  return {
    ...item,
    manifest: main ? { ejerrolle: 'Leder af jobcentrets administration', afgoerelse: 'ingen', proces: definition.processDefinitionId, automatik: { grad: 'delvis', beskrivelse: 'Regninger uden fejl betales uden en medarbejder.' }, hjemmel: 'Databeskyttelsesforordningens artikel 6, stk. 1, litra e (eksempel)', bevaring: { kode: 'K', slettefrist: 'P5Y' }, gevinst: { minutter_foer: 12, grundlag: 'paastand', minutter_ved_person: 6, kilde: 'Skøn uden måling' } } : { ejerrolle: 'Afdelingsleder', afgoerelse: 'ingen' },
    law: main ? [{ title: 'Lov om offentlige betalinger m.v.', reference: 'Regninger til myndigheder sendes elektronisk', url: 'https://www.retsinformation.dk/', verified: '2026-11-21' }, { title: 'Overenskomst om socialt-lægeligt samarbejde', reference: 'Takster pr. type og år', url: 'https://www.laeger.dk/', verified: null }] : [],
    roles: ['Automatik', 'Sagsbehandler'], systems: main ? [{ kind: 'oekonomi', standIn: true }, { kind: 'sundhedsordre', standIn: true }, { kind: 'sag', standIn: false }] : [],
    decisions: main ? [{ id: 'takst', name: 'Takst' }, { id: 'kontering', name: 'Kontering' }] : [],
    scenarios: main ? scenarios : [], versions: [{ version: item.version, at: item.changed, by: 'karen', note: 'Første udgave' }],
    files: main ? ['arbejdsgang.yaml', 'proces.bpmn', 'beslutninger.dmn', ...scenarios.map((s) => s.file)] : ['arbejdsgang.yaml'], deployed: deployed[item.slug] ?? null, diagramElements: main ? nodes.map((n) => n[0]) : [],
  }
}
export const scenarios = [['betalt-automatisk', 'En regning uden fejl betales af sig selv'], ['over-takst', 'En regning over taksten kommer til en person'], ['ikke-leveret', 'En regning for en erklæring, der ikke er leveret'], ['gentaget', 'Den samme regning to gange betales én gang'], ['system-nede', 'Bestillingssystemet svarer ikke']].map(([file, title], i) => ({ file: `scenarier/${file}.yaml`, title, lastResult: i === 4 ? null : { passed: true, at: ago(60 + i), message: '' } }))

const doctors = ['Lægerne Torvegade', 'Lægehuset Åparken', 'Speciallæge M. Østergaard', 'Klinik Nørrebro', 'Lægerne i Hørsholm', 'Psykiatrisk Klinik Vest']
const types = { 'LÆ 125': 468, 'LÆ 135': 1284, 'LÆ 145': 702, 'LÆ 155': 1051.5 }
function reasonFor(n, type, tariff) {
  const over = tariff + 20 + Math.floor(random() * 60)
  return [
    { reason: `Lægen har krævet ${danish(over)}; taksten er ${danish(tariff)}`, code: 'over_takst', text: `Prisen er ${danish(over - tariff)} over taksten for ${type}.`, total: over },
    { reason: `Regningen på ${danish(tariff)} har ingen reference, så bestillingen kan ikke findes.`, code: 'mangler_reference', text: 'Feltet med bestillingens nummer er tomt.', total: tariff, noReference: true },
    { reason: `Erklæringen til ${danish(tariff)} er bestilt, men ikke leveret endnu.`, code: 'ikke_leveret', text: 'Bestillingssystemet har ingen leveringsdato.', total: tariff },
    { reason: `Regningen på ${danish(tariff)} har samme nummer som en, der er betalt den 3. november 2026.`, code: 'dublet', text: 'Nummeret er brugt før af samme leverandør.', total: tariff },
  ][n % 4]
}
export const instances = [], elements = {}, variables = {}, cases = {}, tasks = [], incidents = [], entries = [], quarantine = []

function makeInstance(minutes, state) {
  const instance = { processInstanceKey: key(), processDefinitionId: definition.processDefinitionId, processDefinitionName: definition.name, processDefinitionVersion: 1, processDefinitionKey: definition.processDefinitionKey, startDate: ago(minutes), endDate: state === 'ACTIVE' ? null : ago(minutes - 1), state, hasIncident: false, parentProcessInstanceKey: null, tenantId: authority.authority }
  instances.push(instance)
  elements[instance.processInstanceKey] = []
  return instance
}
export function reach(instance, ids, minutes, last = 'COMPLETED') {
  ids.forEach((id, i) => {
    const node = nodes.find((n) => n[0] === id)
    const done = i < ids.length - 1 || last === 'COMPLETED'
    elements[instance.processInstanceKey].push({ elementInstanceKey: key(), elementId: id, elementName: node[2], type: node[1].replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase(), state: done ? 'COMPLETED' : last, startDate: ago(minutes), endDate: done ? ago(minutes) : null, hasIncident: last === 'INCIDENT' && !done })
  })
  if (last === 'INCIDENT') elements[instance.processInstanceKey].at(-1).state = 'ACTIVE'
}
function invoice(n, type, total, noReference) {
  const doctor = pick(doctors)
  return { nummer: `F-${20260 + n}`, dato: ago(60 * 24 * 3).slice(0, 10), forfald: ago(-60 * 24 * 20).slice(0, 10), valuta: 'DKK', leverandoer: { navn: doctor, cvr: '31415926', gln: '5790000123456' }, koeber: { navn: 'Eksempel Kommune, Jobcenter', ean: '5798000123457' }, reference: noReference ? null : `B-${7000 + n}`, linjer: [{ tekst: `Erklæring ${type}`, antal: '1', pris: amount(total), beloeb: amount(total) }], moms: '0.00', total: amount(total), kilde: `regning-${n}.xml` }
}
export function post(instance, faktura, minutes) {
  entries.unshift({ id: String(1000 + entries.length + 1), at: ago(minutes), text: `Regning ${faktura.nummer}`, supplier: faktura.leverandoer.navn, amount: faktura.total, currency: 'DKK', processInstanceKey: instance.processInstanceKey, quarantined: false, lines: [{ account: '5.57.71', accountName: 'Sygedagpenge, lægeerklæringer', debit: faktura.total, credit: null }, { account: '9.56.73', accountName: 'Kreditorer', debit: null, credit: faktura.total }] })
}
const straight = ['Start_regning', 'Task_laes', 'Task_bestilling', 'Task_takst', 'Gw_stemmer']
for (let n = 0; n < 30; n++) {
  const type = pick(Object.keys(types)), minutes = 3000 - n * 90
  const instance = makeInstance(minutes, 'COMPLETED')
  const faktura = invoice(n, type, types[type])
  reach(instance, [...straight, 'Task_bogfoer', 'Task_notat', 'End_betalt'], minutes)
  variables[instance.processInstanceKey] = { faktura, cpr: '0503801234' }
  post(instance, faktura, minutes)
}
for (let n = 0; n < 26; n++) {
  const type = pick(Object.keys(types)), minutes = 2000 - n * 60
  const instance = makeInstance(minutes, 'ACTIVE')
  const why = reasonFor(n, type, types[type])
  const faktura = invoice(100 + n, type, why.total, why.noReference)
  reach(instance, [...straight, 'Task_vurder'], minutes, 'ACTIVE')
  const handlinger = [{ value: 'godkend', label: 'Godkend og betal', needsReason: false }, { value: 'afvis', label: 'Afvis regningen', needsReason: true }]
  variables[instance.processInstanceKey] = { faktura, borger: { cpr: '050380-1234', maalgruppe: 'sygedagpenge' }, takst: amount(types[type]) }
  tasks.push({
    userTaskKey: key(), title: 'Vurder regningen', reason: n === 0 ? 'Lægen har krævet 512,00 kr.; taksten er 468,00 kr.' : why.reason, workflow: definition.name, slug, elementId: 'Task_vurder', processInstanceKey: instance.processInstanceKey, created: ago(minutes), due: ago(-60 * 24 * (n - 3)).slice(0, 10), assignee: null, candidateGroups: ['sagsbehandler'], priority: 50, state: 'CREATED',
    findings: [{ kode: why.code, tekst: why.text }], variables: variables[instance.processInstanceKey], documents: [{ name: `regning-${100 + n}.xml`, mime: 'application/xml', bytes: 4210 + n }], notes: [{ at: ago(minutes), text: `Bestillingen vedrører borgeren med CPR 050380-1234. Kontrolleret: levering, takst og dublet.` }],
    decisions: [rules.evaluate('takst', { type, dato: faktura.dato }), rules.evaluate('kontering', { type, dato: faktura.dato, maalgruppe: 'sygedagpenge' })].map((t, i) => ({ decisionEvaluationKey: `${n}${i}`, decisionDefinitionKey: '7', elementId: 'Task_takst', evaluationDate: ago(minutes), state: 'EVALUATED', ...t, name: t.decisionDefinitionName, evaluatedDecisions: t.evaluatedDecisions.map(({ stoppedRules, ...d }) => d) })), actions: handlinger,
  })
}
for (let n = 0; n < 3; n++) {
  const instance = makeInstance(40 + n, 'ACTIVE')
  instance.hasIncident = true
  reach(instance, ['Start_regning', 'Task_laes', 'Task_bestilling'], 40 + n, 'INCIDENT')
  variables[instance.processInstanceKey] = { faktura: invoice(200 + n, 'LÆ 125', 468) }
  incidents.push({ incidentKey: key(), processInstanceKey: instance.processInstanceKey, processDefinitionId: definition.processDefinitionId, processDefinitionKey: definition.processDefinitionKey, elementId: 'Task_bestilling', elementName: 'Find bestilling og levering', elementInstanceKey: key(), jobKey: key(), errorType: 'JOB_NO_RETRIES', errorMessage: 'Bestillingssystemet svarede ikke (HTTP 503) efter 3 forsøg.', creationTime: ago(38 + n), state: 'ACTIVE', tenantId: authority.authority })
}
quarantine.push({ kind: 'payment', text: 'Betaling på 702,00 kr. til Lægehuset Åparken, regning F-20233', at: ago(400), idempotencyKey: 'a1', settled: false })
export const benefits = () => ({
  workflows: [{ slug, title: definition.name, automatic: 412, byPerson: 71, rejected: 19, minutesBefore: 12, minutesBeforeKind: 'claim', minutesPerPersonCase: 6, minutesSaved: 412 * 12 + 71 * 6, perDay: days(15, 3) },
    { slug: 'tvaergaaende/fordel-post', title: 'Fordeling af post', automatic: 230, byPerson: 44, rejected: 0, minutesBefore: 3.5, minutesBeforeKind: 'measured', minutesPerPersonCase: 2, minutesSaved: 230 * 3.5 + 44 * 1.5, perDay: days(8, 2) }],
})
function days(auto, person) {
  return Array.from({ length: 30 }, (_x, i) => {
    const date = new Date(now.getTime() - (29 - i) * 86_400_000)
    const off = date.getUTCDay() % 6 === 0 ? 0.1 : 1
    return { day: date.toISOString().slice(0, 10), automatic: Math.round((auto + (i * 7) % 9) * off), byPerson: Math.round((person + (i % 3)) * off), rejected: off === 1 ? i % 2 : 0 }
  })
}
