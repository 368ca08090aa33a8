// A doubtful shape and what can be said about it; and what was settled, by whom.
import { useEffect, useRef, useState } from 'react'
import type { Action, ImportedFile, ShapeRow } from '../../api/imports'
import { settledWords, typeWords } from '../../lib/imports'
import { Time } from '../../ui/parts'

export interface End { id: string; name: string; kind: string }
export interface Decision { rows?: number[]; action: Action | 'undo'; value?: string; from?: string; to?: string }
type Kinds = ImportedFile['kinds']

export function ShapeItem({ row, kinds, ends, chosen, busy, onChoose, onDecide }: { row: ShapeRow; kinds: Kinds; ends: readonly End[]; chosen: boolean; busy: boolean; onChoose: () => void; onDecide: (d: Decision) => void }) {
  const item = useRef<HTMLLIElement>(null)
  useEffect(() => { if (chosen) item.current?.scrollIntoView({ block: 'nearest' }) }, [chosen])
  const name = (id: string) => ends.find((e) => e.id === id)?.name || id
  return (
    <li ref={item} className={chosen ? 'chosen' : undefined} aria-current={chosen ? 'true' : undefined}>
      <button type="button" className="link-button shape-name" aria-expanded={chosen} onClick={onChoose}>{row.name || (row.line && row.from ? `Fra »${name(row.from)}« til »${name(row.to)}«` : typeWords(row.type, kinds) + ' uden tekst')}</button>
      <p className="meta">{row.verdict === 'refused' ? 'Ikke taget med' : `Gættet: ${typeWords(row.type, kinds)}, ${Math.round(row.confidence * 100)} % sikker`} – {row.reasonDa}</p>
      {chosen && (row.line ? <LineForm row={row} ends={ends} busy={busy} onDecide={onDecide} /> : <ElementForm row={row} kinds={kinds} busy={busy} onDecide={onDecide} />)}
    </li>
  )
}

function Buttons({ row, busy, onDecide }: { row: ShapeRow; busy: boolean; onDecide: (d: Decision) => void }) {
  return (
    <div className="button-row">
      <button type="button" className="button button-primary button-small" disabled={busy} onClick={() => onDecide({ action: 'accept' })}>{row.verdict === 'refused' ? 'Skal ikke med' : 'Det passer'}</button>
      {row.line && row.element && <button type="button" className="button button-secondary button-small" disabled={busy} onClick={() => onDecide({ action: 'reverse' })}>Vend pilen</button>}
      {row.element && row.type !== 'label' && <button type="button" className="button button-secondary button-small" disabled={busy} onClick={() => onDecide({ action: 'remove' })}>Fjern den</button>}
    </div>
  )
}

function ElementForm({ row, kinds, busy, onDecide }: { row: ShapeRow; kinds: Kinds; busy: boolean; onDecide: (d: Decision) => void }) {
  const now = kinds.find((k) => k.xml === row.type)?.value
  const [kind, setKind] = useState(now ?? '')
  const [words, setWords] = useState(row.name)
  return (
    <>
      <Buttons row={row} busy={busy} onDecide={onDecide} />
      {now !== undefined && (
        <div className="form-group">
          <label className="form-label" htmlFor={`kind-${row.row}`}>Hvad er det?</label>
          <select id={`kind-${row.row}`} className="form-select" value={kind} onChange={(e) => setKind(e.target.value)}>{kinds.map((k) => <option key={k.value} value={k.value}>{k.textDa}</option>)}</select>
          <div className="button-row"><button type="button" className="button button-secondary button-small" disabled={busy || kind === now} onClick={() => onDecide({ action: 'kind', value: kind })}>Skift til det</button></div>
        </div>
      )}
      {row.element && row.verdict !== 'refused' && (
        <div className="form-group">
          <label className="form-label" htmlFor={`name-${row.row}`}>Tekst</label>
          <input id={`name-${row.row}`} className="form-input" value={words} maxLength={500} onChange={(e) => setWords(e.target.value)} />
          <div className="button-row"><button type="button" className="button button-secondary button-small" disabled={busy || words === row.name} onClick={() => onDecide({ action: 'name', value: words })}>Ret teksten</button></div>
        </div>
      )}
    </>
  )
}

function LineForm({ row, ends, busy, onDecide }: { row: ShapeRow; ends: readonly End[]; busy: boolean; onDecide: (d: Decision) => void }) {
  const [from, setFrom] = useState(row.from)
  const [to, setTo] = useState(row.to)
  const options = ends.filter((e) => e.kind !== 'Lane' && e.kind !== 'Group')
  const field = (label: string, id: string, value: string, set: (v: string) => void) => (
    <div className="form-group"><label className="form-label" htmlFor={id}>{label}</label>
      <select id={id} className="form-select" value={value} onChange={(e) => set(e.target.value)}><option value="">Vælg</option>{options.map((e) => <option key={e.id} value={e.id}>{e.name}</option>)}</select></div>
  )
  return (
    <>
      <Buttons row={row} busy={busy} onDecide={onDecide} />
      {field('Fra', `from-${row.row}`, from, setFrom)}
      {field('Til', `to-${row.row}`, to, setTo)}
      <div className="button-row"><button type="button" className="button button-secondary button-small" disabled={busy || !from || !to || (from === row.from && to === row.to)} onClick={() => onDecide({ action: 'connect', from, to })}>{row.element ? 'Før pilen om' : 'Tegn pilen'}</button></div>
    </>
  )
}

export function SettledList({ rows, kinds }: { rows: readonly ShapeRow[]; kinds: Kinds }) {
  const settled = rows.filter((r) => r.settled)
  if (settled.length === 0) return null
  return (
    <details className="plain-details"><summary>Afgjort ({settled.length})</summary>
      <ul>{settled.map((r) => <li key={r.row} className="break">{r.name || typeWords(r.type, kinds)}: {settledWords(r, kinds)} <span className="muted">{r.settled?.by}, <Time value={r.settled?.at} /></span></li>)}</ul>
    </details>
  )
}
