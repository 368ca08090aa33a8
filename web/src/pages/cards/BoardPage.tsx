// A board of cards: several people move the steps of a workflow around, with the law pinned and the clock running.
import { useRef, useState, useSyncExternalStore } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router-dom'
import '../../styles/cards.css'
import { ApiError, write } from '../../api/client'
import { useRole, useSession } from '../../api/session'
import { Confirm } from '../../ui/Dialog'
import { Icon } from '../../ui/Icon'
import { PageTitle, Problem, Waiting } from '../../ui/parts'
import { useShortcuts } from '../../ui/shortcuts'
import { toast } from '../../ui/toasts'
import { Goals, History, LineDialog, People } from './Around'
import { BoardList } from './BoardList'
import { PaperCards } from './CardFace'
import { CardPanel } from './CardPanel'
import { ClockBar } from './ClockBar'
import { TextField } from './Fields'
import { Finish } from './Finish'
import { Strip } from './Strip'
import { useBoard } from './useBoard'
import { Wall } from './Wall'

const small = window.matchMedia('(max-width: 767.98px)') // a wall needs room; the list does not
const useNarrow = () => useSyncExternalStore((watch) => { small.addEventListener('change', watch); return () => small.removeEventListener('change', watch) }, () => small.matches)

export default function BoardPage() {
  const { key = '' } = useParams()
  const navigate = useNavigate()
  const [params, setParams] = useSearchParams()
  const { board, error, connected, others, change, tell } = useBoard(key)
  const narrow = useNarrow()
  const self = useSession().session?.name ?? ''
  const konsulent = useRole('konsulent')
  const [line, setLine] = useState<{ what: 'role' | 'column'; id: string | null } | null>(null)
  const [dialog, setDialog] = useState<'history' | 'delete' | 'title' | null>(null)
  const spoken = useRef<HTMLParagraphElement>(null)
  const opener = useRef<string | null>(null)
  const say = (text: string) => { if (spoken.current) spoken.current.textContent = text }
  const list = params.get('vis') === 'liste', open = params.get('kort'), card = board?.cards.find((one) => one.id === open)
  const set = (name: string, value: string | null) => setParams((old) => { const next = new URLSearchParams(old); if (value === null) next.delete(name); else next.set(name, value); return next }, { replace: true, preventScrollReset: true })
  const openCard = (id: string) => { opener.current = id; set('kort', id) }
  const closeCard = () => { const id = opener.current ?? open; set('kort', null); if (id) requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`)?.focus()) }
  useShortcuts(board ? [
    { key: 'f', text: 'Fortryd din sidste ændring', group: 'Tavlen', run: () => void change({ op: 'undo' }) },
    { key: 'g', text: 'Gør det igen', group: 'Tavlen', run: () => void change({ op: 'redo' }) },
    { key: 'l', text: 'Skift mellem tavle og liste', group: 'Tavlen', run: () => set('vis', list ? null : 'liste') },
  ] : [])
  const remove = async () => {
    try {
      await write('DELETE', `/api/bank/boards/${key}`)
      toast('Tavlen er slettet')
      navigate('/bank/kort')
    } catch (cause) { if (cause instanceof ApiError) toast(cause.title, undefined, 'error') }
  }
  const title = board?.fields.title ?? 'Tavle med kort'
  return (
    <div className="board-page">
      <div className="screen-part">
        <nav aria-label="Brødkrummer" className="crumbs"><Link to="/bank">Bank</Link> <span aria-hidden="true">/</span> <Link to="/bank/kort">Tavler med kort</Link></nav>
        <PageTitle title={title} lead={board && (board.sources[0] ? <>Flyt, skriv og slå sammen, til målet er nået. Tavlen begyndte fra <Link to={`/bank/${board.sources[0]}`}>arbejdsgangen i banken</Link>.</> : 'Skriv et kort for hvert trin, og flyt dem, til målet er nået.')}>{title}</PageTitle>
        {error && !board && <Problem error={error} />}
        {error && board && <Problem error={error} />}
        {!board && !error && <Waiting what="tavlen" />}
        <p className="sr-only" aria-live="polite" ref={spoken} />
        {board && !error && (
          <>
            <div className="board-tools">
              <People others={others} self={self} />
              <p className="live-mark board-live"><span className={`dot ${connected ? 'on' : ''}`} aria-hidden="true" />{connected ? 'I ser hinandens ændringer med det samme' : 'Forbindelsen er væk; den prøves igen'}</p>
              <div className="button-row">
                <button type="button" className="function-link" onClick={() => void change({ op: 'undo' })}><Icon name="back" />Fortryd</button>
                <button type="button" className="function-link" onClick={() => void change({ op: 'redo' })}><Icon name="forward" />Gør igen</button>
                <button type="button" className="function-link hide-narrow" aria-pressed={list} onClick={() => set('vis', list ? null : 'liste')}><Icon name="menu" />{list ? 'Vis som tavle' : 'Vis som liste'}</button>
                <button type="button" className="function-link" onClick={() => setDialog('history')}><Icon name="info" />Historik</button>
                <button type="button" className="function-link" onClick={() => window.print()}><Icon name="print" />Udskriv papkort</button>
                <button type="button" className="function-link" onClick={() => setDialog('title')}><Icon name="file" />Ret titel</button>
              </div>
            </div>
            <div className="board-top"><ClockBar board={board} change={change} /><Goals board={board} change={change} /></div>
            <Strip board={board} change={change} onOpen={openCard} />
            <h2>Kortene</h2>
            {board.cards.length === 0 && <p className="empty-board">Tavlen er tom. Tryk på et plus, skriv hvad der gøres, og tryk Enter: ét kort for hver aktivitet.</p>}
            <div className={`board-main ${card ? 'has-panel' : ''}`}>
              {list || narrow
                ? <BoardList board={board} change={change} onOpen={openCard} say={say} />
                : <div className="wall-part"><Wall board={board} others={others} selected={open} change={change} tell={tell} onOpen={openCard} onLine={(what, id) => setLine({ what, id })} say={say} /></div>}
              {card && <CardPanel board={board} card={card} change={change} onClose={closeCard} say={say} />}
            </div>
            <Finish board={board} />
            {konsulent && <p className="danger"><button type="button" className="function-link" onClick={() => setDialog('delete')}><Icon name="trash" />Slet tavlen</button></p>}
            {line && <LineDialog board={board} what={line.what} id={line.id} change={change} onClose={() => setLine(null)} />}
            {dialog === 'history' && <History boardKey={key} revision={board.revision} onClose={() => setDialog(null)} />}
            {dialog === 'title' && <Confirm title="Ret titlen" action="Færdig" tone="primary" onConfirm={() => setDialog(null)} onClose={() => setDialog(null)}><TextField label="Titel" value={title} onSend={(value) => void change({ op: 'board', field: 'title', value })} /></Confirm>}
            {dialog === 'delete' && <Confirm title={`Slet tavlen »${title}«?`} action="Slet tavlen" onConfirm={() => void remove()} onClose={() => setDialog(null)}><p>{board.cards.length === 1 ? 'Ét kort' : `${board.cards.length} kort`} og hele historikken forsvinder for alle. Det, der er gemt i banken, bliver der.</p></Confirm>}
          </>
        )}
      </div>
      {board && <PaperCards board={board} />}
    </div>
  )
}
