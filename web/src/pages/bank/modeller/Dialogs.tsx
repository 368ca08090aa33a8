// The keys of the drawing, and the question on leaving.
import { Dialog } from '../../../ui/Dialog'
import { Keycap } from '../../../ui/parts'

const helpKeys: [string, string][] = [
  ['Tab', 'Gå mellem knapper, tegning, tjekliste og panel'], ['Piletaster', 'Flyt det valgte (hold Skift nede for større skridt)'], ['E', 'Skriv navnet i tegningen'], ['R', 'Skift slags'], ['L', 'Vælg flere med en ramme'],
  ['H', 'Flyt tegnefladen'], ['S', 'Giv eller fjern plads'], ['C', 'Forbind to elementer'], ['Delete', 'Slet det valgte'], ['Ctrl + Z', 'Fortryd'], ['Ctrl + Y', 'Gør igen'], ['Ctrl + C og Ctrl + V', 'Kopiér og sæt ind'],
  ['Ctrl + A', 'Vælg alt'], ['Ctrl + F', 'Søg i diagrammet'], ['Ctrl + + og Ctrl + −', 'Større og mindre'], ['Ctrl + 0', 'Normal størrelse'],
]
export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Taster i tegningen" onClose={onClose}>
      <p>Tasterne virker, når tegningen har fokus: klik på den, eller gå til den med Tab. Alt kan også gøres uden mus: vælg elementer i panelets liste, tilføj med »Tilføj« over tegningen, og forbind i panelet.</p>
      <dl className="keys">{helpKeys.map(([key, text]) => <div key={key}><dt><Keycap>{key}</Keycap></dt><dd>{text}</dd></div>)}</dl>
    </Dialog>
  )
}

export function Leaving({ onStay, onGo }: { onStay: () => void; onGo: () => void }) {
  return (
    <Dialog title="Vil du gå uden at gemme?" onClose={onStay}>
      <p>Dine sidste ændringer er ikke gemt endnu. Går du nu, er de væk.</p>
      <div className="button-row">
        <button type="button" className="button button-primary" onClick={onStay}>Bliv her</button>
        <button type="button" className="button button-secondary" onClick={onGo}>Gå uden at gemme</button>
      </div>
    </Dialog>
  )
}
