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
import { humanise } from '../lib/format'
import { Alert } from '../ui/parts'

// dmn-js speaks English; these are the words its viewers show.
const words: Record<string, string> = {
  When: 'Når', And: 'og', Then: 'Så', Annotations: 'Bemærkninger', Annotation: 'Bemærkning', 'Hit policy:': 'Træf:', 'Hit Policy': 'Træf', First: 'Første', Unique: 'Én', Any: 'Samme svar', Priority: 'Prioritet', Collect: 'Alle', 'Collect (Sum)': 'Sum af alle',
  'Collect (Min)': 'Mindste', 'Collect (Max)': 'Største', 'Collect (Count)': 'Antal', 'Rule order': 'I rækkefølge', 'Output order': 'Efter svar', 'Decision name': 'Regel', string: 'tekst', number: 'tal', boolean: 'ja/nej', date: 'dato', Input: 'Ind', Output: 'Ud', 'Expression language': 'Sprog', 'Variable type': 'Type', 'Result variable': 'Navn', Expression: 'Udtryk',
}
const translate = { translate: ['value', (text: string, values: Record<string, string> = {}) => (words[text] ?? text).replace(/\{([^}]+)\}/g, (all, name: string) => values[name] ?? all)] }
const danish = { additionalModules: [translate] }

const typeName: Record<string, string> = { drd: 'Sammenhæng', decisionTable: 'tabel', literalExpression: 'udtryk', boxedExpression: 'udtryk' }
/** dmn-js reads DMN 1.3; what packages use of 1.4 and 1.5 differs from it in the namespaces alone, so those are renamed for the eye. */
function asDmn13(xml: string): string {
  return xml.replace(/https:\/\/www\.omg\.org\/spec\/DMN\/(?:20211108|20230324|20240513)\/(MODEL|DMNDI)\//g, 'https://www.omg.org/spec/DMN/20191111/$1/')
}

interface Choice { key: string; text: string; table: boolean }

export default function Dmn({ xml, decision, onDecision }: { xml: string; decision: string | null; onDecision: (id: string) => void }) {
  const box = useRef<HTMLDivElement>(null)
  const viewer = useRef<NavigatedViewer | null>(null)
  const [choices, setChoices] = useState<Choice[]>([])
  const [fault, setFault] = useState('')
  const [shown, setShown] = useState('')

  useEffect(() => {
    if (!box.current) return
    const made = new NavigatedViewer({ container: box.current, drd: danish, decisionTable: danish, literalExpression: danish })
    viewer.current = made
    let gone = false
    made.importXML(asDmn13(xml), { open: false }).then(() => {
      if (gone) return
      const views = made.getViews()
      setChoices(views.map((view) => ({ key: view.element.id, table: view.type === 'decisionTable', text: view.type === 'drd' ? 'Sammenhæng' : `${humanise(view.element.name ?? view.element.id)}${typeName[view.type] ? ` (${typeName[view.type]})` : ''}` })))
    }, (cause: unknown) => { if (!gone) setFault(cause instanceof Error ? cause.message : String(cause)) })
    return () => { gone = true; viewer.current = null; setChoices([]); made.destroy() }
  }, [xml])

  const current = choices.find((c) => c.key === decision)?.key ?? choices.find((c) => c.table)?.key ?? choices[0]?.key
  useEffect(() => {
    const made = viewer.current
    if (!made || !current) return
    const view = made.getViews().find((v) => v.element.id === current)
    if (!view) return
    made.open(view).then(() => {
      if (view.type === 'drd') made.getActiveViewer()?.get('canvas').zoom('fit-viewport')
      box.current?.querySelectorAll('.tjs-table-container').forEach((table) => table.setAttribute('tabindex', '0')) // it scrolls, so the keyboard must reach it
      setFault('')
      setShown(current)
    }, (cause: unknown) => setFault(cause instanceof Error ? cause.message : String(cause)))
  }, [current])

  return (
    <div className="rules">
      <div className="rule-choice" role="group" aria-label="Vælg regel">
        {choices.map((choice) => <button key={choice.key} type="button" className="chip" aria-pressed={choice.key === current} onClick={() => onDecision(choice.key)}>{choice.text}</button>)}
      </div>
      {fault && <Alert tone="error" heading="Reglen kunne ikke vises"><p lang="en">{fault}</p></Alert>}
      <div ref={box} className="dmn-canvas" data-shown={shown} role="region" aria-label="Regel" tabIndex={0} />
    </div>
  )
}
