// "Tegn videre" and "Gendan": a draft from the workflow as it is, or as it was.
import { useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { ApiError } from '../../api/client'
import { createDraft } from '../../api/drafts'
import { toast } from '../../ui/toasts'

function useDraftFrom(slug: string, to: (id: string) => string): [boolean, (version?: number) => void] {
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const begin = (version?: number) => {
    setBusy(true)
    createDraft({ from: slug, ...(version ? { version } : {}) }).then(
      ({ id }) => navigate(to(String(id))),
      (cause: unknown) => { setBusy(false); toast('Kladden kunne ikke laves', cause instanceof ApiError ? cause.title : undefined, 'error') },
    )
  }
  return [busy, begin]
}

export function DrawOn({ slug }: { slug: string }) {
  const [busy, begin] = useDraftFrom(slug, (id) => `/bank/tegn/${id}`)
  return <button type="button" className="button button-secondary" disabled={busy} onClick={() => begin()}>{busy ? 'Laver en kladde …' : 'Tegn videre'}</button>
}

/** An older version as a draft; the one in force stays until the draft is published. */
export function RestoreVersion({ slug, version }: { slug: string; version: number }) {
  const [busy, begin] = useDraftFrom(slug, (id) => `/bank/forslag/${id}`)
  return <button type="button" className="link-button" disabled={busy} onClick={() => begin(version)} title="Giver en kladde, som kan sendes som forslag">{busy ? 'Laver en kladde …' : 'Gendan'}<span className="sr-only"> version {version} som kladde</span></button>
}
