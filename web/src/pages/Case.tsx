// A case: what happened and when, notes, documents, postings; and how to forget it.
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router-dom'
import { ApiError, write } from '../api/client'
import { useGet } from '../api/load'
import { useRole } from '../api/session'
import type { Case as CaseData } from '../api/types'
import { count } from '../lib/format'
import { maskCpr } from '../lib/cpr'
import { stateName } from '../lib/words'
import { Icon } from '../ui/Icon'
import { Confirm } from '../ui/Dialog'
import { Empty, Facts, MaskNote, PageTitle, Problem, Time, Waiting } from '../ui/parts'
import { toast } from '../ui/toasts'
import { stateBadge } from './InstanceTable'
import { Entries } from './Ledger'
import { Documents } from './tasks/TaskView'

export default function Case() {
  const { key = '' } = useParams()
  const home = useRole('drift') ? '/drift' : '/opgaver'
  const { data, error, reload } = useGet<CaseData>(`/api/cases/${key}`, { live: ['instance', 'task', 'incident'], instance: key })
  return (
    <>
      <p><Link to={home} className="back-link">{home === '/drift' ? 'Til Drift' : 'Til opgaver'}</Link></p>
      <PageTitle title={`Sag ${key}`} lead="Alt, hvad der er sket i sagen: hvad der blev kontrolleret, hvem der gjorde hvad, og hvad der er betalt.">{data ? data.workflow : 'Sag'}</PageTitle>
      {error && (error.status === 404 || error.status === 410 ? <Empty heading="Sagen findes ikke"><p>Den er måske glemt: så er dens nøgle ødelagt, og indholdet kan ikke læses mere.</p><p><Link to={home}>Gå tilbage</Link></p></Empty> : <Problem error={error} retry={reload} />)}
      {!data && !error && <Waiting what="sagen" />}
      {data && <CaseBody data={data} />}
    </>
  )
}

function CaseBody({ data }: { data: CaseData }) {
  const navigate = useNavigate()
  const mayForget = useRole('sagsbehandler', 'drift')
  const home = useRole('drift') ? '/drift' : '/opgaver'
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError>()
  const forget = async () => {
    setBusy(true)
    try {
      await write('DELETE', `/api/cases/${data.processInstanceKey}`)
      toast('Sagen er glemt', 'Nøglen er ødelagt; indholdet kan ikke læses mere.')
      navigate(home, { replace: true })
    } catch (cause) {
      if (cause instanceof ApiError) setError(cause)
      setBusy(false)
      setAsking(false)
    }
  }
  return (
    <>
      <Facts className="head-facts" items={[['Sag', data.processInstanceKey], ['Tilstand', stateBadge({ state: data.state })], ['Startet', <Time key="s" value={data.started} />], ['Afsluttet', data.ended ? <Time key="e" value={data.ended} /> : undefined], ['Diagram', <Link key="d" to={`/drift/${data.processInstanceKey}`}>Se hvor den er</Link>]]} />
      {error && <Problem error={error} />}
      <div className="two-columns">
        <section aria-labelledby="forloeb">
          <h2 id="forloeb">Forløb</h2>
          {data.timeline.length === 0 ? <p className="muted">Intet er sket endnu.</p> : (
            <ol className="timeline">{data.timeline.map((step, i) => <li key={i}><span className="meta"><Time value={step.at} /></span><span>{step.name || step.elementId} <span className="muted">{stateName(step.state).toLowerCase()}</span></span></li>)}</ol>
          )}
        </section>
        <div>
          <section aria-labelledby="notater"><h2 id="notater">Notater</h2>
            {data.notes.length === 0 ? <p className="muted">Ingen notater endnu.</p> : <ul className="plain-list notes">{data.notes.map((n, i) => <li key={i}><span className="meta"><Time value={n.at} /></span>{maskCpr(n.text)}</li>)}</ul>}
          </section>
          <section aria-labelledby="dokumenter"><h2 id="dokumenter">Dokumenter</h2>
            {data.documents.length === 0 ? <p className="muted">Ingen dokumenter.</p> : <Documents documents={data.documents} instance={data.processInstanceKey} />}
          </section>
          <section aria-labelledby="posteringer"><h2 id="posteringer">Posteringer</h2>
            {data.entries.length === 0 ? <p className="muted">Der er ikke betalt noget i sagen.</p> : <Entries entries={data.entries} linkCase={false} />}
          </section>
        </div>
      </div>
      <MaskNote values={data.notes.map((n) => maskCpr(n.text))} />
      {mayForget && (
        <section className="danger" aria-labelledby="glem">
          <h2 id="glem">Glem sagen</h2>
          <p>Sletter sagens indhold for altid, også i sikkerhedskopier: nøglen ødelægges, så intet kan læses igen.</p>
          <button type="button" className="button button-secondary" onClick={() => setAsking(true)}><Icon name="trash" />Glem sagen</button>
        </section>
      )}
      {asking && (
        <Confirm title="Glem sagen for altid?" action="Glem sagen" busy={busy} onConfirm={() => void forget()} onClose={() => setAsking(false)}>
          <p>Det her forsvinder og kan ikke hentes tilbage:</p>
          <ul>
            <li>sagens oplysninger og forløb ({count(data.timeline.length, 'trin', 'trin')})</li>
            <li>{count(data.notes.length, 'notat', 'notater')}</li>
            <li>{count(data.documents.length, 'dokument', 'dokumenter')}{data.documents.length > 0 ? `: ${data.documents.map((d) => maskCpr(d.name)).join(', ')}` : ''}</li>
          </ul>
          <p>{data.entries.length > 0 ? `${count(data.entries.length, 'postering', 'posteringer')} bliver stående i regnskabet med beløb og konto, men uden persondata.` : 'Der er ingen posteringer i sagen.'}{data.state === 'ACTIVE' ? ' Sagen er ikke afsluttet; den bliver stoppet.' : ''}</p>
        </Confirm>
      )}
    </>
  )
}
