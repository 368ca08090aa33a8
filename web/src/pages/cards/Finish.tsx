// The board becomes a diagram: look at it, store it as a workflow, compare it with where it came from, publish it.
import { lazy, Suspense, useState } from 'react'
import { Link } from 'react-router-dom'
import { ApiError, getText, query, write } from '../../api/client'
import type { Board, Coverage } from '../../api/boards'
import { useLoad } from '../../api/load'
import { useRole } from '../../api/session'
import { slugOf } from '../../lib/board'
import { Alert, Problem, Waiting } from '../../ui/parts'
import { toast } from '../../ui/toasts'
import { CoverageText } from './Strip'

const Bpmn = lazy(() => import('../../diagram/Bpmn'))

interface Stored { slug: string; version: number; changed: boolean; coverage: Coverage; from: string | null }

export function Finish({ board }: { board: Board }) {
  const konsulent = useRole('konsulent')
  const [shown, setShown] = useState<number | null>(null) // the revision that the picture is of
  if (board.cards.length === 0) return null
  return (
    <section className="finish no-print" aria-labelledby="finish-title">
      <h2 id="finish-title">Fra tavle til diagram</h2>
      <p>Rollerne bliver baner, og kort i samme kolonne bliver samtidige. Valg og løkker tegner I bagefter i diagrammet.</p>
      <p><button type="button" className="button button-secondary" onClick={() => setShown(board.revision)}>{shown === null ? 'Vis som diagram' : shown === board.revision ? 'Diagrammet er opdateret' : 'Opdatér diagrammet'}</button></p>
      {shown !== null && <Picture boardKey={board.boardKey} revision={shown} title={board.fields.title ?? ''} />}
      {konsulent ? <Store board={board} /> : <p className="meta">En konsulent kan gemme tavlen som arbejdsgang i banken.</p>}
    </section>
  )
}

function Picture({ boardKey, revision, title }: { boardKey: string; revision: number; title: string }) {
  const { data, error } = useLoad(`board ${boardKey} ${revision}`, (signal) => getText(`/api/bank/boards/${boardKey}/diagram?r=${revision}`, signal), { keep: true })
  if (error) return <Problem error={error} />
  if (!data) return <Waiting what="diagrammet" />
  return <Suspense fallback={<Waiting what="diagrammet" />}><Bpmn xml={data} title={title} textIs="De samme trin står på kortene ovenfor." /></Suspense>
}

function Store({ board }: { board: Board }) {
  const title = board.fields.title ?? ''
  const from = board.sources[0]
  const [form, setForm] = useState({ title, domain: from?.split('/')[0] ?? 'tvaergaaende', name: '', kind: 'lokal', kle: '' })
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError>()
  const [stored, setStored] = useState<Stored>()
  const name = form.name || slugOf(form.title + (from ? ' vores' : ''))
  const slug = `${slugOf(form.domain)}/${slugOf(name)}`
  const store = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const domain = from ? undefined : form.domain
      setStored(await write<Stored>('POST', `/api/bank/boards/${board.boardKey}/workflow`, { slug, title: form.title, kind: form.kind, ...(domain ? { domain } : {}), ...(form.kle ? { kle: form.kle } : {}) }))
    } catch (cause) { if (cause instanceof ApiError) setError(cause) } finally { setBusy(false) }
  }
  const field = (key: keyof typeof form) => ({ value: form[key], onChange: (e: { target: { value: string } }) => setForm({ ...form, [key]: e.target.value }) })
  return (
    <>
      <h3>Gem som arbejdsgang</h3>
      <form className="store-form" onSubmit={(event) => { event.preventDefault(); void store() }}>
        <div><label className="form-label" htmlFor="store-title">Titel</label><input id="store-title" className="form-input" required maxLength={180} {...field('title')} /></div>
        <div><label className="form-label" htmlFor="store-kind">Art</label><select id="store-kind" className="form-select" {...field('kind')}><option value="lokal">Lokal udgave</option><option value="god">God praksis</option></select></div>
        <div><label className="form-label" htmlFor="store-domain">Domæne</label><input id="store-domain" className="form-input" required maxLength={80} {...field('domain')} /></div>
        <div><label className="form-label" htmlFor="store-name">Navn i adressen</label><input id="store-name" className="form-input" maxLength={80} {...field('name')} placeholder={name} /></div>
        {!from && <div><label className="form-label" htmlFor="store-kle">KLE-nummer</label><input id="store-kle" className="form-input" required pattern="\d{2}(\.\d{2}(\.\d{2})?)?" title="Fx 15.20.00" maxLength={8} {...field('kle')} /></div>}
        <p className="hint">Arbejdsgangen får adressen <code>{slug}</code>. Findes den i forvejen fra samme udgangspunkt, bliver det en ny version.</p>
        <div className="button-row"><button type="submit" className="button button-primary" disabled={busy}>{busy ? 'Gemmer …' : 'Gem i banken'}</button></div>
      </form>
      {error && <Problem error={error} />}
      {stored && <Done stored={stored} />}
    </>
  )
}

function Done({ stored }: { stored: Stored }) {
  const [error, setError] = useState<ApiError>()
  const publish = async () => {
    setError(undefined)
    try {
      await write('POST', `/api/bank/workflows/${stored.slug}/publication`)
      toast('Arbejdsgangen er udgivet', 'Alle myndigheder i banken kan nu læse den.')
    } catch (cause) { if (cause instanceof ApiError) setError(cause) }
  }
  return (
    <>
      <Alert tone="success" heading={`Gemt som version ${stored.version}`} live>
        <p><Link to={`/bank/${stored.slug}`}>Se arbejdsgangen</Link>{stored.from && <> · <Link to={query('/bank/sammenlign', { a: stored.from, b: stored.slug })}>Sammenlign med udgangspunktet</Link></>}</p>
      </Alert>
      {stored.coverage.total > 0 && <CoverageText coverage={stored.coverage} />}
      <div className="button-row"><button type="button" className="button button-secondary" onClick={() => void publish()}>Udgiv til alle myndigheder</button></div>
      {error && <div className="publish-refused"><Problem error={error} /></div>}
    </>
  )
}
