// One control of a decision's form, by the kind of its field.
import { useId } from 'react'
import { valueWords } from '../../lib/feelWords'
import type { Field } from '../../lib/fields'
import { humanise } from '../../lib/format'

const hints: Partial<Record<Field['kind'], string>> = {
  number: 'Tal, fx 1.234,50', date: 'Dato, fx 21.11.2026', moment: 'Dato og klokkeslæt, fx 21.11.2026 14.05', time: 'Klokkeslæt, fx 14.05', duration: 'Varighed, fx P14D for 14 dage', json: 'JSON, fx [1, 2] eller {"navn": "værdi"}',
}

export function Control({ field, text, fault, onText, onLeave }: { field: Field; text: string; fault: string | undefined; onText: (text: string) => void; onLeave: () => void }) {
  const id = useId()
  const label = humanise(field.label.replace(/\./g, ' '))
  const hint = hints[field.kind]
  const about = [hint ? `${id}-hint` : '', fault ? `${id}-fault` : ''].filter(Boolean).join(' ') || undefined
  const shared = { id, value: text, 'data-field': field.id, 'aria-describedby': about, 'aria-invalid': fault ? true : undefined, onBlur: onLeave } as const
  if (field.kind === 'boolean') {
    return (
      <fieldset className="form-group yes-no" data-field={field.id}>
        <legend className="form-label">{label}</legend>
        <div className="yes-no-row">
          {[['ja', 'Ja'], ['nej', 'Nej'], ['', 'Ikke oplyst']].map(([value = '', word]) => (
            <div key={value} className="form-group-radio"><input type="radio" className="form-radio" id={`${id}-${value}`} name={id} checked={text === value} onChange={() => onText(value)} /><label htmlFor={`${id}-${value}`}>{word}</label></div>
          ))}
        </div>
      </fieldset>
    )
  }
  return (
    <div className={`form-group ${fault ? 'form-error' : ''}`}>
      <label className="form-label" htmlFor={id}>{label}</label>
      {hint && <span className="form-hint" id={`${id}-hint`}>{hint}</span>}
      {fault && <span className="form-error-message" id={`${id}-fault`} role="alert">{fault}</span>}
      {field.kind === 'choice' ? (
        <select className="form-select" {...shared} onChange={(e) => onText(e.target.value)}>
          <option value="">Ikke oplyst</option>
          {field.allowed.map((value, i) => <option key={i} value={String(i)}>{valueWords(value).replace(/^»(.*)«$/, '$1')}</option>)}
        </select>
      ) : field.kind === 'json' ? (
        <textarea className="form-input code-input" rows={Math.min(8, Math.max(2, text.split('\n').length))} spellCheck={false} {...shared} onChange={(e) => onText(e.target.value)} />
      ) : (
        <>
          <input className="form-input" type="text" autoComplete="off" inputMode={field.kind === 'number' ? 'decimal' : undefined} list={field.suggestions.length > 0 ? `${id}-list` : undefined} {...shared} onChange={(e) => onText(e.target.value)} />
          {field.suggestions.length > 0 && <datalist id={`${id}-list`}>{field.suggestions.map((s) => <option key={s} value={s} />)}</datalist>}
        </>
      )}
    </div>
  )
}
