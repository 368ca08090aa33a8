// What a draft changes against the version it takes the place of, or was drawn from: in words, with the symbols lit.
import { draftPath } from '../../api/drafts'
import type { Changes, Proposal } from '../../api/proposals'
import { count } from '../../lib/format'
import { differenceSign, keyName, nothingChanged, valueText } from '../../lib/proposals'
import { Badge } from '../../ui/parts'

const tones = { added: 'success', removed: 'error', changed: 'warning' } as const
const fileWords = { added: 'Ny fil', removed: 'Fjernet fil', changed: 'Ændret fil' }

export function ProposalChanges({ proposal, changes, lit, light }: { proposal: Proposal; changes: Changes; lit: string | null; light: (element: string | null) => void }) {
  const differences = changes.diagram?.differences ?? []
  return (
    <section aria-labelledby="aendringer">
      <h2 id="aendringer">Hvad er ændret?</h2>
      {!changes.against && <p>Arbejdsgangen er ny, så der er ikke noget at sammenligne med.</p>}
      {changes.against && <p className="meta">Sammenlignet med version {changes.against.version} af {changes.against.slug}{proposal.base && proposal.base.version !== changes.against.version ? `; kladden er version ${proposal.base.version}, hentet frem igen` : ''}. {changes.diagram?.summary.da}</p>}
      {changes.against && nothingChanged(changes) && <p>Intet er ændret endnu.</p>}
      {differences.length > 0 && (
        <ol className="plain-list rows difference-list">
          {differences.map((d) => {
            const [, word, tone] = differenceSign(d.kind)
            const at = d.b[0]
            return (
              <li key={d.number} className={at && at === lit ? 'lit-step' : ''}>
                <p><Badge tone={tones[tone as keyof typeof tones]}>{d.number} {word}</Badge> {d.da} {at && <button type="button" className="link-button" aria-current={at === lit ? 'true' : undefined} onClick={() => light(at === lit ? null : at)}>Vis<span className="sr-only"> nr. {d.number} i diagrammet</span></button>}</p>
              </li>
            )
          })}
        </ol>
      )}
      {differences.length > 0 && <details className="both-diagrams"><summary>Se begge diagrammer ved siden af hinanden</summary><div className="wide-picture" tabIndex={0} role="region" aria-label="Begge diagrammer"><img src={`${draftPath(proposal.id, '/changes.svg')}?r=${proposal.revision}`} alt="Den gældende version og forslaget med ændringerne nummereret som i listen" loading="lazy" /></div></details>}
      {changes.manifest.length > 0 && (
        <>
          <h3>Stamdata: {count(changes.manifest.length, 'ændring', 'ændringer')}</h3>
          <ul className="value-list">{changes.manifest.map((c) => <li key={c.key} className="break"><strong>{keyName(c.key)}</strong>: <del>{valueText(c.before)}</del> <span aria-hidden="true">→</span><span className="sr-only"> er nu </span> <ins>{valueText(c.after)}</ins></li>)}</ul>
        </>
      )}
      {changes.files.length > 0 && <><h3>Andre filer</h3><ul className="value-list">{changes.files.map((f) => <li key={f.path}>{fileWords[f.change]}: <code className="break">{f.path}</code></li>)}</ul></>}
    </section>
  )
}
