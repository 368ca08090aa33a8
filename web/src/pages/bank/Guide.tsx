// "Sådan læser du et procesdiagram": one symbol at a time, drawn by the same viewer as the bank's diagrams, with a question to test oneself.
import { lazy, Suspense, useState } from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { PageTitle, Waiting } from '../../ui/parts'
import { BankNav } from './parts'
import { guideSymbols } from './guideSymbols'

const Bpmn = lazy(() => import('../../diagram/Bpmn'))

export default function Guide() {
  const [params] = useSearchParams()
  const [answers, setAnswers] = useState<Record<string, number>>({})
  const at = Math.max(0, guideSymbols.findIndex((s) => s.id === params.get('symbol')))
  const symbol = guideSymbols[at]
  if (!symbol) return null
  const given = answers[symbol.id]
  const right = guideSymbols.filter((s) => answers[s.id] === s.right).length
  const to = (n: number) => `/bank/guide?symbol=${guideSymbols[n]?.id ?? ''}`
  return (
    <>
      <BankNav />
      <PageTitle title="Sådan læser du et procesdiagram" lead="Elleve symboler er nok. Se dem ét ad gangen, og prøv dig selv.">Sådan læser du et procesdiagram</PageTitle>
      <div className="guide">
        <nav aria-label="Symboler" className="guide-list"><ol>{guideSymbols.map((s, i) => <li key={s.id}><Link to={to(i)} aria-current={i === at ? 'step' : undefined} preventScrollReset>{s.name}{answers[s.id] === s.right && <span className="guide-done"> ✓<span className="sr-only"> besvaret rigtigt</span></span>}</Link></li>)}</ol></nav>
        <section aria-labelledby="symbol" className="guide-symbol">
          <h2 id="symbol">{symbol.name} <span className="muted">({at + 1} af {guideSymbols.length})</span></h2>
          <p className="guide-says">{symbol.says}</p>
          <Suspense fallback={<Waiting what="eksemplet" />}><Bpmn key={symbol.id} xml={symbol.xml} title={`eksempel på ${symbol.name.toLocaleLowerCase('da')}`} textIs={symbol.says} /></Suspense>
          <fieldset className="form-group guide-question">
            <legend className="form-label">Prøv dig selv: {symbol.question}</legend>
            {symbol.answers.map((text, i) => (
              <div key={text} className="form-group-radio"><input type="radio" className="form-radio" id={`svar-${symbol.id}-${i}`} name={`svar-${symbol.id}`} checked={given === i} onChange={() => setAnswers({ ...answers, [symbol.id]: i })} /><label htmlFor={`svar-${symbol.id}-${i}`}>{text}</label></div>
            ))}
          </fieldset>
          <p role="status" className="guide-answer">{given !== undefined && <><strong>{given === symbol.right ? 'Rigtigt.' : 'Ikke helt.'}</strong> {symbol.because}</>}</p>
          <div className="button-row">
            {at > 0 && <Link className="button button-secondary" to={to(at - 1)} preventScrollReset>Forrige</Link>}
            {at + 1 < guideSymbols.length ? <Link className="button button-primary" to={to(at + 1)} preventScrollReset>Næste: {guideSymbols[at + 1]?.name}</Link> : <Link className="button button-primary" to="/bank">Gå til banken</Link>}
            <span className="meta">{right} af {guideSymbols.length} besvaret rigtigt</span>
          </div>
        </section>
      </div>
    </>
  )
}
