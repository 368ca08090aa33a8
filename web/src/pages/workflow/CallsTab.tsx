// Everything that hangs together with a workflow through calls: a picture to click in, and the same as a list.
import { Link, useNavigate } from 'react-router-dom'
import { query } from '../../api/client'
import { useGet } from '../../api/load'
import { apiOf, pageOf, type CallGraph, type CallNode } from '../../api/understand'
import { Icon } from '../../ui/Icon'
import { Empty, Problem, Waiting } from '../../ui/parts'

export function CallsTab({ slug, title }: { slug: string; title: string }) {
  const { data, error } = useGet<CallGraph>(`${apiOf(slug)}/call-graph`)
  if (error) return <Problem error={error} />
  if (!data) return <Waiting what="kaldene" />
  if (data.nodes.length === 1) return <Empty heading="Ingen kald"><p>Arbejdsgangen åbner ingen andre, og ingen åbner den. Et trin åbner en anden arbejdsgang, når det er en kaldaktivitet med egenskaben »pakke«.</p></Empty>
  const calls = grow(data, true), callers = grow(data, false)
  return (
    <>
      <p>Til venstre står de arbejdsgange, der åbner »{title}«; til højre dem, den åbner. Klik på en kasse for at gå dertil.</p>
      <Picture graph={data} title={title} />
      {data.omitted > 0 && <p className="meta">{data.omitted} flere kald er ikke tegnet.</p>}
      <p className="downloads no-print"><a href={`${apiOf(slug)}/call-graph.svg`} download={`${slug.split('/')[1]}-kald.svg`}><Icon name="download" />Hent SVG</a></p>
      <div className="two-columns">
        <section aria-labelledby="kalder"><h3 id="kalder">Den åbner</h3>{calls.length > 0 ? <Tree branches={calls} down /> : <p className="meta">Ingen andre arbejdsgange.</p>}</section>
        <section aria-labelledby="kaldes"><h3 id="kaldes">Den åbnes af</h3>{callers.length > 0 ? <Tree branches={callers} down={false} /> : <p className="meta">Ingen andre arbejdsgange.</p>}</section>
      </div>
    </>
  )
}

function Picture({ graph, title }: { graph: CallGraph; title: string }) {
  const navigate = useNavigate()
  return (
    <div className="call-graph" tabIndex={0} role="region" aria-label="Kald som billede. Det samme står som liste herunder.">
      <svg viewBox={`0 0 ${graph.width} ${graph.height}`} style={{ width: '100%', minWidth: graph.width * 0.7, maxWidth: graph.width }} role="img" aria-label={`Kald: ${title}`}>
        <defs><marker id="kald-pil" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M 0 0 L 10 5 L 0 10 z" fill="#545454" /></marker></defs>
        {graph.edges.map((edge, i) => (
          <path key={i} d={edge.points.map(([x, y], n) => `${n === 0 ? 'M' : 'L'} ${x} ${y}`).join(' ')} className={edge.back ? 'call-edge call-back' : 'call-edge'} markerEnd="url(#kald-pil)"><title>{edge.elements.map((e) => e.name).join(', ')}</title></path>
        ))}
        {graph.nodes.map((node, i) => (
          <g key={node.slug} className={`call-node${i === graph.root ? ' call-root' : ''}${node.known ? '' : ' call-unknown'}`} onClick={() => { if (node.known) navigate(pageOf(node.slug)) }}>
            <rect x={node.x} y={node.y} width={node.width} height={node.height} rx={8} />
            {node.lines.map((line, l) => <text key={l} x={node.x + node.width / 2} y={node.y + node.height / 2 + 4.5 + 16 * (l - (node.lines.length - 1) / 2)} textAnchor="middle">{line}</text>)}
            <title>{node.known ? node.title : `${node.slug} findes ikke i banken`}</title>
          </g>
        ))}
      </svg>
    </div>
  )
}

interface Branch { node: CallNode; from: CallNode; elements: { elementId: string; name: string }[]; again: boolean; below: Branch[] }

/** As a list in lists; what already stands further up is named there and not unfolded again, so that the list is no longer than the graph. */
function grow(graph: CallGraph, down: boolean): Branch[] {
  const unfolded = new Set([graph.root])
  const at = (index: number): Branch[] => graph.edges.filter((e) => (down ? e.from : e.to) === index).flatMap((edge) => {
    const next = down ? edge.to : edge.from
    const node = graph.nodes[next], from = graph.nodes[edge.from]
    if (!node || !from) return []
    const again = unfolded.has(next)
    unfolded.add(next)
    return [{ node, from, elements: edge.elements, again, below: again ? [] : at(next) }]
  })
  return at(graph.root)
}

function Tree({ branches, down }: { branches: Branch[]; down: boolean }) {
  return (
    <ul className="value-list call-tree">
      {branches.map(({ node, from, elements, again, below }) => (
        <li key={`${from.slug} ${node.slug}`}>
          {node.known ? <Link to={pageOf(node.slug)}>{node.title}</Link> : <span className="missing-call">{node.slug} (findes ikke i banken)</span>}
          <span className="meta"> {down ? 'fra trinnet' : 'ved trinnet'} {elements.map((e, i) => <span key={e.elementId}>{i > 0 && ', '}<Link to={query(pageOf(from.slug), { element: e.elementId })}>{e.name || e.elementId}</Link></span>)}{again && ' (foldet ud ovenfor)'}</span>
          {below.length > 0 && <Tree branches={below} down={down} />}
        </li>
      ))}
    </ul>
  )
}
