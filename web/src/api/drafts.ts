// Drafts as the modeller meets them (docs/api.md), and the stateless calls of drawing (docs/modeller.md).
import { exchange, get, newIdempotencyKey, write, type Finding } from './client'

export interface Draft {
  id: string; slug: string; title: string; state: string; revision: number | string; by: string; at: string; changedBy?: string
  base: { slug: string; version: number | string } | null; manifest?: Record<string, unknown>; files?: (string | { path: string })[]; history?: { at: string; by: string; what: string; note?: string }[]
}
export const draftPath = (id: string, rest = '') => `/api/bank/drafts/${encodeURIComponent(id)}${rest}`

export interface Stored { xml: string; revision: string }
const tag = (response: Response) => response.headers.get('ETag') ?? ''

export async function readDiagram(id: string, signal?: AbortSignal): Promise<Stored> {
  const response = await exchange(draftPath(id, '/diagram'), { signal })
  return { xml: await response.text(), revision: tag(response) }
}

/** Stores it when nobody has since `revision`; `key` makes a repeat after a broken connection do nothing twice. → the new revision. */
export async function storeDiagram(id: string, xml: string, revision: string, key: string): Promise<string> {
  const response = await exchange(draftPath(id, '/diagram'), { method: 'PUT', body: xml, headers: { 'Content-Type': 'application/xml', 'If-Match': revision, 'Idempotency-Key': key } })
  const body = (await response.json()) as { revision?: number | string }
  return tag(response) || (body.revision === undefined ? revision : `"${body.revision}"`)
}

export interface NewDraft { title?: string; domain?: string; name?: string; kle?: string; from?: string; version?: number; bpmn?: string; notation?: string; copy?: string }
export const createDraft = (draft: NewDraft) => write<{ id: string | number }>('POST', '/api/bank/drafts', draft)

export interface Checked { findings: Finding[]; errors: number; total: number }
async function posted(path: string, body: string, type: string, signal?: AbortSignal): Promise<Response> {
  return exchange(path, { method: 'POST', body, signal, headers: { 'Content-Type': type, 'Idempotency-Key': newIdempotencyKey() } })
}
export const checkDiagram = async (xml: string, profile: 'deploy' | 'lenient', signal?: AbortSignal) => (await (await posted(`/api/bank/check?profile=${profile}`, xml, 'application/xml', signal)).json()) as Checked
export const checkText = async (text: string, profile: 'deploy' | 'lenient', signal?: AbortSignal) => (await (await posted(`/api/bank/check?profile=${profile}`, text, 'text/plain', signal)).json()) as Checked
export const layoutDiagram = async (xml: string, keep: boolean) => (await posted(`/api/bank/layout?keep=${keep}`, xml, 'application/xml')).text()

export interface LeftOut { line?: number; element?: string; message: string }
export const toText = (bpmn: string) => write<{ text: string; leftOut: LeftOut[] }>('POST', '/api/bank/notation', { bpmn })
export const toDiagram = (text: string, bpmn: string) => write<{ bpmn: string }>('POST', '/api/bank/notation', { text, bpmn })

export interface TemplateProperty { id?: string; label?: string; description?: string; type: string; value?: string; optional?: boolean; group?: string; constraints?: { notEmpty?: boolean }; binding: { type: string; name?: string; source?: string; property?: string } }
export interface Template { id: string; name: string; description: string; properties: TemplateProperty[]; metadata: { sagsgang: { type: string; errors: { code: string; text: string }[] } } }
export const readTemplates = (signal?: AbortSignal) => get<Template[]>('/api/bank/element-templates', signal)
