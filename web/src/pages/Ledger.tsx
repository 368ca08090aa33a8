// The embedded ledger: every posting, whether it balances, and what a restore set aside.
import { Link, useSearchParams } from 'react-router-dom'
import { ApiError, query, write } from '../api/client'
import { useGet } from '../api/load'
import type { Ledger as LedgerData, LedgerEntry, QuarantineItem } from '../api/types'
import { count, formatAmount } from '../lib/format'
import { maskCpr } from '../lib/cpr'
import { Alert, Badge, Empty, PageTitle, Problem, StandInMark, Time, Waiting } from '../ui/parts'
import { useRole, useSession } from '../api/session'
import { toast } from '../ui/toasts'
import { Pager } from '../ui/Pager'

const size = 50

export default function Ledger() {
  const [params, setParams] = useSearchParams()
  const maySettle = useRole('drift')
  const offset = Math.max(0, Number(params.get('fra') ?? 0) || 0)
  const { data, error, reload } = useGet<LedgerData>(query('/api/ledger', { limit: size, offset }), { keep: true, live: ['instance'] })
  const quarantine = useGet<{ items: QuarantineItem[] }>(maySettle ? '/api/operations/quarantine' : null)
  const { status } = useSession()
  const settle = (item: QuarantineItem) => write('POST', '/api/operations/quarantine/settlement', { idempotencyKey: item.idempotencyKey }).then(
    () => { toast('Afklaret', 'Betalingen står ved magt og bliver ikke gentaget.'); quarantine.reload(); reload() },
    (cause: unknown) => { if (cause instanceof ApiError) toast(cause.title, cause.reference ? `Referencenummer ${cause.reference}` : undefined, 'error') })
  const balanced = data && Number(data.balance.debit) === Number(data.balance.credit)
  const held = quarantine.data?.items ?? []
  return (
    <>
      <PageTitle title="Regnskab" lead="Her står hver betaling, som arbejdsgangene har bogført, med konto, modpost og den sag, den hører til.">Regnskab</PageTitle>
      {status?.standIns.some((s) => /oekonomi|økonomi/i.test(s.kind)) && <p><StandInMark what="økonomisystem" /></p>}
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && <Waiting what="posteringer" />}
      {data && data.total > 0 && (
        <>
          {balanced ? <Alert tone="success" heading={`Regnskabet stemmer: debet og kredit er begge ${formatAmount(data.balance.debit)}`} />
            : <Alert tone="error" heading={`Regnskabet stemmer ikke: debet ${formatAmount(data.balance.debit)}, kredit ${formatAmount(data.balance.credit)}`} />}
          <dl className="figures">
            <div><dt>Bogført og betalt</dt><dd>{formatAmount(data.paidTotal)}</dd></div>
            <div><dt>Betalinger</dt><dd>{count(data.total, 'postering', 'posteringer')}</dd></div>
            {maySettle && <div><dt>I karantæne</dt><dd>{held.filter((i) => !i.settled).length}</dd></div>}
          </dl>
        </>
      )}
      {held.length > 0 && (
        <section aria-labelledby="karantaene">
          <h2 id="karantaene">I karantæne efter gendannelse</h2>
          <p>Disse handlinger var udført efter sikkerhedskopien. De gentages ikke, før en person har set på dem.</p>
          <ul className="plain-list rows">{held.map((item) => <li key={item.idempotencyKey}><span>{maskCpr(item.text)}</span><span className="meta"><Time value={item.at} /> {item.settled ? <Badge tone="success">Afklaret</Badge> : <Badge tone="warning">Venter</Badge>}</span>{!item.settled && item.kind === 'payment' && <button type="button" className="button button-secondary settle" onClick={() => void settle(item)} aria-label={`Betalingen er set og står ved magt: ${maskCpr(item.text)}`}>Set: betalingen står ved magt</button>}</li>)}</ul>
        </section>
      )}
      {data && data.total === 0 && <Empty heading="Der er ikke bogført noget endnu"><p>Når en regning bliver betalt, står posteringen her med det samme.</p></Empty>}
      {data && data.entries.length > 0 && (
        <section aria-labelledby="posteringer">
          <h2 id="posteringer">Posteringer</h2>
          <Entries entries={data.entries} />
          <Pager offset={offset} shown={data.entries.length} total={data.total} size={size} onChange={(n) => setParams(n ? { fra: String(n) } : {})} />
        </section>
      )}
    </>
  )
}

const filled = (v: unknown) => v !== null && v !== undefined && v !== '' && Number(v) !== 0

export function Entries({ entries, linkCase = true }: { entries: LedgerEntry[]; linkCase?: boolean }) {
  const mayRead = useRole('drift', 'sagsbehandler')
  return (
    <ol className="plain-list entries">
      {entries.map((entry) => (
        <li key={entry.id} data-entry={entry.id}>
          <div className="entry-top">
            <span className="entry-text"><strong>{/^\d{8}$/.test(entry.supplier ?? '') ? `CVR ${entry.supplier}` : maskCpr(entry.supplier || entry.text)}</strong>{entry.supplier ? <span>{maskCpr(entry.text)}</span> : null}</span>
            <span className="entry-amount">{formatAmount(entry.amount, entry.currency)}</span>
          </div>
          <p className="meta"><Time value={entry.at} /> · bilag {entry.id}{linkCase && mayRead && Number(entry.processInstanceKey ?? 0) > 0 ? <> · <Link to={`/sager/${entry.processInstanceKey}`}>sag {entry.processInstanceKey}</Link></> : null} {entry.quarantined && <Badge tone="warning">I karantæne</Badge>}</p>
          <ul className="plain-list entry-lines">
            {entry.lines.map((line, i) => <li key={i}><span>{line.account}{line.accountName ? ` ${line.accountName}` : ''}</span><span>{filled(line.debit) ? `debet ${formatAmount(line.debit, entry.currency)}` : `kredit ${formatAmount(line.credit, entry.currency)}`}</span></li>)}
          </ul>
        </li>
      ))}
    </ol>
  )
}
