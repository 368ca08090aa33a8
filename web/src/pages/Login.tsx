import { useRef, useState, type FormEvent } from 'react'
import { Navigate, useSearchParams } from 'react-router-dom'
import { ApiError } from '../api/client'
import { useSession } from '../api/session'
import { PageTitle, Problem } from '../ui/parts'

const roleText: Record<string, string> = {
  konsulent: 'finder, prøver og sætter arbejdsgange i drift', sagsbehandler: 'løser de opgaver, der kræver et menneske', drift: 'holder øje med kørslen og retter fejl',
}
const home: Record<string, string> = { sagsbehandler: '/opgaver', drift: '/drift' }

/** Only addresses of this site are followed after signing in. */
function returnAddress(params: URLSearchParams, role: string | undefined): string {
  const wanted = params.get('til') ?? ''
  return /^\/(?![/\\])/.test(wanted) ? wanted : home[role ?? ''] ?? '/bank'
}

export function Login() {
  const { session, status, signIn } = useSession()
  const [params] = useSearchParams()
  const [user, setUser] = useState('')
  const [password, setPassword] = useState('')
  const [missing, setMissing] = useState<{ user?: string; password?: string }>({})
  const [error, setError] = useState<ApiError>()
  const [busy, setBusy] = useState(false)
  const userField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)
  if (session) return <Navigate to={returnAddress(params, session.roles.length === 1 ? session.roles[0] : undefined)} replace />

  const send = async (event: FormEvent) => {
    event.preventDefault()
    const faults = { user: user.trim() === '' ? 'Skriv dit brugernavn' : undefined, password: password === '' ? 'Skriv din adgangskode' : undefined }
    setMissing(faults)
    setError(undefined)
    if (faults.user) return userField.current?.focus()
    if (faults.password) return passwordField.current?.focus()
    setBusy(true)
    try {
      await signIn(user.trim(), password)
    } catch (cause) {
      setError(cause instanceof ApiError && cause.status === 401
        ? new ApiError(401, 'Brugernavn eller adgangskode passer ikke', '', cause.reference, cause.code)
        : cause instanceof ApiError ? cause : new ApiError(0, 'Du kunne ikke logges ind', String(cause), '', 'client'))
      passwordField.current?.focus()
    } finally { setBusy(false) }
  }
  const authorities = [...new Set((status?.demoUsers ?? []).map((demo) => demo.authorityName ?? ''))]
  const field = (name: 'user' | 'password') => (missing[name] ? { 'aria-describedby': `${name}-error`, 'aria-invalid': true } : {})
  return (
    <div className="narrow">
      <PageTitle title="Log ind" lead="Log ind for at se jeres arbejdsgange og de opgaver, der venter på dig.">Log ind</PageTitle>
      {error && <Problem error={error} />}
      <form onSubmit={(e) => void send(e)} noValidate>
        <div className={`form-group ${missing.user ? 'form-error' : ''}`}>
          <label className="form-label" htmlFor="user">Brugernavn</label>
          {missing.user && <span className="form-error-message" id="user-error">{missing.user}</span>}
          <input className="form-input" id="user" ref={userField} autoComplete="username" autoCapitalize="none" value={user} onChange={(e) => setUser(e.target.value)} {...field('user')} />
        </div>
        <div className={`form-group ${missing.password ? 'form-error' : ''}`}>
          <label className="form-label" htmlFor="password">Adgangskode</label>
          {missing.password && <span className="form-error-message" id="password-error">{missing.password}</span>}
          <input className="form-input" id="password" type="password" ref={passwordField} autoComplete="current-password" value={password} onChange={(e) => setPassword(e.target.value)} {...field('password')} />
        </div>
        <button className="button button-primary mt-5" disabled={busy}>{busy ? 'Logger ind …' : 'Log ind'}</button>
      </form>
      {status?.demoUsers && status.demoUsers.length > 0 && (
        <section className="demo-users">
          <h2>Demobrugere</h2>
          <p>Serveren kører lokalt på denne maskine. Vælg en bruger for at udfylde navnet{status.demoUsers.some((u) => u.password) ? ' og koden' : '; adgangskoden står i det vindue, hvor serveren blev startet'}.</p>
          {authorities.map((authority) => (
          <div key={authority}>
          {authorities.length > 1 && <h3>{authority}</h3>}
          <ul className="plain-list">
            {status.demoUsers?.filter((demo) => (demo.authorityName ?? '') === authority).map((demo) => (
              <li key={demo.user}>
                <button type="button" className="button button-secondary" onClick={() => { setUser(demo.user); setPassword(demo.password ?? ''); setMissing({}); passwordField.current?.focus() }}>{demo.name ?? demo.user}</button>
                <span>{roleText[demo.role] ? `${demo.role}: ${roleText[demo.role]}` : demo.role}</span>
              </li>
            ))}
          </ul>
          </div>
          ))}
        </section>
      )}
    </div>
  )
}
