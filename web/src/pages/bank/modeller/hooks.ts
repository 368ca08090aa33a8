// What the page needs of the browser: its width, its keys, leaving; and of the draft's package what the panel offers.
import { useEffect, useMemo, useRef, useState } from 'react'
import { useBlocker } from 'react-router-dom'
import { exchange } from '../../../api/client'
import { draftPath, type Draft } from '../../../api/drafts'
import type { Around } from './Panel'

const wide = '(min-width: 700px)'

export function useWide(): boolean {
  const [is, set] = useState(() => window.matchMedia(wide).matches)
  useEffect(() => {
    const query = window.matchMedia(wide), tell = () => set(query.matches)
    query.addEventListener('change', tell)
    return () => query.removeEventListener('change', tell)
  }, [])
  return is
}

/** Roles, decisions and forms of the draft's package. */
export function useAround(draft: Draft): Around {
  const [decisions, setDecisions] = useState<[string, string][]>([])
  const files = useMemo(() => (draft.files ?? []).map((file) => (typeof file === 'string' ? file : file.path)), [draft.files])
  const has = files.includes('beslutninger.dmn')
  useEffect(() => {
    if (!has) return
    const abort = new AbortController()
    exchange(`${draftPath(draft.id)}/file?path=beslutninger.dmn`, { signal: abort.signal }).then((r) => r.text()).then((xml) => {
      const read = new DOMParser().parseFromString(xml, 'application/xml')
      setDecisions(Array.from(read.getElementsByTagName('*')).filter((e) => e.localName === 'decision').map((e) => [e.getAttribute('id') ?? '', e.getAttribute('name') ?? '']))
    }).catch(() => { /* without it the field has no list to choose from */ })
    return () => abort.abort()
  }, [draft.id, has])
  return useMemo(() => {
    const roles = Array.isArray(draft.manifest?.roller) ? (draft.manifest.roller as unknown[]).filter((r): r is string => typeof r === 'string') : []
    return { draft, roles, decisions, forms: files.filter((f) => f.endsWith('.form')).map((f) => f.replace(/^.*\//, '').replace(/\.form$/, '')) }
  }, [draft, decisions, files])
}

/** Ctrl+Z and Ctrl+Y where neither the drawing, which has them itself, nor a field has the focus. */
export function useUndoKeys(on: boolean, step: (back: boolean) => void): void {
  const latest = useRef(step)
  latest.current = step
  useEffect(() => {
    if (!on) return
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || !(event.target instanceof Element) || event.target.closest('.djs-container, input, textarea, dialog')) return
      const key = event.key.toLowerCase(), again = key === 'y' || (key === 'z' && event.shiftKey)
      if (key !== 'z' && key !== 'y') return
      event.preventDefault()
      latest.current(!again)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [on])
}

/** Leaving with something unsaved is asked about, inside the pages and by the browser; once stored, nobody is asked any more. */
export function useLeaving(unsaved: boolean, free: { current: boolean }) {
  const blocker = useBlocker(({ currentLocation, nextLocation }) => unsaved && !free.current && currentLocation.pathname !== nextLocation.pathname)
  useEffect(() => {
    if (!unsaved) return
    const ask = (event: BeforeUnloadEvent) => { event.preventDefault() }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [unsaved])
  useEffect(() => { if (blocker.state === 'blocked' && !unsaved) blocker.proceed() }, [blocker, unsaved])
  return blocker
}
