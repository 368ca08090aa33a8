// What happened in one case, when, by whom and how long it took; a "for each" is one line with its count.
import { useState } from 'react'
import { Link } from 'react-router-dom'
import '../../styles/drift.css'
import type { LiveKind } from '../../api/live'
import { timelinePath, type Moment, type Timeline } from '../../api/drift'
import { useGet } from '../../api/load'
import type { BpmnElement } from '../../lib/bpmnModel'
import { detailsOf, gathered, headingOf, isMinor, kindOf, toneOf, waitsFor, type Entry } from '../../lib/caseTimeline'
import { count, formatDate, formatNumber, formatTime } from '../../lib/format'
import { Empty, Problem, Waiting } from '../../ui/parts'

const live: LiveKind[] = ['instance', 'incident', 'task']
const tones: Record<string, string> = { now: 'I gang', done: 'Færdig', stopped: 'Stoppet', incident: 'Fejl', mark: 'Ændret udefra', rule: 'Regel' }
const signs: Record<string, string> = { now: '●', done: '✓', stopped: '×', incident: '!', mark: '✎', rule: '§' }
const shownAtOnce = 300

export function CaseTimeline({ instance, elements, definitions }: { instance: string; elements: ReadonlyMap<string, BpmnElement>; definitions?: (key: string) => string | undefined }) {
  const [all, setAll] = useState(false)
  const [limit, setLimit] = useState(shownAtOnce)
  const { data, error, reload } = useGet<Timeline>(timelinePath(instance, 1000), { live, instance, keep: true })
  if (error) return <Problem error={error} retry={reload} />
  if (!data) return <Waiting what="forløbet" />
  const entries = gathered(data.items)
  const shown = all ? entries : entries.filter((e) => !isMinor(e))
  const hidden = entries.length - shown.length
  if (entries.length === 0) return <Empty heading="Intet er sket endnu"><p>Sagen er oprettet. Så snart det første trin begynder, står det her.</p></Empty>
  const now = Date.now()
  let day = ''
  return (
    <>
      <p className="timeline-tools">
        <span className="meta">{count(data.total, 'hændelse', 'hændelser')}{data.total > data.items.length ? `; de første ${formatNumber(data.items.length)} vises` : ''}.</span>
        {(hidden > 0 || all) && <label className="plain-check"><input type="checkbox" checked={all} onChange={(e) => setAll(e.target.checked)} />Vis også valg undervejs{hidden > 0 ? ` (${formatNumber(hidden)})` : ''}</label>}
      </p>
      <ol className="case-timeline">
        {shown.slice(0, limit).map((entry, i) => {
          const { moment } = entry
          const date = formatDate(moment.at)
          const newDay = date !== day
          day = date
          return (
            <li key={`${moment.kind}${moment.elementInstanceKey ?? moment.incidentKey ?? moment.decisionEvaluationKey ?? ''}${moment.at}${i}`} className={`moment moment-${toneOf(entry)}`}>
              {newDay && <p className="moment-day">{date}</p>}
              <Line entry={entry} elements={elements} now={now} definitions={definitions} />
            </li>
          )
        })}
      </ol>
      {shown.length > limit && <p><button type="button" className="button button-secondary" onClick={() => setLimit(limit + shownAtOnce)}>Vis {formatNumber(Math.min(shownAtOnce, shown.length - limit))} mere</button></p>}
      {data.left > 0 && <p className="meta">Sagen er så lang, at {formatNumber(data.left)} trin kun er talt med på diagrammet.</p>}
    </>
  )
}

function Line({ entry, elements, now, definitions }: { entry: Entry; elements: ReadonlyMap<string, BpmnElement>; now: number; definitions?: (key: string) => string | undefined }) {
  const { moment, items } = entry
  const tone = toneOf(entry)
  const details = detailsOf(entry, now)
  const from = moment.processDefinitionKey ? definitions?.(moment.processDefinitionKey) : undefined
  if (from) details.push(`fra ${from}`)
  const heading = headingOf(entry)
  return (
    <>
      <span className="moment-sign" aria-hidden="true">{signs[tone]}</span>
      <p className="moment-head">
        <time dateTime={moment.at} title={formatTime(moment.at)}>{formatTime(moment.at).replace(/^.* kl\. /, 'kl. ')}</time>
        {moment.elementId && moment.kind !== 'mark' ? <Link to={`?element=${encodeURIComponent(moment.elementId)}`} replace preventScrollReset>{heading}</Link> : <strong>{heading}</strong>}
        <span className="moment-kind">{kindOf(moment, elements)}<span className="sr-only">, {tones[tone]}</span></span>
      </p>
      {details.length > 0 && <p className="moment-details">{details.join(' · ')}</p>}
      {waitsFor(moment, elements, now).map((w, i) => <p key={i} className="moment-details">{w.at ? <>{w.text} <time dateTime={w.at}>{formatTime(w.at)}</time></> : w.text}</p>)}
      {items && items.length > 0 && <Items items={items} />}
    </>
  )
}

function Items({ items }: { items: Moment[] }) {
  const [open, setOpen] = useState(false)
  const now = Date.now()
  const first = items.filter((m) => m.hasIncident || m.state === 'ACTIVE').concat(items.filter((m) => !m.hasIncident && m.state !== 'ACTIVE')).slice(0, 50)
  return (
    <details className="plain-details" open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>Vis hver for sig</summary>
      {open && <>
        <ul className="value-list">{first.map((m) => <li key={m.elementInstanceKey}>Nr. {m.loopCounter}: {detailsOf({ moment: m }, now).join(' · ') || 'færdig'}{m.hasIncident ? ' · fejl' : ''}</li>)}</ul>
        {items.length > first.length && <p className="meta">Og {formatNumber(items.length - first.length)} mere.</p>}
      </>}
    </details>
  )
}
