// Flyt i sagen: choose steps on the diagram or in the list, see in words and on the diagram what will happen, then do it.
import { lazy, Suspense, useMemo, useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router-dom'
import { ApiError, get, getText } from '../../api/client'
import { modifyCase, timelinePath, type Timeline } from '../../api/drift'
import type { LiveKind } from '../../api/live'
import { useGet, useLoad } from '../../api/load'
import { useRole } from '../../api/session'
import type { Instance, TokenCounts } from '../../api/types'
import { bpmnElements, isStep, type BpmnElement } from '../../lib/bpmnModel'
import { effects, isActive, mayBegin, modificationOf, planFaults, planMarks, readPlan, stepWords, withStep, writeStep, type PlanStep } from '../../lib/casePlan'
import { count, formatNumber } from '../../lib/format'
import { elementName } from '../../lib/words'
import { Confirm } from '../../ui/Dialog'
import { Alert, Empty, PageTitle, Problem, Table, Waiting } from '../../ui/parts'
import { useShortcuts } from '../../ui/shortcuts'
import { toast } from '../../ui/toasts'
import { LiveMark } from './DriftNav'

const Bpmn = lazy(() => import('../../diagram/Bpmn'))
const live: LiveKind[] = ['instance', 'incident', 'task']

export default function ModifyCase() {
  const { key = '' } = useParams()
  const may = useRole('drift')
  const instance = useLoad(`instance ${key}`, (signal) => get<Instance>(`/v2/process-instances/${key}`, signal), { live, instance: key })
  const data = instance.data
  const definition = data?.processDefinitionKey
  const xml = useLoad(`xml ${definition}`, definition ? (signal) => getText(`/v2/process-definitions/${definition}/xml`, signal) : null)
  const tokens = useGet<TokenCounts>(`/api/operations/instances/${key}/tokens`, { live, instance: key, keep: true })
  const title = data ? data.processDefinitionName || data.processDefinitionId : `Sag ${key}`
  return (
    <>
      <p><Link to={`/drift/${key}`} className="back-link">Til sagen</Link></p>
      <PageTitle title={`Flyt i sag ${key}`} lead="Vælg, hvad der skal begynde, standse eller flyttes. Intet sker, før du har set, hvad det betyder, og siger ja.">Flyt i sagen: {title}</PageTitle>
      <LiveMark />
      {[instance.error, xml.error, tokens.error].map((e, i) => e && (e.status === 404 && i === 0 ? <Empty key={i} heading="Sagen findes ikke"><p>Tjek sagsnummeret, eller <Link to="/drift/sager">find sagen</Link>.</p></Empty> : <Problem key={i} error={e} />))}
      {!may && <Alert tone="info" heading="Kun driften kan flytte i en sag" live={false}><p>Du kan se planen, men ikke udføre den.</p></Alert>}
      {data && data.state !== 'ACTIVE' && data.state !== 'SUSPENDED' && <Empty heading="Sagen er slut"><p>Der er intet i gang, som kan flyttes. <Link to={`/drift/${key}`}>Se, hvad der skete</Link></p></Empty>}
      {data && (data.state === 'ACTIVE' || data.state === 'SUSPENDED') && xml.data !== undefined && tokens.data ? <Plan instance={key} xml={xml.data} tokens={tokens.data} title={title} may={may} />
        : !instance.error && !xml.error && (!data || data.state === 'ACTIVE') && <Waiting what="sagen" />}
    </>
  )
}

function Plan({ instance, xml, tokens, title, may }: { instance: string; xml: string; tokens: TokenCounts; title: string; may: boolean }) {
  const [params, setParams] = useSearchParams()
  const navigate = useNavigate()
  const elements = useMemo(() => bpmnElements(xml), [xml])
  const timeline = useGet<Timeline>(timelinePath(instance, 1000), { live, instance, keep: true })
  const open = (timeline.data?.items ?? []).filter((m) => m.kind === 'element' && m.state === 'ACTIVE')
  const planned = params.getAll('plan').join(' ')
  const plan = useMemo(() => readPlan(planned.split(' ')), [planned])
  const marks = useMemo(() => planMarks(plan), [plan])
  const chosen = params.get('element'), from = params.get('fra')
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError>()
  const go = (change: { plan?: PlanStep[]; element?: string | null; fra?: string | null }) => setParams((old) => {
    const next = new URLSearchParams(old)
    if (change.plan) { next.delete('plan'); for (const step of change.plan) next.append('plan', writeStep(step)) }
    for (const name of ['element', 'fra'] as const) if (change[name] !== undefined) { if (change[name]) next.set(name, change[name]); else next.delete(name) }
    return next
  }, { replace: true, preventScrollReset: true })
  const add = (step: PlanStep) => go({ plan: withStep(plan, step), fra: null })
  useShortcuts(from ? [{ key: 'x', text: 'Fortryd valget af, hvor der skal flyttes hen', group: 'Flyt i sagen', run: () => go({ fra: null }) }] : [])
  const faults = planFaults(plan, elements, tokens), follows = effects(plan, elements, tokens, open)
  const send = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await modifyCase(instance, modificationOf(plan))
      toast('Sagen er flyttet', plan.length === 1 && plan[0] ? stepWords(plan[0], elements, tokens) : `${count(plan.length, 'ændring er', 'ændringer er')} udført.`)
      navigate(`/drift/${instance}`)
    } catch (cause) { if (cause instanceof ApiError) setError(cause) } finally { setBusy(false); setAsking(false) }
  }
  const actions = { elements, tokens, from, onAdd: add, onFrom: (id: string | null) => go({ fra: id, ...(id && { element: id }) }) }
  const e = chosen ? elements.get(chosen) : undefined
  return (
    <>
      {from && <Alert tone="info" heading={`Vælg, hvor »${elements.get(from)?.name || from}« skal flyttes hen`} live><p>Klik på et trin i diagrammet, eller brug »Flyt hertil« i listen. <button type="button" className="link-button" onClick={() => go({ fra: null })}>Fortryd</button></p></Alert>}
      <div className="plan-columns">
        <section aria-labelledby="vaelg">
          <h2 id="vaelg">Vælg på diagrammet</h2>
          <ul className="legend"><li><span className="token token-active" aria-hidden="true">1</span>her nu</li><li><span className="plan-badge plan-badge-stop" aria-hidden="true">× standser</span></li><li><span className="plan-badge plan-badge-start" aria-hidden="true">▶ begynder</span></li></ul>
          <Suspense fallback={<Waiting what="diagrammet" />}><Bpmn xml={xml} tokens={tokens} marks={marks} lit={chosen} title={title} onSelect={(id) => go({ element: id })} textIs="De samme trin kan vælges i listen under diagrammet." /></Suspense>
          <div className="chosen-step" aria-live="polite">{e && isStep(e) ? <><strong>{e.name || e.id}</strong> <span className="muted">{elementName(e.tag)}</span> <Actions element={e} {...actions} /></> : <p className="muted">Klik på et trin for at se, hvad du kan gøre med det.</p>}</div>
        </section>
        <section aria-labelledby="plan">
          <h2 id="plan">Hvad vil der ske?</h2>
          {plan.length === 0 ? <Empty heading="Planen er tom"><p>Vælg fx et trin, sagen står ved, tryk »Flyt herfra«, og vælg det trin, den skal fortsætte ved.</p></Empty> : (
            <>
              <ol className="value-list plan-list">{plan.map((step) => <li key={writeStep(step)}>{stepWords(step, elements, tokens)} <button type="button" className="link-button" onClick={() => go({ plan: plan.filter((s) => s !== step) })} aria-label={`Fjern fra planen: ${stepWords(step, elements, tokens)}`}>Fjern</button></li>)}</ol>
              {follows.length > 0 && <><h3>Det betyder også</h3><ul className="value-list">{follows.map((text) => <li key={text}>{text}</li>)}</ul></>}
              {faults.length > 0 && <Alert tone="error" heading="Planen kan ikke udføres" live={false}><ul className="value-list">{faults.map((text) => <li key={text}>{text}</li>)}</ul></Alert>}
              {error && (error.status === 400 || error.status === 409 ? <Alert tone="error" heading="Serveren afviste planen; intet er ændret"><p lang="en" className="break">{error.detail}</p>{error.reference && <p>Referencenummer: {error.reference}</p>}</Alert> : <Problem error={error} />)}
              <p className="meta plan-note">Ændringen kan ikke fortrydes med ét tryk. Du kan flytte sagen tilbage på samme måde: trinnet begynder så forfra, og det, der er sendt, noteret eller bogført imens, bliver stående.</p>
              <div className="button-row">{may && <button type="button" className="button button-primary" disabled={faults.length > 0 || busy} onClick={() => setAsking(true)}>{plan.length === 1 ? 'Udfør ændringen' : `Udfør ${formatNumber(plan.length)} ændringer`}</button>}<button type="button" className="button button-secondary" onClick={() => go({ plan: [], fra: null })}>Tøm planen</button></div>
            </>
          )}
        </section>
      </div>
      <StepList {...actions} chosen={chosen} onChoose={(id) => go({ element: id })} />
      {asking && (
        <Confirm title={`Udfør ${count(plan.length, 'ændring', 'ændringer')} i sag ${instance}?`} action="Udfør" busy={busy} onConfirm={() => void send()} onClose={() => setAsking(false)}>
          <ul className="value-list">{[...plan.map((s) => stepWords(s, elements, tokens)), ...follows].map((text) => <li key={text}>{text}</li>)}</ul>
        </Confirm>
      )}
    </>
  )
}

interface ActionProps { elements: ReadonlyMap<string, BpmnElement>; tokens: TokenCounts; from: string | null; onAdd: (step: PlanStep) => void; onFrom: (id: string | null) => void }
function Actions({ element, tokens, from, onAdd, onFrom }: ActionProps & { element: BpmnElement }) {
  const { id } = element
  const name = element.name || id
  const button = (text: string, run: () => void) => <button type="button" className="button button-secondary button-small" aria-label={`${text}: ${name}`} onClick={run}>{text}</button>
  if (from) return <span className="button-row">{from !== id && mayBegin(element) ? button('Flyt hertil', () => onAdd({ kind: 'move', from, to: id })) : <span className="muted">{from === id ? 'herfra' : 'kan ikke vælges'}</span>}</span>
  const active = isActive(tokens, id)
  return (
    <span className="button-row">
      {active && button('Flyt herfra', () => onFrom(id))}
      {active && button('Stop her', () => onAdd({ kind: 'stop', element: id }))}
      {mayBegin(element) && button(active ? 'Begynd én til' : 'Begynd her', () => onAdd({ kind: 'start', element: id }))}
      {!active && !mayBegin(element) && <span className="muted">Kan ikke begynde af sig selv</span>}
    </span>
  )
}

function StepList({ chosen, onChoose, ...actions }: ActionProps & { chosen: string | null; onChoose: (id: string) => void }) {
  const { elements, tokens } = actions
  const steps = [...elements.values()].filter(isStep).sort((a, b) => Number(isActive(tokens, b.id)) - Number(isActive(tokens, a.id)))
  return (
    <section aria-labelledby="trin">
      <h2 id="trin">Vælg i listen</h2>
      <Table caption="Trin" head={['Trin', 'Slags', { text: 'Her nu', right: true }, 'Vælg']} compact>
        {steps.map((e) => (
          <tr key={e.id} className={e.id === chosen ? 'lit-step' : ''}>
            <td><button type="button" className="link-button" onClick={() => onChoose(e.id)}>{e.name || e.id}</button></td><td>{elementName(e.tag)}</td><td className="right">{formatNumber(tokens[e.id]?.active ?? 0)}</td><td><Actions element={e} {...actions} /></td>
          </tr>
        ))}
      </Table>
    </section>
  )
}
