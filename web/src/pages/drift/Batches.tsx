// I baggrunden: what is worked off now and what was in the last day; and one of them with its result.
import { Link, useParams } from 'react-router-dom'
import type { Batch } from '../../api/drift'
import { useGet } from '../../api/load'
import { useEffect } from 'react'
import { askedWords, batchTitle, batchVerdict } from '../../lib/batch'
import { maskCpr } from '../../lib/cpr'
import { Badge, Empty, Facts, PageTitle, Problem, Table, Time, Waiting } from '../../ui/parts'
import { BatchView, useBatch } from './BatchView'
import { DriftNav } from './DriftNav'

const states: Record<Batch['state'], ['info' | 'success' | 'warning' | 'error', string]> = { RUNNING: ['info', 'I gang'], COMPLETED: ['success', 'Færdig'], CANCELED: ['warning', 'Afbrudt'], FAILED: ['error', 'Fejlet'] }

export default function Batches() {
  const { key } = useParams()
  return key ? <One batchKey={key} /> : <List />
}

function List() {
  const { data, error, reload } = useGet<{ items: Batch[] }>('/api/operations/batches', { keep: true })
  const running = data?.items.some((b) => b.state === 'RUNNING') === true
  useEffect(() => {
    if (!running) return
    const timer = setInterval(reload, 1000)
    return () => clearInterval(timer)
  }, [running, reload])
  return (
    <>
      <PageTitle title="I baggrunden" lead="Her ser du det arbejde, der er sat i gang for mange sager på én gang: hvor langt det er, og hvad der kom ud af det.">I baggrunden</PageTitle>
      <DriftNav />
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && <Waiting what="listen" />}
      {data?.items.length === 0 && <Empty heading="Intet arbejder i baggrunden"><p>Når du søger i sagernes oplysninger, prøver mange fejl igen eller flytter sager til en anden version, står arbejdet her i et døgn. Prøv fx at <Link to="/drift/sager?oplysninger=1">finde en sag ud fra en oplysning</Link>.</p></Empty>}
      {data && data.items.length > 0 && (
        <Table caption="Arbejde i baggrunden" head={['Arbejde', 'Om', 'Hvor langt', 'Tilstand', 'Sat i gang']} compact>
          {data.items.map((b) => (
            <tr key={b.batchKey}>
              <td><Link to={`/drift/arbejde/${b.batchKey}`}>{batchTitle(b)}</Link></td><td>{askedWords(b, (id) => id)}</td><td>{batchVerdict(b)}</td>
              <td><Badge tone={states[b.state][0]}>{states[b.state][1]}</Badge></td><td><Time value={b.started} /><br /><span className="muted">af {b.by}</span></td>
            </tr>
          ))}
        </Table>
      )}
    </>
  )
}

function One({ batchKey }: { batchKey: string }) {
  const { data } = useBatch(batchKey)
  return (
    <>
      <p><Link to="/drift/arbejde" className="back-link">Til alt, der er sat i gang</Link></p>
      <PageTitle title="Arbejde i baggrunden" lead="Her ser du, hvor langt arbejdet er, og hvad der kom ud af det.">Arbejde i baggrunden</PageTitle>
      {data && <Facts className="head-facts" items={[['Om', askedWords(data, (id) => id)], ['Sat i gang', <Time key="t" value={data.started} />], ['Af', data.by], ['Formål', data.purpose ? maskCpr(data.purpose) : undefined], ['Sluttet', data.ended ? <Time key="e" value={data.ended} /> : undefined]]} />}
      <BatchView batchKey={batchKey} />
    </>
  )
}
