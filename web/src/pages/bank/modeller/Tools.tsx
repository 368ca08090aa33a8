// The row over the drawing: add, undo, arrange, zoom, help.
import { useState } from 'react'
import { Icon } from '../../../ui/Icon'
import { kindWords } from './danish'
import type { Drawing } from './drawing'

const kinds: [string, Record<string, unknown>][] = [
  ['Opgave for en person', { type: 'bpmn:UserTask' }], ['Opgave for et system', { type: 'bpmn:ServiceTask' }], ['Opgave uden system', { type: 'bpmn:ManualTask' }], ['Regel', { type: 'bpmn:BusinessRuleTask' }], ['Kald en anden arbejdsgang', { type: 'bpmn:CallActivity' }],
  ['Valg: én vej', { type: 'bpmn:ExclusiveGateway' }], ['Alle veje på én gang', { type: 'bpmn:ParallelGateway' }], ['Vent en tid', { type: 'bpmn:IntermediateCatchEvent', eventDefinitionType: 'bpmn:TimerEventDefinition' }],
  ['Vent på besked', { type: 'bpmn:IntermediateCatchEvent', eventDefinitionType: 'bpmn:MessageEventDefinition' }], ['Start', { type: 'bpmn:StartEvent' }], ['Slut', { type: 'bpmn:EndEvent' }], ['Pulje', { type: 'bpmn:Participant' }],
]

export function Tools({ drawing, selected, busy, canUndo, canRedo, onUndo, onRedo, onArrange, onHelp }: {
  drawing: Drawing | null; selected: string | null; turn: number; busy: boolean; canUndo: boolean; canRedo: boolean
  onUndo: () => void; onRedo: () => void; onArrange: () => void; onHelp: () => void
}) {
  const [chosen, setChosen] = useState(0)
  const after = drawing?.element(selected)
  const where = after && !after.waypoints ? `Tilføj efter ${after.businessObject.name || kindWords(after.type).toLowerCase()}` : 'Tilføj'
  return (
    <div className="modeller-tools" role="group" aria-label="Værktøjer">
      <form className="modeller-add" onSubmit={(e) => { e.preventDefault(); const kind = kinds[chosen]; if (kind) drawing?.add(after, { ...kind[1] }) }}>
        <select className="form-select" aria-label="Hvad vil du tilføje?" value={chosen} onChange={(e) => setChosen(Number(e.target.value))}>
          {kinds.map(([name], i) => <option key={name} value={i}>{name}</option>)}
        </select>
        <button type="submit" className="button button-secondary" disabled={!drawing} aria-label={where} title={where}>Tilføj</button>
      </form>
      <button type="button" className="function-link" disabled={!canUndo} onClick={onUndo}><Icon name="back" />Fortryd</button>
      <button type="button" className="function-link" disabled={!canRedo} onClick={onRedo}><Icon name="forward" />Gør igen</button>
      <button type="button" className="function-link" disabled={!drawing || busy} onClick={onArrange}><Icon name="refresh" />{busy ? 'Ordner …' : 'Ordn diagrammet'}</button>
      <button type="button" className="function-link" onClick={() => drawing?.zoom(1.25)}><Icon name="plus" />Større</button>
      <button type="button" className="function-link" onClick={() => drawing?.zoom(0.8)}><Icon name="minus" />Mindre</button>
      <button type="button" className="function-link" onClick={() => drawing?.fit()}><Icon name="fit" />Vis det hele</button>
      <button type="button" className="function-link" onClick={onHelp}><Icon name="help" />Taster</button>
    </div>
  )
}
