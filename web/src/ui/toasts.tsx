// Short messages about what just happened; read aloud politely, gone after a while.
import { useEffect, useState } from 'react'
import { Icon } from './Icon'

interface Toast { id: number; tone: 'success' | 'info' | 'error'; heading: string; text?: string }
let next = 1
let add: ((toast: Toast) => void) | null = null

export function toast(heading: string, text?: string, tone: Toast['tone'] = 'success'): void {
  add?.({ id: next++, tone, heading, text })
}

export function Toasts() {
  const [list, setList] = useState<Toast[]>([])
  useEffect(() => {
    add = (item) => {
      setList((old) => [...old.slice(-2), item])
      setTimeout(() => setList((old) => old.filter((other) => other.id !== item.id)), 8000)
    }
    return () => { add = null }
  }, [])
  return (
    <div className="toast-container" role="status" aria-live="polite">
      {list.map((item) => (
        <div key={item.id} className={`toast toast-${item.tone} show`} aria-atomic="true">
          <div className="toast-icon" />
          <div className="toast-message">
            <p><strong>{item.heading}</strong></p>
            {item.text && <p>{item.text}</p>}
            <button type="button" className="toast-close-own" onClick={() => setList((old) => old.filter((o) => o.id !== item.id))}><Icon name="close" label="Luk beskeden" /></button>
          </div>
        </div>
      ))}
    </div>
  )
}
