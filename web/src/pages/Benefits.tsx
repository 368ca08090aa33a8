// Benefits: what ran by itself, what needed a person, minutes saved; the last 30 days as a chart with its table.
import { lazy, Suspense } from 'react'
import { useGet } from '../api/load'
import type { Benefit } from '../api/types'
import { count, formatDate, formatMinutes, formatNumber } from '../lib/format'
import { Empty, PageTitle, Problem, Table, Waiting } from '../ui/parts'
import { BenefitCard, casesOf } from './BenefitCard'

const Chart = lazy(() => import('../diagram/Chart'))

const period = 30

function perDay(workflows: Benefit[]) {
  const days = new Map<string, { day: string; automatic: number; byPerson: number; rejected: number }>()
  for (const workflow of workflows) {
    for (const day of workflow.perDay) {
      const sum = days.get(day.day) ?? { day: day.day, automatic: 0, byPerson: 0, rejected: 0 }
      days.set(day.day, { day: day.day, automatic: sum.automatic + day.automatic, byPerson: sum.byPerson + day.byPerson, rejected: sum.rejected + day.rejected })
    }
  }
  const today = Date.now()
  for (let back = 0; back < period; back++) { // days without a case are days too
    const day = new Date(today - back * 86_400_000).toISOString().slice(0, 10)
    if (!days.has(day)) days.set(day, { day, automatic: 0, byPerson: 0, rejected: 0 })
  }
  return [...days.values()].sort((a, b) => a.day.localeCompare(b.day)).slice(-period)
}

export default function Benefits() {
  const { data, error, reload } = useGet<{ workflows: Benefit[] }>(`/api/benefits?days=${period}`, { live: ['instance'], keep: true })
  const workflows = data?.workflows ?? []
  const sum = (pick: (b: Benefit) => number) => workflows.reduce((total, b) => total + pick(b), 0)
  const cases = sum(casesOf), automatic = sum((b) => b.automatic)
  const measured = sum((b) => (b.minutesBeforeKind === 'measured' ? b.minutesSaved ?? 0 : 0))
  const claimed = sum((b) => (b.minutesBeforeKind === 'measured' ? 0 : b.minutesSaved ?? 0))
  const days = perDay(workflows)
  const title = cases > 0 ? `${formatNumber((100 * automatic) / cases)} % af sagerne klarede sig selv (${formatNumber(automatic)} af ${formatNumber(cases)})` : ''
  return (
    <>
      <PageTitle title="Gevinster" lead="Her ser du, hvad arbejdsgangene har givet tilbage de seneste 30 dage. Tallene kommer fra de sager, der faktisk har kørt.">Gevinster</PageTitle>
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && <Waiting what="gevinster" />}
      {data && cases === 0 && <Empty heading="Der er ikke noget at måle endnu"><p>Sæt en arbejdsgang i drift fra banken. Når den har kørt, står timerne her.</p></Empty>}
      {data && cases > 0 && (
        <>
          <dl className="figures">
            <div><dt>Automatisk</dt><dd>{formatNumber(automatic)}</dd></div>
            <div><dt>Af en person</dt><dd>{formatNumber(sum((b) => b.byPerson))}</dd></div>
            <div><dt>Venter på en person</dt><dd>{formatNumber(sum((b) => b.waiting ?? 0))}</dd></div>
            <div><dt>Afvist ved indgangen</dt><dd>{formatNumber(sum((b) => b.rejected))}</dd></div>
            {measured > 0 && <div><dt>Sparet, målt</dt><dd>{formatMinutes(measured)}</dd></div>}
            {claimed > 0 && <div className="hatched"><dt>Sparet, anslået</dt><dd>{formatMinutes(claimed)}</dd></div>}
          </dl>
          <section aria-labelledby="pr-dag">
            <h2 id="pr-dag">{title}</h2>
            <p className="meta">Antal afsluttede sager pr. dag, seneste 30 dage</p>
            <Suspense fallback={<Waiting what="grafen" />}>
              <Chart label={`Søjlediagram: ${title}. Tallene står i tabellen under grafen.`} days={days.map((d) => d.day)} unit="sager"
                series={[{ name: 'Automatisk', tone: 'auto', values: days.map((d) => d.automatic) }, { name: 'Af en person', tone: 'person', values: days.map((d) => d.byPerson) }, { name: 'Afvist ved indgangen', tone: 'rejected', values: days.map((d) => d.rejected) }]} />
            </Suspense>
            <details className="plain-details"><summary>Vis tallene som tabel</summary>
              <Table caption="Sager pr. dag" head={['Dag', { text: 'Automatisk', right: true }, { text: 'Af en person', right: true }, { text: 'Afvist', right: true }]} compact>
                {[...days].reverse().map((d) => <tr key={d.day}><td>{formatDate(d.day)}</td><td className="right">{formatNumber(d.automatic)}</td><td className="right">{formatNumber(d.byPerson)}</td><td className="right">{formatNumber(d.rejected)}</td></tr>)}
              </Table>
            </details>
          </section>
          <section aria-labelledby="pr-arbejdsgang">
            <h2 id="pr-arbejdsgang">{count(workflows.length, 'arbejdsgang', 'arbejdsgange')}</h2>
            <div className="benefits">{workflows.map((b) => <BenefitCard key={b.slug} benefit={b} link={`/bank/${b.slug}/gevinst`} />)}</div>
          </section>
        </>
      )}
    </>
  )
}
