// One task: the reason first, then what was found, the invoice beside it, and the decision.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { Link } from 'react-router-dom'
import { ApiError, write } from '../../api/client'
import { useGet } from '../../api/load'
import { useRole, useSession } from '../../api/session'
import type { CaseDocument, Task, TaskAction } from '../../api/types'
import { maskCpr } from '../../lib/cpr'
import { formatBytes, formatDue } from '../../lib/format'
import { actionFor, isSubmit } from '../../lib/keys'
import { Icon } from '../../ui/Icon'
import { Alert, Badge, Facts, Keycap, MaskNote, Problem, Time, Waiting } from '../../ui/parts'
import { useShortcuts } from '../../ui/shortcuts'
import { toast } from '../../ui/toasts'
import { Values } from '../../ui/Values'
import { Invoice, invoiceOf } from './Invoice'
import { CaseDecisions } from '../../decision/CaseDecisions'

const standard: TaskAction[] = [{ value: 'godkend', label: 'Godkend', needsReason: false }, { value: 'afvis', label: 'Afvis', needsReason: true }]
const inMessage = new Set(['begrundelse', 'fund', 'handlinger', 'afgoerelse']) // shown as the page's own parts

interface Props { id: string; isCurrent: () => boolean; position: number; of: number; onDone: (id: string) => void; onNext: () => void; onPrevious: () => void; back: string }

export function TaskView({ id, isCurrent, position, of, onDone, onNext, onPrevious, back }: Props) {
  const { data: task, error, reload } = useGet<Task>(`/api/tasks/${id}`, { live: ['task'] })
  const heading = useRef<HTMLHeadingElement>(null)
  const there = task !== undefined
  useEffect(() => { if (there) { heading.current?.focus({ preventScroll: false }); window.scrollTo({ top: 0 }) } }, [there])
  const { session } = useSession()
  if (error?.status === 404 && !task) return <Alert tone="info" heading="Opgaven findes ikke længere"><p>Den er måske løst af en anden. <Link to={back}>Se listen</Link></p></Alert>
  if (error && !task) return <Problem error={error} retry={reload} />
  if (!task) return <Waiting what="opgaven" />
  const [first = '', ...rest] = maskCpr(task.reason ?? '').split('\n')
  const due = formatDue(task.due)
  const invoice = invoiceOf(task.variables)
  const others = Object.fromEntries(Object.entries(task.variables ?? {}).filter(([name]) => !inMessage.has(name) && name !== invoice?.name))
  const take = () => write('POST', `/api/tasks/${id}/assignment`, { assignee: session?.user }).then(reload, (e: unknown) => { if (e instanceof ApiError) toast(e.title, e.detail, 'error') })
  return (
    <article className="task" aria-labelledby="task-reason">
      <p className="back-to-list"><Link to={back} className="back-link">Til listen</Link></p>
      <p className="meta pieces"><span>{task.title}</span><Link to={task.slug ? `/bank/${task.slug}?element=${encodeURIComponent(task.elementId)}` : '/bank'}>{task.workflow}</Link><span>{due.late ? <Badge tone="warning">{due.text}</Badge> : due.text}</span>{position > 0 && <span>{position} af {of}</span>}</p>
      <h2 id="task-reason" className="task-heading" tabIndex={-1} ref={heading}>{first || task.title}</h2>
      {rest.some((line) => line.trim() !== '') && <p className="task-more">{rest.join('\n').trim()}</p>}
      {task.state === 'CREATED' || task.state === undefined
        ? <Decide task={task} isCurrent={isCurrent} onDone={onDone} onNext={onNext} onPrevious={onPrevious} />
        : <Alert tone="info" heading="Opgaven er løst" />}
      <div className={`task-columns ${invoice ? '' : 'single'}`}>
        <div>
          {task.findings && task.findings.length > 0 && (
            <section aria-labelledby="fund"><h3 id="fund">Det stemmer ikke</h3><ul className="findings">{task.findings.map((f, i) => <li key={i}><Icon name="alert" />{maskCpr(f.tekst)}</li>)}</ul></section>
          )}
          {task.documents && task.documents.length > 0 && (
            <section aria-labelledby="dokumenter"><h3 id="dokumenter">Dokumenter</h3><Documents documents={task.documents} instance={task.processInstanceKey} /></section>
          )}
          {task.notes && task.notes.length > 0 && (
            <section aria-labelledby="notater"><h3 id="notater">Notater</h3><ul className="plain-list notes">{task.notes.map((n, i) => <li key={i}><span className="meta"><Time value={n.at} /></span>{maskCpr(n.text)}</li>)}</ul></section>
          )}
          <section aria-labelledby="om"><h3 id="om">Om opgaven</h3>
            <Facts items={[
              ['Kom', <Time key="t" value={task.created} />],
              ['Ligger hos', task.assignee ?? <>{(task.candidateGroups ?? []).join(', ') || 'alle'} <button type="button" className="link-button" onClick={() => void take()}>Tag opgaven</button></>],
              ['Sag', <Link key="s" to={`/sager/${task.processInstanceKey}`}>{task.processInstanceKey}</Link>],
            ]} />
          </section>
        </div>
        {invoice && <section aria-labelledby="regning" className="invoice-column"><h3 id="regning">{invoice.credit ? 'Kreditnotaen' : 'Regningen'}</h3><Invoice value={invoice.value} /></section>}
      </div>
      {task.decisions && task.decisions.length > 0 && <CaseDecisions decisions={[...task.decisions].reverse()} task />}
      {Object.keys(others).length > 0 && <details className="plain-details" open={!invoice}><summary>Alle oplysninger i sagen</summary><Values value={others} /></details>}
      <MaskNote values={[first, rest, task.findings?.map((f) => maskCpr(f.tekst)), maskCpr(JSON.stringify(task.variables ?? {}))]} />
    </article>
  )
}

export function Documents({ documents, instance }: { documents: CaseDocument[]; instance: string }) {
  const mayOpen = useRole('sagsbehandler')
  return (
    <ul className="plain-list documents">
      {documents.map((d) => <li key={d.name}>{mayOpen ? <a href={`/api/cases/${instance}/documents/${encodeURIComponent(d.name)}`} target="_blank" rel="noreferrer"><Icon name="file" />{maskCpr(d.name)}</a> : <><Icon name="file" />{maskCpr(d.name)}</>} <span className="meta">{d.mime}, {formatBytes(d.bytes)}</span></li>)}
    </ul>
  )
}

function Decide({ task, isCurrent, onDone, onNext, onPrevious }: { task: Task; isCurrent: () => boolean; onDone: (id: string) => void; onNext: () => void; onPrevious: () => void }) {
  const may = useRole('sagsbehandler')
  const actions = task.actions && task.actions.length > 0 ? task.actions : standard
  const [asking, setAsking] = useState<TaskAction | null>(null)
  const [reason, setReason] = useState('')
  const [fault, setFault] = useState('')
  const [error, setError] = useState<ApiError>()
  const [busy, setBusy] = useState(false)
  const sent = useRef(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const opener = useRef<HTMLElement | null>(null)
  useEffect(() => { if (asking) field.current?.focus() }, [asking])

  const send = async (action: TaskAction, why: string) => {
    if (sent.current) return
    sent.current = true
    setBusy(true)
    setError(undefined)
    try {
      await write('POST', `/api/tasks/${task.userTaskKey}/completion`, { action: action.value, reason: why })
      toast(`Gjort: ${action.label.toLowerCase()}`, maskCpr((task.reason ?? task.title).split('\n')[0] ?? ''))
      onDone(task.userTaskKey)
    } catch (cause) {
      sent.current = false
      if (cause instanceof ApiError) setError(cause)
    } finally { setBusy(false) }
  }
  const start = (action: TaskAction | undefined) => {
    if (!action || !may || busy || !isCurrent()) return
    if (!action.needsReason) return void send(action, '')
    opener.current = document.activeElement as HTMLElement | null
    setFault('')
    setAsking(action)
  }
  const submit = () => {
    if (!asking) return
    if (reason.trim() === '') {
      setFault('Skriv en begrundelse. Den gemmes på sagen.')
      field.current?.focus()
      return
    }
    void send(asking, reason.trim())
  }
  const cancel = () => { setAsking(null); setFault(''); opener.current?.focus() }
  const keyOf = (index: number) => (actionFor('a', actions) === index ? 'a' : actionFor('r', actions) === index ? 'r' : String(index + 1))
  useShortcuts(may ? actions.map((action, index) => ({ key: keyOf(index), text: action.label, run: () => start(action), group: 'Opgaven' })) : [])
  const onKey = (event: KeyboardEvent) => {
    if (isSubmit(event)) { event.preventDefault(); submit() }
    if (event.key === 'Escape') { event.preventDefault(); cancel() }
  }
  return (
    <div className="decide">
      {error && <Problem error={error} />}
      {!asking && (
        <div className="button-row">
          {may && actions.map((action, index) => (
            <button key={action.value} type="button" disabled={busy} className={`button ${index === actionFor('a', actions) ? 'button-primary' : 'button-secondary'}`} onClick={() => start(action)}>{action.label} <Keycap>{keyOf(index)}</Keycap></button>
          ))}
          <span className="task-steps">
            <button type="button" className="button button-tertiary" onClick={onPrevious}>Forrige <Keycap>k</Keycap></button>
            <button type="button" className="button button-tertiary" onClick={onNext}>Næste <Keycap>j</Keycap></button>
          </span>
        </div>
      )}
      {asking && (
        <form className="reason-form" onSubmit={(e) => { e.preventDefault(); submit() }}>
          <div className={`form-group ${fault ? 'form-error' : ''}`}>
            <label className="form-label" htmlFor="reason">{asking.label}: begrundelse</label>
            <span className="form-hint" id="reason-hint">Skriv, så leverandøren og en kollega kan forstå det. Send med Ctrl + Enter.</span>
            {fault && <span className="form-error-message" id="reason-error" role="alert">{fault}</span>}
            <textarea id="reason" ref={field} className="form-input" rows={3} value={reason} onChange={(e) => setReason(e.target.value)} onKeyDown={onKey} required aria-describedby={`reason-hint${fault ? ' reason-error' : ''}`} aria-invalid={fault ? true : undefined} />
          </div>
          <div className="button-row">
            <button className="button button-primary" disabled={busy}>{busy ? 'Sender …' : asking.label}</button>
            <button type="button" className="button button-secondary" onClick={cancel}>Fortryd</button>
          </div>
        </form>
      )}
    </div>
  )
}
