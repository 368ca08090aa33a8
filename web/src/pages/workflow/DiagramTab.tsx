// The diagram with its steps to choose from.
import { lazy, Suspense, useState } from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { getText } from '../../api/client'
import { useLoad } from '../../api/load'
import type { DiagramElement } from '../../diagram/Bpmn'
import { elementName } from '../../lib/words'
import { Empty, Problem, Waiting } from '../../ui/parts'
import { ExportMenu } from './ExportMenu'

const Bpmn = lazy(() => import('../../diagram/Bpmn'))

export function DiagramTab({ base, slug, title }: { base: string; slug: string; title: string }) {
  const [params, setParams] = useSearchParams()
  const [elements, setElements] = useState<DiagramElement[]>([])
  const { data: xml, error } = useLoad(`diagram ${slug}`, (signal) => getText(`/api/bank/workflows/${slug}/diagram`, signal))
  const lit = params.get('element')
  const select = (id: string | null) => setParams(id ? { element: id } : {}, { replace: true, preventScrollReset: true })
  const chosen = elements.find((e) => e.id === lit)
  if (error?.status === 404) return <Empty heading="Arbejdsgangen har ikke noget diagram endnu"><p>Trin og jura kan stadig læses under de andre faner.</p></Empty>
  if (error) return <Problem error={error} />
  return (
    <>
      <div className="diagram-choice">
        <label className="form-label" htmlFor="element-choice">Vis et trin i diagrammet</label>
        <select id="element-choice" className="form-select" value={chosen ? chosen.id : ''} onChange={(e) => select(e.target.value || null)}>
          <option value="">Intet valgt</option>
          {elements.filter((e) => e.kind !== 'Lane' && e.kind !== 'Participant').map((e) => <option key={e.id} value={e.id}>{e.name}</option>)}
        </select>
        {chosen && <p className="chosen" aria-live="polite"><strong>{chosen.name}</strong> ({elementName(chosen.kind.charAt(0).toLowerCase() + chosen.kind.slice(1))}) er markeret. <Link to={`${base}/trin?element=${encodeURIComponent(chosen.id)}`} preventScrollReset>Læs som tekst</Link></p>}
      </div>
      <p className="only-narrow meta">På en lille skærm er det lettere at <Link to={`${base}/trin`} preventScrollReset>læse trinene som tekst</Link>.</p>
      {xml === undefined ? <Waiting what="diagrammet" /> : <Suspense fallback={<Waiting what="diagrammet" />}><Bpmn xml={xml} lit={lit} onSelect={select} onElements={setElements} title={title} /></Suspense>}
      <ExportMenu slug={slug} />
      <p className="downloads"><Link to={`/bank/kort?fra=${encodeURIComponent(slug)}`}>Læg den som kort på en tavle</Link></p>
    </>
  )
}
