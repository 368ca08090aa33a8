// Any JSON value, readably: names humanised, amounts and dates written out, lists of objects as tables, CPR masked.
import type { ReactNode } from 'react'
import { maskValue } from '../lib/cpr'
import { formatAmount, formatDate, formatDuration, formatTime, humanise } from '../lib/format'
import { Table } from './parts'

const amountName = /(bel(oe|ø)b|pris|takst|total|sum|moms|amount|debet|kredit|kr)$/i
const isoDate = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?(\[[^\]]+\]|@[\w/]+)?)?$/

function isAmount(name: string, value: unknown): boolean {
  return amountName.test(name) && (typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)))
}

export function scalar(value: unknown, name: string, currency?: string): ReactNode {
  if (value === null || value === undefined || value === '') return <span className="muted">ikke oplyst</span>
  if (typeof value === 'boolean') return value ? 'Ja' : 'Nej'
  if (isAmount(name, value)) return <span className="nowrap">{formatAmount(value, currency)}</span>
  if (typeof value === 'string' && value.startsWith('P') && formatDuration(value)) return formatDuration(value)
  if (typeof value === 'string' && isoDate.test(value)) return value.length === 10 ? formatDate(value) : formatTime(value)
  if (typeof value === 'number') return String(value).replace('.', ',')
  return String(value)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Depth is bounded: what lies deeper is shown as JSON text. */
export function Values({ value, name = '', depth = 0, currency }: { value: unknown; name?: string; depth?: number; currency?: string }): ReactNode {
  const shown = depth === 0 ? maskValue(value, name) : value
  if (depth > 4) return <code className="break">{JSON.stringify(shown)}</code>
  if (Array.isArray(shown)) {
    if (shown.length === 0) return <span className="muted">ingen</span>
    if (shown.every(isRecord)) {
      const columns = [...new Set(shown.flatMap((row) => Object.keys(row)))]
      if (columns.length <= 8 && shown.every((row) => Object.values(row).every((v) => typeof v !== 'object' || v === null))) {
        return (
          <Table caption={humanise(name || 'liste')} head={columns.map((c) => ({ text: humanise(c), right: shown.some((row) => isAmount(c, row[c])) }))} compact>
            {shown.map((row, i) => <tr key={i}>{columns.map((c) => <td key={c} className={isAmount(c, row[c]) ? 'right' : ''}>{scalar(row[c], c, currency)}</td>)}</tr>)}
          </Table>
        )
      }
    }
    return <ul className="value-list">{shown.map((item, i) => <li key={i}><Values value={item} name={name} depth={depth + 1} currency={currency} /></li>)}</ul>
  }
  if (isRecord(shown)) {
    const entries = Object.entries(shown)
    if (entries.length === 0) return <span className="muted">tom</span>
    const own = typeof shown.valuta === 'string' ? shown.valuta : typeof shown.currency === 'string' ? shown.currency : currency
    return (
      <dl className="facts values">
        {entries.map(([key, item]) => (
          <div key={key} className={isRecord(item) || Array.isArray(item) ? 'wide' : ''}>
            <dt>{humanise(key)}</dt><dd><Values value={item} name={key} depth={depth + 1} currency={own} /></dd>
          </div>
        ))}
      </dl>
    )
  }
  return scalar(shown, name, currency)
}
