// What is wrong, in a list that leads to the element or the line.
import type { Finding } from '../../../api/client'
import { Icon } from '../../../ui/Icon'

export function Findings({ findings, total, names, onChoose, byLine }: { findings: readonly Finding[] | undefined; total: number; names: (id: string) => string; onChoose: (finding: Finding) => void; byLine?: boolean }) {
  const errors = findings?.filter((one) => one.error).length ?? 0
  const summary = findings === undefined ? 'Tjekker …' : findings.length === 0 ? 'Ingen fejl fundet' : [errors > 0 ? `${errors} ${errors === 1 ? 'fejl' : 'fejl'}` : '', findings.length > errors ? `${findings.length - errors} ${findings.length - errors === 1 ? 'råd' : 'råd'}` : ''].filter(Boolean).join(' og ')
  return (
    <section className="modeller-findings" aria-labelledby="findings-heading">
      <h2 id="findings-heading">Tjek</h2>
      <p role="status" className="findings-summary">{summary}{total > (findings?.length ?? 0) ? ` (de første af ${total})` : ''}</p>
      <ul className="plain-list">
        {findings?.map((one, i) => (
          <li key={`${one.code}${one.element}${one.line}${i}`} className={one.error ? 'finding is-error' : 'finding is-warning'} data-code={one.code} data-element={one.element}>
            <Icon name={one.error ? 'error' : 'alert'} label={one.error ? 'Fejl' : 'Råd'} />
            <div>
              {byLine ? (one.line ? <button type="button" className="link-button" onClick={() => onChoose(one)}>Linje {one.line}</button> : null)
                : one.element ? <button type="button" className="link-button" onClick={() => onChoose(one)}>{names(one.element)}</button> : null}
              <p>{one.message_da || one.message}{one.code === 'SG-READ' && one.message ? <>: <span lang="en">{one.message}</span></> : null}</p>
              {one.remedy && <p className="meta" lang="en">{one.remedy}</p>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
