// Small parts of the pages about the whole bank.
import { NavLink } from 'react-router-dom'
import '../../styles/understand.css'
import type { LawState } from '../../api/understand'
import { formatDate } from '../../lib/format'
import { Badge } from '../../ui/parts'

/** When a law reference was last looked at, and whether that is too long ago. */
export function Verified({ date, state, due }: { date: string | null | undefined; state: LawState | undefined; due?: string }) {
  return (
    <span className="pieces">
      <span className="meta">{date ? `Sidst kontrolleret ${formatDate(date)}` : 'Ikke kontrolleret endnu'}{due ? `, næste gang ${formatDate(due)}` : ''}</span>
      {state === 'overskredet' && <Badge tone="error">Kontrol overskredet</Badge>}
      {state === 'snart' && <Badge tone="warning">Kontrolleres snart</Badge>}
    </span>
  )
}

export function BankNav() {
  const links = [['/bank', 'Arbejdsgange'], ['/bank/kle', 'KLE'], ['/bank/registre', 'Registre'], ['/bank/kort', 'Kort'], ['/bank/foelger', 'Følger'], ['/bank/guide', 'Læs et diagram']] as const
  return <nav className="bank-nav no-print" aria-label="Banken"><ul>{links.map(([to, text]) => <li key={to}><NavLink to={to} end={to === '/bank'}>{text}</NavLink></li>)}</ul></nav>
}
