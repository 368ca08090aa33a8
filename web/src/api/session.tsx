// Who is signed in. The pages below RequireSession can count on a session.
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { ApiError, get, onSignedOut, write } from './client'
import type { Session, Status } from './types'

interface Held {
  session: Session | null | undefined // undefined: not known yet
  status: Status | undefined
  error: ApiError | undefined
  signIn: (user: string, password: string) => Promise<void>
  signOut: () => Promise<void>
}
const Context = createContext<Held | null>(null)

export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session | null | undefined>(undefined)
  const [status, setStatus] = useState<Status>()
  const [error, setError] = useState<ApiError>()
  useEffect(() => {
    onSignedOut(() => setSession(null))
    get<Session>('/api/session').then(setSession, (cause: unknown) => {
      if (cause instanceof ApiError && cause.status !== 401) setError(cause)
      setSession(null)
    })
  }, [])
  const known = session !== undefined
  const who = session?.user
  useEffect(() => {
    if (known) get<Status>('/api/status').then(setStatus, () => {})
  }, [known, who])
  const signIn = useCallback(async (user: string, password: string) => {
    setSession(await write<Session>('POST', '/api/session', { user, password }))
    setError(undefined)
  }, [])
  const signOut = useCallback(async () => {
    await write('DELETE', '/api/session')
    setSession(null)
  }, [])
  const held = useMemo(() => ({ session, status, error, signIn, signOut }), [session, status, error, signIn, signOut])
  return <Context.Provider value={held}>{children}</Context.Provider>
}

export function useSession(): Held {
  const held = useContext(Context)
  if (!held) throw new Error('useSession outside SessionProvider')
  return held
}

/** Whether the person has one of these roles. The server decides; the pages only leave out what it would refuse. */
export function useRole(...roles: string[]): boolean {
  const own = useSession().session?.roles ?? []
  return roles.some((role) => own.includes(role))
}
