// The diagram with its steps to choose from, the way down into sub-workflows and up again, and what is said about a step.
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router-dom'
import { getText, query } from '../../api/client'
import { useGet, useLoad } from '../../api/load'
import { apiOf, pageOf, type Calls, type Comments as Threads, type Reviews } from '../../api/understand'
import type { DiagramElement, DiagramOpening } from '../../diagram/Bpmn'
import type { Badge, DiagramMark } from '../../lib/diagramMarks'
import { count } from '../../lib/format'
import { deeper, readTrail, trailText, up } from '../../lib/trail'
import { elementName } from '../../lib/words'
import { Icon } from '../../ui/Icon'
import { Empty, Problem, Waiting } from '../../ui/parts'
import { useShortcuts } from '../../ui/shortcuts'
import { Comments } from './Comments'
import { ExportMenu } from './ExportMenu'

const Bpmn = lazy(() => import('../../diagram/Bpmn'))

export function DiagramTab({ base, slug, title }: { base: string; slug: string; title: string }) {
  const [params, setParams] = useSearchParams()
  const navigate = useNavigate()
  const [elements, setElements] = useState<DiagramElement[]>([])
  const [printing, setPrinting] = useState(false)
  const { data: xml, error } = useLoad(`diagram ${slug}`, (signal) => getText(`${apiOf(slug)}/diagram`, signal))
  const { data: calls } = useGet<Calls>(`${apiOf(slug)}/calls`)
  const { data: said, error: saidError, reload: hear } = useGet<Threads>(`${apiOf(slug)}/comments`, { keep: true })
  const { data: reviews } = useGet<Reviews>(query('/api/bank/law-reviews', { slug, open: true }))
  const lit = params.get('element'), plane = params.get('del')
  const trail = readTrail(params.get('spor'))
  const set = (changes: Record<string, string | null>) => setParams((old) => {
    const next = new URLSearchParams(old)
    for (const [name, value] of Object.entries(changes)) value ? next.set(name, value) : next.delete(name)
    return next
  }, { replace: true, preventScrollReset: true })
  const chosen = elements.find((e) => e.id === lit)
  const call = calls?.calls.find((c) => c.elementId === lit)
  const opens = useMemo<DiagramOpening[]>(() => (calls?.calls ?? []).map((c) => ({ id: c.elementId, known: c.known, text: c.known ? `Åbn »${c.title}«` : `»${c.slug}« findes ikke i banken` })), [calls])
  const marks = useMemo(() => waitingMarks(said, reviews), [said, reviews])
  const downTo = (target: string) => query(pageOf(target), { spor: trailText(deeper(trail, slug, target)) })
  const open = (id: string) => {
    const target = calls?.calls.find((c) => c.elementId === id && c.known)
    if (target) navigate(downTo(target.slug))
  }
  const above = up(trail)
  const callerOf = (parent: string) => calls?.calledBy.find((c) => c.slug === parent)?.elementId
  const upTo = (parent: string, rest: string[]) => query(pageOf(parent), { element: parent === above?.parent ? callerOf(parent) : undefined, spor: trailText(rest) })
  useShortcuts([...(plane ? [{ key: 'backspace', text: 'Ud af delprocessen', group: 'Diagram', run: () => set({ del: null, element: plane }) }] : []),
    ...(above && !plane ? [{ key: 'backspace', text: 'Op til den arbejdsgang, du kom fra', group: 'Diagram', run: () => navigate(upTo(above.parent, above.rest)) }] : [])])
  useEffect(() => { if (printing) { const after = () => setPrinting(false); window.addEventListener('afterprint', after); return () => window.removeEventListener('afterprint', after) } }, [printing])
  if (error?.status === 404) return <Empty heading="Arbejdsgangen har ikke noget diagram endnu"><p>Trin og jura kan stadig læses under de andre faner.</p></Empty>
  if (error) return <Problem error={error} />
  return (
    <>
      {trail.length > 0 && (
        <nav className="trail no-print" aria-label="Vejen hertil">
          <ol>
            {trail.map((parent, i) => <li key={parent}><TrailLink slug={parent} to={upTo(parent, trail.slice(0, i))} /></li>)}
            <li aria-current="page">{title}</li>
          </ol>
          {above && <p className="meta">Tryk <kbd className="keycap">Backspace</kbd> for at gå et niveau op.</p>}
        </nav>
      )}
      <div className="diagram-choice no-print">
        <label className="form-label" htmlFor="element-choice">Vis et trin i diagrammet</label>
        <select id="element-choice" className="form-select" value={chosen ? chosen.id : ''} onChange={(e) => set({ element: e.target.value || null })}>
          <option value="">Intet valgt</option>
          {elements.filter((e) => e.kind !== 'Lane' && e.kind !== 'Participant').map((e) => <option key={e.id} value={e.id}>{e.name}</option>)}
        </select>
        {chosen && (
          <p className="chosen" aria-live="polite">
            <strong>{chosen.name}</strong> ({elementName(chosen.kind.charAt(0).toLowerCase() + chosen.kind.slice(1))}) er markeret. <Link to={`${base}/trin?element=${encodeURIComponent(chosen.id)}`} preventScrollReset>Læs som tekst</Link>
            {call && (call.known ? <> · <Link to={downTo(call.slug)}>Åbn »{call.title}«</Link></> : <> · <span className="missing-call">Kalder »{call.slug}«, som ikke findes i banken</span></>)}
          </p>
        )}
      </div>
      <p className="only-narrow meta no-print">På en lille skærm er det lettere at <Link to={`${base}/trin`} preventScrollReset>læse trinene som tekst</Link>. <Link to="/bank/guide">Sådan læser du et procesdiagram</Link></p>
      {xml === undefined ? <Waiting what="diagrammet" /> : (
        <Suspense fallback={<Waiting what="diagrammet" />}>
          <Bpmn xml={xml} lit={lit} plane={plane} onPlane={(id) => { if (id !== plane) set({ del: id }) }} opens={opens} onOpen={open} marks={marks} onSelect={(id) => set({ element: id })} onElements={setElements} title={title}
            tools={<button type="button" className="function-link" onClick={() => setPrinting(true)}><Icon name="print" />Udskriv</button>} />
        </Suspense>
      )}
      {printing && <img className="print-only" src={`${apiOf(slug)}/diagram.svg`} alt={`Diagram: ${title}`} onLoad={() => window.print()} onError={() => setPrinting(false)} />}
      <ExportMenu slug={slug} />
      <p className="downloads no-print"><Link to={`/bank/kort?fra=${encodeURIComponent(slug)}`}>Læg den som kort på en tavle</Link> <Link to="/bank/guide" className="hide-narrow">Sådan læser du et procesdiagram</Link></p>
      {calls && calls.calledBy.length > 0 && trail.length === 0 && (
        <p className="meta no-print">Kaldes af: {calls.calledBy.map((c, i) => <span key={c.slug + c.elementId}>{i > 0 && ', '}<Link to={query(pageOf(c.slug), { element: c.elementId })}>{c.title}</Link></span>)}</p>
      )}
      <Comments slug={slug} data={said} error={saidError} reload={hear} element={chosen} onSelect={(id) => set({ element: id })} />
    </>
  )
}

/** What waits at a step, as badges: open threads, and laws that have changed. */
function waitingMarks(said: Threads | undefined, reviews: Reviews | undefined): DiagramMark[] {
  const threads = new Map<string, number>(), laws = new Map<string, number>()
  for (const t of said?.threads ?? []) if (t.elementId && !t.resolved) threads.set(t.elementId, (threads.get(t.elementId) ?? 0) + 1)
  for (const r of reviews?.items ?? []) if (r.elementId) laws.set(r.elementId, (laws.get(r.elementId) ?? 0) + 1)
  return [...new Set([...threads.keys(), ...laws.keys()])].map((id) => {
    const badges: Badge[] = []
    const law = laws.get(id), talk = threads.get(id)
    if (law) badges.push({ className: 'waiting-badge waiting-law', text: '§ ændret', title: `Loven er ændret: ${count(law, 'gennemgang venter', 'gennemgange venter')}`, position: { top: -12, left: -10 } })
    if (talk) badges.push({ className: 'waiting-badge waiting-talk', text: `${talk} kom.`, title: count(talk, 'åben kommentar', 'åbne kommentarer'), position: { top: -12, right: 44 } })
    return { id, badges }
  })
}

/** A parent by its title; its slug until the title is there. */
function TrailLink({ slug, to }: { slug: string; to: string }) {
  const { data } = useGet<{ title: string }>(apiOf(slug))
  return <Link to={to}>{data?.title ?? slug}</Link>
}
