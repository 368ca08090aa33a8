// What stands on a card, on the wall and in the list.
import type { Board, Card } from '../../api/boards'
import { kindNames } from '../../api/boards'
import { durationWords } from '../../lib/board'

export function CardFacts({ board, card }: { board: Board; card: Card }) {
  const duties = card.claims.map((id) => board.coverage.duties.find((duty) => duty.id === id)).filter((duty) => duty !== undefined)
  const kind = card.kind ?? 'activity'
  return (
    <>
      {kind !== 'activity' && <span className="card-kind">{kindNames[kind]}</span>}
      <span className="card-text">{card.text}</span>
      {(card.handling || card.waiting) && <span className="card-time">{[durationWords(card.handling), card.waiting && `${durationWords(card.waiting)} ventetid`].filter(Boolean).join(', ')}{card.share && card.share !== '100' ? ` (${card.share} %)` : ''}</span>}
      {card.document && <span className="card-document">{card.document}</span>}
      {duties.length > 0 && <span className="card-duties" title={duties.map((duty) => duty.name).join(', ')}>§ <span className="sr-only">dækker </span>{duties.length === 1 ? duties[0]?.name : `${duties.length} opgaver`}</span>}
    </>
  )
}

/** The cards on paper: one for each A6 page, for a workshop without screens. */
export function PaperCards({ board }: { board: Board }) {
  const role = (card: Card) => board.roles.find((line) => line.id === card.role)?.text
  return (
    <div className="paper-cards" aria-hidden="true">
      {board.columns.flatMap((column) => board.cards.filter((card) => card.column === column.id)).map((card) => (
        <section key={card.id} className="paper-card">
          <p className="paper-kind">{kindNames[card.kind ?? 'activity']} · {role(card)}</p>
          <p className="paper-text">{card.text}</p>
          <dl>
            <div><dt>Dokument</dt><dd>{card.document}</dd></div>
            <div><dt>Tid</dt><dd>{[durationWords(card.handling), card.waiting && `${durationWords(card.waiting)} ventetid`].filter(Boolean).join(', ')}</dd></div>
            <div><dt>Lov</dt><dd>{card.law?.split('\n').join(', ')}</dd></div>
            <div><dt>Forudsætninger</dt><dd>{card.prerequisites}</dd></div>
            <div><dt>Idéer</dt><dd>{card.ideas}</dd></div>
            <div><dt>It-krav</dt><dd>{card.it}</dd></div>
            <div><dt>Dækker</dt><dd>{card.claims.map((id) => board.coverage.duties.find((duty) => duty.id === id)?.name).filter(Boolean).join(', ')}</dd></div>
          </dl>
        </section>
      ))}
    </div>
  )
}
