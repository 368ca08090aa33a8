// Lengths of time as people say them, and as they fit on a symbol.
import { count, formatNumber } from './format'

const second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour

/** 90_000 → "1 minut og 30 sekunder"; two units at most; below a second "under 1 sekund". */
export function spanWords(ms: number): string {
  if (ms < second) return 'under 1 sekund'
  const units: [number, string, string][] = [[day, 'dag', 'dage'], [hour, 'time', 'timer'], [minute, 'minut', 'minutter'], [second, 'sekund', 'sekunder']]
  const first = units.findIndex(([size]) => ms >= size)
  const parts: string[] = []
  let left = ms
  for (const [size, one, many] of units.slice(first, first + 2)) {
    const n = Math.floor(left / size)
    left -= n * size
    if (n > 0) parts.push(count(n, one, many))
  }
  return parts.join(' og ')
}

/** 90_000 → "1,5 min."; for symbols and tables. */
export function spanShort(ms: number): string {
  const decimals = (n: number) => formatNumber(n, n < 10 ? 1 : 0)
  if (ms < second) return `${formatNumber(ms)} ms`
  if (ms < minute) return `${decimals(ms / second)} sek.`
  if (ms < hour) return `${decimals(ms / minute)} min.`
  if (ms < day) return `${decimals(ms / hour)} t.`
  return count(Number((ms / day).toFixed(ms < 10 * day ? 1 : 0)), 'dag', 'dage').replace(/^(\S+)/, decimals(ms / day))
}

/** Between two ISO times, or until now. */
export function between(start: string | null | undefined, end: string | null | undefined, now = Date.now()): number | null {
  if (!start) return null
  const from = Date.parse(start), to = end ? Date.parse(end) : now
  return Number.isNaN(from) || Number.isNaN(to) ? null : Math.max(0, to - from)
}
