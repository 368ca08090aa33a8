// A spreadsheet back in: what it changes is shown first, and taken over only when somebody says so.
import { useRef, useState, type FormEvent } from 'react'
import { ApiError } from '../../api/client'
import { changeTable, type ChangedTable } from '../../api/decisions'
import { count } from '../../lib/format'
import type { Sheet } from '../../lib/sheet'
import { Dialog } from '../../ui/Dialog'
import { Alert, Problem } from '../../ui/parts'
import { toast } from '../../ui/toasts'

const limit = 8_000_000 // bytes; as the server's

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return btoa(text)
}

export function Upload({ slug, decision, xml, current, onTake }: { slug: string; decision: string; xml: string; current: Sheet; onTake: (sheet: Sheet) => void }) {
  const field = useRef<HTMLInputElement>(null)
  const [fault, setFault] = useState('')
  const [error, setError] = useState<ApiError>()
  const [busy, setBusy] = useState(false)
  const [found, setFound] = useState<ChangedTable & { file: string }>()
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const file = field.current?.files?.[0]
    const name = file?.name.toLowerCase() ?? ''
    const wrong = !file ? 'Vælg en fil' : !/\.(xlsx|csv)$/.test(name) ? 'Filen skal være et Excel-ark (.xlsx) eller en CSV-fil (.csv)' : file.size > limit ? 'Filen er for stor. Den må højst fylde 8 MB' : ''
    setFault(wrong)
    setError(undefined)
    if (wrong || !file) return field.current?.focus()
    setBusy(true)
    try {
      const answer = await changeTable(slug, decision, { format: name.endsWith('.csv') ? 'csv' : 'xlsx', content: await base64(file) }, xml)
      setFound({ ...answer, file: file.name })
    } catch (cause) { if (cause instanceof ApiError) setError(cause) } finally { setBusy(false) }
  }
  const close = () => setFound(undefined)
  const take = () => {
    if (found?.sheet) { onTake({ ...current, ...found.sheet }); toast('Ændringerne er nu i kladden', 'De gælder ikke, før du offentliggør.') }
    close()
    if (field.current) field.current.value = ''
  }
  const errors = found?.findings.filter((f) => f.error !== false) ?? []
  return (
    <form className="upload" onSubmit={(e) => void send(e)} noValidate>
      {error && <Problem error={error} />}
      <div className={`form-group ${fault ? 'form-error' : ''}`}>
        <label className="form-label" htmlFor="sheet-file">Regneark (.xlsx eller .csv)</label>
        {fault && <span className="form-error-message" id="sheet-file-error" role="alert">{fault}</span>}
        <input id="sheet-file" ref={field} className="form-input" type="file" accept=".xlsx,.csv" aria-describedby={fault ? 'sheet-file-error' : undefined} aria-invalid={fault ? true : undefined} />
      </div>
      <button className="button button-secondary" disabled={busy}>{busy ? 'Læser filen …' : 'Se ændringerne'}</button>
      {found && (
        <Dialog title={found.changes.length === 0 ? 'Filen ændrer intet' : `${count(found.changes.length, 'ændring', 'ændringer')} i ${found.file}`} onClose={close} className="wide">
          {found.changes.length === 0 ? <p>Reglerne i filen er de samme som dem, der står i tabellen.</p> : <ul className="value-list change-list" tabIndex={0}>{found.changes.map((c, i) => <li key={i} className="break">{c}</li>)}</ul>}
          {errors.length > 0 && <Alert tone="error" heading={`${count(errors.length, 'fejl', 'fejl')} i filen`} live={false}><ul>{errors.map((f, i) => <li key={i}>{f.message_da || f.message}</li>)}</ul><p>Du kan tage ændringerne med og rette fejlene i tabellen.</p></Alert>}
          <div className="button-row">
            {found.changes.length > 0 && found.sheet && <button type="button" className="button button-primary" onClick={take}>Tag ændringerne med i kladden</button>}
            <button type="button" className="button button-secondary" onClick={close}>{found.changes.length > 0 ? 'Fortryd' : 'Luk'}</button>
          </div>
        </Dialog>
      )}
    </form>
  )
}
