// One import: how far it is read, what came of each file, drafts of all that are ready.
import { useEffect, useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router-dom'
import '../../styles/imports.css'
import { ApiError, write } from '../../api/client'
import type { FileItem, FileState, ImportDetail } from '../../api/imports'
import { useGet } from '../../api/load'
import { count } from '../../lib/format'
import { draftable, progressWords, stateWords } from '../../lib/imports'
import { Confirm } from '../../ui/Dialog'
import { Alert, Badge, PageTitle, Problem, Table, Time, Waiting } from '../../ui/parts'
import { toast } from '../../ui/toasts'
import { DomainField } from './ImportFile'

const shownAtOnce = 200

export default function ImportPage() {
  const { key = '' } = useParams()
  const navigate = useNavigate()
  const [params, setParams] = useSearchParams()
  const { data, error, reload } = useGet<ImportDetail>(`/api/bank/imports/${key}`, { keep: true })
  const [deleting, setDeleting] = useState(false)
  const [fault, setFault] = useState<ApiError>()
  const reading = (data?.counts.waiting ?? 0) > 0
  useEffect(() => {
    if (!reading) return
    const timer = setInterval(reload, 1000)
    return () => clearInterval(timer)
  }, [reading, reload])
  const state = params.get('vis') ?? ''
  const files = data?.files.filter((f) => state === '' || f.state === state) ?? []
  const all = data?.files.length ?? 0
  const remove = async () => {
    try {
      await write('DELETE', `/api/bank/imports/${key}`)
      toast('Importen er slettet', 'Kladder, der er lavet af den, er der stadig.')
      navigate('/bank/import')
    } catch (cause) { if (cause instanceof ApiError) setFault(cause) } finally { setDeleting(false) }
  }
  return (
    <>
      <nav aria-label="Brødkrummer" className="crumbs"><Link to="/bank">Bank</Link> <span aria-hidden="true">/</span> <Link to="/bank/import">Hent tegninger ind</Link></nav>
      <PageTitle title="Import" lead="Her ser du, hvad der kom ud af hver fil. Se efter dem, der er tvivl om, og lav kladder af dem, der er klar.">Import</PageTitle>
      {error && <Problem error={error} retry={reload} />}
      {fault && <Problem error={fault} />}
      {!data && !error && <Waiting what="importen" />}
      {data && (
        <>
          <p className="meta">Hentet ind af {data.by}, <Time value={data.at} /></p>
          <p role="status">{progressWords(data.counts)}{reading && <> <progress className="import-progress" value={all - data.counts.waiting} max={all} aria-label="Læst" /></>}</p>
          <ul className="plain-list import-counts" aria-label="Vis">
            <li><button type="button" className="link-button" aria-pressed={state === ''} onClick={() => setParams({})}>Alle ({all})</button></li>
            {(Object.keys(stateWords) as FileState[]).filter((s) => data.counts[s] > 0).map((s) => (
              <li key={s}><button type="button" className="link-button" aria-pressed={state === s} onClick={() => setParams({ vis: s })}>{stateWords[s][0]} ({data.counts[s]})</button></li>
            ))}
          </ul>
          <Drafts importKey={key} files={draftable(data.files)} onDone={reload} />
          <Table caption="Filer" head={['Fil', 'Tilstand', 'Hvad der blev læst']} compact>
            {files.slice(0, shownAtOnce).map((f) => <FileRow key={f.number} importKey={key} file={f} />)}
          </Table>
          {files.length > shownAtOnce && <p>De første {shownAtOnce} af {files.length} vises. Vælg en tilstand ovenfor for at se færre.</p>}
          <p className="page-actions"><button type="button" className="button button-secondary" onClick={() => setDeleting(true)}>Slet importen</button></p>
        </>
      )}
      {deleting && <Confirm title="Slet importen?" action="Slet importen" onConfirm={() => void remove()} onClose={() => setDeleting(false)}><p>{count(all, 'fil', 'filer')} og det, I har afgjort om dem, forsvinder. Kladder, der er lavet, bliver.</p></Confirm>}
    </>
  )
}

function FileRow({ importKey, file }: { importKey: string; file: FileItem }) {
  const [words, tone] = stateWords[file.state]
  return (
    <tr>
      <td>{file.state === 'waiting' ? <span className="break">{file.path}</span> : <Link className="break" to={`/bank/import/${importKey}/${file.number}`}>{file.title || file.path}</Link>}<br /><span className="muted break">{file.path}</span></td>
      <td><Badge tone={tone}>{words}</Badge>{file.draft && <><br /><Link to={`/bank/forslag/${file.draft}`}>Se kladden</Link></>}</td>
      <td>
        {file.error ? <>{file.error.textDa}<details className="plain-details"><summary>Teknisk besked</summary><p className="break" lang="en">{file.error.message}</p></details></>
          : file.state === 'waiting' ? 'Venter på at blive læst'
            : <>{file.taken} sikre, {file.guessed} gættet{file.open > 0 && <strong> ({file.open} at afgøre)</strong>}, {file.refused} ikke taget med</>}
        {file.sameAs !== null && <p className="meta">Er magen til <Link to={`/bank/import/${importKey}/${file.sameAs}`}>fil nummer {file.sameAs}</Link></p>}
      </td>
    </tr>
  )
}

/** Drafts of all that are ready, one after the other, so that one that is refused stops nothing. */
function Drafts({ importKey, files, onDone }: { importKey: string; files: readonly FileItem[]; onDone: () => void }) {
  const [domain, setDomain] = useState('')
  const [missing, setMissing] = useState(false)
  const [at, setAt] = useState<{ done: number; of: number }>()
  const [refused, setRefused] = useState<{ file: FileItem; error: ApiError }[]>([])
  if (files.length === 0 && refused.length === 0) return null
  const make = async () => {
    setMissing(domain.trim() === '')
    if (domain.trim() === '') return document.getElementById('import-domain')?.focus()
    const faults: typeof refused = []
    for (const [i, file] of files.entries()) {
      setAt({ done: i, of: files.length })
      try { await write('POST', `/api/bank/imports/${importKey}/files/${file.number}/draft`, { domain: domain.trim() }) } catch (cause) { if (cause instanceof ApiError) faults.push({ file, error: cause }) }
    }
    setAt(undefined)
    setRefused(faults)
    toast(count(files.length - faults.length, 'kladde er lavet', 'kladder er lavet'), 'De ligger under Forslag, til du sender dem videre.')
    onDone()
  }
  return (
    <section aria-labelledby="lav-kladder">
      <h2 id="lav-kladder">{count(files.length, 'fil er klar', 'filer er klar')}</h2>
      {files.length > 0 && <>
        <DomainField value={domain} onChange={setDomain} missing={missing} />
        <p><button type="button" className="button button-primary" disabled={at !== undefined} onClick={() => void make()}>Lav {count(files.length, 'kladde', 'kladder')}</button></p>
      </>}
      <p role="status">{at && <>Laver kladde {at.done + 1} af {at.of} … <progress className="import-progress" value={at.done} max={at.of} aria-label="Kladder" /></>}</p>
      {refused.length > 0 && <Alert tone="warning" live heading={`${count(refused.length, 'fil', 'filer')} blev ikke til en kladde`}><ul>{refused.map(({ file, error }) => <li key={file.number}><Link to={`/bank/import/${importKey}/${file.number}`}>{file.title}</Link>: {error.title}</li>)}</ul></Alert>}
    </section>
  )
}
