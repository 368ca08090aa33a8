// One workflow's benefit: cases by who handled them, minutes saved; hatched and labelled "anslået" where the before-figure is a claim.
import { Link } from 'react-router-dom'
import type { Benefit } from '../api/types'
import { count, formatMinutes, formatNumber } from '../lib/format'

export const casesOf = (b: Benefit): number => b.automatic + b.byPerson + b.rejected + (b.waiting ?? 0)

function Bar({ parts }: { parts: { tone: string; n: number; text: string }[] }) {
  const total = parts.reduce((sum, p) => sum + p.n, 0)
  if (total === 0) return null
  return <div className="bar" aria-hidden="true">{parts.filter((p) => p.n > 0).map((p) => <span key={p.tone} className={`bar-${p.tone}`} style={{ flexGrow: p.n }}>{p.n / total > 0.12 ? formatNumber(p.n) : ''}</span>)}</div>
}

export function BenefitCard({ benefit, heading, link }: { benefit: Benefit; heading?: string; link?: string }) {
  const cases = casesOf(benefit)
  const claim = benefit.minutesBeforeKind !== 'measured'
  const saved = benefit.minutesSaved ?? null
  const before = benefit.minutesBefore ?? null
  const possible = before !== null ? before * (benefit.automatic + benefit.byPerson) : 0
  return (
    <section className="benefit">
      <h3>{link ? <Link to={link}>{heading ?? benefit.title}</Link> : heading ?? benefit.title}</h3>
      <p>{cases === 0 ? 'Ingen sager i perioden.' : `${formatNumber((100 * benefit.automatic) / cases)} % af ${count(cases, 'sag', 'sager')} klarede sig selv.`}</p>
      <Bar parts={[{ tone: 'auto', n: benefit.automatic, text: 'automatisk' }, { tone: 'person', n: benefit.byPerson, text: 'person' }, { tone: 'waiting', n: benefit.waiting ?? 0, text: 'venter' }, { tone: 'rejected', n: benefit.rejected, text: 'afvist' }]} />
      <ul className="legend">
        <li><span className="key key-auto" aria-hidden="true" />{formatNumber(benefit.automatic)} automatisk</li>
        <li><span className="key key-person" aria-hidden="true" />{formatNumber(benefit.byPerson)} af en person</li>
        <li><span className="key key-waiting" aria-hidden="true" />{formatNumber(benefit.waiting ?? 0)} venter på en person</li>
        <li><span className="key key-rejected" aria-hidden="true" />{formatNumber(benefit.rejected)} afvist ved indgangen</li>
      </ul>
      {saved !== null && (
        <>
          <p className="saved"><strong>{formatMinutes(saved)}</strong> sparet {claim && <span className="estimated">anslået</span>}</p>
          {possible > 0 && <div className="bar bar-thin" aria-hidden="true"><span className={claim ? 'bar-claim' : 'bar-measured'} style={{ flexGrow: Math.max(0, Math.min(saved, possible)) }} /><span className="bar-rest" style={{ flexGrow: Math.max(0, possible - saved) }} /></div>}
          <p className="meta">{before !== null && (claim
            ? `Regnet med ${formatNumber(before, 1)} min. pr. sag før. Tallet er et skøn, ikke en måling; derfor er bjælken skraveret.`
            : `Regnet med ${formatNumber(before, 1)} min. pr. sag før, målt.`)} {benefit.minutesPerPersonCase ? `En sag, der kræver en person, er sat til ${formatNumber(benefit.minutesPerPersonCase, 1)} min.` : ''}</p>
        </>
      )}
    </section>
  )
}
