// The shapes of docs/understand.md, and the addresses of its pages.
export type RegisterKind = 'rolle' | 'system' | 'blanket' | 'dokument' | 'lov'
export type LawState = '' | 'snart' | 'overskredet'

export interface RegisterSizes { kinds: { kind: RegisterKind; entries: number; overdue: number }[]; openReviews: number }
export interface RegisterItem { key: string; title: string; workflows: number; activities: number; references?: number; verified?: string | null; state?: LawState; openReviews?: number }
export interface RegisterList { kind: RegisterKind; items: RegisterItem[] }
export interface LawRow { reference: string; url: string; verified: string; due: string; state: LawState }
export interface EntryUse { slug: string; title: string; domain: string; kind: string; own: boolean; owner: string; details: (string | LawRow)[]; elements: { elementId: string; name: string; detail: string }[] }
export interface RegisterEntry {
  kind: RegisterKind; key: string; title: string; activities: number; links: string[]; uses: EntryUse[]
  verified?: string | null; state?: LawState; changes?: LawChange[]; reviews?: Review[]; openReviews?: number
}
export interface LawChange { lawChangeKey: string; law: string; title: string; changed: string; place: string; note: string; url: string; by: string; at: string; withdrawn: boolean; open: number; settled: number }
export interface Review {
  reviewKey: string; slug: string; title: string; version: number; currentVersion: number; elementId: string; elementName: string; reference: string; owner: string; open: boolean
  lawChangeKey: string; law: string; lawTitle: string; changed: string; place: string; changeNote: string; stillCited: boolean
  settled: { outcome: 'uaendret' | 'rettet'; version: number | null; note: string; by: string; at: string } | null
}
export interface Reviews { items: Review[]; total: number; open: number; byOwner: { owner: string; open: number }[] }
export interface WorkflowLaw {
  laws: { key: string; title: string; reference: string; url: string; eli: boolean; verified: string; due: string; state: LawState }[]
  activities: { elementId: string; name: string; key: string; title: string; reference: string; listed: boolean; url?: string; verified?: string; state?: LawState }[]
  reviews: Review[]; openReviews: number
}
export interface Calls {
  calls: { elementId: string; name: string; slug: string; title: string | null; known: boolean }[]
  calledBy: { slug: string; title: string; elementId: string; name: string }[]
}
export interface CallNode { slug: string; title: string; kind: string; known: boolean; level: number; lines: string[]; x: number; y: number; width: number; height: number }
export interface CallGraph {
  root: number; nodes: CallNode[]; width: number; height: number; omitted: number
  edges: { from: number; to: number; back: boolean; elements: { elementId: string; name: string }[]; points: [number, number][] }[]
}
export interface Step { number: number | string; elementId: string; kind: string; text: string; note?: string; deadline?: string; law?: string[]; calls?: string }
export interface RoleManual { key: string; role: string; steps: number; workflows: { slug: string; title: string; domain: string; kind: string; version: number; summary: string; steps: Step[] }[] }
interface Related { slug: string; title: string | null; known: boolean }
interface Paper { key: string; title: string; elementId: string; elementName: string }
export interface Profile {
  figures: Record<'activities' | 'byPerson' | 'bySystem' | 'decisions' | 'tables' | 'exceptions' | 'waits' | 'loops' | 'calls' | 'paths' | 'laws' | 'roles' | 'systems' | 'variants', number> & { morePaths: boolean }
  advice: { code: string; title: string; reasons: string[] }
  documentsIn: Paper[]; documentsOut: Paper[]; forms: { key: string; title: string; url: string }[]
  relations: { derivedFrom: Related[]; variants: Related[]; replaces: Related[]; replacedBy: Related[] }
}
export interface Reader {
  permanentId: number; version: number; favourite: boolean; following: boolean; read: { version: number; at: string } | null
  confirmed: { version: number; people: number }[]; openComments: number; openReviews: number
}
export interface Comment { commentKey: string; elementId: string; elementName: string; text: string; by: string; own: boolean; at: string; version: number; resolved?: { by: string; at: string } | null; replies?: Comment[] }
export interface Comments { threads: Comment[]; open: number }
export interface Followed {
  items: { slug: string; title: string; domain: string; version: number; changed: string; favourite: boolean; following: boolean; read: number | null; openReviews: number }[]
  feed: string | null
}

export const apiOf = (slug: string) => `/api/bank/workflows/${slug.split('/').map(encodeURIComponent).join('/')}`
export const pageOf = (slug: string) => `/bank/${slug.split('/').map(encodeURIComponent).join('/')}`
export const entryPage = (kind: RegisterKind, key: string) => `/bank/registre/${kind}/${encodeURIComponent(key)}`

export const registerNames: Record<RegisterKind, { many: string; one: string; explain: string }> = {
  rolle: { many: 'Roller', one: 'Rolle', explain: 'Hvem der udfører trin i arbejdsgangene: banerne i diagrammerne og rollerne i pakkerne.' },
  system: { many: 'Systemslags', one: 'Systemslags', explain: 'Hvilke slags systemer arbejdsgangene har brug for. En pakke nævner en slags, aldrig et produkt.' },
  blanket: { many: 'Blanketter', one: 'Blanket', explain: 'Blanketter og formularer, som borgere og medarbejdere udfylder.' },
  dokument: { many: 'Dokumenter', one: 'Dokument', explain: 'Dokumenter og data, som går ind i et trin eller kommer ud af det.' },
  lov: { many: 'Love', one: 'Lov', explain: 'De love, arbejdsgangene bygger på, med den dato, hver henvisning sidst er kontrolleret.' },
}
