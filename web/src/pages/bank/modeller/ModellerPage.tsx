// /bank/tegn/:id: a draft's diagram, drawn and written. The address holds the tab and the chosen element.
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router-dom'
import { ApiError, type Finding } from '../../../api/client'
import { checkDiagram, createDraft, draftPath, layoutDiagram, type Draft } from '../../../api/drafts'
import { useGet } from '../../../api/load'
import { Badge, Alert, PageTitle, Problem, Waiting } from '../../../ui/parts'
import { toast } from '../../../ui/toasts'
import { useShortcuts } from '../../../ui/shortcuts'
import { Help, Leaving } from './Dialogs'
import type { Drawing } from './drawing'
import { Findings } from './Findings'
import { useAround, useLeaving, useUndoKeys, useWide } from './hooks'
import { Panel } from './Panel'
import { Conflict, SaveState } from './Saving'
import { TextTab } from './TextTab'
import { Tools } from './Tools'
import { useDiagram } from './useDiagram'
import '../../../styles/modeller.css'

const Board = lazy(() => import('./Board'))
const Bpmn = lazy(() => import('../../../diagram/Bpmn'))
const states: Record<string, string> = { draft: 'Kladde', proposed: 'Sendt som forslag', returned: 'Sendt tilbage', approved: 'Godkendt', published: 'Offentliggjort', withdrawn: 'Trukket tilbage', deleted: 'Slettet' }
const open = new Set(['draft', 'returned', 'withdrawn'])

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
    if (!drawing || readOnly) return
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

  const leaving = useRef(false), unsaved = !readOnly && diagram.saving.kind !== 'saved', blocker = useLeaving(unsaved, leaving)
  const placed = xml.includes('BPMNPlane'), change = diagram.change
  useEffect(() => { // a diagram without places, as other tools' exports may be, gets ours
    if (!placed && !asText) layoutDiagram(xml, false).then((done) => change(done, true), (cause: unknown) => toast('Diagrammet kunne ikke ordnes', cause instanceof ApiError ? cause.title : undefined, 'error'))
  }, [placed, asText])
  useUndoKeys(!readOnly && !asText, step)
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
          {!readOnly && <Tools drawing={drawing} selected={selected} turn={turn} busy={busy} canUndo={(drawing?.canUndo() ?? false) || past.current.length > 0} canRedo={(drawing?.canRedo() ?? false) || future.current.length > 0}
            onUndo={() => step(true)} onRedo={() => step(false)} onArrange={() => void arrange()} onHelp={() => setHelp(true)} />}
          <div className={`modeller-work${readOnly ? ' is-read-only' : ''}`}>
            <div className="modeller-main">
              <Suspense fallback={<Waiting what="tegningen" />}>
                {!placed ? <Waiting what="pladserne" /> : readOnly ? <Bpmn xml={xml} lit={selected} title={draft.title} textIs="Den samme arbejdsgang står som tekst under fanen Som tekst." onSelect={select} />
                  : <Board xml={xml} loaded={diagram.loaded} title={draft.title} findings={findings} onDrawing={opened} onXml={diagram.change} onSelect={select} onTurn={() => { setTurn((n) => n + 1); diagram.touch(); if (drawing?.canUndo()) future.current = [] }} />}
              </Suspense>
              <Findings findings={findings} total={total} names={names} onChoose={(one) => { if (one.element) choose(one.element) }} />
            </div>
            {drawing && !readOnly && <Panel key={diagram.loaded} drawing={drawing} selected={selected} around={around} onSelect={choose} />}
          </div>
        </>
      )}
      {help && <Help onClose={() => setHelp(false)} />}
      {blocker.state === 'blocked' && <Leaving onStay={() => blocker.reset()} onGo={() => blocker.proceed()} />}
    </>
  )
}
