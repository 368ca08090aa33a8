// What an element needs to run: a service task its connector, a person's task its form and group, a rule its decision, a call its workflow, an event its time.
import { useEffect, useState } from 'react'
import { get, query } from '../../../api/client'
import { readTemplates } from '../../../api/drafts'
import { useGet, useLoad } from '../../../api/load'
import type { WorkflowDetail, WorkflowList } from '../../../api/types'
import { Choice, TextField, Tick } from './fields'
import type { PanelProps } from './Panel'
import { attribute, children, extension, properties, withExtension, withProperties, type Moddle } from './zeebe'

export function Running(props: PanelProps) {
  const { shape, element } = props
  switch (shape.type) {
    case 'bpmn:ServiceTask': case 'bpmn:SendTask': return <Service {...props} />
    case 'bpmn:UserTask': return <Person {...props} />
    case 'bpmn:BusinessRuleTask': return <Rule {...props} />
    case 'bpmn:CallActivity': return <Call {...props} />
    case 'bpmn:Process': return <Process {...props} />
    case 'bpmn:Participant': return element === shape.businessObject ? null : <Process {...props} />
    default: return /Event$/.test(shape.type) ? <Timer {...props} /> : null
  }
}

function Process({ drawing, shape, element }: PanelProps) {
  return <Tick label="Kan køre (processen kan sættes i drift)" value={element.get('isExecutable') === true} onChange={(on) => drawing.setIn(shape, element, { isExecutable: on })} />
}

const pairs: [string, string] = ['target', 'source']
/** "beloeb" is a text, "=beloeb" an expression: zeebe's inputs are always expressions, so a text gets its quotes. */
const toSource = (text: string) => (text === '' || text.startsWith('=') ? text : `="${text.replace(/["\\]/g, '\\$&')}"`)
const fromSource = (source: string) => { const plain = /^="((?:[^"\\]|\\["\\])*)"$/.exec(source); return plain ? (plain[1] ?? '').replace(/\\(["\\])/g, '$1') : source }

function Service({ drawing, shape, element }: PanelProps) {
  const { data: templates } = useLoad('templates', readTemplates)
  const type = attribute(element, 'taskDefinition', 'type')
  const template = templates?.find((one) => one.metadata.sagsgang.type === type)
  const inputs = children(element, 'ioMapping', 'input', pairs), outputs = children(element, 'ioMapping', 'output', pairs)
  const put = (tag: string, change: Parameters<typeof withExtension>[2]) => drawing.setExtensions(shape, element, withExtension(element, tag, change, drawing.create))
  const setRow = (child: 'input' | 'output', at: 0 | 1, key: string, row: [string, string] | null) => {
    const rows = child === 'input' ? inputs : outputs, found = rows.some((one) => one[at] === key)
    put('ioMapping', { child, names: pairs, rows: found ? rows.flatMap((one) => (one[at] === key ? (row ? [row] : []) : [one])) : row ? [...rows, row] : rows })
  }
  const known = new Set(template?.properties.filter((p) => p.binding.type === 'zeebe:input').map((p) => p.binding.name))
  return (
    <section className="panel-part">
      <Choice label="Hvad skal systemet gøre?" value={template ? type : type === '' ? '' : '*'} options={[['', 'Vælg …'], ...(templates ?? []).map((one): [string, string] => [one.metadata.sagsgang.type, one.name]), ['*', 'Noget andet (egen jobtype)']]}
        onChange={(next) => put('taskDefinition', next === '' ? { remove: true } : { set: { type: next === '*' ? 'min:jobtype' : next } })} />
      {!template && type !== '' && <TextField label="Jobtype" value={type} onCommit={(text) => put('taskDefinition', { set: { type: text.trim() } })} />}
      {template && template.metadata.sagsgang.errors.length > 0 && <details className="plain-details"><summary>Fejl, der kan fanges</summary><ul>{template.metadata.sagsgang.errors.map((one) => <li key={one.code}><code>{one.code}</code>: {one.text}</li>)}</ul></details>}
      {template?.properties.map((p) => p.binding.type === 'zeebe:input' && p.binding.name ? (
        <TextField key={`${type}${p.id}`} label={`${p.label}${p.optional ? ' (kan udelades)' : ''}`} hint={p.description} value={fromSource(inputs.find((row) => row[0] === p.binding.name)?.[1] ?? '')}
          onCommit={(text) => setRow('input', 0, p.binding.name!, text.trim() === '' ? null : [p.binding.name!, toSource(text.trim())])} />
      ) : p.binding.type === 'zeebe:output' && p.binding.source ? (
        <TextField key={`${type}${p.id}`} label={p.label ?? ''} hint={p.description} value={outputs.find((row) => row[1] === p.binding.source)?.[0] ?? ''}
          onCommit={(text) => setRow('output', 1, p.binding.source!, text.trim() === '' ? null : [text.trim(), p.binding.source!])} />
      ) : null)}
      {template && inputs.filter(([target]) => !known.has(target)).map(([target, source]) => (
        <TextField key={target} label={`Anden værdi: ${target}`} value={fromSource(source)} onCommit={(text) => setRow('input', 0, target, text.trim() === '' ? null : [target, toSource(text.trim())])} />
      ))}
      {template && <p className="hint">En værdi, der begynder med =, regnes ud (FEEL). Alt andet er tekst.</p>}
    </section>
  )
}

function Person({ drawing, shape, element, around }: PanelProps) {
  const put = (tag: string, set: Record<string, string>) => {
    let values = withExtension(element, tag, { set }, drawing.create)
    if (!extension(element, 'userTask')) values = [drawing.create('zeebe:UserTask', {}), ...values]
    drawing.setExtensions(shape, element, values)
  }
  return (
    <section className="panel-part">
      <TextField label="Gruppe, der får opgaven" value={attribute(element, 'assignmentDefinition', 'candidateGroups')} options={around.roles} hint="Flere skrives med komma imellem." onCommit={(text) => put('assignmentDefinition', { candidateGroups: text.trim() })} />
      <TextField label="Formular" value={attribute(element, 'formDefinition', 'formId')} options={around.forms} hint="Formularens id, som den hedder i pakken." onCommit={(text) => put('formDefinition', { formId: text.trim() })} />
      <TextField label="Frist" value={attribute(element, 'taskSchedule', 'dueDate')} hint="Et tidspunkt eller et udtryk, fx =now() + duration(&quot;P14D&quot;)." onCommit={(text) => put('taskSchedule', { dueDate: text.trim() })} />
    </section>
  )
}

function Rule({ drawing, shape, element, around }: PanelProps) {
  const put = (set: Record<string, string>) => drawing.setExtensions(shape, element, withExtension(element, 'calledDecision', { set }, drawing.create))
  const decision = attribute(element, 'calledDecision', 'decisionId')
  return (
    <section className="panel-part">
      <TextField label="Beslutning" value={decision} options={around.decisions} hint="Beslutningens id i beslutninger.dmn." onCommit={(text) => put({ decisionId: text.trim() })} />
      <TextField label="Gem resultatet som" value={attribute(element, 'calledDecision', 'resultVariable')} onCommit={(text) => put({ resultVariable: text.trim() })} />
    </section>
  )
}

function Call({ drawing, shape, element }: PanelProps) {
  const [words, setWords] = useState(''), [asked, setAsked] = useState('')
  useEffect(() => { const timer = setTimeout(() => setAsked(words.trim()), 250); return () => clearTimeout(timer) }, [words])
  const { data } = useGet<WorkflowList>(asked === '' ? null : query('/api/bank/workflows', { q: asked, limit: 8 }), { keep: true })
  const called = properties(element, 'pakke')[0] ?? ''
  const choose = async (slug: string, title: string) => {
    const detail = await get<WorkflowDetail>(`/api/bank/workflows/${slug}`).catch(() => undefined)
    const process = typeof detail?.manifest?.proces === 'string' ? detail.manifest.proces : slug.split('/').pop() ?? slug
    const values = withExtension(element, 'calledElement', { set: { processId: process } }, drawing.create)
    drawing.setExtensions(shape, element, values)
    drawing.setExtensions(shape, element, withProperties(element, 'pakke', [slug], drawing.create))
    if (!shape.businessObject.name) drawing.rename(shape, title)
    setWords('')
  }
  return (
    <section className="panel-part">
      <p className="panel-called">{called ? <>Kalder <a href={`/bank/${called}`} target="_blank" rel="noreferrer">{called}</a></> : 'Ingen arbejdsgang er valgt endnu.'}</p>
      <label className="form-label" htmlFor="call-search">Find arbejdsgangen i banken</label>
      <input id="call-search" className="form-input" type="search" value={words} onChange={(e) => setWords(e.target.value)} autoComplete="off" />
      <p className="sr-only" role="status">{asked && data ? `${data.items.length} fundet` : ''}</p>
      {asked !== '' && data && (
        <ul className="plain-list call-hits">
          {data.items.map((item) => <li key={item.slug}><button type="button" className="link-button" onClick={() => void choose(item.slug, item.title)}>{item.title}</button> <span className="meta">{item.slug}</span></li>)}
          {data.items.length === 0 && <li>Ingen arbejdsgang passer. Prøv et andet ord.</li>}
        </ul>
      )}
      <TextField label="Processens id" value={attribute(element, 'calledElement', 'processId')} hint="Udfyldes selv, når du vælger i banken." onCommit={(text) => drawing.setExtensions(shape, element, withExtension(element, 'calledElement', { set: { processId: text.trim() } }, drawing.create))} />
    </section>
  )
}

const timers: [string, string][] = [['timeDuration', 'Varighed, fx P14D (14 dage)'], ['timeDate', 'Tidspunkt, fx 2026-12-01T08:00:00Z'], ['timeCycle', 'Gentages, fx R/P1M (hver måned)']]

function Timer({ drawing, shape, element }: PanelProps) {
  const definition = (element.get('eventDefinitions') as Moddle[] | undefined)?.find((one) => one.$type === 'bpmn:TimerEventDefinition')
  if (!definition) return null
  const kind = timers.find(([name]) => definition.get(name) !== undefined)?.[0] ?? 'timeDuration'
  const text = String((definition.get(kind) as Moddle | undefined)?.get('body') ?? '')
  const put = (name: string, value: string) => drawing.setIn(shape, definition, { timeDuration: undefined, timeDate: undefined, timeCycle: undefined, [name]: value.trim() ? drawing.create('bpmn:FormalExpression', { body: value.trim() }) : undefined })
  return (
    <section className="panel-part">
      <Choice label="Tidens slags" value={kind} options={timers} onChange={(name) => put(name, text)} />
      <TextField key={kind} label="Tid" value={text} hint="Et udtryk begynder med =." onCommit={(value) => put(kind, value)} />
    </section>
  )
}
