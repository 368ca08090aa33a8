// Hvad nu hvis: asks the draft what the past was asked, and lists what would have come out differently. Publishes nothing.
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { ApiError, get } from '../../api/client'
import { cancelReplay, differencesFile, differencesPath, replayPath, startReplay, type DecisionModel, type DifferencePage, type DifferenceRow, type ModelDecision, type Outcome, type Replay } from '../../api/decisions'
import { useLoad } from '../../api/load'
import { maskCpr, maskValue } from '../../lib/cpr'
import { joined, valueWords } from '../../lib/feelWords'
import { readDate } from '../../lib/fields'
import { count, formatDate, formatNumber, humanise } from '../../lib/format'
import { outputDifferences, verdict } from '../../lib/replay'
import { titleOf } from '../../lib/ruleWords'
import { Icon } from '../../ui/Icon'
import { Alert, Empty, Facts, Problem, Table, Time, Waiting } from '../../ui/parts'
import { isBroken, type DraftHeld } from './draft'

const danishDate = (date: Date) => `${String(date.getDate()).padStart(2, '0')}.${String(date.getMonth() + 1).padStart(2, '0')}.${date.getFullYear()}`

export function WhatIf({ slug, model, decision, held, edit }: { slug: string; model: DecisionModel; decision: ModelDecision; held: DraftHeld; edit: string }) {
  const [params, setParams] = useSearchParams()
  const key = params.get('gentagelse') // the replay stands in the address: it can be left and found again
  const show = (replay: string | null) => setParams((old) => { const next = new URLSearchParams(old); if (replay) next.set('gentagelse', replay); else next.delete('gentagelse'); return next }, { replace: false, preventScrollReset: true })
  return (
    <>
      <p>Se, hvad kladden ville have betydet for de sager, der allerede er afgjort. <strong>Intet offentliggøres, og ingen sag ændres.</strong></p>
      {key ? <Result key={key} replayKey={key} onAgain={() => show(null)} onGone={() => show(null)} />
        : isBroken(held.draft) ? <Empty heading="Ret fejlene i kladden først"><p>Kladden kan ikke spørges, så længe en celle ikke kan læses. <Link to={edit} preventScrollReset>Ret reglerne</Link></p></Empty>
        : held.draft ? <Order slug={slug} model={model} decision={decision} xml={held.draft.xml} onStarted={show} />
        : <Empty heading="Ret en regel først"><p>»Hvad nu hvis« sammenligner en kladde med det, der skete. Ret en regel på siden, eller læg et regneark op; så kan du spørge her, før du offentliggør.</p><p><Link to={edit} preventScrollReset>Ret reglerne</Link></p></Empty>}
    </>
  )
}

function Order({ slug, model, decision, xml, onStarted }: { slug: string; model: DecisionModel; decision: ModelDecision; xml: string; onStarted: (key: string) => void }) {
  const roots = model.decisions.filter((d) => !model.decisions.some((other) => (other.requires ?? []).some((r) => r === d.id || r === d.name)))
  const [chosen, setChosen] = useState(roots[0]?.id ?? decision.id)
  const [from, setFrom] = useState(() => danishDate(new Date(Date.now() - 365 * 86_400_000)))
  const [to, setTo] = useState(() => danishDate(new Date()))
  const [purpose, setPurpose] = useState('')
  const [faults, setFaults] = useState<Partial<Record<'from' | 'to' | 'purpose', string>>>({})
  const [error, setError] = useState<ApiError>()
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const first = readDate(from), last = readDate(to)
    const found = {
      ...(!first.ok && { from: first.fault }), ...(!last.ok ? { to: last.fault } : first.ok && String(last.value) < String(first.value) ? { to: 'Den sidste dag skal ligge efter den første' } : {}),
      ...(purpose.trim().length < 3 && { purpose: 'Skriv, hvad du vil bruge svaret til. Opslag i gamle sager bliver logget.' }),
    }
    setFaults(found)
    const wrong = (['from', 'to', 'purpose'] as const).find((name) => found[name])
    if (wrong || !first.ok || !last.ok) { form.current?.querySelector<HTMLElement>(`#replay-${wrong}`)?.focus(); return }
    setBusy(true)
    setError(undefined)
    try { onStarted((await startReplay(slug, { decision: chosen, from: String(first.value), to: String(last.value), xml, purpose: purpose.trim() })).replayKey) } catch (cause) { if (cause instanceof ApiError) setError(cause) } finally { setBusy(false) }
  }
  const field = (name: 'from' | 'to' | 'purpose', label: string, hint: string, value: string, set: (v: string) => void) => (
    <div className={`form-group ${faults[name] ? 'form-error' : ''}`}>
      <label className="form-label" htmlFor={`replay-${name}`}>{label}</label>
      <span className="form-hint" id={`replay-${name}-hint`}>{hint}</span>
      {faults[name] && <span className="form-error-message" id={`replay-${name}-fault`} role="alert">{faults[name]}</span>}
      <input id={`replay-${name}`} className="form-input" value={value} autoComplete="off" onChange={(e) => set(e.target.value)} aria-describedby={`replay-${name}-hint${faults[name] ? ` replay-${name}-fault` : ''}`} aria-invalid={faults[name] ? true : undefined} />
    </div>
  )
  return (
    <form ref={form} className="narrow replay-form" onSubmit={(e) => void send(e)} noValidate>
      {error && <Problem error={error} />}
      <div className="form-group">
        <label className="form-label" htmlFor="replay-decision">Hvilken beslutning</label>
        <span className="form-hint" id="replay-decision-hint">Den, arbejdsgangen spørger. Dens svar bygger også på de andre regler.</span>
        <select id="replay-decision" className="form-select" value={chosen} aria-describedby="replay-decision-hint" onChange={(e) => setChosen(e.target.value)}>{model.decisions.map((d) => <option key={d.id} value={d.id}>{titleOf(d)}</option>)}</select>
      </div>
      <div className="two-fields">
        {field('from', 'Fra og med', 'Dato, fx 01.01.2026', from, setFrom)}
        {field('to', 'Til og med', 'Dato, fx 31.12.2026', to, setTo)}
      </div>
      {field('purpose', 'Formål', 'Fx: Vurdere virkningen af nye takster', purpose, setPurpose)}
      <div className="button-row"><button className="button button-primary" disabled={busy}>{busy ? 'Begynder …' : 'Spørg de gamle sager'}</button></div>
    </form>
  )
}

function Result({ replayKey, onAgain, onGone }: { replayKey: string; onAgain: () => void; onGone: () => void }) {
  const { data, error, reload } = useLoad(`replay ${replayKey}`, (signal) => get<Replay>(replayPath(replayKey), signal))
  const [fault, setFault] = useState<ApiError>()
  const running = data?.state === 'RUNNING'
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!running) return
    const timer = setInterval(reload, 500)
    return () => clearInterval(timer)
  }, [running, reload])
  const ended = data !== undefined && !running
  useEffect(() => { if (ended) heading.current?.focus() }, [ended])
  if (error?.status === 404) return <Empty heading="Svaret findes ikke længere"><p>Et svar gemmes i et døgn. <button type="button" className="link-button" onClick={onGone}>Spørg igen</button></p></Empty>
  if (error) return <Problem error={error} retry={reload} />
  if (!data) return <Waiting what="svaret" />
  const cancel = () => { setFault(undefined); cancelReplay(replayKey).then(reload, (cause: unknown) => { if (cause instanceof ApiError) setFault(cause) }) }
  const { same, different, failed, notReplayable } = data.counts
  return (
    <>
      {fault && <Problem error={fault} />}
      {running && (
        <div className="bulk" role="status">
          <label htmlFor="replay-progress">Spørger de gamle sager igen: {formatNumber(data.done)} af {formatNumber(data.of)}</label>
          <progress id="replay-progress" max={Math.max(1, data.of)} value={data.done} />
          <p><button type="button" className="button button-secondary" onClick={cancel}>Afbryd</button> <span className="meta">Du kan gå fra siden og komme tilbage til adressen.</span></p>
        </div>
      )}
      {!running && (
        <>
          <h3 tabIndex={-1} ref={heading} className="verdict">{data.text || verdict(data.counts)}</h3>
          {data.state === 'CANCELED' && <Alert tone="warning" heading="Afbrudt, før alle sager var spurgt" live={false}><p>Tallene gælder de {formatNumber(data.done)} af {formatNumber(data.of)}, der blev spurgt.</p></Alert>}
          {data.state === 'FAILED' && <Alert tone="error" heading="Det lykkedes ikke at spørge alle sager" live={false}>{data.message && <p className="break">{maskCpr(data.message)}</p>}</Alert>}
          <p><strong>Intet er offentliggjort.</strong> Det er kladden, der er spurgt.</p>
        </>
      )}
      <dl className="figures replay-figures">
        <div><dt>Samme udfald</dt><dd>{formatNumber(same)}</dd></div>
        <div><dt>Andet udfald</dt><dd>{formatNumber(different)}</dd></div>
        <div><dt>Fejler i den ene</dt><dd>{formatNumber(failed)}</dd></div>
        <div><dt>Kan ikke spørges igen</dt><dd>{formatNumber(notReplayable)}</dd></div>
      </dl>
      {notReplayable > 0 && <p className="meta">Det, der ikke kan spørges igen, er {joined([(data.notReplayable?.withoutInputs ?? 0) > 0 ? `${count(data.notReplayable?.withoutInputs ?? 0, 'afgørelse', 'afgørelser')} uden gemte oplysninger` : '', (data.notReplayable?.forgotten ?? 0) > 0 ? `${count(data.notReplayable?.forgotten ?? 0, 'glemt sag', 'glemte sager')}` : ''].filter(Boolean)) || 'sager uden gemte oplysninger'}.</p>}
      <Facts items={[['Beslutning', humanise(data.decisionName || data.decisionId)], ['Periode', `${formatDate(data.from.slice(0, 10))} til ${formatDate(data.to.slice(0, 10))}`], ['Formål', data.purpose ? maskCpr(data.purpose) : undefined]]} />
      {!running && (different + failed > 0 ? <Differences replayKey={replayKey} kept={data.kept} total={different + failed} />
        : data.of === 0 ? <Empty heading="Ingen sager er afgjort i perioden"><p>Vælg en længere periode, eller en anden beslutning.</p></Empty>
        : <Empty heading="Ingen sager får et andet udfald"><p>Kladden giver samme svar som de gældende regler for alle sager, der kunne spørges.</p></Empty>)}
      {!running && <p><button type="button" className="button button-secondary" onClick={onAgain}>Spørg igen</button></p>}
    </>
  )
}

const rows = 25
function Differences({ replayKey, kept, total }: { replayKey: string; kept: number | undefined; total: number }) {
  const [cursors, setCursors] = useState<(string | null)[]>([null])
  const cursor = cursors.at(-1) ?? null
  const { data, error, reload } = useLoad(`differences ${replayKey} ${cursor ?? ''}`, (signal) => get<DifferencePage>(differencesPath(replayKey, cursor, rows), signal), { keep: true })
  if (error) return <Problem error={error} retry={reload} />
  if (!data) return <Waiting what="listen" />
  const first = (cursors.length - 1) * rows
  return (
    <section aria-labelledby="aendrede">
      <h3 id="aendrede">Sager med et andet udfald</h3>
      <p className="downloads"><a href={differencesFile(replayKey)} download><Icon name="download" />Hent listen som CSV</a></p>
      {kept !== undefined && kept < total && <p className="meta">Listen holder de første {formatNumber(kept)}.</p>}
      <Table caption="Sager med et andet udfald" head={['Sag', 'Afgjort', 'Før', 'Efter', 'Hvad ændres']} compact>
        {data.items.map((row, i) => <Difference key={row.decisionEvaluationKey ?? i} row={row} />)}
      </Table>
      {(data.nextCursor || cursors.length > 1) && (
        <div className="pager">
          <button type="button" className="button button-secondary" disabled={cursors.length === 1} onClick={() => setCursors((old) => old.slice(0, -1))}>Forrige</button>
          <span aria-live="polite">{formatNumber(first + 1)}–{formatNumber(first + data.items.length)} af {formatNumber(data.total)}</span>
          <button type="button" className="button button-secondary" disabled={!data.nextCursor} onClick={() => setCursors((old) => [...old, data.nextCursor])}>Næste</button>
        </div>
      )}
    </section>
  )
}

function rulesOf(outcome: Outcome): string {
  const tables = (outcome.tables ?? []).filter((t) => (t.matchedRules ?? []).length > 0).map((t) => `${humanise(t.decisionDefinitionName || t.decisionDefinitionId || '')} ${t.matchedRules?.join(', ')}`)
  return tables.length > 0 ? tables.join('; ') : (outcome.matchedRules ?? []).join(', ')
}

const short = (text: string) => (text.length > 160 ? `${text.slice(0, 157)}…` : text)

function Difference({ row }: { row: DifferenceRow }) {
  if (row.outcome === 'forgotten') return <tr><td>–</td><td><Time value={row.evaluationDate} /></td><td colSpan={3}>Sagen er glemt, siden den blev talt med.</td></tr>
  const changes = outputDifferences(maskValue(row.before.output), maskValue(row.after.output))
  const side = (outcome: Outcome, which: 'before' | 'after') => (
    <>
      {outcome.failureMessage ? <span className="break">Fejl: {maskCpr(outcome.failureMessage)}</span> : changes.length === 0 ? valueWords(maskValue(outcome.output)) : changes.slice(0, 4).map((c, i) => <span key={i} className="outcome break">{c.name && <span className="meta">{humanise(c.name)}: </span>}{short(valueWords(c[which]))}</span>)}
      {rulesOf(outcome) && <span className="meta outcome">Regel: {rulesOf(outcome)}</span>}
    </>
  )
  return (
    <tr>
      <td>{row.processInstanceKey ? <Link to={`/drift/${row.processInstanceKey}`}>{row.businessKey ? maskCpr(row.businessKey) : row.processInstanceKey}</Link> : '–'}</td>
      <td><Time value={row.evaluationDate} /></td><td>{side(row.before, 'before')}</td><td>{side(row.after, 'after')}</td>
      <td>{changes.length === 0 ? (row.before.failureMessage || row.after.failureMessage ? 'Fejl i den ene' : '') : joined(changes.slice(0, 4).map((c) => (c.name ? humanise(c.name) : 'Svaret')))}{changes.length > 4 ? ` og ${changes.length - 4} mere` : ''}</td>
    </tr>
  )
}
