// What the authority's people write to each other about a step, in threads; a removal can be undone.
import { useState, type FormEvent } from 'react'
import { ApiError, write } from '../../api/client'
import { useRole } from '../../api/session'
import { apiOf, type Comment, type Comments as Threads } from '../../api/understand'
import type { DiagramElement } from '../../diagram/Bpmn'
import { count } from '../../lib/format'
import { isSubmit } from '../../lib/keys'
import { Alert, Badge, Problem, Time } from '../../ui/parts'

export function Comments({ slug, data, error, reload, element, onSelect }: { slug: string; data: Threads | undefined; error: ApiError | undefined; reload: () => void; element: DiagramElement | undefined; onSelect: (id: string | null) => void }) {
  const konsulent = useRole('konsulent')
  const [resolved, setResolved] = useState(false)
  const [fault, setFault] = useState<ApiError>()
  const [removed, setRemoved] = useState<Comment>()
  const act = async (method: 'POST' | 'DELETE', path: string, body?: unknown) => {
    setFault(undefined)
    try { await write(method, path, body); reload(); return true } catch (cause) { if (cause instanceof ApiError) setFault(cause); return false }
  }
  if (error) return <Problem error={error} />
  const all = data?.threads ?? []
  const here = element ? all.filter((t) => t.elementId === element.id) : all
  const shown = here.filter((t) => resolved || !t.resolved)
  const settled = here.filter((t) => t.resolved).length
  const remove = async (comment: Comment) => { if (await act('DELETE', `/api/bank/comments/${comment.commentKey}`)) setRemoved(comment) }
  const restore = async () => { if (removed && await act('POST', `/api/bank/comments/${removed.commentKey}/restoration`)) setRemoved(undefined) }
  return (
    <section className="comments no-print" aria-labelledby="kommentarer">
      <h3 id="kommentarer">Kommentarer{element ? ` til »${element.name}«` : ''} <span className="muted">({count(here.length - settled, 'åben', 'åbne')})</span></h3>
      {here.length === 0 && <p className="meta">{element ? 'Ingen har skrevet om dette trin endnu.' : 'Ingen har skrevet endnu. Vælg et trin i diagrammet for at skrive om netop det.'} Kommentarer læses kun i jeres egen myndighed.</p>}
      {fault && <Problem error={fault} />}
      {removed && <Alert tone="info" heading="Kommentaren er fjernet" live><button type="button" className="button button-secondary button-small" onClick={() => void restore()}>Fortryd</button></Alert>}
      <ul className="plain-list threads">
        {shown.map((thread) => (
          <li key={thread.commentKey} className="thread">
            <Said comment={thread} may={thread.own || konsulent} onRemove={remove}>
              {!element && thread.elementId && <button type="button" className="link-button" onClick={() => onSelect(thread.elementId)}>{thread.elementName || thread.elementId}</button>}
              {thread.resolved && <Badge tone="success">Afsluttet af {thread.resolved.by}</Badge>}
            </Said>
            {(thread.replies ?? []).length > 0 && <ul className="plain-list replies">{thread.replies?.map((reply) => <li key={reply.commentKey}><Said comment={reply} may={reply.own || konsulent} onRemove={remove} /></li>)}</ul>}
            <div className="thread-tools">
              <Writer label={`Svar på ${thread.by}`} button="Svar" short onSend={(text) => act('POST', `${apiOf(slug)}/comments`, { text, replyTo: thread.commentKey })} />
              <button type="button" className="button button-secondary button-small" onClick={() => void act('POST', `/api/bank/comments/${thread.commentKey}/resolution`, { resolved: !thread.resolved })}>{thread.resolved ? 'Åbn igen' : 'Afslut'}</button>
            </div>
          </li>
        ))}
      </ul>
      {settled > 0 && <p><button type="button" className="link-button" aria-expanded={resolved} onClick={() => setResolved(!resolved)}>{resolved ? 'Skjul afsluttede' : `Vis ${count(settled, 'afsluttet', 'afsluttede')}`}</button></p>}
      <Writer label={element ? `Skriv om »${element.name}«` : 'Skriv om hele arbejdsgangen'} button="Send kommentar" onSend={(text) => act('POST', `${apiOf(slug)}/comments`, { text, ...(element && { elementId: element.id }) })} />
    </section>
  )
}

function Said({ comment, may, onRemove, children }: { comment: Comment; may: boolean; onRemove: (comment: Comment) => Promise<void>; children?: React.ReactNode }) {
  return (
    <div className="said">
      <p className="meta pieces"><strong>{comment.by}</strong> <Time value={comment.at} /> <span>version {comment.version}</span> {children}</p>
      <p className="said-text">{comment.text}</p>
      {may && <button type="button" className="link-button meta" onClick={() => void onRemove(comment)}>Fjern<span className="sr-only"> kommentaren fra {comment.by}</span></button>}
    </div>
  )
}

/** An answer's field opens first when it is asked for. */
function Writer({ label, button, short, onSend }: { label: string; button: string; short?: boolean; onSend: (text: string) => Promise<boolean> }) {
  const [text, setText] = useState('')
  const [open, setOpen] = useState(!short)
  const [busy, setBusy] = useState(false)
  const [missing, setMissing] = useState(false)
  const send = async () => {
    if (text.trim() === '') { setMissing(true); return }
    setBusy(true)
    if (await onSend(text)) { setText(''); if (short) setOpen(false) }
    setBusy(false)
  }
  if (!open) return <button type="button" className="button button-secondary button-small" onClick={() => setOpen(true)}>Svar</button>
  return (
    <form className="writer" onSubmit={(e: FormEvent) => { e.preventDefault(); void send() }}>
      <label className="form-label">{label}
        <textarea className="form-input" rows={short ? 2 : 3} maxLength={8000} value={text} aria-invalid={missing || undefined} onChange={(e) => { setText(e.target.value); setMissing(false) }} onKeyDown={(e) => { if (isSubmit(e)) { e.preventDefault(); void send() } }} />
      </label>
      {missing && <p className="form-error-message" role="alert">Skriv noget først.</p>}
      <p className="hint">Skriv ingen personoplysninger om borgere.</p>
      <button type="submit" className="button button-secondary button-small" disabled={busy}>{busy ? 'Sender …' : button}</button>
    </form>
  )
}
