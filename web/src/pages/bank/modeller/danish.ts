// bpmn-js in Danish: every text it hands to its translate service, in the words of docs/glossary.md. danish.test.ts finds what is missing.

const events: Record<string, string> = {
  Message: 'besked', Timer: 'tid', Conditional: 'betingelse', Signal: 'signal', Error: 'fejl', Escalation: 'eskalering', Compensation: 'tilbageførsel', Link: 'henvisning', Cancel: 'annullering', Terminate: 'afslut alt',
}
const places: Record<string, string> = {
  'start event': 'Start', 'end event': 'Slut', 'boundary event': 'Hændelse på kanten', 'intermediate catch event': 'Vent', 'intermediate throw event': 'Send undervejs',
}

/** "Timer boundary event (non-interrupting)" and its kind: 10 events at 5 places, with one rule. */
function eventWords(text: string): string | undefined {
  const parts = /^(\w+) ((?:start|end|boundary|intermediate catch|intermediate throw) event)( \(non-interrupting\))?$/.exec(text)
  const kind = events[parts?.[1] ?? ''], place = places[parts?.[2] ?? '']
  return kind && place ? `${place}: ${kind}${parts?.[3] ? ' (arbejdet går videre)' : ''}` : undefined
}

export const words: Readonly<Record<string, string>> = {
  'Activate hand tool': 'Flyt tegnefladen', 'Activate lasso tool': 'Vælg flere med en ramme', 'Activate create/remove space tool': 'Giv eller fjern plads', 'Activate global connect tool': 'Forbind to elementer',
  'Create start event': 'Ny start', 'Create intermediate/boundary event': 'Ny hændelse undervejs', 'Create end event': 'Ny slutning', 'Create gateway': 'Nyt valg', 'Create task': 'Ny opgave',
  'Create data object reference': 'Nyt dokument', 'Create data store reference': 'Nyt datalager', 'Create expanded sub-process': 'Ny delproces', 'Create pool/participant': 'Ny pulje', 'Create group': 'Ny ramme om elementer',
  'Append receive task': 'Tilføj: modtag besked', 'Append message intermediate catch event': 'Tilføj: vent på besked', 'Append timer intermediate catch event': 'Tilføj: vent en tid',
  'Append conditional intermediate catch event': 'Tilføj: vent på betingelse', 'Append signal intermediate catch event': 'Tilføj: vent på signal', 'Append compensation activity': 'Tilføj opgave, der fører tilbage',
  'Append end event': 'Tilføj slutning', 'Append gateway': 'Tilføj valg', 'Append task': 'Tilføj opgave', 'Append intermediate/boundary event': 'Tilføj hændelse undervejs',
  'Add text annotation': 'Tilføj note', 'Add lane above': 'Tilføj bane over', 'Add lane below': 'Tilføj bane under', 'Divide into two lanes': 'Del i to baner', 'Divide into three lanes': 'Del i tre baner',
  'Change element': 'Skift slags', 'Delete': 'Slet', 'Connect to other element': 'Forbind til et andet element', 'Connect using association': 'Forbind med stiplet linje', 'Connect using data input association': 'Forbind som dokument ind',
  'Align elements': 'Stil på linje', 'Align elements left': 'Stil på linje til venstre', 'Align elements center': 'Stil på linje i midten, lodret', 'Align elements right': 'Stil på linje til højre',
  'Align elements top': 'Stil på linje foroven', 'Align elements middle': 'Stil på linje i midten, vandret', 'Align elements bottom': 'Stil på linje forneden',
  'Distribute elements horizontally': 'Fordel jævnt vandret', 'Distribute elements vertically': 'Fordel jævnt lodret',
  'Search in diagram': 'Søg i diagrammet', 'Open {element}': 'Åbn {element}',
  'flow elements must be children of pools/participants': 'Elementer skal ligge i en pulje', 'Data object must be placed within a pool/participant.': 'Et dokument skal ligge i en pulje',
  'Loop': 'Gentages', 'Parallel multi-instance': 'Mange gange på én gang', 'Sequential multi-instance': 'Mange gange efter tur', 'Collection': 'Flere dokumenter', 'Participant multiplicity': 'Flere deltagere', 'Toggle non-interrupting': 'Afbryder ikke / afbryder',
  'Task': 'Opgave', 'User task': 'Opgave for en person', 'Service task': 'Opgave for et system', 'Send task': 'Send besked', 'Receive task': 'Modtag besked', 'Manual task': 'Opgave uden system', 'Business rule task': 'Regel', 'Script task': 'Beregning',
  'Call activity': 'Kald en anden arbejdsgang', 'Transaction': 'Transaktion', 'Event sub-process': 'Delproces, der starter af en hændelse', 'Sub-process': 'Delproces', 'Sub-process (collapsed)': 'Delproces (lukket)', 'Sub-process (expanded)': 'Delproces (åben)',
  'Ad-hoc sub-process': 'Delproces uden fast orden', 'Ad-hoc sub-process (collapsed)': 'Delproces uden fast orden (lukket)', 'Ad-hoc sub-process (expanded)': 'Delproces uden fast orden (åben)',
  'Start event': 'Start', 'End event': 'Slut', 'Boundary event': 'Hændelse på kanten', 'Intermediate throw event': 'Hændelse undervejs',
  'Exclusive gateway': 'Valg: én vej', 'Inclusive gateway': 'Valg: en eller flere veje', 'Parallel gateway': 'Alle veje på én gang', 'Event-based gateway': 'Det, der sker først', 'Complex gateway': 'Sammensat valg',
  'Event based instantiating Gateway': 'Starter ved det, der sker først', 'Parallel Event based instantiating Gateway': 'Starter ved flere hændelser',
  'Sequence flow': 'Flow', 'Default flow': 'Flow, når intet andet passer', 'Conditional flow': 'Flow med betingelse',
  'Data object reference': 'Dokument', 'Data store reference': 'Datalager', 'Expanded pool/participant': 'Pulje med indhold', 'Empty pool/participant': 'Tom pulje',
}

/** In Danish; what is unknown stays as it is. `{name}` is filled in from `values`. */
export function inDanish(text: string, values: Record<string, string> = {}): string {
  return (words[text] ?? eventWords(text) ?? text).replace(/\{([^}]+)\}/g, (whole, name: string) => values[name] ?? whole)
}
export const known = (text: string): boolean => text in words || eventWords(text) !== undefined

/** Where bpmn-js looks for it. */
export const danishModule = { translate: ['value', inDanish] }

const kinds: Record<string, string> = {
  Process: 'Proces', Collaboration: 'Samarbejde', Participant: 'Pulje', Lane: 'Bane (rolle)', SequenceFlow: 'Flow', MessageFlow: 'Beskedflow', Association: 'Stiplet linje', DataInputAssociation: 'Dokument ind', DataOutputAssociation: 'Dokument ud',
  StartEvent: 'Start', EndEvent: 'Slut', IntermediateThrowEvent: 'Hændelse undervejs', IntermediateCatchEvent: 'Vent', BoundaryEvent: 'Hændelse på kanten', TextAnnotation: 'Note', Group: 'Ramme', SubProcess: 'Delproces', AdHocSubProcess: 'Delproces uden fast orden',
}
/** The kind of an element for people: "bpmn:UserTask" → "Opgave for en person". */
export function kindWords(type: string): string {
  const name = type.replace(/^bpmn:/, '')
  const spaced = name.replace(/(?!^)([A-Z])/g, ' $1').toLowerCase()
  const said = spaced.replace('event based', 'event-based')
  return kinds[name] ?? words[said.charAt(0).toUpperCase() + said.slice(1)] ?? name
}
