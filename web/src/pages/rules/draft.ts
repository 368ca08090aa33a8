// A draft of a workflow's rules: the changed file, kept in this browser tab until it is published or thrown away. Rules hold no personal data; inputs are never in it.
import { useCallback, useMemo, useState } from 'react'
import type { Sheet } from '../../lib/sheet'

export interface Draft {
  version: number | string // of the package it was made from
  xml: string // the last state of the file that could be written
  sheets: Record<string, Sheet> // what stands in the editor, broken cells included
  errors: Record<string, number> // how many of them there were, by decision, when the server last looked
}
/** A draft with errors can be kept, but neither published nor asked about. */
export const isBroken = (draft: Draft | null): boolean => draft !== null && Object.values(draft.errors).some((n) => n > 0)
export interface DraftHeld {
  draft: Draft | null
  save: (draft: Draft) => void
  clear: () => void // nothing differs any more; what is being written goes on
  discard: () => void // somebody threw it away, or published it: editors begin anew
  turn: number // counts what was discarded
}

const storageName = (slug: string) => `sagsgang.kladde.${slug}`

function load(slug: string): Draft | null {
  try {
    const held = JSON.parse(sessionStorage.getItem(storageName(slug)) ?? 'null') as Draft | null
    return held && typeof held.xml === 'string' && typeof held.sheets === 'object' && typeof held.errors === 'object' ? held : null
  } catch { return null }
}

export function useDraft(slug: string): DraftHeld {
  const [draft, setDraft] = useState<Draft | null>(() => load(slug))
  const save = useCallback((next: Draft) => {
    setDraft(next)
    try { sessionStorage.setItem(storageName(slug), JSON.stringify(next)) } catch { /* full: the draft lives as long as the page */ }
  }, [slug])
  const [turn, setTurn] = useState(0)
  const clear = useCallback(() => { setDraft(null); sessionStorage.removeItem(storageName(slug)) }, [slug])
  const discard = useCallback(() => { clear(); setTurn((n) => n + 1) }, [clear])
  return useMemo(() => ({ draft, save, clear, discard, turn }), [draft, save, clear, discard, turn])
}

/** What somebody wrote in the form of a decision. It may be somebody's data: never in an address, and forgotten when the person is another. */
export function useInputs(slug: string, decision: string, user: string): [Record<string, string>, (next: Record<string, string>) => void] {
  const name = `sagsgang.proeve.${user}.${slug}.${decision}`
  const [texts, setTexts] = useState<Record<string, string>>(() => {
    for (let i = sessionStorage.length - 1; i >= 0; i--) { const key = sessionStorage.key(i); if (key?.startsWith('sagsgang.proeve.') && !key.startsWith(`sagsgang.proeve.${user}.`)) sessionStorage.removeItem(key) }
    try { return (JSON.parse(sessionStorage.getItem(name) ?? '{}') as Record<string, string> | null) ?? {} } catch { return {} }
  })
  const set = useCallback((next: Record<string, string>) => {
    setTexts(next)
    try { sessionStorage.setItem(name, JSON.stringify(next)) } catch { /* full: kept by the page alone */ }
  }, [name])
  return [texts, set]
}
