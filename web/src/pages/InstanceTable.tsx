import { Link } from 'react-router-dom'
import type { Instance } from '../api/types'
import { maskCpr } from '../lib/cpr'
import { stateName } from '../lib/words'
import { Badge, Table, Time } from '../ui/parts'

export function stateBadge(item: { state: string; hasIncident?: boolean }) {
  if (item.hasIncident) return <Badge tone="error">Fejl</Badge>
  const tone = item.state === 'COMPLETED' ? 'success' : item.state === 'ACTIVE' ? 'info' : undefined
  return <Badge tone={tone}>{stateName(item.state)}</Badge>
}

export function InstanceTable({ items, showName = true, showKey = false }: { items: Instance[]; showName?: boolean; showKey?: boolean }) {
  return (
    <Table caption="Sager" head={['Sag', ...(showKey ? ['Egen nøgle'] : []), ...(showName ? ['Arbejdsgang'] : []), 'Tilstand', 'Startet', 'Afsluttet']} compact>
      {items.map((item) => (
        <tr key={item.processInstanceKey}>
          <td><Link to={`/drift/${item.processInstanceKey}`}>{item.processInstanceKey}</Link></td>
          {showKey && <td>{maskCpr(item.businessId ?? '')}</td>}
          {showName && <td>{item.processDefinitionName || item.processDefinitionId}{item.processDefinitionVersion ? <span className="muted"> v{item.processDefinitionVersion}</span> : null}</td>}
          <td>{stateBadge(item)}</td>
          <td><Time value={item.startDate} /></td>
          <td><Time value={item.endDate} /></td>
        </tr>
      ))}
    </Table>
  )
}
