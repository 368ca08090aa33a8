// The frame of every page: skip link, top bar with the rooms, content, footer.
import { useState } from 'react'
import { Link, NavLink, Navigate, Outlet, ScrollRestoration, useLocation, useNavigate } from 'react-router-dom'
import { useSession } from './api/session'
import { Dialog } from './ui/Dialog'
import { Icon } from './ui/Icon'
import { Keycap, Problem, Waiting } from './ui/parts'
import { ShortcutProvider, useHelp, useShortcuts } from './ui/shortcuts'
import { Toasts } from './ui/toasts'

const rooms = [
  { to: '/bank', text: 'Bank', roles: null },
  { to: '/opgaver', text: 'Opgaver', roles: ['sagsbehandler'] },
  { to: '/drift', text: 'Drift', roles: ['drift', 'konsulent'] },
  { to: '/regnskab', text: 'Regnskab', roles: ['sagsbehandler', 'drift', 'konsulent'] },
  { to: '/gevinster', text: 'Gevinster', roles: null },
]
const roleNames: Record<string, string> = { konsulent: 'konsulent', sagsbehandler: 'sagsbehandler', drift: 'drift' }

export const loginAddress = (path: string) => (path === '/' || path === '/bank' ? '/login' : `/login?til=${encodeURIComponent(path)}`)

export function RequireSession() {
  const { session, error } = useSession()
  const location = useLocation()
  if (session === undefined) return <Waiting what="siden" />
  if (session === null && error) return <Problem error={error} retry={() => window.location.reload()} />
  if (session === null) return <Navigate to={loginAddress(location.pathname + location.search)} replace />
  return <Outlet />
}

export function Layout() {
  return <ShortcutProvider><Frame /></ShortcutProvider>
}

function Frame() {
  const navigate = useNavigate()
  const { session, status, signOut } = useSession()
  const help = useHelp()
  const [menu, setMenu] = useState(false)
  useShortcuts(session ? [{
    key: '/', text: 'Søg i banken', run: () => {
      const field = document.getElementById('bank-search')
      if (field) field.focus()
      else navigate('/bank', { state: { focusSearch: true } })
    },
  }] : [])
  const leave = () => { void signOut().then(() => navigate('/login')) }
  const authority = session?.authorityName ?? status?.authorityName ?? ''
  const roles = session?.roles.map((role) => roleNames[role] ?? role).join(', ') ?? ''
  const items = rooms.filter((room) => room.roles === null || room.roles.some((role) => session?.roles.includes(role))).map((room) => (
    <li key={room.to}>
      <NavLink to={room.to} className="nav-link" onClick={() => setMenu(false)}><span>{room.text}</span></NavLink>
    </li>
  ))
  return (
    <>
      <a className="skipnav" href="#main-content">Gå til sidens indhold</a>
      <header className="header own-header">
        <div className="portal-info">
          <div className="portal-info-inner container">
            <Link to="/bank" className="wordmark"><img src="/ikon.svg" alt="" width="32" height="32" /><span>Sagsgang</span></Link>
            {authority && <p className="authority">{authority}</p>}
            {session && <button type="button" className="function-link button-menu-open" aria-haspopup="dialog" onClick={() => setMenu(true)}><Icon name="menu" />Menu</button>}
            {session && (
              <div className="portal-user">
                <p className="user">{session.name}, {roles}</p>
                <button type="button" className="function-link" onClick={leave}><Icon name="lock" />Log af</button>
              </div>
            )}
          </div>
        </div>
        {session && (
          <div className="navigation-menu">
            <div className="navigation-menu-inner container">
              <nav className="nav" aria-label="Hovedmenu"><ul className="mainmenu">{items}</ul></nav>
              <p className="nav-tools">
                <Link to="/bank" state={{ focusSearch: true }} className="function-link"><Icon name="search" />Søg<Keycap>/</Keycap></Link>
                <button type="button" className="function-link" onClick={help}><Icon name="help" />Taster<Keycap>?</Keycap></button>
              </p>
            </div>
          </div>
        )}
      </header>
      {menu && session && (
        <Dialog title="Menu" className="dialog-menu" onClose={() => setMenu(false)}>
          <nav aria-label="Hovedmenu"><ul className="menu-list">{items}</ul></nav>
          <p className="menu-user">{session.name}, {roles}<br />{authority}</p>
          <button type="button" className="button button-secondary" onClick={() => { setMenu(false); leave() }}>Log af</button>
        </Dialog>
      )}
      {status?.local && <p className="local-mark"><span className="container">Lokal prøve med demobrugere og stand-ins. Ingen rigtige systemer er tilsluttet.</span></p>}
      <main id="main-content" className="container page-container" tabIndex={-1}><Outlet /></main>
      <footer className="own-footer"><div className="container">
        <p><strong>Sagsgang</strong>{status ? ` ${status.version}` : ''}: arbejdsgange, der kan findes, køres og måles.</p>
        <p>Diagrammer vises med bpmn-js og dmn-js fra bpmn.io.</p>
      </div></footer>
      <Toasts />
      <ScrollRestoration getKey={(location) => location.pathname.startsWith('/opgaver') ? 'opgaver' : location.pathname.split('/').slice(0, 4).join('/')} />
    </>
  )
}
