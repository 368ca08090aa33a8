// Imports with review as the server tells them (docs/imports.md).
export type FileState = 'waiting' | 'doubtful' | 'ready' | 'drafted' | 'empty' | 'refused'
export type Counts = Record<FileState, number>
export interface ImportItem { importKey: string; by: string; at: string; files: number; first: string; counts: Counts }
export interface FileItem {
  number: number; path: string; title: string; format: string; state: FileState; taken: number; guessed: number; refused: number; open: number
  error: { code: string; titleDa: string; textDa: string; message: string } | null; draft: string | null; sameAs: number | null
}
export interface ImportDetail { importKey: string; by: string; at: string; counts: Counts; files: FileItem[] }
export type Action = 'accept' | 'kind' | 'name' | 'reverse' | 'connect' | 'remove'
export interface ShapeRow {
  row: number; page: number; shape: string; master: string; verdict: 'taken' | 'guessed' | 'refused' | 'part'; type: string; element: string; name: string; from: string; to: string
  confidence: number; reason: string; reasonDa: string; asks: boolean; line: boolean; settled: { action: Action; value: string; by: string; at: string } | null
}
export interface ImportedFile extends FileItem {
  revision: number; undo: boolean; rows: ShapeRow[]; more: number; kinds: { value: string; xml: string; textDa: string }[]; notes: string[]; kla: string[]; law: string[]
  pages: { number: number; name: string; imported: boolean; elements: number; connections: number }[]
}
export interface Decided { revision: number; open: number }
