// Edit a table: the grid, what is wrong with it as one writes, spreadsheets out and in, and the draft it becomes.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { ApiError } from '../../api/client'
import { changeTable, readTable, tableFile, type ModelDecision, type TableFinding } from '../../api/decisions'
import { useLoad } from '../../api/load'
import { placeOf } from '../../lib/dmnXml'
import { count } from '../../lib/format'
import { policyWords, titleOf } from '../../lib/ruleWords'
import { changedCells, changeWords, columnsOf, historyOf, redo, sheetChanges, step, undo, withCell, withMoved, withoutRule, withRule, type Column, type History, type Sheet } from '../../lib/sheet'
import { Icon } from '../../ui/Icon'
import { Alert, Empty, Problem, Waiting } from '../../ui/parts'
import type { DraftHeld } from './draft'
import { Grid, type At, type CellFault } from './Grid'
import { Upload } from './Upload'

const page = 100 // rules in the grid at a time

export function Edit({ slug, decision, storedXml, version, held }: { slug: string; decision: ModelDecision; storedXml: string; version: number | string; held: DraftHeld }) {
  const stored = useLoad(`sheet ${slug} ${decision.id} ${version}`, decision.table === false ? null : (signal) => readTable(slug, decision.id, signal))
  if (decision.table === false) return <Empty heading="Denne regel er et udtryk, ikke en tabel"><p>Udtryk rettes i DMN-filen i pakken. Vælg en tabel ovenfor for at rette den her.</p></Empty>
  if (stored.error) return <Problem error={stored.error} retry={stored.reload} />
  if (!stored.data) return <Waiting what="tabellen" />
  return <Editor key={`${decision.id} ${held.turn}`} slug={slug} decision={decision} stored={stored.data} storedXml={storedXml} version={version} held={held} />
}

interface Place { ruleId: string; part?: 'input' | 'output'; index?: number }
/** Where a finding stands, by the sheet that was checked: its own place, else that of the element it names. */
function placeIn(finding: TableFinding, xml: string, sheet: Sheet): Place | null {
  const rule = finding.ruleIndex ? sheet.rules[finding.ruleIndex - 1] : undefined
  if (rule) return { ruleId: rule.id, ...(finding.part && finding.index && { part: finding.part, index: finding.index - 1 }) }
  return finding.element && xml ? placeOf(xml, finding.element) : null
}

function faultsOf(xml: string, sheet: Sheet, findings: readonly TableFinding[]): CellFault[] {
  return findings.flatMap((finding) => {
    const place = placeIn(finding, xml, sheet)
    return place ? [{ ...place, text: finding.message_da || finding.message || '', error: finding.error !== false }] : []
  })
}

function Editor({ slug, decision, stored, storedXml, version, held }: { slug: string; decision: ModelDecision; stored: Sheet; storedXml: string; version: number | string; held: DraftHeld }) {
  const [history, setHistory] = useState<History<Sheet>>(() => historyOf(held.draft?.sheets[decision.id] ?? stored))
  const [at, setAt] = useState<At>({ row: 0, column: 0 })
  const [findings, setFindings] = useState<TableFinding[]>([])
  const [checked, setChecked] = useState<{ xml: string; sheet: Sheet } | null>(null)
  const [error, setError] = useState<ApiError>()
  const [checking, setChecking] = useState(false)
  const sheet = history.now
  const columns = useMemo(() => columnsOf(sheet), [sheet])
  const changed = useMemo(() => changedCells(stored, sheet), [stored, sheet])
  const changes = useMemo(() => sheetChanges(stored, sheet), [stored, sheet])
  const turn = useRef(0)
  const holder = useRef(held)
  holder.current = held

  const check = useCallback(async (next: Sheet) => {
    const mine = ++turn.current
    const draft = holder.current.draft
    const base = draft?.xml ?? storedXml
    setChecking(true)
    try {
      const answer = await changeTable(slug, decision.id, { sheet: next }, base)
      if (mine !== turn.current) return
      setFindings(answer.findings)
      setChecked({ xml: answer.xml || base, sheet: next })
      setError(undefined)
      const { [decision.id]: _sheet, ...sheets } = draft?.sheets ?? {}, { [decision.id]: _errors, ...errors } = draft?.errors ?? {}
      const differs = sheetChanges(stored, next).length > 0
      if (!differs && Object.keys(sheets).length === 0) { if (draft) holder.current.clear() } else {
        holder.current.save({ version: draft?.version ?? version, xml: answer.xml || base, sheets: differs ? { ...sheets, [decision.id]: next } : sheets, errors: { ...errors, [decision.id]: differs ? answer.findings.filter((f) => f.error !== false).length : 0 } })
      }
    } catch (cause) {
      if (mine === turn.current && cause instanceof ApiError) setError(cause)
    } finally { if (mine === turn.current) setChecking(false) }
  }, [slug, decision.id, storedXml, version, stored])
  useEffect(() => {
    const timer = setTimeout(() => void check(sheet), 400)
    return () => clearTimeout(timer)
  }, [sheet, check])

  const set = (next: Sheet, tag = '') => setHistory((old) => step(old, next, tag))
  const cell = (row: number, column: Column, text: string) => set(withCell(sheet, row, column, text), `${sheet.rules[row]?.id}/${column.part}/${column.index}`)
  const place = (row: number) => setAt((old) => ({ ...old, row }))
  const onRow = (what: 'insert' | 'delete' | 'copy' | 'up' | 'down', row: number) => {
    switch (what) {
      case 'insert': set(withRule(sheet, row + 1)); return setAt({ row: row + 1, column: 0 })
      case 'copy': set(withRule(sheet, row + 1, row)); return place(row + 1)
      case 'delete': set(withoutRule(sheet, row)); return place(Math.max(0, Math.min(row, sheet.rules.length - 2)))
      case 'up': if (row > 0) { set(withMoved(sheet, row, -1)); place(row - 1) } return
      case 'down': if (row < sheet.rules.length - 1) { set(withMoved(sheet, row, 1)); place(row + 1) } return
    }
  }
  const cells = useMemo(() => (checked ? faultsOf(checked.xml, checked.sheet, findings) : []), [checked, findings])
  const first = Math.floor(at.row / page) * page
  const column = columns[at.column]
  const rule = sheet.rules[at.row]
  const errors = findings.filter((f) => f.error !== false).length
  const wrong = findings.length
  return (
    <>
      <p>{policyWords(sheet.hitPolicy)}. {count(sheet.rules.length, 'regel', 'regler')}. Intet gælder, før du offentliggør.</p>
      <p className="meta" id="sheet-keys">Piletaster flytter mellem felter. Skriv for at erstatte, Enter eller F2 for at rette i feltet, Escape for at fortryde det skrevne. Ctrl + Enter: ny regel. Ctrl + D: kopi. Ctrl + Delete: slet. Alt + pil op eller ned: flyt. Ctrl + Z: fortryd.</p>
      <div className="sheet-tools" role="toolbar" aria-label="Ret tabellen">
        <button type="button" className="button button-secondary" onClick={() => onRow('insert', sheet.rules.length === 0 ? -1 : at.row)}>Ny regel</button>
        <button type="button" className="button button-secondary" disabled={!rule} onClick={() => onRow('copy', at.row)}>Kopiér regel {at.row + 1}</button>
        <button type="button" className="button button-secondary" disabled={!rule} onClick={() => onRow('delete', at.row)}>Slet regel {at.row + 1}</button>
        <button type="button" className="button button-secondary" disabled={at.row === 0} onClick={() => onRow('up', at.row)}>Flyt op</button>
        <button type="button" className="button button-secondary" disabled={at.row >= sheet.rules.length - 1} onClick={() => onRow('down', at.row)}>Flyt ned</button>
        <button type="button" className="button button-secondary" disabled={history.past.length === 0} onClick={() => setHistory(undo)}>Fortryd</button>
        <button type="button" className="button button-secondary" disabled={history.future.length === 0} onClick={() => setHistory(redo)}>Gentag</button>
      </div>
      {rule && column && (
        <div className="form-group cell-editor">
          <label className="form-label" htmlFor="cell-text">Regel {at.row + 1}, {column.label}</label>
          <textarea id="cell-text" className="form-input code-input" rows={2} spellCheck={false} value={columnText(sheet, at, column)} onChange={(e) => cell(at.row, column, e.target.value)} />
        </div>
      )}
      {sheet.rules.length === 0
        ? <Empty heading="Tabellen har ingen regler"><p>Tryk på »Ny regel« for at skrive den første.</p></Empty>
        : <Grid sheet={sheet} changed={changed} faults={cells} at={at} onAt={setAt} onCell={cell} onRow={onRow} onUndo={() => setHistory(undo)} onRedo={() => setHistory(redo)} first={first} shown={page} label={`Regler i ${titleOf(decision)}`} />}
      {sheet.rules.length > page && (
        <div className="pager">
          <button type="button" className="button button-secondary" disabled={first === 0} onClick={() => place(first - page)}>Forrige {page}</button>
          <span>Regel {first + 1}–{Math.min(sheet.rules.length, first + page)} af {sheet.rules.length}</span>
          <button type="button" className="button button-secondary" disabled={first + page >= sheet.rules.length} onClick={() => place(first + page)}>Næste {page}</button>
        </div>
      )}
      <div aria-live="polite" className="sheet-findings">
        {error && <Problem error={error} />}
        {!error && wrong === 0 && checked !== null && <p className="meta">{checking ? 'Tjekker …' : 'Tabellen er tjekket: ingen fejl.'}</p>}
        {wrong > 0 && (
          <Alert tone={errors > 0 ? 'error' : 'warning'} heading={errors > 0 ? `${count(errors, 'fejl', 'fejl')} skal rettes, før tabellen kan bruges` : `${count(wrong, 'advarsel', 'advarsler')}`} live={false}>
            <ul className="value-list findings-list">{findings.map((f, i) => <FindingLine key={i} finding={f} place={checked ? placeIn(f, checked.xml, checked.sheet) : null} sheet={sheet} />)}</ul>
          </Alert>
        )}
      </div>
      {changes.length > 0 && (
        <details className="plain-details" open={changes.length <= 5}>
          <summary>{count(changes.length, 'ændring', 'ændringer')} i kladden</summary>
          <ul className="value-list">{changes.map((c, i) => <li key={i} className="break">{changeWords(c)}</li>)}</ul>
        </details>
      )}
      <section aria-labelledby="regneark">
        <h3 id="regneark">Ret i et regneark</h3>
        <p>Hent tabellen, ret den i Excel eller et andet regneark, og læg den op igen. Du ser listen over ændringer, før noget bliver til en kladde.</p>
        <p className="downloads"><a href={tableFile(slug, decision.id, 'xlsx')} download><Icon name="download" />Hent som Excel</a> <a href={tableFile(slug, decision.id, 'csv')} download><Icon name="download" />Hent som CSV</a></p>
        {held.draft && <p className="meta">Det hentede er reglerne, som de gælder nu, uden kladden.</p>}
        <Upload slug={slug} decision={decision.id} xml={held.draft?.xml ?? storedXml} onTake={(next) => set(next)} current={sheet} />
      </section>
    </>
  )
}

const columnText = (sheet: Sheet, at: At, column: Column): string => {
  const rule = sheet.rules[at.row]
  return rule ? (column.part === 'input' ? rule.inputs : column.part === 'output' ? rule.outputs : rule.annotations)[column.index] ?? '' : ''
}

function FindingLine({ finding, place, sheet }: { finding: TableFinding; place: Place | null; sheet: Sheet }) {
  const number = place ? sheet.rules.findIndex((r) => r.id === place.ruleId) + 1 : 0
  const label = place?.part === undefined || place.index === undefined ? '' : place.part === 'input' ? sheet.inputs[place.index]?.label ?? '' : sheet.outputs[place.index]?.label || sheet.outputs[place.index]?.name || ''
  return (
    <li>
      {number > 0 && <strong>Regel {number}{label ? `, ${label}` : ''}: </strong>}{finding.message_da || finding.message}
    </li>
  )
}
