// Fields that send themselves: what is written is sent when the field is left or Enter is pressed, and what others write meanwhile is shown.
import { useEffect, useId, useRef, useState } from 'react'
import { readDuration, units, writeDuration, type Unit } from '../../lib/board'

/** `value` is the board's; while somebody types here, theirs stays until it is sent. */
function useDraft(value: string): [string, (text: string) => void, () => void] {
  const [text, setText] = useState<string | null>(null)
  return [text ?? value, setText, () => setText(null)]
}

/** Shows at once what was chosen, until the board says the same or the change is refused. */
export function useChosen<T>(value: T): [T, (next: T, sent: Promise<boolean>) => void] {
  const [chosen, setChosen] = useState<{ next: T } | null>(null)
  useEffect(() => setChosen(null), [value])
  return [chosen ? chosen.next : value, (next, sent) => { setChosen({ next }); void sent.then((done) => { if (!done) setChosen(null) }) }]
}

export function TextField({ label, value, onSend, lines = 1, hint, maxLength = 190 }: { label: string; value: string; onSend: (text: string) => void; lines?: number; hint?: string; maxLength?: number }) {
  const id = useId()
  const [text, setText, settle] = useDraft(value)
  const send = () => { if (text.trim() !== value) onSend(text.trim()); settle() }
  const common = { id, value: text, maxLength, 'aria-describedby': hint ? `${id}-hint` : undefined, onBlur: send }
  return (
    <div className="card-field">
      <label className="form-label" htmlFor={id}>{label}</label>
      {hint && <p className="form-hint" id={`${id}-hint`}>{hint}</p>}
      {lines > 1
        ? <textarea className="form-input" rows={lines} {...common} onChange={(e) => setText(e.target.value)} />
        : <input className="form-input" {...common} onChange={(e) => setText(e.target.value)} onKeyDown={(e) => { if (e.key === 'Enter') { e.preventDefault(); send() } }} />}
    </div>
  )
}

/** One number, or from–to, and a unit. */
export function DurationField({ label, value, onSend }: { label: string; value: string; onSend: (iso: string) => void }) {
  const id = useId()
  const group = useRef<HTMLFieldSetElement>(null)
  const [draft, setDraft] = useState(readDuration(value))
  const [fault, setFault] = useState(false)
  useEffect(() => { setDraft(readDuration(value)); setFault(false) }, [value])
  const now = draft ?? { low: '', high: '', unit: 'M' as Unit }
  const send = (next = now) => {
    if (draft === null && next === now) return // written in several units elsewhere, and left alone here
    const iso = writeDuration(next)
    setFault(iso === null)
    if (iso !== null && iso !== value) onSend(iso)
  }
  const set = (part: Partial<typeof now>) => setDraft({ ...now, ...part })
  const field = (part: 'low' | 'high', name: string) => (
    <input className="form-input" inputMode="decimal" maxLength={6} aria-label={`${label}, ${name}`} aria-invalid={fault || undefined} aria-describedby={fault ? `${id}-fault` : undefined} value={now[part]}
      onChange={(e) => set({ [part]: e.target.value })} onKeyDown={(e) => { if (e.key === 'Enter') { e.preventDefault(); send() } }} />
  )
  return (
    <fieldset className="card-field duration" ref={group} onBlur={(e) => { if (!group.current?.contains(e.relatedTarget)) send() }}>
      <legend className="form-label">{label}</legend>
      {fault && <p className="form-error-message" id={`${id}-fault`}>Skriv et tal, eller det mindste først: 30 til 45</p>}
      <span className="duration-row">
        {field('low', 'mindst')}<span aria-hidden="true">–</span>{field('high', 'højst')}
        <select className="form-select" aria-label={`${label}, enhed`} value={now.unit} onChange={(e) => { const next = { ...now, unit: e.target.value as Unit }; setDraft(next); if (next.low) send(next) }}>
          {units.map(([unit, name]) => <option key={unit} value={unit}>{name}</option>)}
        </select>
      </span>
    </fieldset>
  )
}
