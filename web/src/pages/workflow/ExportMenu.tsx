// A workflow out of the house in the format that somebody else needs, and where it came from when another bank made it.
import { useGet } from '../../api/load'
import { Icon } from '../../ui/Icon'
import { Time } from '../../ui/parts'

const formats = [
  ['rapport', 'Rapport (PDF)', 'hele arbejdsgangen til udskrift: diagram, trin, jura, regler og tal'], ['pdf', 'Diagram (PDF)', ''], ['png', 'Diagram (billede, PNG)', ''], ['svg', 'Diagram (SVG)', ''],
  ['vsdx', 'Visio (.vsdx)', 'former, baner og forbindelser, som kan redigeres i Visio'], ['bpmn', 'BPMN', 'til andre procesværktøjer'], ['zip', 'Pakken (zip)', 'alt, som det ligger i banken'],
] as const

export interface Provenance { version: number; bank: string; authority: string; url: string; remoteVersion: number; fingerprint: string; at: string }

export function ExportMenu({ slug }: { slug: string }) {
  return (
    <>
      <details className="plain-details export-menu">
        <summary><Icon name="download" />Hent arbejdsgangen</summary>
        <ul className="plain-list">
          {formats.map(([format, text, hint]) => <li key={format}><a href={`/api/bank/workflows/${slug}/export?format=${format}`} download>{text}</a>{hint && <span className="muted"> – {hint}</span>}</li>)}
        </ul>
      </details>
      <CameFrom slug={slug} />
    </>
  )
}

/** Nothing where the workflow is home-made. */
export function CameFrom({ slug }: { slug: string }) {
  const { data } = useGet<{ items: Provenance[] }>(`/api/bank/workflows/${slug}/provenance`)
  const newest = data?.items[0]
  if (!newest) return null
  return (
    <p className="meta came-from">
      Version {newest.version} kom fra {newest.bank} (deres udgave {newest.remoteVersion}) <Time value={newest.at} />. Underskrevet med nøglen <code>{newest.fingerprint}</code>.
    </p>
  )
}

/** The bank's list as it is filtered, for a spreadsheet or another bank. */
export function ListExport({ query }: { query: string }) {
  return (
    <p className="downloads">
      <a href={`/api/bank/exports/list${query}`} download><Icon name="download" />Hent listen (Excel)</a> <a href={`/api/bank/exports/packages${query}`} download><Icon name="download" />Hent pakkerne (zip)</a>
    </p>
  )
}
