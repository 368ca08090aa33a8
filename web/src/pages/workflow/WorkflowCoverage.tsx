// Lovdækning of a workflow that was drawn from another one: what it covers, what it leaves out and why.
import { useState } from 'react'
import { Link } from 'react-router-dom'
import '../../styles/cards.css'
import { ApiError, write } from '../../api/client'
import type { Coverage, Duty } from '../../api/boards'
import { useGet } from '../../api/load'
import { useRole } from '../../api/session'
import { Dialog } from '../../ui/Dialog'
import { Badge, Problem, Table, Time } from '../../ui/parts'
import { CoverageText } from '../cards/Strip'

export default function WorkflowCoverage({ slug, own }: { slug: string; own: boolean }) {
  const { data, error, reload } = useGet<Coverage>(`/api/bank/workflows/${slug}/coverage`, { keep: true })
  const konsulent = useRole('konsulent')
  const [chosen, setChosen] = useState<Duty | null>(null)
  if (error) return <Problem error={error} />
  if (!data || (data.total === 0 && data.unknown.length === 0)) return null
  return (
    <section className="coverage-box" aria-labelledby="coverage-title">
      <h3 id="coverage-title">Lovdækning</h3>
      {data.total > 0 && <CoverageText coverage={data} />}
      {data.unknown.length > 0 && <p className="meta">Kan ikke bedømmes: {data.unknown.join(', ')} kan ikke læses her.</p>}
      {data.total > 0 && (
        <Table caption="Lovfastsatte opgaver og de trin, der dækker dem" head={['Opgave', 'Lov', 'Dækkes af']} compact>
          {data.duties.map((duty) => (
            <tr key={`${duty.slug} ${duty.id}`}>
              <td><Link to={`/bank/${duty.slug}?element=${encodeURIComponent(duty.id)}`}>{duty.name}</Link></td><td>{duty.law.join(', ')}</td>
              <td>
                {duty.by.map((by, i) => <span key={by.id}>{i > 0 && ', '}<Link to={`/bank/${slug}?element=${encodeURIComponent(by.id)}`}>{by.name}</Link></span>)}
                {duty.by.length === 0 && duty.reason && <><Badge>Fravalgt</Badge> {duty.reason}{(duty.reasonBy || duty.reasonAt) && <span className="muted"> ({duty.reasonBy}{duty.reasonBy && duty.reasonAt && ', '}{duty.reasonAt && <Time value={duty.reasonAt} />})</span>}</>}
                {duty.by.length === 0 && !duty.reason && <Badge tone="error">Mangler</Badge>}
                {duty.by.length === 0 && own && konsulent && <> <button type="button" className="link-button" onClick={() => setChosen(duty)}>{duty.reason ? 'Ret begrundelsen' : 'Skriv, hvorfor den ikke er relevant'}<span className="sr-only">: {duty.name}</span></button></>}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {chosen && <ReasonDialog slug={slug} duty={chosen} onDone={() => { setChosen(null); reload() }} onClose={() => setChosen(null)} />}
    </section>
  )
}

function ReasonDialog({ slug, duty, onDone, onClose }: { slug: string; duty: Duty; onDone: () => void; onClose: () => void }) {
  const [reason, setReason] = useState(duty.reason)
  const [error, setError] = useState<ApiError>()
  const save = async () => {
    try {
      await write('PUT', `/api/bank/workflows/${slug}/coverage/reasons`, { duty: duty.id, reason: reason.trim() })
      onDone()
    } catch (cause) { if (cause instanceof ApiError) setError(cause) }
  }
  return (
    <Dialog title={`Hvorfor er »${duty.name}« ikke relevant her?`} onClose={onClose}>
      <p>{duty.law.join(', ')}. Begrundelsen gemmes med dit navn og tidspunkt, og arbejdsgangen kan udgives med den.</p>
      <label className="form-label" htmlFor="reason-text">Begrundelse</label>
      <textarea id="reason-text" className="form-input" rows={3} maxLength={1900} value={reason} onChange={(e) => setReason(e.target.value)} />
      {error && <Problem error={error} />}
      <div className="button-row"><button type="button" className="button button-primary" disabled={reason.trim() === duty.reason} onClick={() => void save()}>Gem begrundelsen</button></div>
    </Dialog>
  )
}
