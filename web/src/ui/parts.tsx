// The small shared parts of every page.
import { useEffect, useRef, type ReactNode } from 'react'
import { useNavigationType } from 'react-router-dom'
import type { ApiError } from '../api/client'
import { formatTime } from '../lib/format'
import { isMasked, maskCpr } from '../lib/cpr'
import { Icon } from './Icon'

let firstPage = true

/** The page's h1: sets the document's title and takes the focus when the page is entered, so a screen reader hears where it is. */
export function PageTitle({ children, title, lead }: { children: ReactNode; title: string; lead?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const how = useNavigationType()
  useEffect(() => { document.title = `${title} – Sagsgang` }, [title])
  useEffect(() => {
    if (!firstPage) heading.current?.focus({ preventScroll: how === 'POP' })
    firstPage = false
  }, [])
  return (
    <>
      <h1 className="page-title" tabIndex={-1} ref={heading}>{children}</h1>
      {lead !== undefined && <p className="lead">{lead}</p>}
    </>
  )
}

type Tone = 'info' | 'success' | 'warning' | 'error'
const toneIcon = { info: 'info', success: 'success', warning: 'alert', error: 'error' } as const
const toneLabel = { info: 'Information', success: 'Gennemført', warning: 'Advarsel', error: 'Fejl' }

export function Alert({ tone, heading, children, live = tone === 'error' }: { tone: Tone; heading?: string; children?: ReactNode; live?: boolean }) {
  return (
    <div className={`alert alert-${tone}`} role={live ? 'alert' : undefined}>
      <Icon name={toneIcon[tone]} label={toneLabel[tone]} className="alert-icon" />
      <div className="alert-body">
        {heading && <p className="alert-heading">{heading}</p>}
        {children && <div className="alert-text">{children}</div>}
      </div>
    </div>
  )
}

/** A problem as people meet it: Danish title, the way out, the reference number; the engineer's detail one click away. */
export function Problem({ error, retry }: { error: ApiError; retry?: () => void }) {
  return (
    <Alert tone="error" heading={error.title}>
      {error.status === 403 && <p>Din rolle giver ikke adgang. Spørg jeres administrator, hvis det er en fejl.</p>}
      {error.status === 503 && <p>Vent et øjeblik og prøv igen. Intet er gået tabt.</p>}
      {error.status === 0 && <p>Tjek netværket. Siden henter selv igen, når du prøver igen.</p>}
      {error.findings.length > 0 && (
        <ul className="mt-2">
          {error.findings.map((f, i) => (
            <li key={i}>
              {f.message_da ?? f.message} {f.file && <span className="muted">({f.file}{f.line ? `, linje ${f.line}` : ''}{f.element ? `, ${f.element}` : ''})</span>}
              {f.remedy && <><br />{f.remedy}</>}
            </li>
          ))}
        </ul>
      )}
      {error.reference && <p>Referencenummer: <strong>{error.reference}</strong></p>}
      {error.detail && <details className="plain-details"><summary>Teknisk besked</summary><p className="break" lang="en">{maskCpr(error.detail)}</p></details>}
      {retry && <button type="button" className="button button-secondary button-small" onClick={retry}>Prøv igen</button>}
    </Alert>
  )
}

/** Loading, failed or there: what every page that reads shows first. */
export function Waiting({ what }: { what: string }) {
  return <p className="waiting" role="status"><span className="spinner spinner-small" aria-hidden="true" />Henter {what} …</p>
}

export function Empty({ heading, children }: { heading: string; children?: ReactNode }) {
  return <div className="empty"><p className="empty-heading">{heading}</p>{children}</div>
}

export function Badge({ tone, children }: { tone?: Tone; children: ReactNode }) {
  return <strong className={`badge${tone ? ` badge-${tone}` : ''}`}>{children}</strong>
}

/** The mark a stand-in wears wherever somebody meets it. */
export function StandInMark({ what }: { what: string }) {
  return <strong className="badge stand-in">Stand-in for {what.replace(/^stand-in for /i, '')}</strong>
}

export function Stars({ value }: { value: number | null | undefined }) {
  if (value === null || value === undefined) return null
  return (
    <span className="stars" role="img" aria-label={`${value} af 6 stjerner`}>
      {[1, 2, 3, 4, 5, 6].map((n) => <Icon key={n} name={n <= value ? 'starFill' : 'star'} />)}
    </span>
  )
}

export function Facts({ items, className = '' }: { items: [string, ReactNode][]; className?: string }) {
  const shown = items.filter(([, value]) => value !== undefined && value !== null && value !== '')
  return (
    <dl className={`facts ${className}`}>
      {shown.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  )
}

export function Time({ value }: { value: string | null | undefined }) {
  return value ? <time dateTime={value}>{formatTime(value)}</time> : <>–</>
}

/** A table that scrolls inside itself on narrow screens, reachable by keyboard. */
export function Table({ caption, head, children, compact, hideCaption = true }: { caption: string; head: (string | { text: string; right?: boolean })[]; children: ReactNode; compact?: boolean; hideCaption?: boolean }) {
  const body = useRef<HTMLTableSectionElement>(null)
  const names = head.map((h) => (typeof h === 'string' ? h : h.text))
  useEffect(() => { // on narrow screens each row becomes a card that names its own cells
    for (const row of body.current?.rows ?? []) Array.from(row.cells).forEach((cell, i) => { cell.dataset.label = names[i] ?? '' })
  })
  return (
    <div className="table--responsive-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table className={`table own-table ${compact ? 'table--compact' : ''}`}>
        <caption className={hideCaption ? 'sr-only' : ''}>{caption}</caption>
        <thead><tr>{head.map((h) => typeof h === 'string' ? <th key={h} scope="col">{h}</th> : <th key={h.text} scope="col" className={h.right ? 'right' : ''}>{h.text}</th>)}</tr></thead>
        <tbody ref={body}>{children}</tbody>
      </table>
    </div>
  )
}

/** Said once where something on the page is masked. */
export function MaskNote({ values }: { values: unknown }) {
  if (!isMasked(values)) return null
  return <p className="mask-note"><Icon name="lock" /> CPR-numre vises uden de sidste fire cifre. Opslag af det hele nummer kræver et formål og bliver logget; det kommer i en senere version.</p>
}

export function Keycap({ children }: { children: ReactNode }) {
  return <kbd className="keycap">{children}</kbd>
}
