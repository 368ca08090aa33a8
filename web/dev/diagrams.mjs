// A small own diagram for the mock server, laid out by a few lines of arithmetic.
const lanes = [['Lane_auto', 'Automatik', 80, 210], ['Lane_person', 'Sagsbehandler', 290, 140]]
export const nodes = [
  // id, tag, name, x, y, lane, text of the step
  ['Start_regning', 'startEvent', 'Regning modtaget', 200, 185, 0, 'En elektronisk regning lander i indbakken.'],
  ['Task_laes', 'serviceTask', 'Læs regningen', 290, 185, 0, 'Systemet læser regningen og finder reference og linjer.'],
  ['Task_bestilling', 'serviceTask', 'Find bestillingen', 440, 185, 0, 'Systemet slår bestillingen op og ser, om erklæringen er leveret.'],
  ['Task_takst', 'businessRuleTask', 'Hold prisen op mod taksten', 590, 185, 0, 'Reglen sammenligner prisen med taksten for erklæringens type og dato.'],
  ['Gw_stemmer', 'exclusiveGateway', 'Stemmer det?', 740, 185, 0, 'Hvis alt stemmer, betales regningen; ellers kommer den til en person.'],
  ['Task_vurder', 'userTask', 'Vurder regningen', 740, 360, 1, 'Sagsbehandleren ser grunden og regningen og afgør, om den skal betales.'],
  ['Task_bogfoer', 'serviceTask', 'Bogfør betalingen', 830, 185, 0, 'Systemet bogfører betalingen med konto og modkonto.'],
  ['Task_notat', 'serviceTask', 'Skriv notat på sagen', 980, 185, 0, 'Systemet skriver et notat om, hvad der blev kontrolleret.'],
  ['End_betalt', 'endEvent', 'Regningen er betalt', 1130, 185, 0, 'Regningen er betalt.'],
  ['End_afvist', 'endEvent', 'Regningen er afvist', 980, 360, 1, 'Regningen er afvist, og leverandøren får besked.'],
]
const flows = [['Start_regning', 'Task_laes'], ['Task_laes', 'Task_bestilling'], ['Task_bestilling', 'Task_takst'], ['Task_takst', 'Gw_stemmer'], ['Gw_stemmer', 'Task_bogfoer', 'ja'], ['Gw_stemmer', 'Task_vurder', 'nej'],
  ['Task_vurder', 'Task_bogfoer', 'godkendt'], ['Task_vurder', 'End_afvist', 'afvist'], ['Task_bogfoer', 'Task_notat'], ['Task_notat', 'End_betalt']]
const size = { startEvent: [36, 36], endEvent: [36, 36], exclusiveGateway: [50, 50] }
const boxOf = ([, tag, , x, y]) => { const [w, h] = size[tag] ?? [110, 80]; return { x: tag in size ? x : x, y: y - h / 2, w, h, cx: x + w / 2, cy: y } }

export function bpmn() {
  const at = Object.fromEntries(nodes.map((n) => [n[0], boxOf(n)]))
  const edges = flows.map(([a, b, label], i) => {
    const s = at[a], t = at[b]
    const points = s.cy === t.cy ? [[s.x + s.w, s.cy], [t.x, t.cy]] : a === 'Task_vurder' ? [[s.x + s.w - 10, s.y], [s.x + s.w - 10, t.y + t.h + 20], [t.cx, t.y + t.h + 20], [t.cx, t.y + t.h]] : [[s.cx, s.y + s.h], [s.cx, t.y]]
    return { id: `Flow_${i}`, a, b, label, points }
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="Defs" targetNamespace="urn:sagsgang:mock">
<bpmn:collaboration id="Collab"><bpmn:participant id="Pool" name="Betaling af lægeerklæringer" processRef="betaling-af-laegeerklaeringer"/></bpmn:collaboration>
<bpmn:process id="betaling-af-laegeerklaeringer" isExecutable="true"><bpmn:laneSet id="Lanes">${lanes.map(([id, name], i) => `<bpmn:lane id="${id}" name="${name}">${nodes.filter((n) => n[5] === i).map((n) => `<bpmn:flowNodeRef>${n[0]}</bpmn:flowNodeRef>`).join('')}</bpmn:lane>`).join('')}</bpmn:laneSet>
${nodes.map(([id, tag, name]) => `<bpmn:${tag} id="${id}" name="${name}"/>`).join('\n')}
${edges.map((e) => `<bpmn:sequenceFlow id="${e.id}"${e.label ? ` name="${e.label}"` : ''} sourceRef="${e.a}" targetRef="${e.b}"/>`).join('\n')}
</bpmn:process>
<bpmndi:BPMNDiagram id="Dia"><bpmndi:BPMNPlane id="Plane" bpmnElement="Collab">
<bpmndi:BPMNShape id="Pool_di" bpmnElement="Pool" isHorizontal="true"><dc:Bounds x="120" y="80" width="1100" height="350"/></bpmndi:BPMNShape>
${lanes.map(([id, , y, h]) => `<bpmndi:BPMNShape id="${id}_di" bpmnElement="${id}" isHorizontal="true"><dc:Bounds x="150" y="${y}" width="1070" height="${h}"/></bpmndi:BPMNShape>`).join('\n')}
${nodes.map((n) => { const b = at[n[0]]; const label = n[1] in size ? `<bpmndi:BPMNLabel><dc:Bounds x="${b.cx - 45}" y="${n[1] === 'exclusiveGateway' ? b.y - 22 : b.y + b.h + 6}" width="90" height="28"/></bpmndi:BPMNLabel>` : ''; return `<bpmndi:BPMNShape id="${n[0]}_di" bpmnElement="${n[0]}"><dc:Bounds x="${b.x}" y="${b.y}" width="${b.w}" height="${b.h}"/>${label}</bpmndi:BPMNShape>` }).join('\n')}
${edges.map((e) => `<bpmndi:BPMNEdge id="${e.id}_di" bpmnElement="${e.id}">${e.points.map(([x, y]) => `<di:waypoint x="${x}" y="${y}"/>`).join('')}</bpmndi:BPMNEdge>`).join('\n')}
</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>`
}
