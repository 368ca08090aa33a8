// A process in two versions for Drift's tests: a person judges (with a deadline), neighbours are asked one by one, a note is written by a system
// that fails where `tekst` is missing. Version 2 asks for a check in between and calls the first step something else.
const head = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="driftproeve" targetNamespace="https://sagsgang.dk/proeve">`
export const processId = 'drift_naboer', processName = 'Nabohøring'

const person = (id, name, more = '') => `<bpmn:userTask id="${id}" name="${name}"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements>${more}</bpmn:userTask>`
const flow = ([id, from, to]) => `<bpmn:sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}" />`
const shape = (id, x, y, width, height) => `<bpmndi:BPMNShape id="${id}_di" bpmnElement="${id}"><dc:Bounds x="${x}" y="${y}" width="${width}" height="${height}" /></bpmndi:BPMNShape>`
const edge = (id, points) => `<bpmndi:BPMNEdge id="${id}_di" bpmnElement="${id}">${points.map(([x, y]) => `<di:waypoint x="${x}" y="${y}" />`).join('')}</bpmndi:BPMNEdge>`

/** The model as BPMN XML. `id`: another process id, so that a test has it to itself. */
export function model(version, id = processId) {
  const second = version === 2
  const flows = second ? [['f1', 'start', 'vurder'], ['f2', 'vurder', 'naboer'], ['f3', 'naboer', 'kontrol'], ['f6', 'kontrol', 'notat'], ['f4', 'notat', 'slut'], ['f5', 'frist', 'for_sent']]
    : [['f1', 'start', 'vurder'], ['f2', 'vurder', 'naboer'], ['f3', 'naboer', 'notat'], ['f4', 'notat', 'slut'], ['f5', 'frist', 'for_sent']]
  const right = second ? 180 : 0 // what stands behind the new step is moved
  const x = { notat: 620 + right, slut: 800 + right }
  return `${head}
  <bpmn:process id="${id}" name="${processName}" isExecutable="true">
    <bpmn:startEvent id="start" name="Ansøgning modtaget" />
    ${person('vurder', second ? 'Vurder ansøgningen grundigt' : 'Vurder ansøgning')}
    <bpmn:boundaryEvent id="frist" name="Frist" attachedToRef="vurder"><bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P14D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
    ${person('naboer', 'Spørg naboer', '<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=naboer" inputElement="nabo" /></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>')}
    ${second ? person('kontrol', 'Kontrollér svarene') : ''}
    <bpmn:serviceTask id="notat" name="Skriv notat"><bpmn:extensionElements><zeebe:taskDefinition type="sag:notat" retries="1" /></bpmn:extensionElements></bpmn:serviceTask>
    <bpmn:endEvent id="slut" name="Afgjort" /><bpmn:endEvent id="for_sent" name="For sent" />
    ${flows.map(flow).join('\n    ')}
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plan" bpmnElement="${id}">
    ${shape('start', 162, 122, 36, 36)}${shape('vurder', 260, 100, 120, 80)}${shape('frist', 302, 162, 36, 36)}${shape('naboer', 440, 100, 120, 80)}${second ? shape('kontrol', 620, 100, 120, 80) : ''}
    ${shape('notat', x.notat, 100, 120, 80)}${shape('slut', x.slut, 122, 36, 36)}${shape('for_sent', 302, 262, 36, 36)}
    ${edge('f1', [[198, 140], [260, 140]])}${edge('f2', [[380, 140], [440, 140]])}${second ? edge('f3', [[560, 140], [620, 140]]) + edge('f6', [[740, 140], [800, 140]]) : edge('f3', [[560, 140], [620, 140]])}
    ${edge('f4', [[x.notat + 120, 140], [x.slut, 140]])}${edge('f5', [[320, 198], [320, 262]])}
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>`
}

/** Deploys the version with the page's own session (role konsulent or drift). */
export async function deploy(page, version, id = processId) {
  const status = await page.evaluate(async ([text, name]) => {
    const form = new FormData()
    form.append('resources', new File([text], name, { type: 'application/xml' }))
    const answer = await fetch('/v2/deployments', { method: 'POST', body: form })
    return answer.ok ? 'ok' : `${answer.status} ${await answer.text()}`
  }, [model(version, id), `${id}.bpmn`])
  if (status !== 'ok') throw new Error(`version ${version} was not deployed: ${status}`)
}

/** What the pages of Drift show: two versions, cases that wait, that failed, that are through. Made once per house. */
export async function driftSample(drift, caseworker, apiOf) {
  const own = apiOf(drift), other = apiOf(caseworker)
  const known = (await own('POST', '/v2/process-definitions/search', { filter: { processDefinitionId: processId }, sort: [{ field: 'version', order: 'DESC' }] })).items
  const running = async () => (await own('POST', '/v2/process-instances/search', { filter: { processDefinitionId: processId, state: 'ACTIVE', hasIncident: false }, page: { limit: 1 } })).items[0]?.processInstanceKey
  if (known.length < 2) {
    await deploy(drift, 1)
    const first = (await own('POST', '/v2/process-definitions/search', { filter: { processDefinitionId: processId } })).items[0].processDefinitionKey
    const complete = async (key, element) => {
      const tasks = (await other('POST', '/v2/user-tasks/search', { filter: { processInstanceKey: key, state: 'CREATED' } })).items
      await other('POST', `/v2/user-tasks/${tasks.find((t) => t.elementId === element).userTaskKey}/completion`, { action: 'godkend' })
    }
    for (let i = 0; i < 8; i++) {
      const key = (await own('POST', '/v2/process-instances', { processDefinitionKey: first, businessId: `J-26-${100 + i}`, variables: { naboer: ['Nabo 1', 'Nabo 2', 'Nabo 3'], ansoeger: { navn: 'Prøveperson', cpr: '010101-1234' }, ...(i < 2 && { tekst: 'Notat' }) } })).processInstanceKey
      if (i === 7) continue
      await complete(key, 'vurder')
      for (let n = 0; n < (i < 5 ? 3 : 1); n++) await complete(key, 'naboer')
    }
    await deploy(drift, 2)
  }
  const versions = (await own('GET', `/api/operations/definitions?processDefinitionId=${processId}`)).items
  return { instance: await running(), before: versions[1].processDefinitionKey, after: versions[0].processDefinitionKey }
}
