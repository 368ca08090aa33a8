// An invoice as a person reads one: who, when, which reference, lines, total. What is not known by name is shown below as key and value.
import { formatAmount, formatDate } from '../../lib/format'
import { maskValue } from '../../lib/cpr'
import { readInvoice } from '../../lib/invoice'
import { Facts, Table } from '../../ui/parts'
import { Values } from '../../ui/Values'

const names = ['faktura', 'regning', 'invoice', 'kreditnota']

export function invoiceOf(variables: Record<string, unknown> | undefined): { name: string; value: Record<string, unknown>; credit: boolean } | null {
  for (const name of names) {
    const value = variables?.[name]
    if (value && typeof value === 'object' && !Array.isArray(value)) {
      const record = value as Record<string, unknown>
      return { name, value: record, credit: name === 'kreditnota' || /kredit|credit|381/i.test(String(record.type ?? record.dokumenttype ?? record.art ?? '')) }
    }
  }
  return null
}

export function Invoice({ value }: { value: Record<string, unknown> }) {
  const invoice = readInvoice(maskValue(value) as Record<string, unknown>)
  const amount = (v: string | number | undefined) => (v === undefined ? undefined : formatAmount(v, invoice.currency))
  const hasUnits = invoice.lines.some((l) => l.quantity !== undefined || l.price !== undefined)
  return (
    <div className="invoice">
      <div className="invoice-top">
        <div><p className="invoice-party">{invoice.supplier ?? 'Leverandør ikke oplyst'}</p>{invoice.supplierIds.map(([n, v]) => <p key={n + v} className="meta">{n} {v}</p>)}</div>
        <div className="right"><p className="invoice-number">{invoice.number ? `Nr. ${invoice.number}` : 'Uden nummer'}</p><p className="meta">{invoice.date ? formatDate(invoice.date) : 'uden dato'}</p></div>
      </div>
      <Facts items={[['Til', invoice.buyer], ['Reference', invoice.reference ?? 'mangler'], ['Betales senest', invoice.due ? formatDate(invoice.due) : undefined]]} />
      {invoice.lines.length > 0 && (
        <Table caption="Linjer på regningen" head={['Tekst', ...(hasUnits ? [{ text: 'Antal', right: true }, { text: 'Pris', right: true }] : []), { text: 'Beløb', right: true }]} compact>
          {invoice.lines.map((line, i) => (
            <tr key={i}><td>{line.text}</td>{hasUnits && <><td className="right">{line.quantity ?? ''}</td><td className="right nowrap">{amount(line.price) ?? ''}</td></>}<td className="right nowrap">{amount(line.amount) ?? ''}</td></tr>
          ))}
        </Table>
      )}
      <dl className="invoice-totals">
        {invoice.vat !== undefined && <div><dt>Heraf moms</dt><dd>{amount(invoice.vat)}</dd></div>}
        {invoice.total !== undefined && <div className="invoice-total"><dt>I alt</dt><dd>{amount(invoice.total)}</dd></div>}
      </dl>
      {Object.keys(invoice.rest).length > 0 && <details className="plain-details"><summary>Alt, hvad der står på regningen</summary><Values value={invoice.rest} currency={invoice.currency} /></details>}
    </div>
  )
}
