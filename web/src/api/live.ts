// Server-sent events: one connection for the whole page, opened when somebody listens, shared by all who do.
import { useEffect, useRef, useSyncExternalStore } from 'react'

export type LiveKind = 'instance' | 'task' | 'incident' | 'definition'
export interface LiveNote { kind: LiveKind; key?: string; processInstanceKey?: string; state?: string }

const kinds: LiveKind[] = ['instance', 'task', 'incident', 'definition']
const listeners = new Set<(note: LiveNote | null) => void>()
const watchers = new Set<() => void>()
let source: EventSource | null = null
let connected = false

function setConnected(value: boolean): void {
  if (connected === value) return
  connected = value
  watchers.forEach((watch) => watch())
}

function open(): void {
  if (source || typeof EventSource === 'undefined') return
  let opened = false
  source = new EventSource('/api/events')
  source.onopen = () => {
    setConnected(true)
    if (opened) listeners.forEach((listen) => listen(null)) // back after a break: what happened meanwhile is unknown, so read again
    opened = true
  }
  source.onerror = () => {
    setConnected(false)
    // A refused answer closes for good; a broken connection is tried again by the browser itself.
    if (source?.readyState === EventSource.CLOSED) {
      source = null
      setTimeout(() => { if (listeners.size > 0) open() }, 5000)
    }
  }
  for (const kind of kinds) {
    source.addEventListener(kind, (event) => {
      let data: Partial<LiveNote> = {}
      try { data = JSON.parse((event as MessageEvent<string>).data) as Partial<LiveNote> } catch { /* the kind alone says enough to read again */ }
      listeners.forEach((listen) => listen({ ...data, kind }))
    })
  }
}

function listen(handler: (note: LiveNote | null) => void): () => void {
  listeners.add(handler)
  open()
  return () => {
    listeners.delete(handler)
    if (listeners.size === 0) { source?.close(); source = null; setConnected(false) }
  }
}

/** Calls `handler` at most every 400 ms while matching notes arrive. */
export function useLive(match: readonly LiveKind[], handler: () => void, instance?: string): void {
  const latest = useRef(handler)
  latest.current = handler
  const wanted = match.join(' ')
  useEffect(() => {
    if (wanted === '') return
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = listen((note) => {
      if (note && !wanted.split(' ').includes(note.kind)) return
      if (note && instance !== undefined && note.processInstanceKey !== undefined && String(note.processInstanceKey) !== instance) return
      timer ??= setTimeout(() => { timer = undefined; latest.current() }, 400)
    })
    return () => { stop(); clearTimeout(timer) }
  }, [wanted, instance])
}

export function useConnected(): boolean {
  return useSyncExternalStore((watch) => { watchers.add(watch); return () => watchers.delete(watch) }, () => connected)
}
