// Versions with who, when and why, and what differs between two of them.
import { useState } from 'react'
import { getText } from '../../api/client'
import { versionXmlPath, type DecisionVersion } from '../../api/decisions'
import { useLoad } from '../../api/load'
import { sheetsOf } from '../../lib/dmnXml'
import { count, humanise } from '../../lib/format'
import { changeWords, sheetChanges } from '../../lib/sheet'
import { maskCpr } from '../../lib/cpr'
import { Empty, Problem, Time, Waiting } from '../../ui/parts'

export function Versions({ slug, versions }: { slug: string; versions: DecisionVersion[] }) {
  const [pair, setPair] = useState<[number, number] | null>(null)
  const newest = [...versions].sort((a, b) => b.version - a.version)
  if (newest.length === 0) return <Empty heading="Der er kun én udgave"><p>Hver gang reglerne offentliggøres, står det her, hvem der gjorde det, hvornår og hvorfor.</p></Empty>
  const choose = (which: 0 | 1, value: number) => setPair((old) => { const next: [number, number] = old ? [...old] : [newest[1]?.version ?? value, newest[0]?.version ?? value]; next[which] = value; return next })
  const shown = pair ?? (newest[1] && newest[0] ? [newest[1].version, newest[0].version] as [number, number] : null)
  return (
    <>
      <ol className="timeline" reversed>
        {newest.map((v) => (
          <li key={v.version}>
            <span className="meta"><Time value={v.at} /></span>
            <span><strong>Version {v.version}</strong>{v.by ? ` af ${v.by}` : ''}</span>
            {v.note && <span className="break">{maskCpr(v.note)}</span>}
          </li>
        ))}
      </ol>
      {shown && (
        <section aria-labelledby="forskel">
          <h3 id="forskel">Hvad er forskellen?</h3>
          <div className="two-fields">
            {([[0, 'Fra version'], [1, 'Til version']] as const).map(([which, label]) => (
              <div key={which} className="form-group">
                <label className="form-label" htmlFor={`version-${which}`}>{label}</label>
                <select id={`version-${which}`} className="form-select" value={shown[which]} onChange={(e) => choose(which, Number(e.target.value))}>{newest.map((v) => <option key={v.version} value={v.version}>Version {v.version}{v.note ? `: ${maskCpr(v.note).slice(0, 60)}` : ''}</option>)}</select>
              </div>
            ))}
          </div>
          {shown[0] === shown[1] ? <p className="muted">Vælg to forskellige versioner.</p> : <Diff slug={slug} from={shown[0]} to={shown[1]} />}
        </section>
      )}
    </>
  )
}

function Diff({ slug, from, to }: { slug: string; from: number; to: number }) {
  const before = useLoad(`rules ${slug} ${from}`, (signal) => getText(versionXmlPath(slug, from), signal))
  const after = useLoad(`rules ${slug} ${to}`, (signal) => getText(versionXmlPath(slug, to), signal))
  const error = before.error ?? after.error
  if (error) return <Problem error={error} />
  if (before.data === undefined || after.data === undefined) return <Waiting what="versionerne" />
  const old = sheetsOf(before.data), now = sheetsOf(after.data)
  const tables = [...new Set([...old.keys(), ...now.keys()])].map((id) => {
    const a = old.get(id), b = now.get(id)
    return { id, name: humanise((b ?? a)?.decisionName || id), words: a && b ? sheetChanges(a, b).map(changeWords) : [b ? 'Tabellen er ny' : 'Tabellen er slettet'] }
  }).filter((t) => t.words.length > 0)
  if (tables.length === 0) return <p className="diff-none">{before.data === after.data ? 'De to versioner har de samme regler.' : 'Tabellerne er ens; der er rettet andre steder i filen.'}</p>
  return <div className="version-diff">{tables.map((t) => <div key={t.id}><h4>{t.name}: {count(t.words.length, 'ændring', 'ændringer')}</h4><ul className="value-list">{t.words.map((w, i) => <li key={i} className="break">{w}</li>)}</ul></div>)}</div>
}
