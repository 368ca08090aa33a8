// The rooms of Drift, and the mark that says whether the page is live.
import { NavLink } from 'react-router-dom'
import '../../styles/drift.css'
import { useConnected } from '../../api/live'
import { useRole } from '../../api/session'

const rooms: [string, string, boolean][] = [ // path, text, only for the role drift
  ['/drift', 'Overblik', false], ['/drift/sager', 'Sager', false], ['/drift/fejl', 'Fejl', false], ['/drift/varmekort', 'Varmekort', false], ['/drift/versioner', 'Versioner', false], ['/drift/arbejde', 'I baggrunden', true],
]
export function DriftNav() {
  const drift = useRole('drift')
  return (
    <nav className="tab-container own-tabs drift-nav" aria-label="Drift">
      <ul className="tab-list">{rooms.filter(([, , own]) => drift || !own).map(([to, text]) => <li key={to}><NavLink className="tab-button" to={to} end={to === '/drift'}><span>{text}</span></NavLink></li>)}</ul>
    </nav>
  )
}

export function LiveMark() {
  const connected = useConnected()
  return <p className="live-mark" role="status"><span className={connected ? 'dot on' : 'dot'} aria-hidden="true" />{connected ? 'Opdateres løbende' : 'Venter på forbindelse; tallene kan være gamle'}</p>
}
