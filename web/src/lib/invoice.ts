// Reads the invoice variable of a case (docs: the oioubl:read connector) into what the page shows. Tolerant about which of the usual
// names a field has, because packages may reshape it; nothing is dropped: what has no known name is kept in `rest`.

export interface InvoiceLine { text: string; quantity?: string; price?: string | number; amount?: string | number }
export interface InvoiceView {
  number?: string; date?: string; due?: string; currency: string; supplier?: string; supplierIds: [string, string][]; buyer?: string; reference?: string
  lines: InvoiceLine[]; vat?: string | number; total?: string | number; rest: Record<string, unknown>
}
type Rec = Record<string, unknown>

const fields = {
  number: ['nummer', 'fakturanummer', 'regningsnummer', 'id', 'number'], date: ['dato', 'fakturadato', 'udstedt', 'udstedelsesdato', 'date', 'issueDate'],
  due: ['forfald', 'forfaldsdato', 'betalingsdato', 'betalingsfrist', 'dueDate'], currency: ['valuta', 'currency'], supplier: ['leverandoer', 'leverandør', 'saelger', 'supplier', 'leverandoerNavn', 'leverandoer_navn'],
  buyer: ['koeber', 'køber', 'kunde', 'modtager', 'buyer', 'customer'], reference: ['reference', 'ordrereference', 'rekvisition', 'bestillingsnummer', 'ordrenummer', 'ordre', 'orderReference'],
  lines: ['linjer', 'lines'], vat: ['moms', 'momsbeloeb', 'vat', 'tax'], total: ['total', 'beloeb', 'totalbeloeb', 'at_betale', 'atBetale', 'ialt', 'i_alt', 'payable', 'amount'],
} as const
const lineFields = {
  text: ['tekst', 'navn', 'beskrivelse', 'vare', 'ydelse', 'text', 'description', 'name'], quantity: ['antal', 'maengde', 'quantity'], price: ['pris', 'enhedspris', 'stkpris', 'price'], amount: ['beloeb', 'linjebeloeb', 'total', 'amount'],
}
const ids: [string, string][] = [['cvr', 'CVR'], ['se', 'SE'], ['gln', 'GLN'], ['ydernummer', 'Ydernummer']]
const shownPartly = new Set(['endepunkt', 'endepunktType', 'postnummer', 'by']) // of a party; stays readable under "alt"
const totals = { vat: ['moms'], total: ['betales', 'medMoms', 'total'] } // where total is the document's whole block of sums

function take(from: Rec, used: Set<string>, names: readonly string[]): unknown {
  for (const name of names) {
    const found = Object.keys(from).find((key) => key.toLowerCase() === name.toLowerCase())
    if (found !== undefined && from[found] !== null && from[found] !== '' && from[found] !== undefined) {
      used.add(found)
      return from[found]
    }
  }
  return undefined
}
const record = (value: unknown): value is Rec => typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined)
const amount = (value: unknown): string | number | undefined => (typeof value === 'string' || typeof value === 'number' ? value : undefined)

function party(value: unknown): { name?: string; ids: [string, string][] } {
  if (!record(value)) return { name: text(value), ids: [] }
  const found: [string, string][] = []
  for (const [key, label] of ids) {
    const id = text(take(value, new Set(), [key]))
    if (id !== undefined) found.push([label, id])
  }
  return { name: text(take(value, new Set(), ['navn', 'name'])), ids: found }
}

function line(value: unknown): InvoiceLine {
  if (!record(value)) return { text: text(value) ?? '' }
  const used = new Set<string>()
  const quantity = text(take(value, used, lineFields.quantity))
  return { text: text(take(value, used, lineFields.text)) ?? '', quantity: quantity?.replace('.', ','), price: amount(take(value, used, lineFields.price)), amount: amount(take(value, used, lineFields.amount)) }
}

export function readInvoice(value: Rec): InvoiceView {
  const used = new Set<string>()
  const keep = (names: readonly string[], from: Rec = value) => take(from, from === value ? used : new Set(), names)
  const supplierValue = keep(fields.supplier)
  const supplier = party(supplierValue)
  const buyerValue = keep(fields.buyer)
  const buyer = party(buyerValue)
  const supplierIds = [...supplier.ids]
  for (const [key, label] of ids) {
    const own = text(keep([key, `leverandoer_${key}`, `leverandoer${key}`]))
    if (own !== undefined && !supplierIds.some(([l]) => l === label)) supplierIds.push([label, own])
  }
  if (record(supplierValue)) {
    const place = [text(supplierValue.postnummer), text(supplierValue.by)].filter(Boolean).join(' ')
    if (place) supplierIds.push(['', place])
  }
  const ean = text(keep(['ean'])) ?? (record(buyerValue) ? text(take(buyerValue, new Set(), ['ean', 'gln'])) : undefined)
  const lines = keep(fields.lines)
  const whole = keep(fields.total)
  const sums = record(whole) ? whole : null
  const payment = record(value.betaling) ? value.betaling : null
  const vatValue = sums ? take(sums, new Set(), totals.vat) : keep(fields.vat)
  const view: InvoiceView = {
    number: text(keep(fields.number)), date: text(keep(fields.date)), due: text(keep(fields.due)) ?? (payment ? text(take(payment, new Set(), fields.due)) : undefined),
    currency: text(keep(fields.currency)) ?? 'DKK', supplier: supplier.name, supplierIds,
    buyer: buyer.name || ean ? [buyer.name, ean ? `EAN ${ean}` : undefined].filter(Boolean).join(', ') : undefined,
    reference: text(keep(fields.reference)), lines: Array.isArray(lines) ? lines.map(line) : [], vat: amount(vatValue), total: sums ? amount(take(sums, new Set(), totals.total)) : amount(whole), rest: {},
  }
  for (const [key, item] of Object.entries(value)) if (!used.has(key)) view.rest[key] = item
  for (const [name, whole] of [['leverandoer', supplierValue], ['total', sums]] as const) if (record(whole) && Object.keys(whole).some((k) => name === 'total' || shownPartly.has(k))) view.rest[name] = whole
  return view
}
