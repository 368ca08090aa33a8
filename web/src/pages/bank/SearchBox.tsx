// The search field of the bank: offers workflows and KLE numbers while somebody types (WAI-ARIA combobox with a list).
import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { useNavigate } from 'react-router-dom'
import { query } from '../../api/client'
import type { Suggestion, Suggestions } from '../../api/bank'
import { useGet } from '../../api/load'
import { hitPath, pathOf } from '../../lib/bankSearch'
import { count, humanise } from '../../lib/format'
import { fieldName } from '../../lib/words'
import { Badge, Keycap } from '../../ui/parts'

const pause = 80 // ms after the last key before the server is asked

/** `field` gets the input; `onSearch` the words when somebody asks for all results. */
export function SearchBox({ q, field, onSearch }: { q: string; field: RefObject<HTMLInputElement | null>; onSearch: (words: string) => void }) {
  const navigate = useNavigate()
  const [text, setText] = useState(q)
  const [asked, setAsked] = useState('')
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => { setText(q); setOpen(false) }, [q])
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), pause)
    return () => clearTimeout(timer)
  }, [text])
  const wanted = open && asked.length >= 2
  const { data } = useGet<Suggestions>(wanted ? query('/api/bank/suggestions', { q: asked }) : null, { keep: true })
  const items = wanted && data ? data.items : []
  const shown = items.length > 0
  useEffect(() => { setActive(-1) }, [data])
  useEffect(() => { list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }) }, [active])

  const search = () => { setOpen(false); onSearch(text.trim()) }
  const choose = (item: Suggestion) => {
    setOpen(false)
    if (item.kind === 'kle') navigate(query('/bank', { kle: item.number }))
    else navigate(item.hit?.elementId ? hitPath(item.slug ?? '', item.hit) : pathOf(item.slug ?? ''))
  }
  const keys = (e: KeyboardEvent) => {
    if (e.key === 'Escape' && shown) { e.preventDefault(); setOpen(false); setActive(-1); return }
    if (e.key === 'Enter' && shown && active >= 0) { e.preventDefault(); choose(items[active]!); return }
    if (e.key !== 'ArrowDown' && e.key !== 'ArrowUp') return
    e.preventDefault()
    if (!shown) { setOpen(true); return }
    const step = e.key === 'ArrowDown' ? 1 : -1
    setActive((now) => (now + step + 1 + items.length + 1) % (items.length + 1) - 1) // −1: back in the field itself
  }
  return (
    <form role="search" className="bank-search" onSubmit={(e) => { e.preventDefault(); search() }}>
      <label htmlFor="bank-search" className="form-label">Søg i arbejdsgange</label>
      <div className="bank-search-row" onBlur={(e) => { if (!e.currentTarget.contains(e.relatedTarget)) setOpen(false) }}>
        <input id="bank-search" ref={field} type="search" className="form-input" value={text} autoComplete="off" spellCheck={false} maxLength={200}
          role="combobox" aria-expanded={shown} aria-controls="bank-suggestions" aria-autocomplete="list" aria-activedescendant={active >= 0 ? `bank-suggestion-${active}` : undefined} aria-describedby="bank-search-hint"
          placeholder="fx lægeerklæring, § 10 eller 15.20" onChange={(e) => { setText(e.target.value); setOpen(true) }} onKeyDown={keys} />
        <button className="button button-primary">Søg</button>
        <ul id="bank-suggestions" ref={list} role="listbox" aria-label="Forslag" className="suggestions" hidden={!shown}>
          {items.map((item, i) => (
            <li key={item.slug ?? item.number} id={`bank-suggestion-${i}`} role="option" aria-selected={i === active} className="suggestion"
              onMouseDown={(e) => e.preventDefault()} onClick={() => choose(item)}>
              {item.kind === 'kle' ? <span>KLE {item.number}{item.title && ` ${item.title}`}</span> : (
                <>
                  <span className="suggestion-title">{item.title} {item.runnable && <Badge tone="success">Kan køres</Badge>}</span>
                  <span className="meta">{humanise(item.domain ?? '')}{item.hit ? ` · ${fieldName(item.hit.field)}: ${item.hit.text}` : ''}</span>
                </>
              )}
            </li>
          ))}
        </ul>
      </div>
      <p className="sr-only" role="status">{shown ? `${count(items.length, 'forslag', 'forslag')}. Brug pil op og ned.` : ''}</p>
      <p className="hint" id="bank-search-hint">Søg på det, du laver, en lov, en blanket, et KLE-nummer eller et ord fra diagrammet. <span className="hide-narrow">Tryk <Keycap>/</Keycap> for at komme hertil fra alle sider.</span></p>
    </form>
  )
}
