// The subject numbers as a tree, one step at a time, with how many workflows stand under each.
import { Link, useSearchParams } from 'react-router-dom'
import type { KleSubject, KleTree } from '../../api/bank'
import { query } from '../../api/client'
import { useGet } from '../../api/load'
import { useRole } from '../../api/session'
import { count, formatDate } from '../../lib/format'
import { Alert, Badge, Empty, PageTitle, Problem, Waiting } from '../../ui/parts'

export default function Kle() {
  const [params, setParams] = useSearchParams()
  const number = params.get('nr') ?? ''
  const all = params.get('alle') === '1'
  const { data, error, loading, reload } = useGet<KleTree>(query('/api/bank/kle', { number }), { keep: true })
  const konsulent = useRole('konsulent')
  const here = data?.path[data.path.length - 1]
  const shown = data?.items.filter((item) => all || item.count > 0) ?? []
  const show = (value: boolean) => {
    const now = new URLSearchParams(params)
    if (value) now.set('alle', '1')
    else now.delete('alle')
    setParams(now, { replace: true })
  }
  return (
    <>
      <PageTitle title={number ? `KLE ${number}` : 'KLE-emner'} lead="Find arbejdsgange efter kommunernes emnenumre. Tallet viser, hvor mange der ligger under nummeret.">KLE-emner</PageTitle>
      <nav aria-label="Vejen hertil" className="kle-path">
        <ol className="plain-list">
          <li><Link to="/bank">Bank</Link></li>
          <li>{number === '' ? <span aria-current="page">Alle emner</span> : <Link to="/bank/kle">Alle emner</Link>}</li>
          {data?.path.map((step, i) => (
            <li key={step.number}>{i === data.path.length - 1 ? <span aria-current="page">{step.number} {step.title}</span> : <Link to={query('/bank/kle', { nr: step.number })}>{step.number} {step.title}</Link>}</li>
          ))}
        </ol>
      </nav>
      {data && !data.source.imported && (
        <Alert tone="info" heading="Det er et lille eksempel">
          <p>De rigtige KLE-titler tilhører KL. Læg dem ind med <code>sagsgang import --kle FIL</code>; numrene på arbejdsgangene passer i forvejen.</p>
        </Alert>
      )}
      {error && <Problem error={error} retry={reload} />}
      {!data && loading && <Waiting what="emner" />}
      {here && !here.inUse && <Gone subject={here} />}
      {here && here.count > 0 && <p><Link className="button button-primary" to={query('/bank', { kle: number })}>Vis {count(here.count, 'arbejdsgang', 'arbejdsgange')}</Link></p>}
      {data && data.items.length > 0 && (
        <div className="form-group form-group-check kle-all">
          <input type="checkbox" id="kle-all" className="form-checkbox" checked={all} onChange={(e) => show(e.target.checked)} />
          <label htmlFor="kle-all">Vis også emner uden arbejdsgange ({data.items.length - data.items.filter((i) => i.count > 0).length})</label>
        </div>
      )}
      {data && data.items.length > 0 && shown.length === 0 && <Empty heading="Ingen arbejdsgange her endnu"><p>{konsulent ? <>Læg den første ind: <Link to="/bank/ny">læg en arbejdsgang i banken</Link>.</> : 'Gå et trin op, eller vis også emner uden arbejdsgange.'}</p></Empty>}
      <ul className="plain-list kle-list">{shown.map((item) => <li key={item.number}><Row item={item} /></li>)}</ul>
      {data && <p className="hint">{data.source.source}{data.source.date && `, udgivet ${formatDate(data.source.date)}`}: {count(data.source.subjects, 'nummer', 'numre')}.</p>}
    </>
  )
}

function Row({ item }: { item: KleSubject }) {
  const name = <><span className="kle-number">{item.number}</span> {item.title || <span className="muted">uden titel</span>}</>
  return (
    <div className="kle-row">
      <span>
        {item.children > 0 || item.number.length < 8 ? <Link to={query('/bank/kle', { nr: item.number })}>{name}</Link> : item.count > 0 ? <Link to={query('/bank', { kle: item.number })}>{name}</Link> : name}
        {!item.inUse && <> <Badge tone="warning">{item.movedTo.length > 0 ? `Flyttet til ${item.movedTo.join(' og ')}` : 'Udgået'}</Badge></>}
      </span>
      {item.count > 0 ? <Link className="nowrap" to={query('/bank', { kle: item.number })} aria-label={`Vis ${count(item.count, 'arbejdsgang', 'arbejdsgange')} under ${item.number}`}>{count(item.count, 'arbejdsgang', 'arbejdsgange')}</Link> : <span className="muted nowrap">ingen</span>}
    </div>
  )
}

function Gone({ subject }: { subject: KleSubject }) {
  const when = subject.gone ? ` den ${formatDate(subject.gone)}` : ''
  return (
    <Alert tone="warning" heading={subject.movedTo.length > 0 ? `KLE ${subject.number} er flyttet${when}` : `KLE ${subject.number} er udgået${when}`}>
      {subject.movedTo.length > 0 && <p>Brug {subject.movedTo.map((to, i) => <span key={to}>{i > 0 && ' og '}<Link to={query('/bank/kle', { nr: to })}>{to}</Link></span>)} i stedet. Arbejdsgange med det gamle nummer findes under begge.</p>}
    </Alert>
  )
}
