// Hent tegninger ind: choose files, a folder or a zip; below, what was fetched before.
import { useRef, useState, type DragEvent } from 'react'
import { Link, useNavigate } from 'react-router-dom'
import '../../styles/imports.css'
import { ApiError, uploadFiles } from '../../api/client'
import type { ImportItem } from '../../api/imports'
import { useGet } from '../../api/load'
import { count } from '../../lib/format'
import { isReadable, loads, stateWords } from '../../lib/imports'
import { Alert, Empty, PageTitle, Problem, Table, Time, Waiting } from '../../ui/parts'

interface Chosen { path: string; file: File; size: number }

export default function Imports() {
  const navigate = useNavigate()
  const { data, error, reload } = useGet<{ items: ImportItem[] }>('/api/bank/imports')
  const [sent, setSent] = useState<{ done: number; of: number }>()
  const [fault, setFault] = useState<ApiError>()
  const [none, setNone] = useState(false)
  const [over, setOver] = useState(false)
  const folder = useRef<HTMLInputElement>(null)
  const send = async (files: readonly File[]) => {
    const chosen: Chosen[] = files.filter((f) => isReadable(f.name)).map((file) => ({ path: file.webkitRelativePath || file.name, file, size: file.size }))
    setNone(chosen.length === 0)
    if (chosen.length === 0) return
    setFault(undefined)
    setSent({ done: 0, of: chosen.length })
    let key = ''
    try {
      let done = 0
      for (const load of loads(chosen)) {
        key = (await uploadFiles<{ importKey: string }>(key ? `/api/bank/imports/${key}/files` : '/api/bank/imports', load)).importKey
        done += load.length
        setSent({ done, of: chosen.length })
      }
      navigate(`/bank/import/${key}`)
    } catch (cause) {
      if (cause instanceof ApiError) setFault(cause)
      reload()
    } finally { setSent(undefined) }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void send(Array.from(event.dataTransfer.files))
  }
  return (
    <>
      <nav aria-label="Brødkrummer" className="crumbs"><Link to="/bank">Bank</Link></nav>
      <PageTitle title="Hent tegninger ind" lead="Vælg Visio-tegninger, BPMN-diagrammer eller pakker. De bliver læst, du ser efter det, der er gættet, og laver kladder af dem. Intet bliver offentliggjort.">Hent tegninger ind</PageTitle>
      {fault && <Problem error={fault} />}
      {none && <Alert tone="warning" live heading="Ingen af filerne kan læses her"><p>Vælg .vsdx, .vdx, .vsd, .bpmn eller en zip med sådanne filer.</p></Alert>}
      <div className={`import-drop${over ? ' over' : ''}`} onDragOver={(e) => { e.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop}>
        <div className="form-group">
          <label className="form-label" htmlFor="import-files">Filer eller en zip</label>
          <span className="form-hint" id="import-hint">.vsdx, .vdx, .vsd, .bpmn eller zip; gerne flere hundrede ad gangen. Du kan også slippe dem her.</span>
          <input id="import-files" className="form-input" type="file" multiple accept=".vsdx,.vdx,.vsd,.bpmn,.xml,.zip" aria-describedby="import-hint" disabled={sent !== undefined} onChange={(e) => void send(Array.from(e.target.files ?? []))} />
        </div>
        <p><button type="button" className="button button-secondary" disabled={sent !== undefined} onClick={() => folder.current?.click()}>Vælg en hel mappe</button></p>
        <input ref={(el) => { folder.current = el; el?.setAttribute('webkitdirectory', '') }} type="file" hidden aria-label="Mappe" multiple onChange={(e) => void send(Array.from(e.target.files ?? []))} />
        <p role="status">{sent && <>Sender {sent.done} af {sent.of} filer … <progress className="import-progress" value={sent.done} max={sent.of} aria-label="Sendt" /></>}</p>
      </div>
      <h2>Hentet ind før</h2>
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && <Waiting what="listen" />}
      {data?.items.length === 0 && <Empty heading="Intet er hentet ind endnu"><p>Har I tegninger fra den gamle bank eller fra et andet værktøj, så vælg dem ovenfor. En enkelt fil er nok til at se, hvordan det går.</p></Empty>}
      {data && data.items.length > 0 && (
        <Table caption="Hentet ind før" head={['Filer', 'Hentet', 'Hvor langt']} compact>
          {data.items.map((item) => (
            <tr key={item.importKey}>
              <td><Link className="break" to={`/bank/import/${item.importKey}`}>{item.first}{item.files > 1 ? ` og ${item.files - 1} til` : ''}</Link></td>
              <td><Time value={item.at} /><br /><span className="muted">{item.by}</span></td>
              <td>{(Object.keys(stateWords) as (keyof typeof stateWords)[]).filter((s) => item.counts[s] > 0).map((s) => `${stateWords[s][0].toLowerCase()}: ${item.counts[s]}`).join(', ') || count(0, 'fil', 'filer')}</td>
            </tr>
          ))}
        </Table>
      )}
    </>
  )
}
