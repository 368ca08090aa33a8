// What this workflow gives back, from its own runs.
import { Link } from 'react-router-dom'
import { useGet } from '../../api/load'
import type { Benefit, WorkflowDetail } from '../../api/types'
import { Empty, Problem, Waiting } from '../../ui/parts'
import { Values } from '../../ui/Values'
import { BenefitCard } from '../BenefitCard'

const basis: Record<string, string> = { paastand: 'Skøn, ikke målt', maalt: 'Målt' }

export function WorkflowBenefit({ workflow, slug }: { workflow: WorkflowDetail; slug: string }) {
  const { data, error, reload } = useGet<{ workflows: Benefit[] }>('/api/benefits?days=30', { live: ['instance'] })
  if (error) return <Problem error={error} retry={reload} />
  if (!data) return <Waiting what="gevinsten" />
  const own = data.workflows.find((w) => w.slug === slug)
  const card = workflow.manifest?.gevinst
  const planned = card && typeof card === 'object' ? { ...card, ...('grundlag' in card && { grundlag: basis[String(card.grundlag)] ?? card.grundlag }) } : card
  return (
    <>
      {own ? <BenefitCard benefit={own} heading="Seneste 30 dage" /> : <Empty heading="Ingen sager har kørt de seneste 30 dage"><p>Gevinsten regnes ud af de sager, der faktisk har kørt. Sæt arbejdsgangen i drift for at måle.</p></Empty>}
      {planned ? <><h3>Grundlag</h3><Values value={planned} /></> : null}
      <p><Link to="/gevinster">Se gevinster for alle arbejdsgange</Link></p>
    </>
  )
}
