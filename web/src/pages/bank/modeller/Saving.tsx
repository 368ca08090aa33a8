// How the draft's storing stands, and what to do when somebody else stored in between.
import { formatTime } from '../../../lib/format'
import { Alert } from '../../../ui/parts'
import type { Saving } from './useDiagram'

const clock = (at: Date) => new Intl.DateTimeFormat('da-DK', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Copenhagen' }).format(at)

export function SaveState({ saving }: { saving: Saving }) {
  const text = saving.kind === 'saved' ? (saving.at ? `Gemt ${clock(saving.at)}` : 'Alt er gemt')
    : saving.kind === 'offline' ? 'Ingen forbindelse. Dine ændringer er her på siden og gemmes, så snart der er.'
    : saving.kind === 'conflict' || saving.kind === 'refused' ? 'Ikke gemt' : 'Gemmer …'
  return <span className={`save-state save-${saving.kind}`} role="status" data-saving={saving.kind}>{text}</span>
}

export function Conflict({ by, at, onTheirs, onMine }: { by: string; at: string; onTheirs: () => void; onMine: () => void }) {
  return (
    <Alert tone="warning" heading={`${by || 'En anden'} har ændret kladden, mens du tegnede`} live>
      <p>{at ? `Det skete ${formatTime(at)}. ` : ''}Dine seneste ændringer er ikke gemt, for så ville de andre ændringer gå tabt. Vælg, hvad der skal ske:</p>
      <div className="button-row">
        <button type="button" className="button button-secondary" onClick={onTheirs}>Hent den nye</button>
        <button type="button" className="button button-secondary" onClick={onMine}>Gem min som ny kladde</button>
      </div>
      <p>»Hent den nye« kasserer det, du har tegnet siden sidst. »Gem min som ny kladde« lader begge leve.</p>
    </Alert>
  )
}
