// A board that is open: everything once, then what each operation changed; who is here; and the one way to change it.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { ApiError, get, write } from '../../api/client'
import type { Board, Operation, Patch, Person } from '../../api/boards'
import { newId, withPatch } from '../../lib/board'
import { toast } from '../../ui/toasts'

const presenceMs = 120 // a pointer that moves is told at most this often

export interface OpenBoard {
  board: Board | undefined
  error: ApiError | undefined
  connected: boolean
  others: Person[]
  last: Patch['operation'] | undefined
  change: (operation: Operation) => Promise<boolean>
  tell: (place: { card?: string | null; x?: number; y?: number }) => void
}

export function useBoard(key: string): OpenBoard {
  const [board, setBoard] = useState<Board>()
  const [people, setPeople] = useState<Person[]>([])
  const [last, setLast] = useState<Patch['operation']>()
  const [error, setError] = useState<ApiError>()
  const [connected, setConnected] = useState(false)
  const client = useMemo(newId, [key])
  const place = useRef<{ card?: string | null; x?: number; y?: number }>({})
  const sending = useRef<{ timer?: ReturnType<typeof setTimeout>; at: number }>({ at: 0 })

  useEffect(() => {
    setBoard(undefined)
    setError(undefined)
    const path = `/api/bank/boards/${encodeURIComponent(key)}`
    const source = new EventSource(`${path}/events?client=${client}`)
    const on = <T>(event: string, run: (data: T) => void) => source.addEventListener(event, (message) => run(JSON.parse((message as MessageEvent<string>).data) as T))
    source.onopen = () => setConnected(true)
    source.onerror = () => {
      setConnected(false)
      if (source.readyState === EventSource.CLOSED) get<Board>(path).then(setBoard, (cause: unknown) => { if (cause instanceof ApiError) setError(cause) })
    }
    on<Board>('board', (data) => { setBoard(data); setPeople(data.people) })
    on<Patch>('patch', (patch) => { setBoard((old) => old && withPatch(old, patch)); setLast(patch.operation) })
    on<{ people: Person[] }>('people', (data) => setPeople((old) => data.people.map((person) => ({ ...old.find((o) => o.client === person.client), ...person }))))
    on<Person>('here', (data) => setPeople((old) => old.map((person) => (person.client === data.client ? { ...person, ...data } : person))))
    on('gone', () => { source.close(); setError(new ApiError(404, 'Tavlen er slettet', 'The board was deleted while it was open.', '', 'not_found')) })
    on<{ title?: string; detail?: string }>('refused', (data) => { source.close(); setError(new ApiError(413, data.title ?? 'Tavlen kan ikke åbnes', data.detail ?? '', '', 'limit_exceeded')) })
    return () => source.close()
  }, [key, client])

  const change = useCallback(async (operation: Operation) => {
    try {
      await write('POST', `/api/bank/boards/${encodeURIComponent(key)}/operations`, operation)
      return true
    } catch (cause) {
      const problem = cause instanceof ApiError ? cause : undefined
      const undone = operation.op === 'undo' || operation.op === 'redo'
      toast(undone ? (operation.op === 'undo' ? 'Der er ikke noget at fortryde' : 'Der er ikke noget at gøre igen') : problem?.title ?? 'Det kunne ikke lade sig gøre',
        undone ? 'Du fortryder kun dine egne ændringer, og kun det, andre ikke har arbejdet videre på.' : problem?.status === 404 ? 'En anden har fjernet det imens.' : undefined, undone ? 'info' : 'error')
      return false
    }
  }, [key])

  const tell = useCallback((next: { card?: string | null; x?: number; y?: number }) => {
    place.current = { ...place.current, ...next }
    if (sending.current.timer !== undefined) return
    const wait = Math.max(0, sending.current.at + presenceMs - Date.now())
    sending.current.timer = setTimeout(() => {
      sending.current = { at: Date.now() }
      // What nobody hears is no fault: the next movement tells it again.
      void fetch(`/api/bank/boards/${encodeURIComponent(key)}/presence`, { method: 'POST', credentials: 'same-origin', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ client, ...place.current }) }).catch(() => {})
    }, wait)
  }, [key, client])
  useEffect(() => () => clearTimeout(sending.current.timer), [])

  return { board, error, connected, others: people.filter((person) => person.client !== client), last, change, tell }
}
