// How complex a workflow is, what that says about automating it, what goes in and out, and what it is related to.
import { Link } from 'react-router-dom'
import { query } from '../../api/client'
import { useGet } from '../../api/load'
import type { WorkflowDetail } from '../../api/types'
import { apiOf, entryPage, pageOf, type Profile } from '../../api/understand'
import { formatDate, formatMinutes, formatNumber } from '../../lib/format'
import { kindName } from '../../lib/words'
import { Alert, Facts, Problem, Waiting } from '../../ui/parts'

const figures: [Exclude<keyof Profile['figures'], 'morePaths'>, string, string][] = [
  ['activities', 'Trin', 'Opgaver og delprocesser i diagrammet'], ['byPerson', 'Af personer', 'Opgaver, som et menneske udfører'], ['bySystem', 'Af systemer', 'Opgaver, som et system eller en regel udfører'],
  ['decisions', 'Valg', 'Steder, hvor vejen deler sig'], ['paths', 'Veje', 'Forskellige veje fra start til slut, gentagelser ikke talt med'], ['exceptions', 'Undtagelser', 'Hændelser, der bryder ind i et trin'],
  ['waits', 'Ventepunkter', 'Steder, hvor sagen venter på svar eller tid'], ['loops', 'Gentagelser', 'Veje, der går tilbage, og trin, der gentages'], ['calls', 'Delprocesser', 'Kald af andre arbejdsgange'],
  ['tables', 'Regler', 'Beslutninger skrevet i pakken'], ['laws', 'Love', 'Love, der henvises til'], ['roles', 'Roller', 'Roller, der deltager'], ['systems', 'Systemslags', 'Slags af systemer, der bruges'], ['variants', 'Varianter', 'Arbejdsgange, der er afledt af denne'],
]

export function ProfileTab({ slug, workflow }: { slug: string; workflow: WorkflowDetail }) {
  const { data, error } = useGet<Profile>(`${apiOf(slug)}/profile`)
  if (error) return <Problem error={error} />
  if (!data) return <Waiting what="profilen" />
  const manifest = workflow.manifest ?? {}
  const valid = manifest.gyldig as { fra?: string; til?: string | null } | undefined
  const gain = manifest.gevinst as { minutter_foer?: number; minutter_ved_person?: number; grundlag?: string } | undefined
  const pattern = workflow.pattern === true || workflow.pattern === 'ja'
  return (
    <>
      <Alert tone="info" heading={data.advice.title}>
        <ul className="value-list">{data.advice.reasons.map((reason) => <li key={reason}>{reason}</li>)}</ul>
        <p className="meta">Rådet følger af tallene herunder og er et sted at begynde; I kender arbejdet bedre.</p>
      </Alert>
      <h3>Kompleksitet</h3>
      <dl className="figures profile-figures">
        {figures.map(([name, title, explain]) => <div key={name} title={explain}><dt>{title}</dt><dd>{name === 'paths' && data.figures.morePaths ? 'over ' : ''}{formatNumber(data.figures[name])}</dd><dd className="figure-note">{explain}</dd></div>)}
      </dl>
      <h3>Art og gyldighed</h3>
      <Facts items={[
        ['Art', kindName(workflow.kind)], ['Mønster', pattern ? 'Ja, et generisk mønster, som andre arbejdsgange laves af' : 'Nej'],
        ['Gælder fra', valid?.fra ? formatDate(valid.fra) : undefined], ['Gælder til', valid ? (valid.til ? formatDate(valid.til) : 'Indtil videre') : undefined],
        ['Ejer', typeof manifest.ejerrolle === 'string' ? manifest.ejerrolle : undefined], ['Næste gennemgang', typeof manifest.gennemgang === 'string' ? formatDate(manifest.gennemgang) : 'Ikke aftalt'],
        ['Minutter pr. sag før', gain?.minutter_foer !== undefined ? `${formatMinutes(gain.minutter_foer)} (${gain.grundlag === 'maalt' ? 'målt' : 'anslået'})` : undefined],
        ['Minutter ved en person', gain?.minutter_ved_person !== undefined ? formatMinutes(gain.minutter_ved_person) : undefined],
        ['Afledt af', <RelatedList key="a" items={data.relations.derivedFrom} />], ['Varianter heraf', <RelatedList key="v" items={data.relations.variants} />],
        ['Erstatter', <RelatedList key="e" items={data.relations.replaces} />], ['Erstattes af', <RelatedList key="t" items={data.relations.replacedBy} />],
      ]} />
      <div className="two-columns">
        <section aria-labelledby="ind"><h3 id="ind">Dokumenter ind</h3><Papers items={data.documentsIn} slug={slug} none="Ingen dokumenter går ind." />
          {data.forms.length > 0 && <ul className="value-list">{data.forms.map((f) => <li key={f.key}><Link to={entryPage('blanket', f.key)}>{f.title}</Link> <span className="meta">blanket</span></li>)}</ul>}</section>
        <section aria-labelledby="ud"><h3 id="ud">Dokumenter ud</h3><Papers items={data.documentsOut} slug={slug} none="Ingen dokumenter er tegnet som resultat." /></section>
      </div>
    </>
  )
}

function RelatedList({ items }: { items: Profile['relations']['variants'] }) {
  if (items.length === 0) return <>–</>
  return <ul className="value-list">{items.map((r) => <li key={r.slug}>{r.known ? <Link to={pageOf(r.slug)}>{r.title}</Link> : `${r.slug} (findes ikke i banken)`}</li>)}</ul>
}

function Papers({ items, slug, none }: { items: Profile['documentsIn']; slug: string; none: string }) {
  if (items.length === 0) return <p className="meta">{none}</p>
  return <ul className="value-list">{items.map((p) => <li key={p.key + p.elementId}><Link to={entryPage('dokument', p.key)}>{p.title}</Link>{p.elementId && <span className="meta"> ved <Link to={query(pageOf(slug), { element: p.elementId })}>{p.elementName}</Link></span>}</li>)}</ul>
}
