// How a decision came to its answer, in words: result, the rules that matched, reasons for what is missing, why the others stopped, the decisions on the way.
// The same on the decision page, on a caseworker's task and on an instance.
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react'
import type { EvaluatedDecision, MatchedRule, Reason, Trace } from '../api/decisions'
import type { Marks } from '../diagram/Dmn'
import { maskCpr } from '../lib/cpr'
import { labelsOf, sheetsOf } from '../lib/dmnXml'
import { joined, ruleClauses, stopSentence, valueWords } from '../lib/feelWords'
import { count, humanise } from '../lib/format'
import type { Sheet } from '../lib/sheet'
import { decisive, rootOf } from '../lib/trace'
import '../styles/rules.css'
import { Dialog } from '../ui/Dialog'
import { Alert, Waiting } from '../ui/parts'
import { Values } from '../ui/Values'

const Dmn = lazy(() => import('../diagram/Dmn'))

export const nameOf = (decision: { decisionDefinitionId: string; decisionDefinitionName?: string }): string => humanise(decision.decisionDefinitionName || decision.decisionDefinitionId)

/** The ids that dmn-js marks, for one table of a trace; the cells only where somebody asked why the others stopped. */
export function marksOf(decision: EvaluatedDecision | undefined, sheet: Sheet | undefined, withStops: boolean): Marks | undefined {
  if (!decision || !sheet) return undefined
  const at = (rule: { ruleId?: string; ruleIndex: number }) => ({ rule: rule.ruleId || sheet.rules[rule.ruleIndex - 1]?.id || '', index: rule.ruleIndex })
  return { matched: (decision.matchedRules ?? []).map(at), stopped: withStops ? (decision.stoppedRules ?? []).map((s) => ({ ...at(s), cell: s.cellId ?? '', column: s.inputIndex ?? 0 })) : [] }
}

function Reasons({ reasons }: { reasons: readonly Reason[] }) {
  if (reasons.length === 0) return null
  return (
    <div className="reasons">
      <h4>Derfor mangler der et svar</h4>
      <ul className="value-list">{reasons.map((r, i) => <li key={i}>{maskCpr(r.textDa || r.text || '')}{r.line ? <span className="meta"> (linje {r.line}{r.column ? `, tegn ${r.column}` : ''} i udtrykket)</span> : null}</li>)}</ul>
    </div>
  )
}

/** "Regel 2 passede: Erklæringstype er »LÆ 125« og …": one sentence for each rule that matched. */
function Matched({ decision, sheet }: { decision: EvaluatedDecision; sheet: Sheet | undefined }) {
  const matched = decision.matchedRules ?? []
  if (!sheet && matched.length === 0) return null
  if (matched.length === 0) return <p className="rule-sentence">Ingen regel passede.</p>
  return <>{matched.map((rule, i) => <p key={i} className="rule-sentence"><strong>Regel {rule.ruleIndex} passede</strong>{sheet ? <>: {clauses(sheet, rule)}</> : '.'}</p>)}</>
}

function clauses(sheet: Sheet, rule: MatchedRule): string {
  const own = sheet.rules.find((r) => r.id === rule.ruleId) ?? sheet.rules[rule.ruleIndex - 1]
  if (!own) return ''
  const words = ruleClauses(sheet.inputs.map((c) => c.label), own.inputs)
  const note = own.annotations.filter(Boolean).map((a) => ` (${maskCpr(a)})`).join('')
  return `${words.length > 0 ? joined(words) : 'reglen gælder altid'}${note}.`
}

function Stops({ decision, sheet, onOpen }: { decision: EvaluatedDecision; sheet: Sheet | undefined; onOpen?: (open: boolean) => void }) {
  const stopped = decision.stoppedRules ?? []
  if (stopped.length === 0) return null
  const label = (s: { inputName?: string; inputIndex?: number }) => sheet?.inputs[(s.inputIndex ?? 0) - 1]?.label || decision.evaluatedInputs?.[(s.inputIndex ?? 0) - 1]?.inputName
  return (
    <details className="plain-details stops" onToggle={(e) => onOpen?.(e.currentTarget.open)}>
      <summary>Hvorfor passede {stopped.length === 1 ? 'den anden regel' : 'de andre regler'} ikke?</summary>
      <ul className="value-list">{stopped.map((s, i) => <li key={i}>{stopSentence(s, label(s))}.</li>)}</ul>
      {(decision.stoppedRulesLeftOut ?? 0) > 0 && <p className="meta">{count(decision.stoppedRulesLeftOut ?? 0, 'regel mere', 'regler mere')} passede ikke og vises ikke her.</p>}
    </details>
  )
}

function Inputs({ decision, sheet, bare }: { decision: EvaluatedDecision; sheet: Sheet | undefined; bare?: boolean }) {
  const inputs = decision.evaluatedInputs ?? []
  if (inputs.length === 0) return null
  return <>{!bare && <h4>Ud fra</h4>}<Values value={Object.fromEntries(inputs.map((input, i) => [sheet?.inputs[i]?.label || input.inputName || `Betingelse ${i + 1}`, input.inputValue ?? null]))} /></>
}

/** One decision of the trace in full: what it saw, which rule matched, why others did not, what is missing. `fold`: what it saw is one click away, and the rule stands before the answer. */
export function DecisionPart({ decision, sheet, onStops, table, fold, heading }: { decision: EvaluatedDecision; sheet: Sheet | undefined; onStops?: (open: boolean) => void; table?: ReactNode; fold?: boolean; heading?: string }) {
  const answer = <><h4>{single(sheet, decision.output)}</h4><Answer value={decision.output} sheet={sheet} name={decision.decisionDefinitionName ?? decision.decisionDefinitionId} /></>
  return (
    <div className="decision-part">
      {heading && <h4>{heading}</h4>}
      {!fold && answer}
      <Matched decision={decision} sheet={sheet} />
      {fold && answer}
      <Reasons reasons={decision.reasons ?? []} />
      <Stops decision={decision} sheet={sheet} onOpen={onStops} />
      {table}
      {fold && (decision.evaluatedInputs ?? []).length > 0 ? <details className="plain-details"><summary>Det, reglen så på</summary><Inputs decision={decision} sheet={sheet} bare /></details> : <Inputs decision={decision} sheet={sheet} />}
      {(decision.parts ?? []).map((part, i) => (
        <details key={i} className="plain-details"><summary>Tabel i beslutningen: {nameOf(part)}</summary><DecisionPart decision={part} sheet={undefined} /></details>
      ))}
    </div>
  )
}

/** What the answer is called: the one output of a table by its label. */
const single = (sheet: Sheet | undefined, value: unknown): string => (sheet?.outputs.length === 1 && (typeof value !== 'object' || value === null) ? sheet.outputs[0]?.label || 'Svar' : 'Svar')

/** A result with the labels of the table's outputs. */
export function Answer({ value, sheet, name }: { value: unknown; sheet: Sheet | undefined; name: string }) {
  if (value === null || value === undefined) return <p className="answer">Intet svar</p>
  if (typeof value !== 'object') return <p className="answer">{typeof value === 'string' ? maskCpr(value) : valueWords(value)}</p>
  const labels = new Map(sheet?.outputs.map((o) => [o.name, o.label || o.name]))
  const named = (v: unknown): unknown => (v && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).map(([k, item]) => [labels.get(k) ?? k, item])) : v)
  return <div className="answer-values"><Values value={Array.isArray(value) ? value.map(named) : named(value)} name={name} /></div>
}

/** The short form of a result for a summary line. */
function short(value: unknown): string {
  const text = valueWords(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

/** Shows the table with its marks in a dialog: on a task there is no room for it beside the invoice. */
export function TableDialog({ xml, decision, sheet }: { xml: string; decision: EvaluatedDecision; sheet: Sheet }) {
  const [open, setOpen] = useState(false)
  const marks = useMemo(() => marksOf(decision, sheet, true), [decision, sheet])
  return (
    <>
      <p><button type="button" className="link-button" onClick={() => setOpen(true)}>Se tabellen med reglen markeret</button></p>
      {open && (
        <Dialog title={`Reglerne i ${nameOf(decision)}`} onClose={() => setOpen(false)} className="wide">
          <Suspense fallback={<Waiting what="tabellen" />}><Dmn xml={xml} decision={decision.decisionDefinitionId} marks={marks} label={`Reglerne i ${nameOf(decision)}`} /></Suspense>
        </Dialog>
      )}
    </>
  )
}

/**
 * A whole trace. Without `xml` the rules are named by number only. `own`: the page shows the table itself, so it need not open in a dialog.
 * `brief`: the table that decided comes first, and the rest is folded; for somebody who has a case in hand.
 */
export function Explain({ trace, xml, own, brief, onStops }: { trace: Trace; xml: string | undefined; own?: boolean; brief?: boolean; onStops?: (open: boolean) => void }) {
  const sheets = useMemo(() => (xml === undefined ? new Map<string, Sheet>() : sheetsOf(xml)), [xml])
  const labels = useMemo(() => (xml === undefined ? new Map<string, string>() : labelsOf(xml)), [xml])
  const title = (d: EvaluatedDecision) => humanise(labels.get(d.decisionDefinitionId) ?? d.decisionDefinitionName ?? d.decisionDefinitionId)
  const asked = rootOf(trace)
  const root = asked && { ...asked, output: trace.decisionOutput ?? asked.output }
  const first = brief && decisive(trace) !== asked ? decisive(trace) : root
  const others = trace.evaluatedDecisions.filter((d) => d !== asked && d !== first).reverse() // what it asked last stands nearest to the answer
  const tableOf = (d: EvaluatedDecision) => { const sheet = sheets.get(d.decisionDefinitionId); return xml !== undefined && sheet && <TableDialog xml={xml} decision={d} sheet={sheet} /> }
  return (
    <div className="explain">
      {trace.failureMessage && <Alert tone="error" heading="Reglen kunne ikke regnes ud" live={false}><p className="break" lang="en">{maskCpr(trace.failureMessage)}</p></Alert>}
      {first && <DecisionPart decision={first} sheet={sheets.get(first.decisionDefinitionId)} onStops={onStops} table={own ? undefined : tableOf(first)} fold={brief} heading={brief ? title(first) : undefined} />}
      {root && first && first.decisionDefinitionId !== root.decisionDefinitionId && (
        <details className="plain-details"><summary>Hele svaret: {title(root)}</summary><DecisionPart decision={root} sheet={sheets.get(root.decisionDefinitionId)} table={tableOf(root)} /></details>
      )}
      {others.length > 0 && (
        <div className="on-the-way">
          <h4>Beslutninger undervejs</h4>
          {others.map((d, i) => (
            <details key={d.decisionDefinitionId + i} className="plain-details">
              <summary>{title(d)}: {short(d.output)}{d.matchedRules && d.matchedRules.length > 0 ? <span className="meta"> ({joined(d.matchedRules.map((r) => `regel ${r.ruleIndex}`))})</span> : null}</summary>
              <DecisionPart decision={d} sheet={sheets.get(d.decisionDefinitionId)} table={tableOf(d)} />
            </details>
          ))}
        </div>
      )}
    </div>
  )
}
