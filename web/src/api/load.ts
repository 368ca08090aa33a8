// Reading: keeps what is shown while it reads again, gives up what nobody waits for.
import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError, get } from './client'
import { useLive, type LiveKind } from './live'

export interface Loaded<T> { data: T | undefined; error: ApiError | undefined; loading: boolean; reload: () => void }

/** `read` null: nothing to read yet. `key` names what is read; a new key forgets the old data unless `keep`. */
export function useLoad<T>(key: string, read: ((signal: AbortSignal) => Promise<T>) | null, options: { live?: readonly LiveKind[]; instance?: string; keep?: boolean } = {}): Loaded<T> {
  const [state, setState] = useState<{ key: string; data?: T; error?: ApiError; loading: boolean }>({ key, loading: read !== null })
  const [turn, setTurn] = useState(0)
  const latest = useRef(read)
  latest.current = read
  const keep = options.keep === true
  const reload = useCallback(() => setTurn((n) => n + 1), [])
  useLive(options.live ?? [], reload, options.instance)
  const ready = read !== null
  useEffect(() => {
    if (!ready || latest.current === null) return
    const abort = new AbortController()
    setState((old) => (old.key === key || keep ? { ...old, key, loading: true } : { key, loading: true }))
    latest.current(abort.signal).then(
      (data) => { if (!abort.signal.aborted) setState({ key, data, loading: false }) },
      (cause: unknown) => {
        if (abort.signal.aborted) return
        const error = cause instanceof ApiError ? cause : new ApiError(0, 'Siden kunne ikke vise svaret', String(cause), '', 'client')
        setState((old) => ({ ...old, key, error, loading: false }))
      },
    )
    return () => abort.abort()
  }, [key, turn, ready, keep])
  const current = state.key === key || keep
  return { data: current ? state.data : undefined, error: current ? state.error : undefined, loading: current ? state.loading : ready, reload }
}

export function useGet<T>(path: string | null, options: { live?: readonly LiveKind[]; instance?: string; keep?: boolean } = {}): Loaded<T> {
  return useLoad<T>(path ?? '', path === null ? null : (signal) => get<T>(path, signal), options)
}
