// Work on many, from order to result: progress with a count, can be left and found again, canceled, and what failed and why.
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { Link } from 'react-router-dom'
import '../../styles/drift.css'
import { ApiError } from '../../api/client'
import { batchRowsPath, cancelBatch, getBatch, type Batch, type BatchRow, type BatchRows } from '../../api/drift'
import { useGet, useLoad } from '../../api/load'
import { batchTitle, batchVerdict, groupWords, isSearch, outcomeWord } from '../../lib/batch'
import { maskCpr } from '../../lib/cpr'
import { formatNumber, humanise } from '../../lib/format'
import { errorName } from '../../lib/words'
import { Alert, Empty, Problem, Table, Time, Waiting } from '../../ui/parts'
import { stateBadge } from '../InstanceTable'

/** Reads a batch until it has ended. */
export function useBatch(key: string) {
  const loaded = useLoad(`batch ${key}`, key ? (signal) => getBatch(key, signal) : null)
  const running = loaded.data?.state === 'RUNNING'
  const { reload } = loaded
  useEffect(() => {
    if (!running) return
    const timer = setInterval(reload, 500)
    return () => clearInterval(timer)
  }, [running, reload])
  return loaded
}

/** The bar, and the way to stop it. */
export function BatchProgress({ batch, onChanged, id = 'batch-progress' }: { batch: Batch; onChanged: () => void; id?: string }) {
  const [fault, setFault] = useState<ApiError>()
  const running = batch.state === 'RUNNING'
  const stop = () => { setFault(undefined); cancelBatch(batch.batchKey).then(onChanged, (cause: unknown) => { if (cause instanceof ApiError) setFault(cause) }) }
  return (
    <div className="bulk" role="status">
      <label htmlFor={id}>{batchVerdict(batch)}</label>
      <progress id={id} max={Math.max(1, batch.of)} value={running ? batch.done : Math.max(1, batch.of) * (batch.of === 0 ? 1 : batch.done / batch.of)} />
      {running && <p><button type="button" className="button button-secondary" onClick={stop}>Afbryd</button> <span className="meta">Du kan gå fra siden. Arbejdet fortsætter og står under »I baggrunden«.</span></p>}
      {fault && <Problem error={fault} />}
    </div>
  )
}

export function BatchView({ batchKey, again, head = true, onEnded }: { batchKey: string; again?: ReactNode; head?: boolean; onEnded?: () => void }) {
  const { data, error, reload } = useBatch(batchKey)
  const heading = useRef<HTMLHeadingElement>(null)
  const ended = data !== undefined && data.state !== 'RUNNING'
  const wasRunning = useRef(false)
  const end = useRef(onEnded)
  end.current = onEnded
  useEffect(() => {
    if (data?.state === 'RUNNING') wasRunning.current = true
    if (ended && wasRunning.current) { heading.current?.focus(); end.current?.() }
  }, [data?.state, ended])
  if (error?.status === 404) return <Empty heading="Resultatet findes ikke længere"><p>Et resultat gemmes i et døgn, og ikke længere end til serveren starter igen. Det, der blev gjort, står stadig ved sagerne.</p>{again}</Empty>
  if (error) return <Problem error={error} retry={reload} />
  if (!data) return <Waiting what="resultatet" />
  const total = Object.values(data.counts).reduce((a, b) => a + b, 0)
  return (
    <>
      {head && <h2 tabIndex={-1} ref={heading} className="verdict">{batchTitle(data)}</h2>}
      <BatchProgress batch={data} onChanged={reload} />
      {data.state === 'CANCELED' && <Alert tone="warning" heading="Afbrudt, før alle var færdige" live={false}><p>{isSearch(data) ? 'De sager, der nåede at blive fundet, står her.' : 'Det, der var gjort, bliver stående. Resten er, som de var.'}</p></Alert>}
      {data.state === 'FAILED' && <Alert tone="error" heading="Arbejdet kunne ikke gøres færdigt" live={false}>{data.message && <p className="break" lang="en">{maskCpr(data.message)}</p>}</Alert>}
      {(data.newIncidents ?? 0) > 0 && <Alert tone="warning" heading={`${formatNumber(data.newIncidents ?? 0)} nye fejl samme sted, siden du begyndte`} live={false}><p>Nogle af sagerne fejlede igen, eller der er kommet nye til. Ret årsagen, før du prøver igen. <Link to="/drift/fejl">Se fejlene</Link></p></Alert>}
      {data.groups.length > 0 && (
        <section aria-labelledby="hvorfor">
          <h3 id="hvorfor">Hvad gik ikke, og hvorfor?</h3>
          <ul className="value-list">{data.groups.map((g, i) => <li key={i} className="break"><strong>{formatNumber(g.count)}</strong>: {groupWords(g)}</li>)}</ul>
        </section>
      )}
      {total > 0 && <Rows batch={data} />}
      {ended && total === 0 && <Empty heading={isSearch(data) ? 'Ingen sager passer' : 'Der var intet at gøre'}><p>{isSearch(data) ? 'Tjek stavemåden, eller søg med »indeholder«. Oplysninger i glemte sager kan ikke findes.' : 'Ingen passede til det valgte, da arbejdet begyndte.'}</p>{again}</Empty>}
    </>
  )
}

const size = 25
function Rows({ batch }: { batch: Batch }) {
  const [cursors, setCursors] = useState<string[]>([''])
  const [outcome, setOutcome] = useState('')
  const cursor = cursors.at(-1) ?? ''
  const running = batch.state === 'RUNNING'
  const { data, error, reload } = useGet<BatchRows>(batchRowsPath(batch.batchKey, cursor || null, size, outcome), { keep: true })
  const done = batch.kept
  useEffect(() => { if (!running || cursor === '') reload() }, [done, running, cursor, reload])
  const outcomes = Object.keys(batch.counts)
  if (error) return <Problem error={error} retry={reload} />
  if (!data) return <Waiting what="listen" />
  const first = (cursors.length - 1) * size
  const search = isSearch(batch)
  return (
    <section aria-labelledby="en-for-en">
      <h3 id="en-for-en">{search ? 'Sager' : 'En for en'}</h3>
      {outcomes.length > 1 && (
        <div className="rule-choice" role="group" aria-label="Vis">
          <button type="button" className="chip" aria-pressed={outcome === ''} onClick={() => { setOutcome(''); setCursors(['']) }}>Alle</button>
          {outcomes.map((o) => <button key={o} type="button" className="chip" aria-pressed={outcome === o} onClick={() => { setOutcome(o); setCursors(['']) }}>{outcomeWord(o, batch.kind)} ({formatNumber(batch.counts[o] ?? 0)})</button>)}
        </div>
      )}
      <Table caption={search ? 'Fundne sager' : 'En for en'} head={search ? ['Sag', 'Arbejdsgang', 'Passer, fordi', 'Tilstand', 'Startet'] : batch.kind === 'resolution' ? ['Sag', 'Trin', 'Fejl', 'Resultat'] : ['Sag', 'Resultat']} compact>
        {data.items.map((row, i) => <Row key={row.incidentKey ?? `${row.processInstanceKey}${i}`} row={row} kind={batch.kind} />)}
      </Table>
      {(cursors.length > 1 || data.nextCursor) && (
        <div className="pager">
          <button type="button" className="button button-secondary" disabled={cursors.length === 1} onClick={() => setCursors(cursors.slice(0, -1))}>Forrige</button>
          <span>{formatNumber(first + 1)}–{formatNumber(first + data.items.length)}{outcome === '' ? ` af ${formatNumber(data.total)}` : ''}</span>
          <button type="button" className="button button-secondary" disabled={!data.nextCursor || data.items.length < size} onClick={() => data.nextCursor && setCursors([...cursors, data.nextCursor])}>Næste</button>
        </div>
      )}
      {data.total < Object.values(batch.counts).reduce((a, b) => a + b, 0) && <p className="meta">Listen holder de første {formatNumber(data.total)}; tallene ovenfor gælder dem alle.</p>}
    </section>
  )
}

function Row({ row, kind }: { row: BatchRow; kind: Batch['kind'] }) {
  const link = <Link to={`/drift/${row.processInstanceKey}`}>{row.processInstanceKey}</Link>
  if (kind === 'search') {
    return (
      <tr><td>{link}{row.businessId && <><br /><span className="muted">{row.businessId}</span></>}</td><td>{row.processDefinitionName || row.processDefinitionId}{row.processDefinitionVersion ? <span className="muted"> v{row.processDefinitionVersion}</span> : null}</td>
        <td>{(row.matched ?? []).map((m, i) => <span key={i} className="match break">{humanise(m.name.split('.').join(' › '))}: <strong>{m.value}</strong></span>)}{(row.matched ?? []).length === 0 && '–'}</td>
        <td>{stateBadge({ state: row.state ?? '', hasIncident: row.hasIncident })}</td><td><Time value={row.startDate} /></td></tr>
    )
  }
  const result = <>{outcomeWord(row.outcome, kind)}{row.again && <><br /><strong>Fejlet igen</strong></>}{(row.reasons ?? []).map((r, i) => <span key={i} className="match muted break">{groupWords(r)}</span>)}</>
  if (kind === 'resolution') return <tr><td>{link}</td><td>{row.elementName || row.elementId}</td><td>{errorName(row.errorType)}</td><td>{result}</td></tr>
  return <tr><td>{link}</td><td>{result}</td></tr>
}
