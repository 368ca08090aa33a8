// What is chosen, in words: name, text, what it needs to run, law and duties. Every change is one step of the drawing.
import { useState } from 'react'
import { useGet } from '../../../api/load'
import type { Draft } from '../../../api/drafts'
import { kindWords } from './danish'
import type { Drawing, Shape } from './drawing'
import { Choice, TextField, Tick } from './fields'
import { Running } from './Running'
import { properties, withProperties, type Moddle } from './zeebe'

export interface Around { draft: Draft | undefined; roles: string[]; decisions: [string, string][]; forms: string[] }
export interface PanelProps { drawing: Drawing; shape: Shape; element: Moddle; around: Around }

const nameOf = (shape: Shape) => shape.businessObject.name || `${kindWords(shape.type)} (${shape.id})`
const isActivity = (type: string) => /Task$|Activity$|SubProcess$|Transaction$/.test(type)
const isNode = (type: string) => isActivity(type) || /Gateway$|Event$/.test(type)

export function Panel({ drawing, selected, around, onSelect }: { drawing: Drawing; selected: string | null; around: Around; onSelect: (id: string) => void }) {
  const found = drawing.element(selected), chosen = found === drawing.root() ? undefined : found
  const shape = chosen ?? drawing.root()
  const elements = drawing.elements().sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'da'))
  const element = shape.type === 'bpmn:Participant' ? ((shape.businessObject.get('processRef') as Moddle | undefined) ?? shape.businessObject) : shape.businessObject
  return (
    <aside className="modeller-panel" aria-label="Det valgte element">
      <Choice label="Vælg element" value={chosen?.id ?? ''} options={[['', 'Hele processen'], ...elements.map((one): [string, string] => [one.id, nameOf(one)])]} onChange={onSelect} />
      <h2>{kindWords(shape.type)}</h2>
      <Basics key={shape.id} drawing={drawing} shape={shape} element={element} around={around} />
      {chosen && isNode(shape.type) && <Connect key={`c${shape.id}`} drawing={drawing} shape={shape} elements={elements} />}
      {chosen && <p><button type="button" className="function-link danger-link" onClick={() => drawing.remove(shape)}>Slet {kindWords(shape.type).toLowerCase()}</button></p>}
    </aside>
  )
}

function Basics(props: PanelProps) {
  const { drawing, shape, element, around } = props
  const lane = shape.type === 'bpmn:Lane', flow = shape.type === 'bpmn:SequenceFlow', note = shape.type === 'bpmn:TextAnnotation'
  const documentation = String((element.get('documentation') as Moddle[] | undefined)?.[0]?.get('text') ?? '')
  const root = shape.type === 'bpmn:Process' || shape.type === 'bpmn:Collaboration'
  const name = note ? String(shape.businessObject.get('text') ?? '') : (shape.businessObject.name ?? '')
  return (
    <>
      {shape.type !== 'bpmn:Collaboration' && (
        <TextField label={lane ? 'Rolle' : note ? 'Tekst' : 'Navn'} value={name} options={lane ? around.roles : undefined} lines={note ? 3 : undefined}
          hint={lane ? 'Hvem gør det? Skriv rollen, som den hedder i listen over roller.' : isActivity(shape.type) ? 'Begynd med et udsagnsord: »Vurderer ansøgningen«.' : undefined}
          onCommit={(text) => (root ? drawing.set(shape, { name: text }) : drawing.rename(shape, text))} />
      )}
      {flow && <Flow {...props} />}
      {!note && shape.type !== 'bpmn:Collaboration' && (
        <TextField label="Beskrivelse" lines={4} value={documentation} onCommit={(text) => drawing.setIn(shape, element, { documentation: text.trim() ? [drawing.create('bpmn:Documentation', { text })] : [] })} />
      )}
      <Running {...props} />
      {(isActivity(shape.type) || root || shape.type === 'bpmn:Participant') && shape.type !== 'bpmn:Collaboration' && <Law {...props} />}
      {isActivity(shape.type) && <Duties {...props} />}
    </>
  )
}

function Flow({ drawing, shape }: PanelProps) {
  const body = String((shape.businessObject.get('conditionExpression') as Moddle | undefined)?.get('body') ?? '')
  const source = shape.source
  const usual = source !== undefined && source.businessObject.get('default') === shape.businessObject
  const branches = source !== undefined && /Gateway$|Task$|Activity$|Process$/.test(source.type) && source.type !== 'bpmn:ParallelGateway' && source.type !== 'bpmn:EventBasedGateway'
  if (!branches) return null
  return (
    <>
      <TextField label="Betingelse (FEEL)" value={body} lines={2} hint="Begynd med =, fx =beloeb > 500. Tom: ingen betingelse."
        onCommit={(text) => drawing.set(shape, { conditionExpression: text.trim() ? drawing.create('bpmn:FormalExpression', { body: text.trim() }) : undefined })} />
      {source && <Tick label="Vejen, når ingen betingelse passer" value={usual} onChange={(on) => drawing.set(source, { default: on ? shape.businessObject : undefined })} />}
    </>
  )
}

function Law({ drawing, shape, element }: PanelProps) {
  return <TextField label="Lovhenvisninger" lines={2} value={properties(element, 'lov').join('\n')} hint="En på hver linje, fx »Sygedagpengeloven § 8«."
    onCommit={(text) => drawing.setExtensions(shape, element, withProperties(element, 'lov', text.split('\n').map((line) => line.trim()).filter(Boolean), drawing.create))} />
}

interface Coverage { duties: { id: string; name: string }[] }
const claimed = (element: Moddle) => properties(element, 'daekker').flatMap((list) => list.split(',')).map((one) => one.trim()).filter(Boolean)

/** Which statutory activities of the workflow it was drawn from this one fulfils (docs/cards.md, lovdækning). */
function Duties({ drawing, shape, element, around }: PanelProps) {
  const base = around.draft?.base?.slug
  const { data } = useGet<Coverage>(base ? `/api/bank/workflows/${base}/coverage` : null)
  const claims = claimed(element)
  const put = (list: string[]) => drawing.setExtensions(shape, element, withProperties(element, 'daekker', list.length > 0 ? [list.join(', ')] : [], drawing.create))
  const duties = data?.duties ?? []
  const others = claims.filter((one) => !duties.some((duty) => duty.id === one))
  if (duties.length === 0) return <TextField label="Dækker lovfastsatte opgaver" value={claims.join(', ')} hint="Opgavernes id fra den korrekte arbejdsgang, med komma imellem." onCommit={(text) => put(text.split(',').map((one) => one.trim()).filter(Boolean))} />
  return (
    <fieldset className="panel-claims">
      <legend className="form-label">Dækker lovfastsatte opgaver</legend>
      {duties.map((duty) => <Tick key={duty.id} label={duty.name} value={claims.includes(duty.id)} onChange={(on) => put(on ? [...claims, duty.id] : claims.filter((one) => one !== duty.id))} />)}
      {others.map((id) => <Tick key={id} label={id} value onChange={() => put(claims.filter((one) => one !== id))} />)}
    </fieldset>
  )
}

function Connect({ drawing, shape, elements }: { drawing: Drawing; shape: Shape; elements: Shape[] }) {
  const [to, setTo] = useState('')
  const [fault, setFault] = useState(false)
  const goals = elements.filter((one) => one !== shape && isNode(one.type) && one.type !== 'bpmn:StartEvent' && !shape.outgoing.some((flow) => flow.target === one))
  const run = () => {
    const goal = drawing.element(to)
    if (!goal) return
    let made = false
    try { made = drawing.connect(shape, goal) } catch { /* bpmn-js has no connection between these */ }
    setFault(!made)
    if (made) setTo('')
  }
  return (
    <div className="panel-connect">
      <Choice label="Forbind til" value={to} options={[['', 'Vælg, hvor flowet skal gå hen'], ...goals.map((one): [string, string] => [one.id, nameOf(one)])]} onChange={setTo} />
      <button type="button" className="button button-secondary" disabled={to === ''} onClick={run}>Forbind</button>
      {fault && <p className="form-error-message" role="alert">De to kan ikke forbindes. Et flow kan ikke gå ud af en slutning eller ind i en anden pulje.</p>}
    </div>
  )
}
