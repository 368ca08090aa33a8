// Words of a draft's way to publication.
import type { Changes, DiagramDifference, Proposal, ProposalItem, ProposalState } from '../api/proposals'
import type { DiagramMark } from './diagramMarks'

export const stateNames: Record<ProposalState, string> = { draft: 'Kladde', proposed: 'Venter på svar', returned: 'Sendt tilbage', approved: 'Godkendt', published: 'Offentliggjort', withdrawn: 'Trukket tilbage', deleted: 'Slettet' }
export const stateTone: Record<ProposalState, 'info' | 'success' | 'warning' | undefined> = { draft: undefined, proposed: 'info', returned: 'warning', approved: 'success', published: 'success', withdrawn: undefined, deleted: undefined }

const events: Record<string, string> = { created: 'begyndte kladden', saved: 'gemte ændringer', proposed: 'sendte forslaget', withdrawn: 'trak forslaget tilbage', returned: 'sendte forslaget tilbage', approved: 'godkendte', published: 'offentliggjorde', deleted: 'slettede kladden', restored: 'hentede kladden tilbage' }
export const eventText = (what: string): string => events[what] ?? what

/** What the draft is, in one sentence. */
export function whatItIs(item: Pick<ProposalItem, 'base' | 'slug' | 'by'>): string {
  if (!item.base) return `En ny arbejdsgang, begyndt af ${item.by}.`
  return item.base.slug === item.slug ? `En ny udgave af arbejdsgangen, begyndt af ${item.by} fra version ${item.base.version}.` : `En ny arbejdsgang efter ${item.base.slug}, begyndt af ${item.by} fra version ${item.base.version}.`
}

/** What happens next, and whose turn it is. */
export function whatNow(p: Pick<Proposal, 'state' | 'may' | 'mayDecide' | 'mine' | 'published'>): string {
  switch (p.state) {
    case 'draft': return p.may.propose ? 'Tegn videre, eller send den som forslag, når en anden skal se på den.' : 'Den er ikke sendt som forslag endnu.'
    case 'proposed': return p.mayDecide ? 'Nu er det din tur: se på ændringerne, og godkend eller send tilbage med en begrundelse.' : p.mine ? 'En konsulent, der ikke selv har skrevet i den, skal godkende. Vil du ændre noget, så træk forslaget tilbage først.' : 'En konsulent skal godkende.'
    case 'returned': return p.may.write ? 'Læs begrundelsen i forløbet nedenfor, ret, og send forslaget igen.' : 'Den retter sig efter begrundelsen, som har skrevet den.'
    case 'approved': return p.may.publish ? 'Den er godkendt. Offentliggør den, så bliver den den gældende version i banken.' : 'Den er godkendt og venter på, at en konsulent offentliggør den.'
    case 'published': return `Den er offentliggjort som version ${p.published ?? ''} og kan ikke ændres. Vil du ændre mere, så tegn videre fra arbejdsgangens side.`
    case 'withdrawn': return p.may.propose ? 'Forslaget er trukket tilbage. Ret, og send det igen, eller slet det.' : 'Forslaget er trukket tilbage.'
    case 'deleted': return p.may.restore ? 'Kladden er slettet. Du kan hente den tilbage i 30 dage.' : 'Kladden er slettet.'
  }
}

const signs: Record<string, [string, string, string]> = { added: ['+', 'Ny', 'added'], split: ['+', 'Delt', 'added'], removed: ['−', 'Fjernet', 'removed'], merged: ['−', 'Lagt sammen', 'removed'] }
export const differenceSign = (kind: string): [string, string, string] => signs[kind] ?? ['~', 'Ændret', 'changed']
/** The differences on the new diagram, each with its number; what is gone has no symbol there. */
export const changeMarks = (differences: readonly DiagramDifference[]): DiagramMark[] => differences.flatMap((d) => {
  const [sign, word, tone] = differenceSign(d.kind)
  return d.b.map((id) => ({ id, marker: `diff-${tone}`, badges: [{ className: `diff-badge diff-${tone}`, text: `${sign}${d.number}`, title: `${word}: nr. ${d.number}`, position: { top: -12, left: -10 } }] }))
})

const keys: Record<string, string> = { titel: 'Titel', resume: 'Resumé', domaene: 'Domæne', kle: 'KLE', kla: 'KLA', art: 'Art', moenster: 'Mønster', ejerrolle: 'Ejer', version: 'Version', gyldig: 'Gyldig', gennemgang: 'Gennemgang', afledt_af: 'Tegnet efter', fravalgt: 'Fravalgte opgaver', erstatter: 'Erstatter', jura: 'Jura', afgoerelse: 'Afgørelse', automatik: 'Automatik', hjemmel: 'Hjemmel', bevaring: 'Bevaring', systemer: 'Systemer', roller: 'Roller', vurdering: 'Vurdering', gevinst: 'Gevinst', proces: 'Proces', blanketter: 'Blanketter', se_ogsaa: 'Se også', bemaerkninger: 'Bemærkninger', katalognummer: 'Katalog 2017', indbakke: 'Indbakke' }
export const keyName = (key: string): string => keys[key] ?? key

/** A manifest's value as text for a reader. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'intet'
  if (Array.isArray(value)) return value.length === 0 ? 'ingen' : value.map(valueText).join('; ')
  if (typeof value === 'object') return Object.values(value).filter((v) => v !== null && v !== '').map(valueText).join(', ')
  return typeof value === 'boolean' ? (value ? 'ja' : 'nej') : String(value)
}

export const nothingChanged = (c: Changes): boolean => c.files.length === 0 && c.manifest.length === 0 && (c.diagram?.differences.length ?? 0) === 0
