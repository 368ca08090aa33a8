// Try a rule: a form from the model, the answer as one writes, the rule that matched marked in the table, and why.
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { ApiError } from '../../api/client'
import { evaluate, type DecisionModel, type ModelDecision, type Trace } from '../../api/decisions'
import { useRole, useSession } from '../../api/session'
import { Explain, marksOf, nameOf } from '../../decision/Explain'
import { sheetsOf, usesOf } from '../../lib/dmnXml'
import { joined } from '../../lib/feelWords'
import { fieldOf, fieldsInside, readForm, writeForm, type Field, type InputData } from '../../lib/fields'
import { humanise } from '../../lib/format'
import { wholeGraph } from '../../lib/ruleWords'
import { Alert, Empty, Problem, Waiting } from '../../ui/parts'
import { Control } from './Control'
import { useInputs } from './draft'

const Dmn = lazy(() => import('../../diagram/Dmn'))

/** The decision and all it asks, by id. */
function withRequired(model: DecisionModel, id: string): Set<string> {
  const found = new Set<string>()
  const visit = [id]
  for (let next = visit.pop(); next !== undefined; next = visit.pop()) {
    if (found.has(next)) continue
    found.add(next)
    const own = next
    visit.push(...(model.decisions.find((d) => d.id === own || d.name === own)?.requires ?? []).map((ref) => model.decisions.find((d) => d.id === ref || d.name === ref)?.id ?? ref))
  }
  return found
}

const inputsFor = (decision: ModelDecision): InputData[] => decision.inputs.map((i) => ({ name: i.name, label: i.label || i.name, type: i.collection ? 'list' : i.type, allowed: i.allowed }))

interface Group { name: string; label: string; fields: Field[]; whole: Field | null }
/** Inputs of their own type have one control; those whose type nobody declared get one for each path the rules use, or one JSON text. */
function groupsFor(inputs: InputData[], xml: string, decisions: ReadonlySet<string>): Group[] {
  const uses = usesOf(xml, decisions)
  return inputs.map((input) => {
    const field = fieldOf(input)
    if (field.kind !== 'json') return { name: input.name, label: input.label, fields: [field], whole: null }
    const inside = fieldsInside(input.name, uses)
    return inside.length === 0 ? { name: input.name, label: input.label, fields: [field], whole: null } : { name: input.name, label: input.label, fields: inside, whole: field }
  })
}

export function Try({ slug, model, xml, decision, draft }: { slug: string; model: DecisionModel; xml: string; decision: ModelDecision; draft: boolean }) {
  const may = useRole('konsulent', 'sagsbehandler')
  const { session } = useSession()
  const groups = useMemo(() => groupsFor(inputsFor(decision), xml, withRequired(model, decision.id)), [model, xml, decision])
  const [texts, setTexts] = useInputs(slug, decision.id, session?.user ?? '')
  const asJson = useMemo(() => new Set((texts['#json'] ?? '').split('|').filter(Boolean)), [texts])
  const fields = useMemo(() => groups.flatMap((g) => (g.whole && asJson.has(g.name) ? [g.whole] : g.fields)), [groups, asJson])
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [trace, setTrace] = useState<Trace>()
  const [error, setError] = useState<ApiError>()
  const [busy, setBusy] = useState(false)
  const [stops, setStops] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const turn = useRef(0)
  const { variables, faults } = useMemo(() => readForm(fields, texts), [fields, texts])
  const faulty = Object.keys(faults).length > 0
  const written = fields.some((f) => (texts[f.id] ?? '').trim() !== '')

  const run = useCallback(async () => {
    const mine = ++turn.current
    setBusy(true)
    try {
      const answer = await evaluate(slug, decision.id, variables, draft ? xml : undefined)
      if (mine === turn.current) { setTrace(answer); setError(undefined) }
    } catch (cause) {
      if (mine === turn.current && cause instanceof ApiError) { setError(cause); setTrace(undefined) }
    } finally { if (mine === turn.current) setBusy(false) }
  }, [slug, decision, variables, draft, xml])

  useEffect(() => { // as one writes
    if (!may || !written || faulty) return
    const timer = setTimeout(() => void run(), 350)
    return () => clearTimeout(timer)
  }, [may, written, faulty, run])

  const submit = () => {
    setLeft(new Set(fields.map((f) => f.id)))
    const first = fields.find((f) => faults[f.id])
    if (first) return form.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(first.id)}"]`)?.focus()
    void run()
  }
  const fill = (values: Record<string, unknown>) => { setTexts(writeForm(fields, values)); setLeft(new Set()) }
  const empty = () => { turn.current++; setTexts({ '#json': texts['#json'] ?? '' }); setLeft(new Set()); setTrace(undefined); setError(undefined) }
  const switchJson = (group: Group) => {
    const on = !asJson.has(group.name)
    const value = variables[group.name] ?? null
    const next = new Set(asJson)
    if (on) next.add(group.name); else next.delete(group.name)
    const kept = Object.fromEntries(Object.entries(texts).filter(([id]) => id !== group.name && !group.fields.some((f) => f.id === id)))
    setTexts({ ...kept, ...(value === null ? {} : writeForm(on && group.whole ? [group.whole] : group.fields, { [group.name]: value })), '#json': [...next].join('|') })
  }
  const examples = (model.examples ?? []).filter((e) => !e.decisionId || e.decisionId === decision.id)
  const sheet = useMemo(() => sheetsOf(xml).get(decision.id), [xml, decision.id])
  const root = trace?.evaluatedDecisions.find((d) => d.decisionDefinitionId === trace.decisionDefinitionId) ?? trace?.evaluatedDecisions.at(-1)
  const marks = useMemo(() => (trace && !faulty ? marksOf(root, sheet, stops) : undefined), [trace, root, sheet, stops, faulty])
  const matched = root?.matchedRules ?? []
  const spoken = busy || !trace || !root ? '' : matched.length > 0 ? `${joined(matched.map((r) => `Regel ${r.ruleIndex}`))} passede.` : sheet ? 'Ingen regel passede.' : 'Svaret er regnet ud.'
  return (
    <>
      {may && (
        <div className="try">
          <section className="try-form" aria-labelledby="proev">
            <h3 id="proev">Prøv reglen</h3>
            {fields.length === 0 ? <p>Reglen har ingen oplysninger at udfylde. Tryk på knappen for at se svaret.</p> : <p className="meta">Det, du skriver, gemmes ikke på serveren. Lad stå tomt for »ikke oplyst«.</p>}
            <form ref={form} noValidate onSubmit={(e) => { e.preventDefault(); submit() }}>
              {examples.length > 0 && (
                <div className="form-group">
                  <label className="form-label" htmlFor="example">Begynd med et eksempel</label>
                  <select id="example" className="form-select" value="" onChange={(e) => { const chosen = examples[Number(e.target.value)]; if (chosen) fill(chosen.variables) }}>
                    <option value="">Vælg et eksempel</option>
                    {examples.map((e, i) => <option key={i} value={i}>{e.title}</option>)}
                  </select>
                </div>
              )}
              {groups.map((group) => {
                const json = group.whole !== null && asJson.has(group.name)
                const controls = (json && group.whole ? [group.whole] : group.fields).map((field) => (
                  <Control key={field.id} field={field} text={texts[field.id] ?? ''} fault={left.has(field.id) ? faults[field.id] : undefined} onText={(text) => setTexts({ ...texts, [field.id]: text })} onLeave={() => setLeft((old) => new Set(old).add(field.id))} />
                ))
                if (!group.whole) return <div key={group.name}>{controls}</div>
                return (
                  <fieldset key={group.name} className="input-group">
                    <legend>{humanise(group.label)}</legend>
                    {controls}
                    <button type="button" className="link-button" onClick={() => switchJson(group)}>{json ? 'Skriv i felter' : 'Skriv som JSON'}</button>
                  </fieldset>
                )
              })}
              <div className="button-row">
                <button className="button button-primary" onMouseDown={(e) => e.preventDefault() /* the field keeps the focus, so no message moves the button from under the pointer */}>Prøv reglen</button>
                <button type="button" className="button button-secondary" onClick={empty}>Tøm felterne</button>
              </div>
            </form>
          </section>
          <section className="try-result" aria-labelledby="svar" tabIndex={0}>
            <h3 id="svar">Svaret</h3>
            <p className="sr-only" aria-live="polite">{spoken}</p>
            {error && <Problem error={error} />}
            {faulty && trace && <Alert tone="warning" heading="Svaret passer ikke til det, der står i felterne" live={false}><p>Ret felterne, så regnes det ud igen.</p></Alert>}
            {!trace && !error && <Empty heading="Skriv i felterne, så kommer svaret her"><p>Du ser, hvilken regel der passer, og hvorfor. Reglen markeres i tabellen nedenfor. Intet gemmes, og ingen sag ændres.</p></Empty>}
            {trace && <div className={faulty ? 'stale' : ''}><Explain trace={trace} xml={xml} own onStops={setStops} /></div>}
          </section>
        </div>
      )}
      <section aria-labelledby="tabellen">
        <h3 id="tabellen">{sheet ? 'Tabellen' : 'Udtrykket'}{root && marks && marks.matched.length > 0 ? <span className="meta"> ({joined(matched.map((r) => `regel ${r.ruleIndex}`))} er markeret)</span> : null}</h3>
        <Suspense fallback={<Waiting what="reglen" />}><Dmn xml={xml} decision={decision.id} marks={marks} label={`Reglerne i ${nameOf({ decisionDefinitionId: decision.id, decisionDefinitionName: decision.name })}`} /></Suspense>
      </section>
    </>
  )
}

/** How the decisions hang together. */
export function Graph({ xml }: { xml: string }) {
  return <Suspense fallback={<Waiting what="sammenhængen" />}><Dmn xml={xml} decision={wholeGraph} label="Sammenhængen mellem reglerne" /></Suspense>
}
