// The symbols of a process diagram, one small example each, with a sentence and a question about it.
export interface GuideSymbol { id: string; name: string; says: string; xml: string; question: string; answers: string[]; right: number; because: string }

interface Place { id: string; x: number; y: number; w: number; h: number }
const places: Record<string, [number, number]> = { event: [36, 36], task: [110, 80], gate: [50, 50], data: [36, 50] }

/** Elements as "kind id x y name inside", flows as "from to name"; enough BPMN for a picture of three symbols. */
function diagram(elements: string[][], flows: string[][] = [], more = ''): string {
  const shapes: Place[] = []
  let nodes = '', di = '', edges = ''
  for (const [tag = '', id = '', x = '0', y = '0', name = '', inner = ''] of elements) {
    const attached = tag.startsWith('boundaryEvent')
    const kind = /Event/.test(tag) ? 'event' : /Gateway/.test(tag) ? 'gate' : /data/.test(tag) ? 'data' : 'task'
    const [w, h] = places[kind] as [number, number]
    const place = { id, x: Number(x), y: Number(y), w, h }
    shapes.push(place)
    nodes += `<bpmn:${tag} id="${id}" name="${name}">${inner}</bpmn:${attached ? 'boundaryEvent' : tag.split(' ')[0]}>`
    const label = kind === 'task' ? '' : `<bpmndi:BPMNLabel><dc:Bounds x="${attached ? place.x - 100 : place.x + w / 2 - 55}" y="${place.y + h + 6}" width="110" height="28"/></bpmndi:BPMNLabel>`
    di += `<bpmndi:BPMNShape id="${id}_di" bpmnElement="${id}"${kind === 'gate' ? ' isMarkerVisible="true"' : ''}><dc:Bounds x="${place.x}" y="${place.y}" width="${w}" height="${h}"/>${label}</bpmndi:BPMNShape>`
  }
  flows.forEach(([from = '', to = '', name = ''], i) => {
    const a = shapes.find((s) => s.id === from), b = shapes.find((s) => s.id === to)
    if (!a || !b) return
    nodes += `<bpmn:sequenceFlow id="f${i}" name="${name}" sourceRef="${from}" targetRef="${to}"/>`
    const y1 = a.y + a.h / 2, y2 = b.y + b.h / 2
    const straight = Math.abs(y1 - y2) < 2
    const way = straight ? [[a.x + a.w, y1], [b.x, y2]] : [[a.x + a.w / 2, y2 > y1 ? a.y + a.h : a.y], [a.x + a.w / 2, y2], [b.x, y2]]
    const label = name ? `<bpmndi:BPMNLabel><dc:Bounds x="${straight ? a.x + a.w + 8 : a.x + a.w / 2 + 8}" y="${straight ? y1 - 18 : y2 - 18}" width="40" height="14"/></bpmndi:BPMNLabel>` : ''
    edges += `<bpmndi:BPMNEdge id="f${i}_di" bpmnElement="f${i}">${way.map(([x, y]) => `<di:waypoint x="${x}" y="${y}"/>`).join('')}${label}</bpmndi:BPMNEdge>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="d" targetNamespace="t"><bpmn:process id="p">${more}${nodes}</bpmn:process><bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="pl" bpmnElement="p">${di}${edges}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>`
}

const lanes = () => {
  const xml = diagram([['startEvent', 's', '80', '52', 'Ansøgning'], ['userTask', 'a', '180', '30', 'Udfylder ansøgning'], ['userTask', 'b', '340', '150', 'Vurderer ansøgning'], ['endEvent', 'e', '510', '172', 'Afgjort']],
    [['s', 'a'], ['a', 'b'], ['b', 'e']], '<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="Borger"><bpmn:flowNodeRef>s</bpmn:flowNodeRef><bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane><bpmn:lane id="l2" name="Sagsbehandler"><bpmn:flowNodeRef>b</bpmn:flowNodeRef><bpmn:flowNodeRef>e</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>')
  const bands = [['l1', 10], ['l2', 130]].map(([id, y]) => `<bpmndi:BPMNShape id="${id}_di" bpmnElement="${id}" isHorizontal="true"><dc:Bounds x="20" y="${y}" width="580" height="120"/></bpmndi:BPMNShape>`).join('')
  return xml.replace('bpmnElement="p">', `bpmnElement="p">${bands}`)
}
const timer = '<bpmn:timerEventDefinition/>', message = '<bpmn:messageEventDefinition/>'

export const guideSymbols: GuideSymbol[] = [
  { id: 'start', name: 'Start', says: 'En tynd cirkel er der, hvor sagen begynder. Teksten siger, hvad der sætter den i gang.', xml: diagram([['startEvent', 's', '60', '60', 'Ansøgning modtaget', message], ['task', 'a', '190', '38', 'Registrerer ansøgning']], [['s', 'a']]),
    question: 'Hvad sætter arbejdsgangen i gang?', answers: ['At en ansøgning er modtaget', 'At ansøgningen er registreret'], right: 0, because: 'Cirklen længst til venstre siger, hvad der skal være sket, før det første trin begynder.' },
  { id: 'opgave', name: 'Opgave', says: 'En kasse med runde hjørner er noget, nogen gør. Et lille hoved betyder en person, to tandhjul et system.', xml: diagram([['userTask', 'a', '60', '38', 'Vurderer ansøgning'], ['serviceTask', 'b', '240', '38', 'Udbetaler beløb']], [['a', 'b']]),
    question: 'Hvem udbetaler beløbet?', answers: ['En sagsbehandler', 'Et system'], right: 1, because: 'Tandhjulene i hjørnet betyder, at et system udfører trinet.' },
  { id: 'pil', name: 'Pil', says: 'En pil siger, hvad der kommer bagefter. Man læser fra venstre mod højre.', xml: diagram([['task', 'a', '40', '38', 'Hører parten'], ['task', 'b', '210', '38', 'Skriver afgørelse'], ['task', 'c', '380', '38', 'Sender brev']], [['a', 'b'], ['b', 'c']]),
    question: 'Hvad sker lige efter, at afgørelsen er skrevet?', answers: ['Parten høres', 'Brevet sendes'], right: 1, because: 'Følg pilen ud af kassen »Skriver afgørelse«.' },
  { id: 'valg', name: 'Valg', says: 'En rude med et kryds er et valg: kun én af vejene følges. Teksten på pilen siger, hvornår.', xml: diagram([['task', 'a', '40', '38', 'Vurderer'], ['exclusiveGateway', 'g', '210', '53', 'Bevilges det?'], ['task', 'b', '350', '38', 'Udbetaler'], ['task', 'c', '350', '160', 'Skriver afslag']], [['a', 'g'], ['g', 'b', 'ja'], ['g', 'c', 'nej']]),
    question: 'Kan der både udbetales og skrives afslag i samme sag?', answers: ['Ja', 'Nej'], right: 1, because: 'Krydset betyder enten-eller: sagen går netop én af vejene.' },
  { id: 'samtidig', name: 'Samtidig', says: 'En rude med et plus deler sagen: alle veje følges på én gang. Det næste plus venter, til alle er færdige.', xml: diagram([['parallelGateway', 'g', '40', '53', ''], ['task', 'a', '170', '38', 'Spørger lægen'], ['task', 'b', '170', '160', 'Spørger arbejdsgiver'], ['parallelGateway', 'h', '360', '53', '']], [['g', 'a'], ['g', 'b'], ['a', 'h']]),
    question: 'Skal man vente på lægen, før arbejdsgiveren spørges?', answers: ['Ja', 'Nej'], right: 1, because: 'Plusset betyder, at begge ting sættes i gang samtidig.' },
  { id: 'bane', name: 'Bane', says: 'En vandret bane er en rolle. Det, der ligger i banen, gør den rolle.', xml: lanes(),
    question: 'Hvem vurderer ansøgningen?', answers: ['Borgeren', 'Sagsbehandleren'], right: 1, because: 'Kassen »Vurderer ansøgning« ligger i sagsbehandlerens bane.' },
  { id: 'vent', name: 'Vent', says: 'En dobbelt cirkel er noget, sagen venter på: et ur er tid, en kuvert er en besked.', xml: diagram([['task', 'a', '40', '38', 'Sender partshøring'], ['intermediateCatchEvent', 'v', '210', '60', '14 dage er gået', timer], ['task', 'b', '320', '38', 'Skriver afgørelse']], [['a', 'v'], ['v', 'b']]),
    question: 'Hvad venter sagen på?', answers: ['At tiden går', 'At parten ringer'], right: 0, because: 'Uret i cirklen betyder tid.' },
  { id: 'undtagelse', name: 'Undtagelse', says: 'En cirkel på kanten af en kasse er noget, der kan bryde ind, mens trinet er i gang.', xml: diagram([['userTask', 'a', '60', '38', 'Venter på oplysninger'], ['boundaryEvent attachedToRef="a"', 'u', '140', '100', 'Frist overskredet', timer], ['task', 'b', '270', '38', 'Vurderer'], ['task', 'c', '270', '160', 'Rykker']], [['a', 'b'], ['u', 'c']]),
    question: 'Hvad sker der, hvis fristen overskrides?', answers: ['Der rykkes', 'Sagen vurderes alligevel'], right: 0, because: 'Pilen fra cirklen på kanten fører til »Rykker«.' },
  { id: 'kald', name: 'Anden arbejdsgang', says: 'En kasse med tyk kant åbner en anden arbejdsgang. I banken klikker du på den for at gå ned i den, og trykker Backspace for at gå op.', xml: diagram([['task', 'a', '40', '38', 'Modtager klage'], ['callActivity', 'k', '220', '38', 'Træffer afgørelse']], [['a', 'k']]),
    question: 'Hvor står det, hvordan afgørelsen træffes?', answers: ['I den arbejdsgang, kassen åbner', 'Det er ikke tegnet'], right: 0, because: 'Den tykke kant betyder, at trinene er tegnet i en arbejdsgang for sig.' },
  { id: 'dokument', name: 'Dokument', says: 'Et ark med bukket hjørne er et dokument eller en oplysning, der bruges eller laves.', xml: diagram([['task', 'a', '40', '38', 'Skriver afgørelse'], ['dataObjectReference dataObjectRef="do"', 'd', '210', '52', 'Afgørelsesbrev']], [], '<bpmn:dataObject id="do"/>').replace('</bpmn:dataObjectReference dataObjectRef="do">', '</bpmn:dataObjectReference>'),
    question: 'Er arket et trin, nogen udfører?', answers: ['Ja', 'Nej'], right: 1, because: 'Arket er en ting, ikke en handling. Handlingerne er kasser.' },
  { id: 'slut', name: 'Slut', says: 'En tyk cirkel er et resultat. Der kan være flere: et for hver måde, sagen kan ende på.', xml: diagram([['exclusiveGateway', 'g', '40', '53', 'Bevilget?'], ['endEvent', 'e', '190', '60', 'Beløb udbetalt'], ['endEvent', 'f', '190', '170', 'Afslag sendt']], [['g', 'e', 'ja'], ['g', 'f', 'nej']]),
    question: 'Hvor mange måder kan sagen ende på?', answers: ['Én', 'To'], right: 1, because: 'Hver tyk cirkel er et resultat.' },
]
