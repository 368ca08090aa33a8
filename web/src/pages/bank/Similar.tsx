// Find lignende: a fragment written as an outline (docs/notation.md) or a BPMN file finds the workflows that have something like it.
import { useState, type FormEvent } from 'react'
import { Link } from 'react-router-dom'
import { ApiError, write } from '../../api/client'
import type { SimilarWorkflow } from '../../api/compare'
import { Empty, PageTitle, Problem } from '../../ui/parts'
import { SimilarItems } from './SimilarList'

const example = `proces: Udsnit
  bruger: Indhenter lægelige oplysninger
  bruger: Partshører om afslag
  bruger: Træffer afgørelse
`

export default function Similar() {
  const [text, setText] = useState(''), [xml, setXml] = useState<{ name: string; text: string }>(), [fragment, setFragment] = useState(true)
  const [items, setItems] = useState<SimilarWorkflow[]>(), [error, setError] = useState<ApiError>(), [busy, setBusy] = useState(false)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      // Lines without a keyword are steps: nobody needs the notation to ask.
      const outline = text.split('\n').some((line) => /^\s*(proces|bruger|opgave|service|valg|start)\b.*:/.test(line)) ? (/^\s*proces\b/m.test(text) ? text : `proces: Udsnit\n${text.split('\n').map((l) => `  ${l}`).join('\n')}\n`)
        : `proces: Udsnit\n${text.split('\n').filter((l) => l.trim()).map((l) => `  opgave: ${l.trim()}`).join('\n')}\n`
      setItems((await write<{ items: SimilarWorkflow[] }>('POST', '/api/bank/similar', { ...(xml ? { xml: xml.text } : { text: outline }), fragment, limit: 12 })).items)
    } catch (cause) { if (cause instanceof ApiError) { setError(cause); setItems(undefined) } } finally { setBusy(false) }
  }
  return (
    <>
      <nav aria-label="Brødkrummer" className="crumbs"><Link to="/bank">Bank</Link> <span aria-hidden="true">/</span> Lignende</nav>
      <PageTitle title="Find lignende arbejdsgange" lead="Skriv de trin, du leder efter, ét på hver linje, eller vælg en BPMN-fil. Banken finder de arbejdsgange, der har noget, som ligner, også når de siger det med andre ord.">Find lignende arbejdsgange</PageTitle>
      <form onSubmit={(e) => void send(e)}>
        <div className="form-group"><label className="form-label" htmlFor="s-text">Trin</label><p className="form-hint" id="s-hint">Ét trin på hver linje. Du kan også bruge tekstnotationen, hvor rækkefølge, valg og baner tæller med.</p>
          <textarea id="s-text" className="form-input fragment-text" aria-describedby="s-hint" value={text} disabled={xml !== undefined} onChange={(e) => setText(e.target.value)} /></div>
        <div className="form-group"><label className="form-label" htmlFor="s-file">Eller en BPMN-fil</label><input id="s-file" type="file" accept=".bpmn,.xml" onChange={(e) => { const file = e.target.files?.[0]; if (!file) setXml(undefined); else void file.text().then((content) => setXml({ name: file.name, text: content })) }} /></div>
        <div className="form-group-checkbox"><input type="checkbox" id="s-part" className="form-checkbox" checked={fragment} onChange={(e) => setFragment(e.target.checked)} /><label htmlFor="s-part">Det er et udsnit: hvad arbejdsgangene ellers har, tæller ikke imod dem</label></div>
        <div className="button-row"><button type="submit" className="button button-primary" disabled={busy || (!xml && text.trim() === '')}>{busy ? 'Leder …' : 'Find lignende'}</button>
          <button type="button" className="button button-secondary" onClick={() => setText(example)} disabled={xml !== undefined}>Indsæt et eksempel</button></div>
      </form>
      {error && <Problem error={error} />}
      <div aria-live="polite">
        {items && (items.length === 0 ? <Empty heading="Ingen arbejdsgange ligner"><p>Prøv med færre trin, eller brug de ord, der står i jeres arbejdsgange.</p></Empty> : <section aria-labelledby="fundet"><h2 id="fundet">De ligner mest</h2><SimilarItems items={items} /></section>)}
      </div>
    </>
  )
}
