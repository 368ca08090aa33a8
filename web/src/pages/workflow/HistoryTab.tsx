// Every version of the package, and its files.
import { Link, useNavigate } from 'react-router-dom'
import { compareAddress } from '../../api/compare'
import type { WorkflowDetail } from '../../api/types'
import { Empty, Time } from '../../ui/parts'
import { RestoreVersion } from '../bank/DrawOn'

export function HistoryTab({ workflow }: { workflow: WorkflowDetail }) {
  const navigate = useNavigate()
  return (
    <>
      {workflow.versions.length === 0 ? <Empty heading="Der er kun én udgave"><p>Når arbejdsgangen ændres, står hver udgave her med dato og hvem der lagde den ind.</p></Empty> : (
        <ol className="timeline" reversed>
          {[...workflow.versions].reverse().map((version, i) => (
            <li key={String(version.version)}><span className="meta"><Time value={version.at} /></span><span><strong>Version {version.version}</strong>{version.by ? ` af ${version.by}` : ''}{version.note ? `: ${version.note}` : ''}{i > 0 && <> <Link to={compareAddress(`${workflow.slug}@${version.version}`, workflow.slug)} aria-label={`Sammenlign version ${version.version} med den nyeste`}>Sammenlign med den nyeste</Link></>}</span>{Number(version.version) < Number(workflow.version ?? 0) && <span><RestoreVersion slug={workflow.slug} version={Number(version.version)} /></span>}{i > 0 && <span><RestoreVersion slug={workflow.slug} version={Number(version.version)} /></span>}</li>
          ))}
        </ol>
      )}
      <h3>Filer i pakken</h3>
      <ul className="value-list files">{workflow.files.map((file) => <li key={file}><code>{file}</code></li>)}</ul>
      {workflow.files.some((f) => f.endsWith('.yaml') && f.startsWith('scenarier/')) && <p><button type="button" className="button button-secondary" onClick={() => navigate(`/bank/${workflow.slug}/scenarier`)}>Se scenarierne</button></p>}
    </>
  )
}
