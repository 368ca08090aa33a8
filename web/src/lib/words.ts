// Words of the interface for codes of the server.
const kinds: Record<string, string> = { korrekt: 'Korrekt arbejdsgang', god: 'God praksis', lokal: 'Lokal udgave' }
export const kindName = (kind: string): string => kinds[kind] ?? kind

const states: Record<string, string> = {
  ACTIVE: 'I gang', COMPLETED: 'Afsluttet', TERMINATED: 'Stoppet', CANCELED: 'Annulleret', CREATED: 'Venter', FAILED: 'Fejlet', RESOLVED: 'Løst', PENDING: 'På vej', MIGRATED: 'Flyttet', SUSPENDED: 'På pause',
}
export const stateName = (state: string | undefined): string => states[(state ?? '').toUpperCase()] ?? state ?? ''

const elements: Record<string, string> = {
  startEvent: 'Start', endEvent: 'Slut', userTask: 'Opgave til en person', serviceTask: 'System', businessRuleTask: 'Regel', scriptTask: 'Beregning', sendTask: 'Send', receiveTask: 'Vent på svar',
  exclusiveGateway: 'Valg', parallelGateway: 'Samtidigt', inclusiveGateway: 'Et eller flere', eventBasedGateway: 'Hvad sker først', subProcess: 'Delproces', callActivity: 'Anden arbejdsgang',
  intermediateCatchEvent: 'Vent', intermediateThrowEvent: 'Hændelse', boundaryEvent: 'Undtagelse', manualTask: 'Manuelt', task: 'Opgave', process: 'Hele arbejdsgangen', start: 'Start', slut: 'Slut', opgave: 'Opgave', valg: 'Valg', venter: 'Vent', samtidig: 'Samtidigt', multiInstanceBody: 'For hver', sequenceFlow: 'Vej',
}
/** "userTask" or "USER_TASK" → "Opgave til en person". */
export function elementName(kind: string | undefined): string {
  if (!kind) return ''
  const camel = kind === kind.toUpperCase() ? kind.toLowerCase().replace(/_(\w)/g, (_all, c: string) => c.toUpperCase()) : kind
  return elements[camel] ?? kind.charAt(0).toUpperCase() + kind.slice(1)
}

const fields: Record<string, string> = {
  title: 'titel', titel: 'titel', summary: 'resumé', resume: 'resumé', element: 'trin', aktivitet: 'trin', beslutning: 'regel', step: 'trin', law: 'jura', jura: 'jura', decision: 'regel', kle: 'KLE', role: 'rolle', text: 'tekst', name: 'navn', documentation: 'beskrivelse', kla: 'KLA', rolle: 'rolle', system: 'system', blanket: 'blanket', dokument: 'dokument', domaene: 'domæne', katalognummer: 'nummer i kataloget',
}
export const fieldName = (field: string): string => fields[field] ?? field

const errors: Record<string, string> = {
  JOB_NO_RETRIES: 'Forsøgene er brugt op', EXTRACT_VALUE_ERROR: 'En værdi kunne ikke læses', CONDITION_ERROR: 'En betingelse kunne ikke afgøres', UNHANDLED_ERROR_EVENT: 'En fejl, som ingen tager imod',
  CALLED_ELEMENT_ERROR: 'Den kaldte arbejdsgang findes ikke', CALLED_DECISION_ERROR: 'Reglen findes ikke', DECISION_EVALUATION_ERROR: 'Reglen kunne ikke beregnes', IO_MAPPING_ERROR: 'Værdier kunne ikke overføres', FORM_NOT_FOUND: 'Formularen findes ikke',
  MESSAGE_SIZE_EXCEEDED: 'Beskeden er for stor', RESOURCE_NOT_FOUND: 'Filen findes ikke',
}
export const errorName = (type: string | undefined): string => (type ? errors[type] ?? type : 'Fejl')

const systems: Record<string, string> = { oekonomi: 'økonomisystem', sundhedsordre: 'bestillingssystem for erklæringer', sag: 'sagssystem', esdh: 'sagssystem', loen: 'lønsystem', ydelse: 'ydelsessystem', register: 'register', mail: 'mail', post: 'digital post' }
export const systemName = (kind: string): string => systems[kind] ?? kind
