// What one reader keeps of a workflow: favourite, follow, read and understood; what waits on it; its permanent link.
import { useState } from 'react'
import { Link } from 'react-router-dom'
import { ApiError, write } from '../../api/client'
import { useGet } from '../../api/load'
import { apiOf, pageOf, type Reader } from '../../api/understand'
import type { WorkflowDetail } from '../../api/types'
import { count, formatDate } from '../../lib/format'
import { Icon } from '../../ui/Icon'
import { Alert, Badge, Problem } from '../../ui/parts'
import { toast } from '../../ui/toasts'

const today = () => new Date().toISOString().slice(0, 10)

export function ReaderBar({ workflow }: { workflow: WorkflowDetail }) {
  const { slug } = workflow
  const { data, error, reload } = useGet<Reader>(`${apiOf(slug)}/reader`, { keep: true })
  const [fault, setFault] = useState<ApiError>()
  const act = async (method: 'PUT' | 'POST', path: string, body: unknown, said: string, more?: string) => {
    setFault(undefined)
    try { await write(method, path, body); toast(said, more); reload() } catch (cause) { if (cause instanceof ApiError) setFault(cause) }
  }
  const marks = (favourite: boolean, follow: boolean, said: string) => void act('PUT', `${apiOf(slug)}/reader`, { favourite, follow }, said)
  if (error) return <Problem error={error} />
  if (!data) return null
  const manifest = workflow.manifest ?? {}
  const valid = manifest.gyldig as { fra?: string; til?: string | null } | undefined
  const review = typeof manifest.gennemgang === 'string' ? manifest.gennemgang : undefined
  const expired = valid?.til && valid.til < today(), future = valid?.fra && valid.fra > today(), late = review && review < today()
  const readNow = data.read?.version === data.version
  const confirmed = data.confirmed.find((c) => c.version === data.version)?.people ?? 0
  const copy = async () => {
    try { await navigator.clipboard.writeText(`${window.location.origin}/w/${data.permanentId}`); toast('Linket er kopieret', 'Det virker også, hvis arbejdsgangen får et andet navn.') } catch { toast('Kopiér linket herfra', `${window.location.origin}/w/${data.permanentId}`, 'info') }
  }
  return (
    <div className="reader-bar no-print">
      {expired && <Alert tone="warning" heading={`Gælder ikke længere: udløb ${formatDate(valid?.til)}`} live={false}><p>Arbejdsgangen er historie. Se under Profil, om en anden erstatter den.</p></Alert>}
      {future && <Alert tone="info" heading={`Gælder først fra ${formatDate(valid?.fra)}`} />}
      {late && !expired && <Alert tone="warning" heading={`Gennemgangen er overskredet: ${formatDate(review)}`} live={false}><p>{typeof manifest.ejerrolle === 'string' ? `${manifest.ejerrolle} skal gennemgå arbejdsgangen og sætte en ny dato.` : 'Ejeren skal gennemgå arbejdsgangen og sætte en ny dato.'}</p></Alert>}
      {data.openReviews > 0 && <Alert tone="warning" heading={`En lov er ændret: ${count(data.openReviews, 'aktivitet skal', 'aktiviteter skal')} gennemgås`} live={false}><p><Link to={`${pageOf(slug)}/jura`}>Gå til gennemgangen</Link></p></Alert>}
      <div className="reader-tools">
        <button type="button" className="function-link" aria-pressed={data.favourite} onClick={() => marks(!data.favourite, data.following, data.favourite ? 'Ikke længere favorit' : 'Gemt som favorit')}><Icon name={data.favourite ? 'starFill' : 'star'} />Favorit</button>
        <button type="button" className="function-link" aria-pressed={data.following} onClick={() => marks(data.favourite, !data.following, data.following ? 'Du følger ikke længere arbejdsgangen' : 'Du følger arbejdsgangen')}><Icon name={data.following ? 'success' : 'plus'} />{data.following ? 'Følger' : 'Følg'}</button>
        {readNow ? <Badge tone="success">Læst og forstået {formatDate(data.read?.at)}</Badge>
          : <button type="button" className="function-link" onClick={() => void act('POST', `${apiOf(slug)}/read-confirmations`, { version: data.version }, `Version ${data.version} er læst og forstået`)}><Icon name="success" />Læst og forstået (version {data.version})</button>}
        <span className="meta">{data.read && !readNow && `Du har læst version ${data.read.version}. `}{confirmed > 0 && `${count(confirmed, 'person har', 'personer har')} bekræftet versionen.`}</span>
        <button type="button" className="function-link" onClick={() => void copy()}><Icon name="open" />Kopiér fast link</button>
      </div>
      {fault && <Problem error={fault} />}
    </div>
  )
}
