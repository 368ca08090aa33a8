// What this bank gives to others, which banks it follows, and what has arrived from them. Nothing that arrives changes anything by itself.
import { useEffect, useState, type FormEvent } from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { ApiError, query, write } from '../api/client'
import { useGet } from '../api/load'
import { useRole, useSession } from '../api/session'
import { count } from '../lib/format'
import { Alert, Badge, Empty, Facts, PageTitle, Problem, Table, Time, Waiting } from '../ui/parts'
import { Confirm } from '../ui/Dialog'
import { toast } from '../ui/toasts'
import '../styles/sharing.css'

interface Settings { share: boolean; embed: boolean; embedAncestors: string[]; key: string; fingerprint: string }
interface Preview { name: string; authority: string; key: string; fingerprint: string; packages: number; mine: boolean }
interface Subscription { subscriptionKey: string; url: string; name: string; authority: string; fingerprint: string; since: string; checked: string | null; result: string; waiting: number }
interface Check { arrived: number; same: number; refused: { slug: string; reason: string }[]; left: number; result: string }
interface Arrival { arrivalKey: string; slug: string; title: string; bank: string; state: string; version: number; arrived: string; fingerprint: string; local: number | null; changes?: string[]; findings?: { error: boolean; message_da?: string; message: string; file?: string }[]; summary?: string }

const asError = (cause: unknown) => (cause instanceof ApiError ? cause : new ApiError(0, 'Siden kunne ikke vise svaret', String(cause), '', 'client'))

export default function Sharing() {
  const konsulent = useRole('konsulent')
  return (
    <>
      <nav aria-label="Brødkrummer" className="crumbs"><Link to="/bank">Bank</Link></nav>
      <PageTitle title="Deling" lead="Del jeres udgivne arbejdsgange med andre banker, og få deres nye udgaver som forslag. Jeres egne arbejdsgange ændres kun, når I selv tager et forslag.">Deling med andre banker</PageTitle>
      {konsulent ? <Parts /> : <Alert tone="info" heading="Kun konsulenter kan dele arbejdsgange" />}
    </>
  )
}

function Parts() {
  const arrivals = useGet<{ items: Arrival[] }>('/api/bank/share/arrivals?state=new')
  const subscriptions = useGet<{ items: Subscription[] }>('/api/bank/share/subscriptions')
  const again = () => { arrivals.reload(); subscriptions.reload() }
  return (
    <>
      <Arrivals loaded={arrivals} again={again} />
      <Subscriptions loaded={subscriptions} again={again} />
      <Own />
    </>
  )
}

function Arrivals({ loaded, again }: { loaded: ReturnType<typeof useGet<{ items: Arrival[] }>>; again: () => void }) {
  const [params, setParams] = useSearchParams()
  const chosen = params.get('forslag')
  return (
    <section aria-labelledby="new-heading">
      <h2 id="new-heading">Nyt fra andre banker</h2>
      {loaded.error && <Problem error={loaded.error} retry={loaded.reload} />}
      {!loaded.data && !loaded.error && <Waiting what="forslagene" />}
      {loaded.data?.items.length === 0 && <Empty heading="Der er ingen nye forslag"><p>Abonnér på en anden bank herunder, og tryk på Spørg efter nyt.</p></Empty>}
      {loaded.data && loaded.data.items.length > 0 && (
        <ul className="plain-list rows">
          {loaded.data.items.map((one) => (
            <li key={one.arrivalKey}>
              <strong>{one.title || one.slug}</strong>
              <span>Udgave {one.version} fra {one.bank}. {one.local === null ? 'I har ikke arbejdsgangen i forvejen.' : <>I har <Link to={`/bank/${one.slug}`}>jeres egen, version {one.local}</Link>.</>}</span>
              <span className="meta">Kom <Time value={one.arrived} /></span>
              <button type="button" className="button button-secondary button-small" aria-expanded={chosen === one.arrivalKey} onClick={() => setParams(chosen === one.arrivalKey ? {} : { forslag: one.arrivalKey }, { replace: true, preventScrollReset: true })}>
                {chosen === one.arrivalKey ? 'Luk' : 'Se og afgør'}<span className="sr-only"> {one.title}</span>
              </button>
              {chosen === one.arrivalKey && <Proposal arrivalKey={one.arrivalKey} done={() => { setParams({}, { replace: true }); again() }} />}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Proposal({ arrivalKey, done }: { arrivalKey: string; done: () => void }) {
  const { data, error, reload } = useGet<Arrival>(`/api/bank/share/arrivals/${arrivalKey}`)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<ApiError>()
  const [asking, setAsking] = useState(false)
  const decide = async (decision: 'take' | 'ignore') => {
    setBusy(true)
    setFault(undefined)
    try {
      const made = await write<{ version: number | null }>('POST', `/api/bank/share/arrivals/${arrivalKey}/decision`, { decision })
      toast(decision === 'take' ? 'Forslaget er taget' : 'Forslaget er lagt væk', decision === 'take' ? `Det er jeres version ${made.version}. Den forrige ligger under Historik.` : 'Kommer banken med noget nyere, dukker det op igen.')
      done()
    } catch (cause) { setFault(asError(cause)); setAsking(false) } finally { setBusy(false) }
  }
  if (error) return <Problem error={error} retry={reload} />
  if (!data) return <Waiting what="forslaget" />
  const errors = data.findings?.filter((f) => f.error) ?? []
  return (
    <div className="proposal">
      {data.summary && <p>{data.summary}</p>}
      {data.local !== null && (data.changes?.length ? <><h3>Det ændrer forslaget</h3><ul className="value-list">{data.changes.map((text, i) => <li key={i}>{text}</li>)}</ul></> : <p>Forslaget ændrer intet, der kan ses.</p>)}
      {errors.length > 0 && <Alert tone="warning" heading="Pakken har fejl og kan ikke tages"><ul>{errors.map((f, i) => <li key={i}>{f.message_da || f.message} {f.file && <span className="muted">({f.file})</span>}</li>)}</ul></Alert>}
      <p className="meta">Underskrevet med nøglen <code>{data.fingerprint}</code>. <a href={`/api/bank/share/arrivals/${arrivalKey}/diagram`} download={`${data.slug.split('/')[1]}.bpmn`}>Hent forslagets BPMN</a></p>
      {fault && <Problem error={fault} />}
      <div className="button-row">
        <button type="button" className="button button-primary" disabled={busy || errors.length > 0} onClick={() => (data.local === null ? void decide('take') : setAsking(true))}>Tag forslaget</button>
        <button type="button" className="button button-secondary" disabled={busy} onClick={() => void decide('ignore')}>Læg væk</button>
      </div>
      {asking && (
        <Confirm title="Tag forslaget som jeres nye version?" action="Tag forslaget" tone="primary" busy={busy} onConfirm={() => void decide('take')} onClose={() => setAsking(false)}>
          <p>Det bliver en ny version af {data.slug}. Jeres version {data.local} bliver liggende under Historik.</p>
        </Confirm>
      )}
    </div>
  )
}

function Subscriptions({ loaded, again }: { loaded: ReturnType<typeof useGet<{ items: Subscription[] }>>; again: () => void }) {
  const [busy, setBusy] = useState('')
  const [error, setError] = useState<ApiError>()
  const [checked, setChecked] = useState<{ name: string; check: Check }>()
  const [ending, setEnding] = useState<Subscription>()
  const check = async (one: Subscription) => {
    setBusy(one.subscriptionKey)
    setError(undefined)
    setChecked(undefined)
    try {
      setChecked({ name: one.name, check: await write<Check>('POST', `/api/bank/share/subscriptions/${one.subscriptionKey}/check`) })
    } catch (cause) { setError(asError(cause)) } finally { setBusy(''); again() }
  }
  const end = async (one: Subscription) => {
    setBusy(one.subscriptionKey)
    try {
      await write('DELETE', `/api/bank/share/subscriptions/${one.subscriptionKey}`)
      toast('Abonnementet er slut', 'Det, I har taget, bliver i jeres bank.')
    } catch (cause) { setError(asError(cause)) } finally { setBusy(''); setEnding(undefined); again() }
  }
  return (
    <section aria-labelledby="subscriptions-heading">
      <h2 id="subscriptions-heading">Banker, I følger</h2>
      {loaded.error && <Problem error={loaded.error} retry={loaded.reload} />}
      {error && <Problem error={error} />}
      {error?.code === 'conflict' && <Alert tone="warning" heading="Nøglen er skiftet"><p>Intet er taget ind. Spørg den anden bank, om den nye nøgle er deres. Er den det, så afslut abonnementet og lav det igen.</p></Alert>}
      {checked && (
        <Alert tone={checked.check.refused.length > 0 ? 'warning' : 'success'} heading={`${checked.name}: ${checked.check.result}`} live>
          {checked.check.refused.length > 0 && <ul>{checked.check.refused.map((r) => <li key={r.slug}>{r.slug}: {r.reason}</li>)}</ul>}
        </Alert>
      )}
      {loaded.data && loaded.data.items.length > 0 && (
        <Table caption="Banker, I følger" head={['Bank', 'Nøgle', 'Sidst spurgt', 'Handling']}>
          {loaded.data.items.map((one) => (
            <tr key={one.subscriptionKey}>
              <td><strong>{one.name}</strong> {one.waiting > 0 && <Badge tone="info">{count(one.waiting, 'forslag', 'forslag')}</Badge>}<br /><span className="muted break">{one.url}</span></td>
              <td><code>{one.fingerprint}</code></td>
              <td>{one.checked ? <><Time value={one.checked} /><br />{one.result}</> : 'Aldrig'}</td>
              <td>
                <button type="button" className="button button-secondary button-small" disabled={busy !== ''} onClick={() => void check(one)}>{busy === one.subscriptionKey ? 'Spørger …' : 'Spørg efter nyt'}<span className="sr-only"> hos {one.name}</span></button>
                <button type="button" className="function-link" disabled={busy !== ''} onClick={() => setEnding(one)}>Afslut<span className="sr-only"> abonnementet på {one.name}</span></button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {ending && (
        <Confirm title={`Afslut abonnementet på ${ending.name}?`} action="Afslut abonnementet" busy={busy !== ''} onConfirm={() => void end(ending)} onClose={() => setEnding(undefined)}>
          <p>Forslag, der ikke er afgjort, forsvinder ({ending.waiting}). Det, I har taget, bliver i jeres bank.</p>
        </Confirm>
      )}
      <NewSubscription again={again} />
    </section>
  )
}

function NewSubscription({ again }: { again: () => void }) {
  const [url, setUrl] = useState('')
  const [shown, setShown] = useState<Preview>()
  const [error, setError] = useState<ApiError>()
  const [missing, setMissing] = useState(false)
  const [busy, setBusy] = useState(false)
  const run = async (work: () => Promise<void>) => {
    setBusy(true)
    setError(undefined)
    try { await work() } catch (cause) { setError(asError(cause)) } finally { setBusy(false) }
  }
  const look = (event: FormEvent) => {
    event.preventDefault()
    setMissing(url.trim() === '')
    if (url.trim() === '') return document.getElementById('bank-url')?.focus()
    void run(async () => { setShown(undefined); setShown(await write<Preview>('POST', '/api/bank/share/previews', { url: url.trim() })) })
  }
  const subscribe = (preview: Preview) => run(async () => {
    await write('POST', '/api/bank/share/subscriptions', { url: url.trim(), key: preview.key })
    toast(`I følger nu ${preview.name}`, 'Tryk på Spørg efter nyt for at få deres arbejdsgange som forslag.')
    setShown(undefined)
    setUrl('')
    again()
  })
  return (
    <>
      <h3>Følg en bank til</h3>
      <form onSubmit={look} noValidate>
        <div className={`form-group ${missing ? 'form-error' : ''}`}>
          <label className="form-label" htmlFor="bank-url">Bankens adresse</label>
          <span className="form-hint" id="bank-url-hint">Den adresse, som den anden bank viser under Deling, fx https://bank.kommune.dk/api/bank/share/feeds/12345678</span>
          {missing && <span className="form-error-message" id="bank-url-error">Skriv bankens adresse</span>}
          <input id="bank-url" className="form-input" type="url" value={url} onChange={(e) => { setUrl(e.target.value); setShown(undefined) }} aria-describedby={missing ? 'bank-url-hint bank-url-error' : 'bank-url-hint'} aria-invalid={missing || undefined} />
        </div>
        <button className="button button-secondary mt-3" disabled={busy}>{busy ? 'Spørger …' : 'Se banken'}</button>
      </form>
      {error && <Problem error={error} />}
      {shown && (
        <Alert tone="info" heading={`${shown.name} deler ${count(shown.packages, 'arbejdsgang', 'arbejdsgange')}`} live>
          <p>Ring til den anden bank, og hør, om deres nøgle er:</p>
          <p><code>{shown.fingerprint}</code></p>
          {shown.mine ? <p>Det er jeres egen bank.</p> : <p><button type="button" className="button button-primary" disabled={busy} onClick={() => void subscribe(shown)}>Nøglen passer: følg banken</button></p>}
        </Alert>
      )}
    </>
  )
}

function Own() {
  const { session } = useSession()
  const { data, error, reload } = useGet<Settings>('/api/bank/share/settings')
  const [fault, setFault] = useState<ApiError>()
  const [ancestors, setAncestors] = useState<string>()
  const [asked, setAsked] = useState<Partial<Settings>>({}) // shows at once, until the server has said how it is
  useEffect(() => setAsked({}), [data])
  const put = async (change: Partial<Settings>, said: string) => {
    setFault(undefined)
    setAsked(change)
    try {
      await write('PUT', '/api/bank/share/settings', change)
      toast(said)
      reload()
    } catch (cause) { setAsked({}); setFault(asError(cause)) }
  }
  if (error) return <Problem error={error} retry={reload} />
  if (!data) return <Waiting what="jeres indstillinger" />
  const list = (text: string) => text.split(/[\s,]+/).filter(Boolean)
  return (
    <section aria-labelledby="own-heading">
      <h2 id="own-heading">Det, I deler</h2>
      {fault && <Problem error={fault} />}
      <div className="form-group-checkbox">
        <input type="checkbox" id="share-on" className="form-checkbox" checked={asked.share ?? data.share} onChange={(e) => void put({ share: e.target.checked }, e.target.checked ? 'Andre banker kan hente det, I har udgivet' : 'Andre banker kan ikke længere hente noget')} />
        <label htmlFor="share-on">Andre banker må hente det, vi har udgivet</label>
      </div>
      {data.share && <Facts items={[['Jeres adresse', <code key="a" className="break">{`${window.location.origin}/api/bank/share/feeds/${session?.authority ?? ''}`}</code>]]} />}
      <Facts items={[['Jeres nøgle (læs den op for dem, der spørger)', <code key="k">{data.fingerprint}</code>]]} />
      <h3>Vis et diagram på andre hjemmesider</h3>
      <div className="form-group-checkbox">
        <input type="checkbox" id="embed-on" className="form-checkbox" checked={asked.embed ?? data.embed} onChange={(e) => void put({ embed: e.target.checked }, e.target.checked ? 'Udgivne diagrammer kan vises på de sider, I nævner' : 'Diagrammer kan ikke længere vises andre steder')} />
        <label htmlFor="embed-on">Udgivne diagrammer må vises i en ramme på andre hjemmesider</label>
      </div>
      {data.embed && (
        <form onSubmit={(e) => { e.preventDefault(); void put({ embedAncestors: list(ancestors ?? data.embedAncestors.join('\n')) }, 'Hjemmesiderne er gemt') }}>
          <div className="form-group">
            <label className="form-label" htmlFor="embed-sites">Hjemmesider, der må</label>
            <span className="form-hint" id="embed-hint">Én på hver linje, fx https://www.kommune.dk. Uden nogen vises intet.</span>
            <textarea id="embed-sites" className="form-input" rows={3} aria-describedby="embed-hint" value={ancestors ?? data.embedAncestors.join('\n')} onChange={(e) => setAncestors(e.target.value)} />
          </div>
          <button className="button button-secondary mt-3">Gem hjemmesiderne</button>
          <p className="meta">Sæt så dette ind på hjemmesiden: <code className="break">{`<iframe src="${window.location.origin}/indlejr/domæne/navn" title="Diagram" width="100%" height="500"></iframe>`}</code></p>
        </form>
      )}
      <p className="mt-5"><a href={query('/api/bank/exports/list', {})} download>Hent hele listen (Excel)</a></p>
    </section>
  )
}
