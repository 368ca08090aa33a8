// Reads the invoice variable of a case (docs: the oioubl:read connector) into what the page shows. Tolerant about which of the usual
// names a field has, because packages may reshape it; nothing is dropped: what has no known name is kept in `rest`.

export interface InvoiceLine { text: string; quantity?: string; price?: string | number; amount?: string | number }
export interface InvoiceView {
  number?: string; date?: string; due?: string; currency: string; supplier?: string; supplierIds: [string, string][]; buyer?: string; reference?: string
  lines: InvoiceLine[]; vat?: string | number; total?: string | number; facts: [string, string][]; rest: Record<string, unknown>
}
type Rec = Record<string, unknown>

const fields = {
  number: ['nummer', 'fakturanummer', 'regningsnummer', 'id', 'number'], date: ['dato', 'fakturadato', 'udstedt', 'udstedelsesdato', 'date', 'issueDate'],
  due: ['forfald', 'forfaldsdato', 'betalingsdato', 'betalingsfrist', 'dueDate'], currency: ['valuta', 'currency'], supplier: ['leverandoer', 'leverandør', 'saelger', 'supplier', 'leverandoerNavn', 'leverandoer_navn'],
  buyer: ['koeber', 'køber', 'kunde', 'modtager', 'buyer', 'customer'], reference: ['reference', 'ordrereference', 'rekvisition', 'bestillingsnummer', 'ordrenummer', 'ordre', 'orderReference'],
  lines: ['linjer', 'lines'], vat: ['moms', 'momsbeloeb', 'vat', 'tax'], total: ['total', 'beloeb', 'totalbeloeb', 'at_betale', 'atBetale', 'ialt', 'i_alt', 'payable', 'amount'],
} as const
const lineFields = {
  text: ['tekst', 'beskrivelse', 'navn', 'vare', 'ydelse', 'text', 'description', 'name'], quantity: ['antal', 'maengde', 'quantity'], price: ['pris', 'enhedspris', 'stkpris', 'price'], amount: ['beloeb', 'linjebeloeb', 'total', 'amount'],
}
const ids: [string, string][] = [['cvr', 'CVR'], ['gln', 'GLN'], ['ean', 'EAN'], ['ydernummer', 'Ydernummer']]

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
  const supplierValue = take(value, used, fields.supplier)
  const supplier = party(supplierValue)
  const buyer = party(take(value, used, fields.buyer))
  const supplierIds = [...supplier.ids]
  for (const [key, label] of ids) {
    const own = text(take(value, used, [key, `leverandoer_${key}`, `leverandoer${key}`]))
    if (own !== undefined && !supplierIds.some(([l]) => l === label)) supplierIds.push([label, own])
  }
  const lines = take(value, used, fields.lines)
  const view: InvoiceView = {
    number: text(take(value, used, fields.number)), date: text(take(value, used, fields.date)), due: text(take(value, used, fields.due)), currency: text(take(value, used, fields.currency)) ?? 'DKK',
    supplier: supplier.name, supplierIds, buyer: buyer.name ? [buyer.name, ...buyer.ids.map(([n, v]) => `${n} ${v}`)].join(', ') : undefined,
    reference: text(take(value, used, fields.reference)), lines: Array.isArray(lines) ? lines.map(line) : [], vat: amount(take(value, used, fields.vat)), total: amount(take(value, used, fields.total)),
    facts: [], rest: {},
  }
  for (const [key, item] of Object.entries(value)) if (!used.has(key)) view.rest[key] = item
  return view
}
