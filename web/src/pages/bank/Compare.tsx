// Sammenlign: two drawings that scroll together, the differences as a list that steers both; or, first, which two.
import { lazy, Suspense, useEffect, useMemo, useRef, useState, type FormEvent } from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { compareAddress, comparePath, similarPath, type Comparison, type SimilarWorkflow } from '../../api/compare'
import { query } from '../../api/client'
import { useGet } from '../../api/load'
import type { WorkflowDetail, WorkflowItem } from '../../api/types'
import { makeLooseSync } from '../../diagram/sync'
import { changeWords, differenceOf, joinRef, nextNumber, sideMarks, splitRef, subjectWord } from '../../lib/differences'
import { count } from '../../lib/format'
import { kindName } from '../../lib/words'
import { Empty, PageTitle, Problem, Waiting } from '../../ui/parts'
import { useShortcuts } from '../../ui/shortcuts'
import '../../styles/drift.css'
import '../../styles/compare.css'

const Bpmn = lazy(() => import('../../diagram/Bpmn'))
const workflowPath = (slug: string) => `/api/bank/workflows/${slug.split('/').map(encodeURIComponent).join('/')}`

export default function Compare() {
  const [params, setParams] = useSearchParams()
  const a = params.get('a') ?? '', b = params.get('b') ?? '', lit = Number(params.get('forskel') ?? 0)
  const change = (values: Record<string, string>, replace = false) => setParams((old) => { const next = new URLSearchParams(old); for (const [name, value] of Object.entries(values)) if (value) next.set(name, value); else next.delete(name); return next }, { preventScrollReset: true, replace })
  const { data, error, reload } = useGet<Comparison>(a && b ? comparePath(a, b) : null)
  return (
    <>
      <nav aria-label="Brødkrummer" className="crumbs"><Link to="/bank">Bank</Link> <span aria-hidden="true">/</span> {splitRef(a).slug ? <><Link to={`/bank/${splitRef(a).slug}`}>{data?.a.title ?? splitRef(a).slug}</Link> <span aria-hidden="true">/</span></> : null} Sammenlign</nav>
      <PageTitle title="Sammenlign arbejdsgange" lead="Se, hvad der er forskelligt på to arbejdsgange eller to versioner af den samme. Trin genkendes på navn og sammenhæng, også når de er tegnet hver for sig.">Sammenlign arbejdsgange</PageTitle>
      <Choose key={`${a} ${b}`} a={a} b={b} onChoose={(x, y) => change({ a: x, b: y, forskel: '' })} />
      {a && !b && <Suggestions slug={splitRef(a).slug} chosen={a} />}
      {!a && !b && <Empty heading="Vælg to arbejdsgange"><p>Skriv navnet på to arbejdsgange ovenfor, eller prøv eksemplet: <Link to={compareAddress('arbejdsmarked/sygedagpengeopfoelgning-2010', 'arbejdsmarked/sygedagpengeopfoelgning')}>sygedagpengeopfølgning i 2010 og i dag</Link>.</p></Empty>}
      {error && <Problem error={error} retry={reload} />}
      {a && b && !data && !error && <Waiting what="forskellene" />}
      {data && <Result key={`${a} ${b}`} data={data} lit={lit} onLit={(number) => change({ forskel: number ? String(number) : '' }, true)} />}
    </>
  )
}

/** The two fields: a search with the bank's own hits, and a version where there are more than one. */
function Choose({ a, b, onChoose }: { a: string; b: string; onChoose: (a: string, b: string) => void }) {
  const [left, setLeft] = useState(a), [right, setRight] = useState(b)
  const send = (event: FormEvent) => { event.preventDefault(); if (left && right) onChoose(left, right) }
  return (
    <form className="compare-form" onSubmit={send} aria-label="Vælg to arbejdsgange">
      <Field id="c-a" label="Første arbejdsgang (før)" value={left} onChange={setLeft} />
      <Field id="c-b" label="Anden arbejdsgang (efter)" value={right} onChange={setRight} />
      <div className="button-row">
        <button type="submit" className="button button-primary" disabled={!left || !right}>Sammenlign</button>
        <button type="button" className="button button-secondary" disabled={!a || !b} onClick={() => onChoose(b, a)}>Byt om</button>
      </div>
    </form>
  )
}

function Field({ id, label, value, onChange }: { id: string; label: string; value: string; onChange: (ref: string) => void }) {
  const { slug, version } = splitRef(value)
  const chosen = useGet<WorkflowDetail>(slug ? workflowPath(slug) : null)
  const [text, setText] = useState<string>()
  const hits = useGet<{ items: WorkflowItem[] }>(text && text.length > 1 ? query('/api/bank/workflows', { q: text, limit: 8 }) : null, { keep: true })
  const shown = text ?? chosen.data?.title ?? slug
  const versions = chosen.data?.versions ?? []
  return (
    <div className="compare-field">
      <label className="form-label" htmlFor={id}>{label}</label>
      <input id={id} className="form-input" value={shown} placeholder="Søg efter en arbejdsgang" autoComplete="off" onChange={(e) => setText(e.target.value)} />
      {chosen.error && text === undefined && <p className="form-error-message">Arbejdsgangen {slug} findes ikke i banken. Søg efter en anden.</p>}
      {text !== undefined && text.length > 1 && hits.data && (
        <ul className="compare-hits" aria-label={`Forslag til ${label.toLowerCase()}`}>
          {hits.data.items.map((hit) => <li key={hit.slug}><button type="button" className="link-button" onClick={() => { onChange(hit.slug); setText(undefined) }}>{hit.title}</button> <span className="muted">{kindName(hit.kind)}</span></li>)}
          {hits.data.items.length === 0 && <li>Ingen arbejdsgange passer. Prøv et andet ord.</li>}
        </ul>
      )}
      {versions.length > 1 && text === undefined && (
        <>
          <label className="form-label" htmlFor={`${id}-v`}>Version</label>
          <select id={`${id}-v`} className="form-select" value={version} onChange={(e) => onChange(joinRef(slug, e.target.value))}>
            <option value="">Den nyeste</option>
            {[...versions].reverse().map((v) => <option key={String(v.version)} value={String(v.version)}>Version {v.version}{v.note ? `: ${v.note}` : ''}</option>)}
          </select>
        </>
      )}
    </div>
  )
}

/** What it makes sense to compare with: other versions, what it comes from or replaces, and what is like it. */
function Suggestions({ slug, chosen }: { slug: string; chosen: string }) {
  const workflow = useGet<WorkflowDetail>(workflowPath(slug))
  const similar = useGet<{ items: SimilarWorkflow[] }>(similarPath(slug))
  if (!workflow.data) return workflow.error ? null : <Waiting what="forslag" />
  const related = new Map<string, string>()
  for (const [key, word] of [['afledt_af', 'Den er afledt af'], ['erstatter', 'Den erstatter'], ['se_ogsaa', 'Se også']] as const) {
    const list = workflow.data.manifest?.[key]
    if (Array.isArray(list)) for (const one of list) if (typeof one === 'string' && !related.has(one)) related.set(one, word)
  }
  const versions = [...workflow.data.versions].reverse().slice(1, 6)
  return (
    <section aria-labelledby="med-hvad">
      <h2 id="med-hvad">Sammenlign {workflow.data.title} med</h2>
      <ul className="plain-list rows">
        {versions.map((v) => <li key={String(v.version)}><Link to={compareAddress(joinRef(slug, String(v.version)), slug)}>Version {v.version}</Link> <span className="muted">tidligere version{v.note ? `: ${v.note}` : ''}</span></li>)}
        {[...related].map(([other, word]) => <li key={other}><Link to={compareAddress(other, chosen)}>{similar.data?.items.find((s) => s.slug === other)?.title ?? other}</Link> <span className="muted">{word}</span></li>)}
        {similar.data?.items.filter((s) => !related.has(s.slug)).map((s) => <li key={s.slug}><Link to={compareAddress(chosen, s.slug)}>{s.title}</Link> <span className="muted">ligner {Math.round(s.likeness * 100)} %</span></li>)}
      </ul>
      {versions.length + related.size + (similar.data?.items.length ?? 0) === 0 && similar.data && <p>Ingen andre arbejdsgange ligner den. Søg ovenfor efter en, du selv vælger.</p>}
    </section>
  )
}

function Result({ data, lit, onLit }: { data: Comparison; lit: number; onLit: (number: number) => void }) {
  const { differences } = data
  const [sync] = useState(makeLooseSync)
  const marks = useMemo(() => ({ a: sideMarks(differences, 'a'), b: sideMarks(differences, 'b') }), [differences])
  const current = differences.find((d) => d.number === lit)
  // The list moves each drawing to its own place: meanwhile they do not pull at each other.
  const choose = (number: number) => { sync.hold(400); onLit(number) }
  const step = (by: number) => choose(nextNumber(differences.length, current?.number ?? 0, by))
  useShortcuts([{ key: 'n', text: 'Næste forskel', group: 'Sammenlign', run: () => step(1) }, { key: 'p', text: 'Forrige forskel', group: 'Sammenlign', run: () => step(-1) }])
  const first = useRef(true)
  useEffect(() => { if (first.current) { first.current = false; sync.hold(1500) } }, [sync])
  useEffect(() => { if (lit) document.getElementById(`forskel-${lit}`)?.scrollIntoView({ block: 'nearest' }) }, [lit])
  const kinds = [...new Set(differences.map((d) => d.kind))]
  const name = (side: 'a' | 'b') => `${data[side].title}, version ${data[side].version}`
  return (
    <section aria-labelledby="forskelle">
      <h2 id="forskelle">{differences.length === 0 ? 'Ingen forskelle' : count(differences.length, 'forskel', 'forskelle')}</h2>
      <p aria-live="polite">{data.summary.da}{data.movedOnPaper.length > 0 && differences.length > 0 ? ` ${count(data.movedOnPaper.length, 'element er', 'elementer er')} kun flyttet på tegningen.` : ''}</p>
      {differences.length > 0 && (
        <div className="compare-bar">
          <div className="button-row"><button type="button" className="button button-secondary" onClick={() => step(-1)}>Forrige forskel</button><button type="button" className="button button-secondary" onClick={() => step(1)}>Næste forskel</button><span className="meta" aria-live="polite">{current ? `${current.number} af ${differences.length}` : ''}</span></div>
          <p className="compare-current" aria-live="polite">{current ? current.da : 'Vælg en forskel i listen, klik på et mærke, eller brug tasterne n og p.'}</p>
        </div>
      )}
      <div className="side-by-side">
        {(['a', 'b'] as const).map((side) => (
          <div key={side}>
            <h3><Link to={`/bank/${data[side].slug}`}>{data[side].title}</Link> <span className="muted">version {data[side].version}{data[side].kind ? `, ${kindName(data[side].kind).toLowerCase()}` : ''}</span></h3>
            <Suspense fallback={<Waiting what="diagrammet" />}><Bpmn xml={data[side].xml} title={name(side)} marks={marks[side]} sync={sync} lit={current?.[side][0] ?? null} flows onSelect={(id) => choose((id && differenceOf(differences, id)?.number) || 0)} textIs="Forskellene står i listen under diagrammerne." /></Suspense>
          </div>
        ))}
      </div>
      {differences.length > 0 && (
        <>
          <ul className="legend" aria-label="Mærker">{kinds.map((kind) => <li key={kind}><span className={`diff-badge diff-${changeWords[kind].tone}`} aria-hidden="true">{changeWords[kind].sign}</span>{changeWords[kind].word}</li>)}</ul>
          <h3>Hvad er forskelligt?</h3>
          <ol className="plain-list rows difference-list compare-list">
            {differences.map((d) => (
              <li key={d.number} id={`forskel-${d.number}`} className={d.number === lit ? 'lit-step' : ''}>
                <p><span className={`diff-badge diff-${changeWords[d.kind].tone}`}>{d.number} <span aria-hidden="true">{changeWords[d.kind].sign}</span><span className="sr-only">{changeWords[d.kind].word}</span></span> <button type="button" className="link-button" aria-current={d.number === lit ? 'true' : undefined} onClick={() => choose(d.number)}>{d.da}</button> <span className="muted">{subjectWord(d.subject)}</span></p>
                {d.details.some((x) => x.what === 'documentation') && <details className="plain-details"><summary>Se beskrivelserne</summary>{d.details.filter((x) => x.what === 'documentation').map((x) => <p key={x.what}><del>{x.before || 'ingen'}</del> <ins>{x.after || 'ingen'}</ins></p>)}</details>}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  )
}
