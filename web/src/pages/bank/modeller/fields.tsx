// The panel's fields: what somebody types becomes one step of the drawing when they pause, leave or press Enter.
import { useEffect, useId, useRef, useState, type ReactNode } from 'react'

const pauseMs = 800

export function TextField({ label, value, onCommit, hint, lines, options, readOnly }: { label: string; value: string; onCommit: (value: string) => void; hint?: ReactNode; lines?: number; options?: readonly (string | [string, string])[]; readOnly?: boolean }) {
  const id = useId()
  const [text, setText] = useState(value)
  const held = useRef({ text: value, value, onCommit, timer: undefined as ReturnType<typeof setTimeout> | undefined })
  held.current.onCommit = onCommit
  useEffect(() => { // undone, or changed elsewhere
    held.current.value = value
    held.current.text = value
    setText(value)
  }, [value])
  const commit = () => {
    const now = held.current
    clearTimeout(now.timer)
    if (now.text === now.value) return
    now.value = now.text
    now.onCommit(now.text)
  }
  useEffect(() => commit, [])
  const change = (next: string) => {
    setText(next)
    held.current.text = next
    clearTimeout(held.current.timer)
    held.current.timer = setTimeout(commit, pauseMs)
  }
  const shared = { id, className: 'form-input', value: text, readOnly, 'aria-describedby': hint ? `${id}-hint` : undefined, onBlur: commit }
  return (
    <div className="panel-field">
      <label className="form-label" htmlFor={id}>{label}</label>
      {hint && <span className="form-hint" id={`${id}-hint`}>{hint}</span>}
      {lines ? <textarea {...shared} rows={lines} onChange={(e) => change(e.target.value)} />
        : <input {...shared} type="text" list={options?.length ? `${id}-list` : undefined} onChange={(e) => change(e.target.value)} onKeyDown={(e) => { if (e.key === 'Enter') commit() }} />}
      {options && options.length > 0 && <datalist id={`${id}-list`}>{options.map((one) => typeof one === 'string' ? <option key={one} value={one} /> : <option key={one[0]} value={one[0]}>{one[1]}</option>)}</datalist>}
    </div>
  )
}

export function Choice({ label, value, options, onChange, hint }: { label: string; value: string; options: readonly [string, string][]; onChange: (value: string) => void; hint?: string }) {
  const id = useId()
  return (
    <div className="panel-field">
      <label className="form-label" htmlFor={id}>{label}</label>
      {hint && <span className="form-hint" id={`${id}-hint`}>{hint}</span>}
      <select id={id} className="form-select" value={value} aria-describedby={hint ? `${id}-hint` : undefined} onChange={(e) => onChange(e.target.value)}>
        {options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
      </select>
    </div>
  )
}

export function Tick({ label, value, onChange }: { label: string; value: boolean; onChange: (value: boolean) => void }) {
  const id = useId()
  return (
    <div className="form-group-checkbox">
      <input id={id} type="checkbox" className="form-checkbox" checked={value} onChange={(e) => onChange(e.target.checked)} />
      <label htmlFor={id}>{label}</label>
    </div>
  )
}
