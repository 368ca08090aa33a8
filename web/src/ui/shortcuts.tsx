// Pages say which keys mean what; one listener on the window finds the one pressed. `?` lists those in force.
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { setShortcuts, shortcutOf, shortcutsOn } from '../lib/keys'
import { Dialog } from './Dialog'
import { Keycap } from './parts'

export interface Key { key: string; text: string; run: () => void; group?: string }
interface Registry { add: (keys: { current: Key[] }) => () => void; open: () => void }
const Context = createContext<Registry | null>(null)

export function ShortcutProvider({ children }: { children: ReactNode }) {
  const held = useRef(new Set<{ current: Key[] }>())
  const [open, setOpen] = useState(false)
  const [on, setOn] = useState(shortcutsOn)
  const registry = useMemo<Registry>(() => ({
    add: (keys) => { held.current.add(keys); return () => held.current.delete(keys) },
    open: () => setOpen(true),
  }), [])
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (document.querySelector('dialog[open]')) return
      const focus = document.activeElement as HTMLInputElement | null
      const name = shortcutOf(event, focus)
      if (!name) return
      if (name === '?') { event.preventDefault(); setOpen(true); return }
      if (!shortcutsOn()) return
      const found = [...held.current].reverse().flatMap((keys) => keys.current).find((key) => key.key === name)
      if (found) { event.preventDefault(); found.run() }
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
  const groups = new Map<string, Key[]>()
  if (open) for (const keys of held.current) for (const key of keys.current) groups.set(key.group ?? 'Overalt', [...(groups.get(key.group ?? 'Overalt') ?? []), key])
  return (
    <Context.Provider value={registry}>
      {children}
      {open && (
        <Dialog title="Genvejstaster" onClose={() => setOpen(false)}>
          <p>Tasterne virker, når du ikke står i et tekstfelt.</p>
          {[...groups].reverse().map(([name, keys]) => (
            <section key={name}>
              <h3>{name}</h3>
              <dl className="keys">{keys.map((key) => <div key={key.key}><dt><Keycap>{key.key}</Keycap></dt><dd>{key.text}</dd></div>)}</dl>
            </section>
          ))}
          <h3>Hjælp</h3>
          <dl className="keys"><div><dt><Keycap>?</Keycap></dt><dd>Vis denne liste</dd></div><div><dt><Keycap>Ctrl</Keycap> + <Keycap>Enter</Keycap></dt><dd>Send, når du står i et begrundelsesfelt</dd></div><div><dt><Keycap>Esc</Keycap></dt><dd>Luk eller fortryd</dd></div></dl>
          <div className="form-group-checkbox">
            <input id="genveje" type="checkbox" className="form-checkbox" checked={on} onChange={(e) => { setShortcuts(e.target.checked); setOn(e.target.checked) }} />
            <label htmlFor="genveje">Genvejstaster er slået til</label>
          </div>
        </Dialog>
      )}
    </Context.Provider>
  )
}

export function useShortcuts(keys: Key[]): void {
  const registry = useContext(Context)
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => registry?.add(latest), [registry])
}

export function useHelp(): () => void {
  const registry = useContext(Context)
  return () => registry?.open()
}
