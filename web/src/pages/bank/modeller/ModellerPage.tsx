// /bank/tegn/:id: a draft's diagram, drawn and written. The address holds the tab and the chosen element.
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Link, useBlocker, useNavigate, useParams, useSearchParams } from 'react-router-dom'
import { ApiError, exchange, type Finding } from '../../../api/client'
import { checkDiagram, createDraft, draftPath, layoutDiagram, type Draft } from '../../../api/drafts'
import { useGet } from '../../../api/load'
import { Dialog } from '../../../ui/Dialog'
import { Badge, Alert, PageTitle, Problem, Waiting } from '../../../ui/parts'
import { toast } from '../../../ui/toasts'
import { useShortcuts } from '../../../ui/shortcuts'
import type { Drawing } from './drawing'
import { Findings } from './Findings'
import { Panel, type Around } from './Panel'
import { Conflict, SaveState } from './Saving'
import { TextTab } from './TextTab'
import { Tools } from './Tools'
import { useDiagram } from './useDiagram'
import '../../../styles/modeller.css'

const Board = lazy(() => import('./Board'))
const states: Record<string, string> = { draft: 'Kladde', proposed: 'Sendt som forslag', returned: 'Sendt tilbage', approved: 'Godkendt', published: 'Offentliggjort', withdrawn: 'Trukket tilbage', deleted: 'Slettet' }
const open = new Set(['draft', 'returned', 'withdrawn'])
const wide = '(min-width: 700px)'

export default function ModellerPage() {
  const { id = '' } = useParams()
  return <Opened key={id} id={id} />
}

function Opened({ id }: { id: string }) {
  const draft = useGet<Draft>(draftPath(id))
  const diagram = useDiagram(id)
  const title = draft.data?.title ?? 'Kladde'
  const error = draft.error ?? diagram.error
  return (
    <div className="modeller-page">
      <nav aria-label="Brødkrummer" className="crumbs"><Link to="/bank">Bank</Link> <span aria-hidden="true">/</span> <Link to={`/bank/forslag/${encodeURIComponent(id)}`}>{title}</Link></nav>
      <PageTitle title={`Tegn: ${title}`}>{title}</PageTitle>
      {error && <Problem error={error} retry={() => window.location.reload()} />}
      {!error && (diagram.xml === undefined || !draft.data) && <Waiting what="kladden" />}
      {!error && diagram.xml !== undefined && draft.data && <Modeller id={id} draft={draft.data} diagram={diagram} xml={diagram.xml} />}
    </div>
  )
}

function useWide(): boolean {
  const [is, set] = useState(() => window.matchMedia(wide).matches)
  useEffect(() => {
    const query = window.matchMedia(wide), tell = () => set(query.matches)
    query.addEventListener('change', tell)
    return () => query.removeEventListener('change', tell)
  }, [])
  return is
}

/** What a draft offers the panel: roles, decisions and forms of its package. */
function useAround(draft: Draft): Around {
  const [decisions, setDecisions] = useState<[string, string][]>([])
  const files = useMemo(() => (draft.files ?? []).map((file) => (typeof file === 'string' ? file : file.path)), [draft.files])
  const has = files.includes('beslutninger.dmn')
  useEffect(() => {
    if (!has) return
    const abort = new AbortController()
    exchange(`${draftPath(draft.id)}/file?path=beslutninger.dmn`, { signal: abort.signal }).then((r) => r.text()).then((xml) => {
      const read = new DOMParser().parseFromString(xml, 'application/xml')
      setDecisions(Array.from(read.getElementsByTagName('*')).filter((e) => e.localName === 'decision').map((e) => [e.getAttribute('id') ?? '', e.getAttribute('name') ?? '']))
    }).catch(() => { /* without it the field has no list to choose from */ })
    return () => abort.abort()
  }, [draft.id, has])
  return useMemo(() => {
    const roles = Array.isArray(draft.manifest?.roller) ? (draft.manifest.roller as unknown[]).filter((r): r is string => typeof r === 'string') : []
    return { draft, roles, decisions, forms: files.filter((f) => f.endsWith('.form')).map((f) => f.replace(/^.*\//, '').replace(/\.form$/, '')) }
  }, [draft, decisions, files])
}

function Modeller({ id, draft, diagram, xml }: { id: string; draft: Draft; diagram: ReturnType<typeof useDiagram>; xml: string }) {
  const isWide = useWide(), navigate = useNavigate(), around = useAround(draft)
  const [params, setParams] = useSearchParams()
  const asText = !isWide || params.get('vis') === 'tekst'
  const [selected, setSelected] = useState(() => params.get('element')) // the address follows it a moment later
  const readOnly = !open.has(draft.state)
  const profile = /isExecutable="true"/.test(xml) ? 'deploy' as const : 'lenient' as const
  const [drawing, setDrawing] = useState<Drawing | null>(null)
  const [turn, setTurn] = useState(0) // each step of the drawing, so the panel reads it again
  const [findings, setFindings] = useState<Finding[]>()
  const [total, setTotal] = useState(0)
  const [help, setHelp] = useState(false)
  const [busy, setBusy] = useState(false)
  const past = useRef<string[]>([]), future = useRef<string[]>([]) // what the text changed, for undo beyond the drawing's own steps

  useEffect(() => {
    if (asText) return
    const abort = new AbortController()
    const timer = setTimeout(() => checkDiagram(xml, profile, abort.signal).then((checked) => { setFindings(checked.findings); setTotal(checked.total) }, () => { /* the next change asks again */ }), 350)
    return () => { clearTimeout(timer); abort.abort() }
  }, [xml, profile, asText])

  const select = useCallback((element: string | null) => {
    setSelected(element)
    setParams((old) => { element ? old.set('element', element) : old.delete('element'); return old }, { replace: true, preventScrollReset: true })
  }, [setParams])
  const show = (tab: string) => setParams((old) => { tab ? old.set('vis', tab) : old.delete('vis'); return old }, { replace: true, preventScrollReset: true })
  const choose = (element: string) => (element === '' ? select(null) : drawing?.element(element) ? drawing.select(element) : select(element))
  const first = useRef(selected)
  const opened = useCallback((made: Drawing | null) => {
    setDrawing(made)
    if (made && first.current) made.select(first.current)
    first.current = null
  }, [])

  const fromText = (next: string) => { past.current.push(xml); future.current = []; diagram.change(next, true) }
  const step = (back: boolean) => {
    if (drawing && (back ? drawing.canUndo() : drawing.canRedo())) return back ? drawing.undo() : drawing.redo()
    const [from, to] = back ? [past, future] : [future, past]
    const other = from.current.pop()
    if (other !== undefined) { to.current.push(xml); diagram.change(other, true) }
  }
  const arrange = async () => {
    if (!drawing) return
    setBusy(true)
    try {
      drawing.arrange(await layoutDiagram(await drawing.xml(), false))
      toast('Diagrammet er ordnet', 'Fortryd, hvis det var bedre før.')
    } catch (cause) { toast('Diagrammet kunne ikke ordnes', cause instanceof ApiError ? cause.title : undefined, 'error') } finally { setBusy(false) }
  }
  const saveAsMine = async () => {
    try {
      const made = await createDraft({ title: `${draft.title} (min kopi)`, copy: draft.id, bpmn: xml })
      leaving.current = true
      navigate(`/bank/tegn/${made.id}`)
    } catch (cause) { toast('Kladden kunne ikke gemmes', cause instanceof ApiError ? cause.title : undefined, 'error') }
  }

  const leaving = useRef(false)
  const unsaved = !readOnly && diagram.saving.kind !== 'saved'
  const blocker = useBlocker(({ currentLocation, nextLocation }) => unsaved && !leaving.current && currentLocation.pathname !== nextLocation.pathname)
  useEffect(() => {
    if (!unsaved) return
    const ask = (event: BeforeUnloadEvent) => { event.preventDefault() }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [unsaved])
  useEffect(() => { if (blocker.state === 'blocked' && !unsaved) blocker.proceed() }, [blocker, unsaved]) // stored meanwhile: nothing to ask
  useShortcuts([{ key: 'o', text: 'Ordn diagrammet', group: 'Tegning', run: () => void arrange() }, { key: 't', text: 'Skift mellem diagram og tekst', group: 'Tegning', run: () => show(asText ? '' : 'tekst') }])
  const names = (element: string) => drawing?.element(element)?.businessObject.name || element

  return (
    <>
      <div className="modeller-head">
        <p className="modeller-state"><Badge tone={draft.state === 'returned' ? 'warning' : draft.state === 'published' ? 'success' : undefined}>{states[draft.state] ?? draft.state}</Badge>{!readOnly && <SaveState saving={diagram.saving} />}</p>
        <Link className="button button-primary" to={`/bank/forslag/${encodeURIComponent(id)}`}>{readOnly ? 'Se forslaget' : 'Send som forslag'}</Link>
      </div>
      {readOnly && <Alert tone="info" heading="Kladden kan ikke ændres nu"><p>Den er {(states[draft.state] ?? draft.state).toLowerCase()}. Træk forslaget tilbage, eller tag en ny kladde, hvis du vil tegne videre.</p></Alert>}
      {diagram.saving.kind === 'conflict' && <Conflict by={diagram.saving.by} at={diagram.saving.at} onTheirs={() => void diagram.takeTheirs().catch(() => toast('Den nye kunne ikke hentes', undefined, 'error'))} onMine={() => void saveAsMine()} />}
      {diagram.saving.kind === 'refused' && <Problem error={diagram.saving.error} />}
      {isWide ? (
        <nav className="tab-container own-tabs" aria-label="Visninger">
          <ul className="tab-list">
            {[['', 'Diagram'], ['tekst', 'Som tekst']].map(([tab = '', text]) => <li key={tab}><button type="button" className="tab-button" aria-current={(tab === 'tekst') === asText ? 'page' : undefined} onClick={() => show(tab)}><span>{text}</span></button></li>)}
          </ul>
        </nav>
      ) : <Alert tone="info" heading="Tegning kræver en bredere skærm"><p>Her kan du læse og rette arbejdsgangen som tekst. Åbn siden på en computer, hvis du vil tegne.</p></Alert>}
      {asText ? <TextTab xml={xml} profile={profile} readOnly={readOnly || diagram.saving.kind === 'conflict'} onChange={fromText} /> : (
        <>
          <Tools drawing={drawing} selected={selected} turn={turn} busy={busy} readOnly={readOnly} canUndo={(drawing?.canUndo() ?? false) || past.current.length > 0} canRedo={(drawing?.canRedo() ?? false) || future.current.length > 0}
            onUndo={() => step(true)} onRedo={() => step(false)} onArrange={() => void arrange()} onHelp={() => setHelp(true)} />
          <div className={`modeller-work${readOnly ? ' is-read-only' : ''}`}>
            <div className="modeller-main">
              <Suspense fallback={<Waiting what="tegningen" />}>
                <Board xml={xml} loaded={diagram.loaded} title={draft.title} findings={findings} onDrawing={opened} onXml={(next) => { if (!readOnly) diagram.change(next) }} onSelect={select} onTurn={() => { setTurn((n) => n + 1); if (!readOnly) diagram.touch() }} />
              </Suspense>
              <Findings findings={findings} total={total} names={names} onChoose={(one) => { if (one.element) choose(one.element) }} />
            </div>
            {drawing && !readOnly && <Panel key={diagram.loaded} drawing={drawing} selected={selected} around={around} onSelect={choose} />}
          </div>
        </>
      )}
      {help && <Help onClose={() => setHelp(false)} />}
      {blocker.state === 'blocked' && (
        <Dialog title="Vil du gå uden at gemme?" onClose={() => blocker.reset()}>
          <p>Dine sidste ændringer er ikke gemt endnu. Går du nu, er de væk.</p>
          <div className="button-row">
            <button type="button" className="button button-primary" onClick={() => blocker.reset()}>Bliv her</button>
            <button type="button" className="button button-secondary" onClick={() => blocker.proceed()}>Gå uden at gemme</button>
          </div>
        </Dialog>
      )}
    </>
  )
}

const helpKeys: [string, string][] = [
  ['Tab', 'Gå mellem knapper, tegning, tjekliste og panel'], ['Piletaster', 'Flyt det valgte (hold Skift nede for større skridt)'], ['E', 'Skriv navnet i tegningen'], ['R', 'Skift slags'], ['L', 'Vælg flere med en ramme'],
  ['H', 'Flyt tegnefladen'], ['S', 'Giv eller fjern plads'], ['C', 'Forbind to elementer'], ['Delete', 'Slet det valgte'], ['Ctrl + Z', 'Fortryd'], ['Ctrl + Y', 'Gør igen'], ['Ctrl + C og Ctrl + V', 'Kopiér og sæt ind'],
  ['Ctrl + A', 'Vælg alt'], ['Ctrl + F', 'Søg i diagrammet'], ['Ctrl + + og Ctrl + −', 'Større og mindre'], ['Ctrl + 0', 'Normal størrelse'],
]
function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Taster i tegningen" onClose={onClose}>
      <p>Tasterne virker, når tegningen har fokus: klik på den, eller gå til den med Tab. Alt kan også gøres uden mus: vælg elementer i panelets liste, tilføj med »Tilføj« over tegningen, og forbind i panelet.</p>
      <dl className="keys">{helpKeys.map(([key, text]) => <div key={key}><dt><kbd className="keycap">{key}</kbd></dt><dd>{text}</dd></div>)}</dl>
    </Dialog>
  )
}
