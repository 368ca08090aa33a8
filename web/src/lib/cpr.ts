// Personal numbers are masked until a purpose is chosen (ui.md). The look-up itself is a later slice; here the last four digits never show.

// Six digits that form a date (day + 60 in replacement numbers), then four: with or without a separator, not inside a longer number.
const cpr = /(?<!\d|\d[.,])((?:[06][1-9]|[1278]\d|[39][01])(?:0[1-9]|1[0-2])\d{2})([- ]?)(\d{4})(?!\d|[.,]\d)/g

/** "050380-1234" → "050380-••••". */
export function maskCpr(text: string): string {
  return text.replace(cpr, (_all, day: string) => `${day}-••••`)
}

/** The same through a whole JSON value, keys included in what steers: a field named cpr is masked whatever its form. */
export function maskValue(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return isCprName(name) ? maskNamed(value) : maskCpr(value)
  if (typeof value === 'number') return isCprName(name) ? maskNamed(String(value).padStart(10, '0')) : value
  if (Array.isArray(value)) return value.map((item) => maskValue(item, name))
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskValue(item, key)]))
  }
  return value
}

function isCprName(name: string): boolean {
  return /cpr|personnummer/i.test(name)
}

function maskNamed(text: string): string {
  const digits = text.replace(/\D/g, '')
  return digits.length >= 10 ? `${digits.slice(0, 6)}-••••` : text === '' ? '' : '••••••-••••'
}

export function isMasked(value: unknown): boolean {
  return JSON.stringify(value ?? null).includes('••••')
}
