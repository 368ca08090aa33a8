// The diagram as an outline (docs/notation.md): what is typed goes back to the drawing through the server; faults stand at their line.
import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError, type Finding } from '../../../api/client'
import { checkText, toDiagram, toText, type LeftOut } from '../../../api/drafts'
import { Alert, Problem, Waiting } from '../../../ui/parts'
import { Findings } from './Findings'

const pauseMs = 700

export function TextTab({ xml, profile, readOnly, onChange }: { xml: string; profile: 'deploy' | 'lenient'; readOnly: boolean; onChange: (xml: string) => void }) {
  const [text, setText] = useState<string>()
  const [leftOut, setLeftOut] = useState<LeftOut[]>([])
  const [agreed, setAgreed] = useState(false)
  const [error, setError] = useState<ApiError>()
  const [findings, setFindings] = useState<Finding[]>()
  const [total, setTotal] = useState(0)
  const field = useRef<HTMLTextAreaElement>(null), gutter = useRef<HTMLDivElement>(null)
  const held = useRef({ xml, made: '', timer: undefined as ReturnType<typeof setTimeout> | undefined, turn: 0 })
  held.current.xml = xml

  useEffect(() => { // a diagram that is not of this text: its text is read
    if (xml === held.current.made) return
    const turn = ++held.current.turn
    toText(xml).then((outline) => {
      if (turn !== held.current.turn) return
      held.current.made = xml
      setError(undefined)
      setText(outline.text)
      setLeftOut(outline.leftOut)
    }, (cause: unknown) => { if (turn === held.current.turn && cause instanceof ApiError) setError(cause) })
  }, [xml])

  const check = useCallback(async (now: string) => {
    const checked = await checkText(now, profile).catch(() => undefined)
    if (checked) { setFindings(checked.findings); setTotal(checked.total) }
    return checked
  }, [profile])
  useEffect(() => { if (text !== undefined && held.current.timer === undefined) void check(text) }, [text, check])

  const apply = async (now: string) => {
    const turn = ++held.current.turn
    const checked = await check(now)
    if (turn !== held.current.turn || !checked || checked.findings.some((one) => one.code === 'SG-READ')) return
    try {
      const { bpmn } = await toDiagram(now, held.current.xml)
      if (turn !== held.current.turn) return
      held.current.made = bpmn
      setError(undefined)
      onChange(bpmn)
    } catch (cause) { if (cause instanceof ApiError && turn === held.current.turn) setError(cause) }
  }
  const change = (next: string) => {
    setText(next)
    clearTimeout(held.current.timer)
    held.current.timer = setTimeout(() => void apply(next), pauseMs)
  }
  const toLine = ({ line = 1, column = 1 }: Finding) => {
    const area = field.current
    if (!area || text === undefined) return
    const lines = text.split('\n'), start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
    area.focus()
    area.setSelectionRange(Math.min(start + Math.max(0, column - 1), text.length), start + (lines[line - 1]?.length ?? 0))
    area.scrollTop = (line - 4) * 22
  }
  const loss = leftOut.length > 0 && !agreed
  const bad = new Map((findings ?? []).filter((one) => one.line).map((one) => [one.line, one.error]))
  if (error && text === undefined) return <Problem error={error} />
  if (text === undefined) return <Waiting what="teksten" />
  return (
    <div className="modeller-text">
      <div>
        {leftOut.length > 0 && !readOnly && (
          <Alert tone="warning" heading="Teksten kan ikke rumme alt i diagrammet">
            <p>{agreed ? 'Det her er væk, så snart du retter i teksten:' : 'Retter du i teksten, går det her tabt. Ret i diagrammet i stedet, hvis det skal bevares.'}</p>
            <ul>{leftOut.slice(0, 12).map((one, i) => <li key={i} lang="en">{one.element ? `${one.element}: ` : ''}{one.message}</li>)}{leftOut.length > 12 && <li>… og {leftOut.length - 12} mere</li>}</ul>
            {!agreed && <button type="button" className="button button-secondary" onClick={() => setAgreed(true)}>Ret i teksten alligevel</button>}
          </Alert>
        )}
        <label className="form-label" htmlFor="notation">Arbejdsgangen som tekst</label>
        <span className="form-hint" id="notation-hint">En linje for hvert trin; det, der hører under et valg, er rykket ind. Diagrammet følger med, når du holder pause.</span>
        <div className="notation-box">
          <div className="notation-lines" aria-hidden="true" ref={gutter}>{text.split('\n').map((_, i) => <span key={i} className={bad.has(i + 1) ? (bad.get(i + 1) ? 'is-error' : 'is-warning') : ''}>{i + 1}</span>)}</div>
          <textarea id="notation" ref={field} value={text} readOnly={readOnly || loss} spellCheck={false} aria-describedby="notation-hint" aria-invalid={[...bad.values()].includes(true) || undefined}
            onChange={(e) => change(e.target.value)} onScroll={(e) => { if (gutter.current) gutter.current.scrollTop = e.currentTarget.scrollTop }} />
        </div>
        {error && <Problem error={error} />}
      </div>
      <Findings findings={findings} total={total} names={(id) => id} onChoose={toLine} byLine />
    </div>
  )
}
