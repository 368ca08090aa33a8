// How amounts, dates and times are written for people (ui.md: "1.234,50 kr.", "21. november 2026").

const zone = 'Europe/Copenhagen'
const dayOnly = /^\d{4}-\d{2}-\d{2}$/

/** Decimal text or number → "1.234,50 kr."; digits are kept as text, so no amount is rounded by binary floating point. */
export function formatAmount(value: unknown, currency = 'DKK'): string {
  const text = typeof value === 'number' ? plain(value) : typeof value === 'string' ? value.trim() : ''
  const match = /^(-)?(\d+)(?:\.(\d+))?$/.exec(text)
  if (!match) return value === null || value === undefined || value === '' ? '–' : String(value)
  const fraction = (match[3] ?? '').padEnd(2, '0')
  const cut = fraction.replace(/0+$/, '')
  const digits = cut.length > 2 ? cut : fraction.slice(0, 2)
  const whole = (match[2] ?? '0').replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+(?!\d))/g, '.')
  const unit = currency === 'DKK' || currency === '' ? 'kr.' : currency
  return `${match[1] ? '−' : ''}${whole},${digits} ${unit}`
}

function plain(value: number): string {
  if (!Number.isFinite(value)) return ''
  const text = String(value)
  return text.includes('e') ? value.toFixed(2) : text
}

/** 1234.5 → "1.234,5" with at most `decimals`. */
export function formatNumber(value: number, decimals = 0): string {
  return new Intl.NumberFormat('da-DK', { maximumFractionDigits: decimals }).format(value)
}

function parse(value: string): Date | null {
  const plainText = value.replace(/(@|\[).*$/, '') // FEEL writes the zone behind: 2026-11-27T00:19:34@Europe/Copenhagen
  const local = /^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(plainText)
  const date = new Date(dayOnly.test(plainText) ? `${plainText}T12:00:00Z` : local ? `${plainText}Z` : plainText)
  if (Number.isNaN(date.getTime())) return null
  return local ? new Date(date.getTime() - offsetAt(date)) : date
}

/** How far Danish time is ahead of UTC, in milliseconds. */
function offsetAt(date: Date): number {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(date)
  return Date.parse(`${text.replace(' ', 'T')}Z`) - Math.floor(date.getTime() / 1000) * 1000
}

/** ISO date or date-time → "21. november 2026" (Danish time). */
export function formatDate(value: string | null | undefined): string {
  if (!value) return '–'
  const date = parse(value)
  if (!date) return value
  return new Intl.DateTimeFormat('da-DK', { day: 'numeric', month: 'long', year: 'numeric', timeZone: zone }).format(date)
}

/** ISO date-time → "21. november 2026 kl. 14.05". */
export function formatTime(value: string | null | undefined): string {
  if (!value) return '–'
  const date = parse(value)
  if (!date) return value
  if (dayOnly.test(value)) return formatDate(value)
  return `${formatDate(value)} kl. ${clock(date)}`
}

/** ISO date-time → "14.05". */
export function formatClock(value: string): string {
  const date = parse(value)
  return date ? clock(date) : value
}

function clock(date: Date): string {
  const parts = new Intl.DateTimeFormat('da-DK', { hour: '2-digit', minute: '2-digit', timeZone: zone, hour12: false }).formatToParts(date)
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '00'
  return `${part('hour')}.${part('minute')}`
}

/** "21. nov." for axes. */
export function formatDay(value: string): string {
  const date = parse(value)
  return date ? new Intl.DateTimeFormat('da-DK', { day: 'numeric', month: 'short', timeZone: zone }).format(date) : value
}

/** Minutes → "45 min." or "12,5 timer". */
export function formatMinutes(minutes: number): string {
  return Math.abs(minutes) < 60 ? `${formatNumber(minutes)} min.` : `${formatNumber(minutes / 60, 1)} timer`
}

/** Due date against now: "overskredet", "i dag", "i morgen" or the date; `late` steers the mark beside it. */
export function formatDue(value: string | null | undefined, now = new Date()): { text: string; late: boolean } {
  if (!value) return { text: 'ingen frist', late: false }
  const date = parse(value)
  if (!date) return { text: value, late: false }
  const day = (d: Date) => new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(d)
  const days = Math.round((Date.parse(day(date)) - Date.parse(day(now))) / 86_400_000)
  if (days < 0 || (days === 0 && !dayOnly.test(value) && date < now)) return { text: `frist overskredet ${formatDate(value)}`, late: true }
  if (days === 0) return { text: 'frist i dag', late: false }
  if (days === 1) return { text: 'frist i morgen', late: false }
  return { text: `frist ${formatDate(value)}`, late: false }
}

/** ISO 8601 duration → "5 år", "1 år og 6 måneder", "14 dage"; null when it is none. */
export function formatDuration(value: string): string | null {
  const match = /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/.exec(value)
  if (!match) return null
  const names = [['år', 'år'], ['måned', 'måneder'], ['uge', 'uger'], ['dag', 'dage']] as const
  const parts = names.flatMap(([one, many], i) => (match[i + 1] ? [count(Number(match[i + 1]), one, many)] : []))
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} og ${parts.at(-1)}` : parts[0] ?? null
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} byte`
  if (bytes < 1024 * 1024) return `${formatNumber(bytes / 1024, 1)} kB`
  return `${formatNumber(bytes / 1024 / 1024, 1)} MB`
}

/** "1 sag", "3 sager". */
export function count(n: number, one: string, many: string): string {
  return `${formatNumber(n)} ${n === 1 ? one : many}`
}

/** "kommunal-oekonomi" or "leverandoer_navn" → "Leverandør navn"; known words get their letters back. */
export function humanise(name: string): string {
  const words = name.replace(/([a-zæøå0-9])([A-ZÆØÅ])/g, '$1 $2').replace(/[-_]+/g, ' ').trim().toLowerCase()
  const danish = words.replace(/\p{L}+/gu, (word) => letters[word] ?? word)
  return danish.charAt(0).toUpperCase() + danish.slice(1)
}

const letters: Record<string, string> = {
  leverandoer: 'leverandør', oekonomi: 'økonomi', beloeb: 'beløb', laege: 'læge', laegeerklaering: 'lægeerklæring',
  laegeerklaeringer: 'lægeerklæringer', erklaering: 'erklæring', erklaeringer: 'erklæringer', erklaeringstype: 'erklæringstype',
  koeber: 'køber', loen: 'løn', miljoe: 'miljø', boern: 'børn', foert: 'ført', moms: 'moms', cvr: 'CVR', cpr: 'CPR', gln: 'GLN', ean: 'EAN',
  ydelsesmodtager: 'ydelsesmodtager', bestillingsnummer: 'bestillingsnummer', maalgruppe: 'målgruppe', afgoerelse: 'afgørelse',
  begrundelse: 'begrundelse', fund: 'fund', handling: 'handling', noegle: 'nøgle', aendret: 'ændret', foer: 'før', pris: 'pris', kle: 'KLE', kla: 'KLA', id: 'id',
  beskaeftigelse: 'beskæftigelse', raad: 'råd', ansoegning: 'ansøgning', loebenummer: 'løbenummer', grundbeloeb: 'grundbeløb', art: 'art',
  aktoer: 'aktør', ansoeger: 'ansøger', bemaerkning: 'bemærkning', bemaerkninger: 'bemærkninger', paastand: 'påstand', maalt: 'målt', hjemmel: 'hjemmel', udfoert: 'udført', modtaget: 'modtaget', forfaldsdato: 'forfaldsdato', patient: 'patient',
}
