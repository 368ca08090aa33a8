// The draft's diagram while somebody works on it: read once, stored by itself after each change, and told when somebody else stored in between.
import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError, get, newIdempotencyKey } from '../../../api/client'
import { draftPath, readDiagram, storeDiagram, type Draft } from '../../../api/drafts'

export type Saving =
  | { kind: 'saved'; at: Date | null } | { kind: 'waiting' } | { kind: 'saving' } | { kind: 'offline' }
  | { kind: 'conflict'; by: string; at: string } | { kind: 'refused'; error: ApiError }

const pauseMs = 900, againMs = 5000

export interface Diagram {
  xml: string | undefined
  error: ApiError | undefined
  saving: Saving
  /** Counts what came from outside the drawing: the first read, a text, a newer revision. */
  loaded: number
  /** A change; `outside`: the drawing has to show it. */
  change: (xml: string, outside?: boolean) => void
  takeTheirs: () => Promise<void>
}

export function useDiagram(id: string): Diagram {
  const [xml, setXml] = useState<string>()
  const [error, setError] = useState<ApiError>()
  const [saving, setSaving] = useState<Saving>({ kind: 'saved', at: null })
  const [loaded, setLoaded] = useState(0)
  const now = useRef({ xml: '', stored: '', revision: '', busy: false, stopped: false, timer: undefined as ReturnType<typeof setTimeout> | undefined })

  const read = useCallback(async (signal?: AbortSignal) => {
    const stored = await readDiagram(id, signal)
    Object.assign(now.current, { xml: stored.xml, stored: stored.xml, revision: stored.revision, stopped: false })
    setXml(stored.xml)
    setLoaded((n) => n + 1)
    setSaving({ kind: 'saved', at: null })
  }, [id])

  useEffect(() => {
    const abort = new AbortController()
    const held = now.current
    setXml(undefined)
    setError(undefined)
    read(abort.signal).catch((cause: unknown) => { if (!abort.signal.aborted) setError(cause instanceof ApiError ? cause : new ApiError(0, 'Kladden kunne ikke vises', String(cause), '', 'client')) })
    return () => { abort.abort(); clearTimeout(held.timer) }
  }, [read])

  const store = useCallback(async (key: string): Promise<void> => {
    const held = now.current
    if (held.busy || held.stopped || held.xml === held.stored) return
    held.busy = true
    setSaving({ kind: 'saving' })
    const sent = held.xml
    try {
      held.revision = await storeDiagram(id, sent, held.revision, key)
      held.stored = sent
      setSaving({ kind: 'saved', at: new Date() })
    } catch (cause) {
      const problem = cause instanceof ApiError ? cause : new ApiError(0, 'Kladden blev ikke gemt', String(cause), '', 'client')
      if (problem.status === 409 || problem.status === 412) {
        held.stopped = true
        const theirs = await get<Draft>(draftPath(id)).catch(() => undefined)
        setSaving(theirs && String(theirs.revision) === held.revision.replace(/"/g, '') ? { kind: 'refused', error: problem } : { kind: 'conflict', by: theirs?.changedBy ?? '', at: theirs?.changed ?? theirs?.at ?? '' })
      } else if (problem.status === 0 || problem.status >= 500) { // the same key: if it had arrived after all, nothing is stored twice
        setSaving({ kind: 'offline' })
        held.timer = setTimeout(() => void store(held.xml === sent ? key : newIdempotencyKey()), againMs)
      } else {
        held.stopped = true
        setSaving({ kind: 'refused', error: problem })
      }
      return
    } finally { held.busy = false }
    if (held.xml !== held.stored) await store(newIdempotencyKey())
  }, [id])

  const change = useCallback((next: string, outside = false) => {
    const held = now.current
    if (next === held.xml) return
    held.xml = next
    setXml(next)
    if (outside) setLoaded((n) => n + 1)
    setSaving((old) => (old.kind === 'conflict' ? old : { kind: 'waiting' }))
    if (held.stopped && next !== held.stored) held.stopped = saving.kind === 'conflict' // what was refused may be right now
    clearTimeout(held.timer)
    held.timer = setTimeout(() => void store(newIdempotencyKey()), pauseMs)
  }, [store, saving.kind])

  return { xml, error, saving, loaded, change, takeTheirs: read }
}
