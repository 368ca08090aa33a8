// Decisions in dmn-js: the requirement graph, tables and expressions. Loaded only where rules are shown.
import NavigatedViewer from 'dmn-js/lib/NavigatedViewer'
import 'dmn-js/dist/assets/diagram-js.css'
import 'dmn-js/dist/assets/dmn-js-shared.css'
import 'dmn-js/dist/assets/dmn-js-drd.css'
import 'dmn-js/dist/assets/dmn-js-decision-table.css'
import 'dmn-js/dist/assets/dmn-js-literal-expression.css'
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css'
import 'dmn-js/dist/assets/dmn-font/css/dmn.css'
import { useEffect, useRef, useState } from 'react'
import { wholeGraph } from '../lib/ruleWords'
import { Alert } from '../ui/parts'

// dmn-js speaks English; these are the words its viewers show.
const words: Record<string, string> = {
  When: 'Når', And: 'og', Then: 'Så', Annotations: 'Bemærkninger', Annotation: 'Bemærkning', 'Hit policy:': 'Træf:', 'Hit Policy': 'Træf', First: 'Første', Unique: 'Én', Any: 'Samme svar', Priority: 'Prioritet', Collect: 'Alle', 'Collect (Sum)': 'Sum af alle',
  'Collect (Min)': 'Mindste', 'Collect (Max)': 'Største', 'Collect (Count)': 'Antal', 'Rule order': 'I rækkefølge', 'Output order': 'Efter svar', 'Decision name': 'Regel', string: 'tekst', number: 'tal', boolean: 'ja/nej', date: 'dato', Input: 'Ind', Output: 'Ud', 'Expression language': 'Sprog', 'Variable type': 'Type', 'Result variable': 'Navn', Expression: 'Udtryk',
}
const translate = { translate: ['value', (text: string, values: Record<string, string> = {}) => (words[text] ?? text).replace(/\{([^}]+)\}/g, (all, name: string) => values[name] ?? all)] }
const danish = { additionalModules: [translate] }

/** dmn-js reads DMN 1.3; what packages use of 1.4 and 1.5 differs from it in the namespaces alone, so those are renamed for the eye. */
function asDmn13(xml: string): string {
  return xml.replace(/https:\/\/www\.omg\.org\/spec\/DMN\/(?:20211108|20230324|20240513)\/(MODEL|DMNDI)\//g, 'https://www.omg.org/spec/DMN/20191111/$1/')
}

/** A rule by its id, or where it has none by its number from 1. */
export interface RuleAt { rule: string; index: number }
/** What is marked in a table: rules that matched, and for rules that did not the cell that stopped them (by id, or by its input's number from 1). */
export interface Marks { matched: readonly RuleAt[]; stopped: readonly (RuleAt & { cell: string; column: number })[] }

/** Rules are marked by a colour, a sign in the margin and a word for screen readers. The viewer renders once, so its rows may be marked from outside. */
function mark(box: HTMLElement, marks: Marks | undefined) {
  box.querySelectorAll('.rule-mark').forEach((old) => old.remove())
  box.querySelectorAll('.rule-matched, .cell-stopped').forEach((old) => old.classList.remove('rule-matched', 'cell-stopped'))
  if (!marks) return
  const rows = box.querySelectorAll<HTMLElement>('.tjs-table tbody tr')
  const rowOf = ({ rule, index }: RuleAt) => (rule && box.querySelector<HTMLElement>(`td[data-row-id="${CSS.escape(rule)}"]`)?.closest('tr')) || rows[index - 1]
  const say = (cell: Element | null | undefined, text: string) => {
    const word = document.createElement('span')
    word.className = 'rule-mark sr-only'
    word.textContent = ` ${text}`
    cell?.append(word)
  }
  for (const match of marks.matched) {
    const row = rowOf(match)
    row?.classList.add('rule-matched')
    say(row?.querySelector('td'), 'Reglen passede')
  }
  for (const stop of marks.stopped) {
    const row = rowOf(stop)
    const cell = (stop.cell && row?.querySelector(`td[data-element-id="${CSS.escape(stop.cell)}"]`)) || row?.querySelectorAll('td')[stop.column]
    cell?.classList.add('cell-stopped')
    say(cell, 'Her stoppede reglen')
  }
  const first = marks.matched[0] && rowOf(marks.matched[0])
  const table = first?.closest<HTMLElement>('.tjs-table-container') // only the table itself scrolls: the page stays where it is read
  if (first && table) table.scrollTop += first.getBoundingClientRect().top - table.getBoundingClientRect().top - table.clientHeight / 3
}

export default function Dmn({ xml, decision, marks, label = 'Regel' }: { xml: string; decision: string | null; marks?: Marks; label?: string }) {
  const box = useRef<HTMLDivElement>(null)
  const viewer = useRef<NavigatedViewer | null>(null)
  const [loaded, setLoaded] = useState('')
  const [fault, setFault] = useState('')
  const [shown, setShown] = useState('')

  useEffect(() => {
    if (!box.current) return
    const made = new NavigatedViewer({ container: box.current, drd: danish, decisionTable: danish, literalExpression: danish })
    viewer.current = made
    let gone = false
    made.importXML(asDmn13(xml), { open: false }).then(() => { if (!gone) setLoaded(xml) }, (cause: unknown) => { if (!gone) setFault(cause instanceof Error ? cause.message : String(cause)) })
    return () => { gone = true; viewer.current = null; setLoaded(''); setShown(''); made.destroy() }
  }, [xml])

  useEffect(() => {
    const made = viewer.current
    if (!made || loaded !== xml) return
    const views = made.getViews()
    const view = decision === wholeGraph ? views.find((v) => v.type === 'drd') : views.find((v) => v.element.id === decision) ?? views.find((v) => v.type === 'decisionTable') ?? views[0]
    if (!view) return
    made.open(view).then(() => {
      if (view.type === 'drd') made.getActiveViewer()?.get('canvas').zoom('fit-viewport')
      box.current?.querySelectorAll('.tjs-table-container').forEach((table) => { table.setAttribute('tabindex', '0'); table.setAttribute('role', 'region'); table.setAttribute('aria-label', label) }) // it scrolls, so the keyboard must reach it
      setFault('')
      setShown(view.element.id)
    }, (cause: unknown) => setFault(cause instanceof Error ? cause.message : String(cause)))
  }, [decision, loaded, xml, label])

  useEffect(() => { if (shown && box.current) mark(box.current, marks) }, [shown, marks])

  return (
    <div className="rules">
      {fault && <Alert tone="error" heading="Reglen kunne ikke vises"><p lang="en">{fault}</p></Alert>}
      <div ref={box} className="dmn-canvas" data-shown={shown} role="group" aria-label={label} />
    </div>
  )
}
