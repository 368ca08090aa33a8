// Imports: files in loads that one request takes, and what is said of a shape.
import type { Counts, FileItem, FileState, ShapeRow } from '../api/imports'

export const stateWords: Record<FileState, [string, 'info' | 'success' | 'warning' | 'error' | undefined]> = {
  waiting: ['Læses', 'info'], doubtful: ['Skal ses efter', 'warning'], ready: ['Klar', 'success'], drafted: ['Kladde lavet', undefined], empty: ['Ingen arbejdsgang', undefined], refused: ['Afvist', 'error'],
}

const maxBytes = 24 * 1024 * 1024, maxFiles = 200

/** Loads that each stay below what the server takes at once, in the order given; a file that is larger alone goes alone. */
export function loads<T extends { size: number }>(files: readonly T[], bytes = maxBytes, most = maxFiles): T[][] {
  const out: T[][] = []
  let size = 0
  for (const file of files) {
    const last = out[out.length - 1]
    if (last && last.length < most && size + file.size <= bytes) { last.push(file); size += file.size }
    else { out.push([file]); size = file.size }
  }
  return out
}

const readable = /\.(vsdx|vdx|vsd|bpmn|xml|zip)$/i
export const isReadable = (name: string): boolean => readable.test(name)

const lineTypes: Record<string, string> = {
  flow: 'Pil', sequence_flow: 'Pil', message_flow: 'Besked', association: 'Streg', sequenceFlow: 'Pil', messageFlow: 'Besked mellem parter', participant: 'Part (pulje)', lane: 'Rolle (bane)', group: 'Ramme', boundaryEvent: 'Hændelse på en opgave',
  subProcess: 'Delproces', complexGateway: 'Indviklet valg', intermediateCatchEvent: 'Hændelse', label: 'Tekst til en figur', decoration: 'Pynt', phase: 'Fase', frame: 'Ramme', unknown: 'Ukendt figur', pool: 'Part (pulje)', pool_or_lane: 'Part eller rolle',
}
export function typeWords(type: string, kinds: readonly { xml: string; textDa: string }[]): string {
  return lineTypes[type] ?? kinds.find((k) => k.xml === type)?.textDa ?? type
}

export function settledWords(row: ShapeRow, kinds: readonly { value: string; textDa: string }[]): string {
  switch (row.settled?.action) {
    case 'accept': return row.verdict === 'refused' ? 'Skal ikke med' : 'Passer'
    case 'kind': return `Er: ${kinds.find((k) => k.value === row.settled?.value)?.textDa ?? row.settled.value}`
    case 'name': return row.settled.value ? `Hedder »${row.settled.value}«` : 'Har intet navn'
    case 'reverse': return 'Pilen vendt'
    case 'connect': return 'Pilen ført om'
    case 'remove': return 'Fjernet'
    default: return ''
  }
}

/** What wants an answer, the least sure first; lines after the steps they join. */
export function openRows(rows: readonly ShapeRow[]): ShapeRow[] {
  return rows.filter((r) => r.asks && !r.settled).sort((a, b) => Number(a.line) - Number(b.line) || a.confidence - b.confidence || a.row - b.row)
}

export function progressWords(counts: Counts): string {
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0)
  return counts.waiting > 0 ? `Læser: ${all - counts.waiting} af ${all} filer` : `Alle ${all} filer er læst`
}

export const draftable = (files: readonly FileItem[]): FileItem[] => files.filter((f) => f.state === 'ready')
