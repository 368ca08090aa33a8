// Opgaver: my tasks by due date on the left, the task with its evidence on the right; everything by keyboard.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router-dom'
import { query } from '../api/client'
import { useGet } from '../api/load'
import { useRole } from '../api/session'
import type { List, TaskItem } from '../api/types'
import { difference } from '../lib/diff'
import { maskCpr } from '../lib/cpr'
import { count, formatDue } from '../lib/format'
import { neighbour } from '../lib/keys'
import { Alert, Badge, Empty, Keycap, PageTitle, Problem, Waiting } from '../ui/parts'
import { useShortcuts } from '../ui/shortcuts'
import { TaskView } from './tasks/TaskView'

const limit = 200
const firstLine = (text: string | undefined) => maskCpr((text ?? '').split('\n')[0] ?? '')

/** By due date, those without last; then by age, so the order never jumps. */
function byDue(a: TaskItem, b: TaskItem): number {
  return (a.due ?? '9').localeCompare(b.due ?? '9') || (a.created ?? '').localeCompare(b.created ?? '') || a.userTaskKey.localeCompare(b.userTaskKey)
}

export default function Tasks() {
  const { key } = useParams()
  const navigate = useNavigate()
  const [params, setParams] = useSearchParams()
  const q = params.get('q') ?? ''
  const mayDecide = useRole('sagsbehandler')
  const { data, error, reload } = useGet<List<TaskItem>>(mayDecide ? query('/api/tasks', { state: 'CREATED', q, limit }) : null, { keep: true, live: ['task'] })
  const [done, setDone] = useState<ReadonlySet<string>>(new Set())
  const items = useMemo(() => (data?.items ?? []).filter((t) => !done.has(t.userTaskKey)).sort(byDue), [data, done])
  const ids = useMemo(() => items.map((t) => t.userTaskKey), [items])
  const hidden = (data?.items ?? []).length - items.length
  const total = Math.max(items.length, (data?.total ?? 0) - hidden)
  const suffix = q ? `?q=${encodeURIComponent(q)}` : ''
  const open = useCallback((id: string | undefined, replace = false) => navigate(id ? `/opgaver/${id}${suffix}` : `/opgaver${suffix}`, { replace }), [navigate, suffix])

  // What arrived since the list was last shown, said politely instead of moving things silently.
  const before = useRef<TaskItem[] | null>(null)
  const [news, setNews] = useState('')
  useEffect(() => {
    if (!data) return
    if (before.current) {
      const fresh = difference(before.current, data.items, (t) => t.userTaskKey).added.length
      if (fresh > 0) setNews(`${count(fresh, 'ny opgave', 'nye opgaver')} er kommet til.`)
    }
    before.current = data.items
  }, [data])

  // On wide screens the first task opens by itself; the address says which.
  const wide = useWide()
  useEffect(() => { if (!key && wide && ids[0]) open(ids[0], true) }, [key, wide, ids, open])

  // Where the keyboard is, ahead of what is drawn: fast keys must neither be lost nor meet the task that was left.
  const at = useRef(key)
  useEffect(() => { at.current = key }, [key])
  const go = (step: 1 | -1) => {
    const next = neighbour(ids, at.current, step)
    if (!next || next === at.current) return
    at.current = next
    open(next)
  }
  useShortcuts([
    { key: 'j', text: 'Næste opgave', run: () => go(1), group: 'Opgaver' },
    { key: 'k', text: 'Forrige opgave', run: () => go(-1), group: 'Opgaver' },
  ])
  const completed = (id: string) => {
    const place = ids.indexOf(id)
    const next = ids[place + 1] ?? ids[place - 1]
    at.current = next
    setDone((old) => new Set(old).add(id))
    open(next, true)
    reload()
  }
  const current = useRef<HTMLLIElement>(null)
  useEffect(() => { void current.current?.scrollIntoView({ block: 'nearest' }) }, [key, items.length]) // newer browsers answer with a promise
  const [text, setText] = useState(q)
  return (
    <div className={`tasks ${key ? 'has-task' : ''}`}>
      <div className="tasks-head">
        <PageTitle title="Opgaver" lead={data && data.total > 0 ? undefined : 'Her ligger de sager, der kræver et menneske, med grunden til, at de kom til dig.'}>Opgaver</PageTitle>
        <p className="key-line hide-narrow"><Keycap>j</Keycap> næste <Keycap>k</Keycap> forrige {mayDecide && <><Keycap>a</Keycap> godkend <Keycap>r</Keycap> afvis </>}<Keycap>?</Keycap> alle taster</p>
      </div>
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && mayDecide && <Waiting what="opgaver" />}
      {!mayDecide && <Alert tone="info" heading="Opgaver kræver rollen sagsbehandler"><p>De viser oplysninger om borgere. <Link to="/bank">Gå til banken</Link></p></Alert>}
      {data && (
        <div className="tasks-body">
          <section className="task-list" aria-label="Liste over opgaver">
            <form role="search" className="task-search" onSubmit={(e) => { e.preventDefault(); setParams(text ? { q: text } : {}) }}>
              <label htmlFor="task-search" className="sr-only">Søg i opgaver</label>
              <input id="task-search" type="search" className="form-input" placeholder="Søg i opgaver" value={text} onChange={(e) => setText(e.target.value)} />
              <button className="button button-secondary">Søg</button>
            </form>
            <p className="meta task-count" aria-live="polite">{count(total, 'opgave', 'opgaver')}, den nærmeste frist først. {news}</p>
            {items.length === 0 ? (
              <Empty heading={q ? 'Ingen opgaver passer til søgningen' : 'Der er ingen opgaver lige nu'}>
                {q ? <p><Link to="/opgaver" onClick={() => setText('')}>Vis alle opgaver</Link></p> : <p>Når en regning ikke stemmer, kommer den hertil med en sætning om hvorfor. Siden opdaterer sig selv.</p>}
              </Empty>
            ) : (
              <ol className="plain-list">
                {items.map((task) => {
                  const due = formatDue(task.due)
                  const now = task.userTaskKey === key
                  return (
                    <li key={task.userTaskKey} ref={now ? current : undefined} className={now ? 'current' : ''}>
                      <Link to={`/opgaver/${task.userTaskKey}${suffix}`} aria-current={now ? 'true' : undefined}>
                        <span className="task-reason">{firstLine(task.reason) || task.title}</span>
                        <span className="meta pieces"><span>{due.late ? <Badge tone="warning">{due.text}</Badge> : due.text}</span><span>{task.title}</span>{task.assignee ? <span>{task.assignee}</span> : null}</span>
                      </Link>
                    </li>
                  )
                })}
              </ol>
            )}
            {data.total > limit && <p className="meta">Viser de første {limit} af {data.total}. Flere kommer frem, efterhånden som du løser dem.</p>}
          </section>
          <section className="task-detail" aria-label="Opgaven">
            {key ? <TaskView key={key} id={key} position={ids.indexOf(key) + 1} of={ids.length} isCurrent={() => at.current === key} onDone={completed} onNext={() => go(1)} onPrevious={() => go(-1)} back={`/opgaver${suffix}`} />
              : items.length > 0 && <p className="muted">Vælg en opgave på listen.</p>}
          </section>
        </div>
      )}
    </div>
  )
}

function useWide(): boolean {
  const media = useMemo(() => window.matchMedia('(min-width: 992px)'), [])
  const [wide, setWide] = useState(media.matches)
  useEffect(() => {
    const change = () => setWide(media.matches)
    media.addEventListener('change', change)
    return () => media.removeEventListener('change', change)
  }, [media])
  return wide
}
