// What people said while they read it, on the whole or on the element that is lit.
import { useState } from 'react'
import { ApiError, write } from '../../api/client'
import { draftPath } from '../../api/drafts'
import type { Proposal } from '../../api/proposals'
import { Problem, Time } from '../../ui/parts'

export function ProposalComments({ proposal, lit, light, names, onSaid }: { proposal: Proposal; lit: string | null; light: (element: string | null) => void; names: Map<string, string>; onSaid: () => void }) {
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError>()
  const about = lit && names.has(lit) ? lit : ''
  const say = async () => {
    if (!text.trim()) return document.getElementById('kommentar')?.focus()
    setBusy(true)
    setError(undefined)
    try {
      await write('POST', draftPath(proposal.id, '/comments'), { text: text.trim(), ...(about ? { element: about } : {}) })
      setText('')
      onSaid()
    } catch (cause) { if (cause instanceof ApiError) setError(cause) } finally { setBusy(false) }
  }
  return (
    <section aria-labelledby="kommentarer">
      <h2 id="kommentarer">Kommentarer</h2>
      {proposal.comments.length === 0 && <p className="meta">Ingen har skrevet noget endnu. Vælg et trin i diagrammet, hvis din kommentar handler om det.</p>}
      {proposal.comments.length > 0 && (
        <ul className="plain-list rows comments">
          {proposal.comments.map((c, i) => (
            <li key={i}>
              <p className="meta"><strong>{c.by}</strong> <Time value={c.at} />{c.element && <> om {names.has(c.element) ? <button type="button" className="link-button" onClick={() => light(c.element)}>{names.get(c.element)}</button> : <span>et trin, der ikke er her længere</span>}</>}{c.revision < proposal.revision && <span className="muted"> (før de seneste ændringer)</span>}</p>
              <p className="comment-text">{c.text}</p>
            </li>
          ))}
        </ul>
      )}
      {proposal.state !== 'deleted' && (
        <form className="comment-form no-print" onSubmit={(e) => { e.preventDefault(); void say() }}>
          <label className="form-label" htmlFor="kommentar">Din kommentar</label>
          {about && <span className="form-hint">Om »{names.get(about)}« <button type="button" className="link-button" onClick={() => light(null)}>Om det hele i stedet</button></span>}
          <textarea id="kommentar" className="form-input" rows={3} maxLength={3000} value={text} onChange={(e) => setText(e.target.value)} />
          {error && <Problem error={error} />}
          <p><button type="submit" className="button button-secondary" disabled={busy}>{busy ? 'Sender …' : 'Skriv kommentaren'}</button></p>
        </form>
      )}
    </section>
  )
}
