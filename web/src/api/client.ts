// The one door to the server: JSON in and out, problem+json as ApiError, an Idempotency-Key on every write.

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly title: string, // Danish, for people
    readonly detail: string, // English, for engineers
    readonly reference: string,
    readonly code: string,
    readonly where?: unknown,
    readonly findings: Finding[] = [],
  ) {
    super(title)
  }
}
export interface Finding { file?: string; line?: number; column?: number; element?: string; code?: string; message?: string; message_da?: string; remedy?: string; error?: boolean }

let signedOut: () => void = () => {}
/** What to do when the server says 401 in the middle of work. */
export function onSignedOut(handler: () => void): void { signedOut = handler }

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { credentials: 'same-origin', ...init })
  } catch (cause) {
    if (init.signal?.aborted) throw cause
    throw new ApiError(0, 'Der er ikke forbindelse til serveren', 'The request did not reach the server.', '', 'no_connection')
  }
}

async function failure(response: Response): Promise<ApiError> {
  let body: Record<string, unknown> = {}
  try { body = (await response.json()) as Record<string, unknown> } catch { /* not a problem document: the status says it */ }
  const text = (name: string) => (typeof body[name] === 'string' ? (body[name] as string) : '')
  const title = text('title') || (response.status >= 500 ? 'Serveren svarede med en fejl' : 'Det kunne ikke lade sig gøre')
  const findings = Array.isArray(body.findings) ? (body.findings as Finding[]) : []
  return new ApiError(response.status, title, text('detail'), text('instance'), text('type').split(':').pop() ?? '', body.where, findings)
}

async function checked(path: string, init: RequestInit): Promise<Response> {
  const response = await send(path, init)
  if (response.ok) return response
  const error = await failure(response)
  if (response.status === 401 && path !== '/api/session') signedOut()
  throw error
}

/** Any call, its answer as it came (for ETag and texts); what is not 2xx is an ApiError. */
export const exchange = checked
export const newIdempotencyKey = newKey

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await checked(path, { signal, headers: { Accept: 'application/json' } })).json()) as T
}

export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  return (await checked(path, { signal })).text()
}

/** A write. The same key is sent again when the connection broke before an answer came, so nothing is done twice. */
export async function write<T = void>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method, headers: { 'Content-Type': 'application/json', 'Idempotency-Key': newKey() } }
  init.body = JSON.stringify(body ?? {})
  let response: Response
  try {
    response = await checked(path, init)
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 0) throw error
    response = await checked(path, init)
  }
  const text = response.status === 204 ? '' : await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}

export async function upload<T>(path: string, file: Blob): Promise<T> {
  const init = { method: 'POST', body: file, headers: { 'Content-Type': 'application/zip', 'Idempotency-Key': newKey() } }
  return (await (await checked(path, init)).json()) as T
}

/** Several files as multipart/form-data; a file of a chosen folder goes by its path in it. */
export async function uploadFiles<T>(path: string, files: readonly { path: string; file: Blob }[]): Promise<T> {
  const body = new FormData()
  for (const { path: name, file } of files) body.append('files', file, name)
  return (await (await checked(path, { method: 'POST', body, headers: { 'Idempotency-Key': newKey() } })).json()) as T
}

/** POST /v2/<kind>/search. Everything beyond `limit` is counted in page.totalItems. */
export function search<T>(kind: string, filter: Record<string, unknown>, options: { sort?: { field: string; order: 'ASC' | 'DESC' }[]; limit?: number; from?: number } = {}): Promise<T> {
  return write<T>('POST', `/v2/${kind}/search`, { filter, sort: options.sort ?? [], page: { from: options.from ?? 0, limit: options.limit ?? 100 } })
}

/** Path with query; empty values are left out. */
export function query(path: string, values: Record<string, string | number | boolean | null | undefined>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value !== '' && value !== null && value !== undefined) params.set(name, String(value))
  const text = params.toString()
  return text === '' ? path : `${path}?${text}`
}
