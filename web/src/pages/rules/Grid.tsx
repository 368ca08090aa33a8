// A decision table as a grid of text fields (WAI-ARIA grid pattern). One stop for the Tab key; arrows move between cells; typing replaces, F2 or Enter writes in the cell, Escape takes it back.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { cellKey, cellOf, columnsOf, type Column, type Sheet } from '../../lib/sheet'

export interface CellFault { ruleId: string; part?: 'input' | 'output'; index?: number; text: string; error: boolean }
export interface At { row: number; column: number }
interface Props {
  sheet: Sheet; changed: ReadonlySet<string>; faults: readonly CellFault[]; at: At; onAt: (at: At) => void; onCell: (row: number, column: Column, text: string) => void
  onRow: (what: 'insert' | 'delete' | 'copy' | 'up' | 'down', row: number) => void; onUndo: () => void; onRedo: () => void; first: number; shown: number; label: string
}

export function Grid({ sheet, changed, faults, at, onAt, onCell, onRow, onUndo, onRedo, first, shown, label }: Props) {
  const columns = columnsOf(sheet)
  const table = useRef<HTMLTableElement>(null)
  const [editing, setEditing] = useState(false)
  const before = useRef('')
  const wanted = useRef(false) // the next change of place moves the focus
  const rules = sheet.rules.slice(first, first + shown)
  useEffect(() => {
    if (!wanted.current) return
    wanted.current = false
    const field = table.current?.querySelector<HTMLInputElement>(`[data-cell="${at.row}:${at.column}"]`)
    field?.focus()
    field?.select()
  }, [at, sheet])
  const go = (row: number, column: number) => {
    setEditing(false)
    wanted.current = true
    onAt({ row: Math.max(0, Math.min(sheet.rules.length - 1, row)), column: Math.max(0, Math.min(columns.length - 1, column)) })
  }
  const key = (event: KeyboardEvent<HTMLInputElement>, row: number, column: number) => {
    const field = event.currentTarget, control = event.ctrlKey || event.metaKey
    const done = () => event.preventDefault()
    if (control && !event.altKey && event.key.toLowerCase() === 'z') { done(); if (event.shiftKey) onRedo(); else onUndo(); return go(row, column) }
    if (control && event.key.toLowerCase() === 'y') { done(); onRedo(); return go(row, column) }
    if (control && event.key === 'Enter') { done(); wanted.current = true; onRow('insert', row); return }
    if (control && event.key === 'd') { done(); wanted.current = true; onRow('copy', row); return }
    if (control && event.key === 'Delete') { done(); wanted.current = true; onRow('delete', row); return }
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) { done(); wanted.current = true; onRow(event.key === 'ArrowUp' ? 'up' : 'down', row); return }
    if (event.key === 'Escape') { if (editing) { done(); const rule = columns[column]; if (rule) onCell(row, rule, before.current); go(row, column) } return }
    if (event.key === 'F2') { done(); begin(field.value); field.setSelectionRange(field.value.length, field.value.length); return }
    if (event.key === 'Enter') { done(); return editing || event.shiftKey ? go(row + (event.shiftKey ? -1 : 1), column) : (begin(field.value), field.setSelectionRange(field.value.length, field.value.length)) }
    if (event.key === 'ArrowDown') { done(); return go(row + 1, column) }
    if (event.key === 'ArrowUp') { done(); return go(row - 1, column) }
    if (editing) return
    if (event.key === 'ArrowRight') { done(); return go(row, column + 1) }
    if (event.key === 'ArrowLeft') { done(); return go(row, column - 1) }
    if (event.key === 'Home') { done(); return go(control ? 0 : row, 0) }
    if (event.key === 'End') { done(); return go(control ? sheet.rules.length - 1 : row, columns.length - 1) }
    if (event.key === 'PageDown') { done(); return go(row + 10, column) }
    if (event.key === 'PageUp') { done(); return go(row - 10, column) }
    if (event.key === 'Delete') { done(); const own = columns[column]; if (own) onCell(row, own, own.part === 'input' ? '-' : ''); return go(row, column) }
  }
  const begin = (text: string) => { if (!editing) before.current = text; setEditing(true) } // what Escape takes back to
  const faultOf = (ruleId: string, column: Column) => faults.filter((f) => f.ruleId === ruleId && f.part === column.part && f.index === column.index)
  const rowFaults = (ruleId: string) => faults.filter((f) => f.ruleId === ruleId && f.part === undefined)
  return (
    <div className="sheet-scroll">
      <table ref={table} role="grid" className="sheet" aria-label={label} aria-rowcount={sheet.rules.length + 1} aria-colcount={columns.length + 1} aria-describedby="sheet-keys">
        <thead>
          <tr role="row" aria-rowindex={1}>
            <th scope="col" role="columnheader" className="sheet-index"><span className="sr-only">Regel</span></th>
            {columns.map((c) => <th key={`${c.part}${c.index}`} role="columnheader" scope="col" className={`sheet-${c.part}`}><span className="sheet-kind">{c.part === 'input' ? (c.index === 0 ? 'Når' : 'og') : c.part === 'output' ? (c.index === 0 ? 'så' : 'og') : ''}</span>{c.label}{c.hint && <span className="sheet-hint">{c.hint}</span>}</th>)}
          </tr>
        </thead>
        <tbody>
          {rules.map((rule, i) => {
            const row = first + i, own = rowFaults(rule.id)
            return (
              <tr key={rule.id} role="row" aria-rowindex={row + 2} className={`${changed.has(rule.id) ? 'row-new' : ''} ${own.some((f) => f.error) ? 'row-fault' : own.length > 0 ? 'row-warning' : ''} ${row === at.row ? 'row-current' : ''}`}>
                <th scope="row" role="rowheader" className="sheet-index">{row + 1}{changed.has(rule.id) && <span className="new-mark">ny</span>}{own.length > 0 && <span className="sr-only">, {own.map((f) => f.text).join(' ')}</span>}</th>
                {columns.map((column, c) => {
                  const here = faultOf(rule.id, column), isChanged = changed.has(cellKey(rule.id, column)), text = cellOf(rule, column)
                  const id = `fault-${row}-${c}`
                  return (
                    <td key={c} role="gridcell" className={`sheet-${column.part} ${isChanged ? 'cell-changed' : ''} ${here.some((f) => f.error) ? 'cell-fault' : here.length > 0 ? 'cell-warning' : ''}`}>
                      <input type="text" autoComplete="off" spellCheck={column.part === 'annotation'} value={text} size={Math.min(40, Math.max(8, text.length))} tabIndex={row === at.row && c === at.column ? 0 : -1} data-cell={`${row}:${c}`}
                        aria-label={`Regel ${row + 1}, ${column.label}${isChanged ? ', ændret' : ''}`} aria-invalid={here.some((f) => f.error) ? true : undefined} aria-describedby={here.length > 0 ? id : undefined}
                        onFocus={() => { if (row !== at.row || c !== at.column) onAt({ row, column: c }) }} onBlur={() => setEditing(false)} onMouseUp={() => begin(text)}
                        onKeyDown={(e) => key(e, row, c)} onChange={(e) => { begin(text); onCell(row, column, e.target.value) }} />
                      {here.length > 0 && <span id={id} className="cell-message">{here.map((f) => f.text).join(' ')}</span>}
                    </td>
                  )
                })}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
