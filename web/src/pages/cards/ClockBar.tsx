// The clock: lead time and handling time, before and now, as the cards lie.
import type { Board, Operation } from '../../api/boards'
import { formatDate } from '../../lib/format'
import { DurationField, TextField } from './Fields'

export function ClockBar({ board, change }: { board: Board; change: (operation: Operation) => Promise<boolean> }) {
  const { clock, fields } = board
  const set = (field: 'beforeLead' | 'beforeHandling' | 'beforeSource') => (value: string) => void change({ op: 'board', field, value })
  const before = clock.before
  const spread = clock.lead.most !== clock.lead.text || clock.lead.median !== clock.lead.text
  return (
    <section className="clock" aria-labelledby="clock-title">
      <h2 id="clock-title">Uret</h2>
      <dl className="figures clock-figures">
        <div className="clock-lead"><dt>Fra start til slut</dt><dd aria-live="polite">{before.lead && <><span className="clock-before">{before.lead.text}</span> <span aria-hidden="true">→</span><span className="sr-only">bliver til</span> </>}<span className="clock-now">{clock.lead.high > 0 ? clock.lead.text : 'ingen tider endnu'}</span></dd></div>
        <div><dt>Behandlingstid</dt><dd aria-live="polite">{before.handling && <><span className="clock-before">{before.handling.text}</span> <span aria-hidden="true">→</span><span className="sr-only">bliver til</span> </>}<span className="clock-now">{clock.handling.text}</span></dd></div>
        {spread && <div><dt>Halvdelen er færdige på</dt><dd>{clock.lead.median}</dd></div>}
        {spread && <div><dt>9 ud af 10 er færdige på</dt><dd>{clock.lead.most}</dd></div>}
      </dl>
      {clock.lead.high > 0 && <p className="meta">Begynder en sag {formatDate(clock.begins)}, er den færdig {clock.done.first === clock.done.last ? formatDate(clock.done.last) : `mellem ${formatDate(clock.done.first)} og ${formatDate(clock.done.last)}`}. Weekender og helligdage er regnet fra.</p>}
      {clock.untimed > 0 && <p className="meta">{clock.untimed === 1 ? 'Ét kort' : `${clock.untimed} kort`} har ingen tid endnu og tæller som 0.</p>}
      <details className="plain-details no-print">
        <summary>{before.lead ? 'Ret tiden før' : 'Skriv, hvor længe det tager i dag'}</summary>
        <div className="before-fields">
          <DurationField label="Fra start til slut før" value={fields.beforeLead ?? ''} onSend={set('beforeLead')} />
          <DurationField label="Behandlingstid før" value={fields.beforeHandling ?? ''} onSend={set('beforeHandling')} />
          <TextField label="Hvor ved vi det fra?" hint="Fx målt på sagerne i marts, eller anslået" value={fields.beforeSource ?? ''} onSend={set('beforeSource')} />
        </div>
        <p className="hint">Kort i samme kolonne sker samtidig; kolonnerne følger efter hinanden. Dage er hverdage på 7 timer og 24 minutter, en uge er fem.{before.lead && !before.lead.written ? ' Tiden før er regnet af de kort, tavlen begyndte med.' : ''}</p>
      </details>
      {fields.beforeSource && <p className="meta">Før: {fields.beforeSource}</p>}
    </section>
  )
}
