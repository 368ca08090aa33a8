import { expect, it } from 'vitest'
import { readInvoice } from './invoice'

it('reads who, what and how much, and keeps the rest', () => {
  const view = readInvoice({ nummer: 'F-1', dato: '2026-11-01', valuta: 'DKK', leverandoer: { navn: 'Lægehuset', cvr: '31415926', gln: '5790000123456' }, reference: null, ordrereference: 'B-7', linjer: [{ tekst: 'LÆ 125', antal: '1.5', pris: '468.00', beloeb: '702.00' }], total: '702.00', kilde: 'x.xml' })
  expect(view).toMatchObject({ number: 'F-1', supplier: 'Lægehuset', supplierIds: [['CVR', '31415926'], ['GLN', '5790000123456']], reference: 'B-7', total: '702.00' })
  expect(view.lines).toEqual([{ text: 'LÆ 125', quantity: '1,5', price: '468.00', amount: '702.00' }])
  expect(view.rest).toEqual({ reference: null, kilde: 'x.xml' })
})
it('reads flat names and drops nothing it does not know', () => {
  const view = readInvoice({ fakturanummer: 7, leverandoer_navn: 'Klinikken', leverandoer_cvr: '31415926', beloeb: 100, farve: 'blå' })
  expect(view).toMatchObject({ number: '7', supplier: 'Klinikken', supplierIds: [['CVR', '31415926']], total: 100, lines: [], rest: { farve: 'blå' } })
})

it('reads what oioubl:read makes', () => {
  const view = readInvoice({
    nummer: 'R-77', noegle: '31415926/R-77', udstedt: '2026-11-02', type: 'faktura', valuta: 'DKK', leverandoer: { navn: 'Lægehuset', cvr: '31415926', endepunkt: '5790000123456', endepunktType: 'GLN', postnummer: '2970', by: 'Hørsholm' },
    ean: '5798000123457', kunde: { navn: 'Jobcenter' }, ordrereference: 'B-7', linjer: [{ nummer: '1', antal: 1, enhed: 'EA', navn: 'LÆ 125', beskrivelse: null, pris: 468, beloeb: 468 }],
    total: { linjer: 468, moms: 0, medMoms: 468, betales: 468 }, moms: [{ kategori: 'ZeroRated', beloeb: 0 }], betaling: { kode: '42', forfald: '2026-12-02' }, fejl: [],
  })
  expect(view).toMatchObject({ number: 'R-77', date: '2026-11-02', due: '2026-12-02', supplier: 'Lægehuset', supplierIds: [['CVR', '31415926'], ['', '2970 Hørsholm']], buyer: 'Jobcenter, EAN 5798000123457', reference: 'B-7', vat: 0, total: 468 })
  expect(view.lines).toEqual([{ text: 'LÆ 125', quantity: '1', price: 468, amount: 468 }])
  expect(Object.keys(view.rest)).toEqual(expect.arrayContaining(['noegle', 'moms', 'betaling', 'fejl', 'total']))
})
