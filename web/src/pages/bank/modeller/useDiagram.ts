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
  /** Something is being changed; its XML comes in a moment. */
  touch: () => void
  takeTheirs: () => Promise<void>
}

export function useDiagram(id: string): Diagram {
  const [xml, setXml] = useState<string>()
  const [error, setError] = useState<ApiError>()
  const [saving, setSaving] = useState<Saving>({ kind: 'saved', at: null })
  const [loaded, setLoaded] = useState(0)
  const now = useRef({ xml: '', stored: '', revision: '', busy: false, stopped: false, refused: false, touched: false, storedAt: null as Date | null, lost: undefined as { key: string; xml: string } | undefined, timer: undefined as ReturnType<typeof setTimeout> | undefined })

  const read = useCallback(async (signal?: AbortSignal) => {
    const stored = await readDiagram(id, signal)
    Object.assign(now.current, { xml: stored.xml, stored: stored.xml, revision: stored.revision, stopped: false, refused: false, touched: false, lost: undefined })
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
    return () => { abort.abort(); clearTimeout(held.timer); held.stopped = true }
  }, [read])

  const store = useCallback(async (): Promise<void> => {
    const held = now.current
    if (held.busy || held.stopped) return
    if (held.xml === held.stored && !held.lost) return setSaving({ kind: 'saved', at: held.storedAt })
    held.busy = true
    setSaving({ kind: 'saving' })
    // What may have arrived although its answer was lost goes first and again under its key, so that nobody meets a conflict with themselves.
    const sent = held.lost ?? { key: newIdempotencyKey(), xml: held.xml }
    try {
      held.revision = await storeDiagram(id, sent.xml, held.revision, sent.key)
      Object.assign(held, { stored: sent.xml, lost: undefined, storedAt: new Date() })
    } catch (cause) {
      const problem = cause instanceof ApiError ? cause : new ApiError(0, 'Kladden blev ikke gemt', String(cause), '', 'client')
      if (problem.status === 0 || problem.status >= 500) {
        held.lost = sent
        setSaving({ kind: 'offline' })
        clearTimeout(held.timer)
        held.timer = setTimeout(() => void store(), againMs)
        return
      }
      held.stopped = true
      held.lost = undefined
      const theirs = problem.status === 409 || problem.status === 412 ? await get<Draft>(draftPath(id)).catch(() => undefined) : undefined
      held.refused = theirs === undefined || String(theirs.revision) === held.revision.replace(/"/g, '')
      setSaving(held.refused ? { kind: 'refused', error: problem } : { kind: 'conflict', by: theirs?.changedBy ?? '', at: theirs?.at ?? '' })
      return
    } finally { held.busy = false }
    if (held.xml !== held.stored) return store()
    setSaving(held.touched ? { kind: 'waiting' } : { kind: 'saved', at: held.storedAt })
  }, [id])

  const touch = useCallback(() => {
    now.current.touched = true
    setSaving((old) => (old.kind === 'saved' ? { kind: 'waiting' } : old))
  }, [])
  const change = useCallback((next: string, outside = false) => {
    const held = now.current
    held.touched = false
    if (next === held.xml) return setSaving((old) => (old.kind === 'waiting' && next === held.stored ? { kind: 'saved', at: held.storedAt } : old))
    held.xml = next
    setXml(next)
    if (outside) setLoaded((n) => n + 1)
    setSaving((old) => (old.kind === 'conflict' ? old : { kind: 'waiting' }))
    if (held.refused) held.stopped = held.refused = false // what was refused may be right now
    clearTimeout(held.timer)
    held.timer = setTimeout(() => void store(), held.lost ? againMs : pauseMs)
  }, [store])

  return { xml, error, saving, loaded, change, touch, takeTheirs: read }
}
