// The authority's boards, and a new one: from a workflow, from a text, or empty.
import { useState } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router-dom'
import '../../styles/cards.css'
import { ApiError, query, write } from '../../api/client'
import type { BoardItem } from '../../api/boards'
import { useGet } from '../../api/load'
import type { WorkflowList } from '../../api/types'
import { kindName } from '../../lib/words'
import { Badge, Empty, PageTitle, Problem, Table, Time, Waiting } from '../../ui/parts'

const example = 'tvaergaaende/arbejdsevnevurdering-2010'

export default function Boards() {
  const { data, error, reload } = useGet<{ items: BoardItem[] }>('/api/bank/boards', { keep: true })
  const [params] = useSearchParams()
  return (
    <>
      <nav aria-label="Brødkrummer" className="crumbs"><Link to="/bank">Bank</Link></nav>
      <PageTitle title="Tavler med kort" lead="Her tegner I en arbejdsgang om sammen: ét kort for hver aktivitet, de lovfastsatte opgaver hængt fast, og et ur, der viser, hvad I vinder.">Tavler med kort</PageTitle>
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && <Waiting what="tavlerne" />}
      {data?.items.length === 0 && (
        <Empty heading="I har ingen tavler endnu">
          <p>Begynd med en korrekt arbejdsgang fra banken. Dens aktiviteter bliver kort, og de opgaver, loven kræver, bliver hængende, til et nyt kort dækker dem: et møde eller en blanket kan dække flere på én gang.</p>
          <p><Link to={query('/bank/kort', { fra: example })}>Prøv med eksemplet Arbejdsevnevurdering (2010)</Link>, der har otte lovfastsatte opgaver og kan klares på ét møde.</p>
        </Empty>
      )}
      {data && data.items.length > 0 && (
        <Table caption="Tavler med kort" head={['Tavle', 'Kort', 'Lovdækning', 'Fra start til slut', 'Sidst ændret']} compact>
          {data.items.map((item) => (
            <tr key={item.boardKey}>
              <td><Link to={`/bank/kort/${item.boardKey}`}>{item.title}</Link>{item.people > 0 && <> <Badge tone="info">{item.people} på tavlen nu</Badge></>}</td>
              <td>{item.cards}</td><td>{item.coverage}{item.missing > 0 && <> <Badge tone="warning">{item.missing} mangler</Badge></>}</td><td>{item.lead}</td><td><Time value={item.changed} /></td>
            </tr>
          ))}
        </Table>
      )}
      <NewBoard key={params.get('fra') ?? ''} from={params.get('fra') ?? ''} />
    </>
  )
}

function NewBoard({ from }: { from: string }) {
  const navigate = useNavigate()
  const { data } = useGet<WorkflowList>('/api/bank/workflows?limit=1000')
  const [start, setStart] = useState<'workflow' | 'text' | 'empty'>('workflow')
  const [slug, setSlug] = useState(from)
  const [title, setTitle] = useState('')
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError>()
  const create = async () => {
    setBusy(true)
    setError(undefined)
    try {
      const body = { title: title.trim(), ...(start === 'workflow' ? { slug } : start === 'text' ? { text } : {}) }
      navigate(`/bank/kort/${(await write<{ boardKey: string }>('POST', '/api/bank/boards', body)).boardKey}`)
    } catch (cause) { if (cause instanceof ApiError) setError(cause); setBusy(false) }
  }
  const way = (value: typeof start, label: string) => (
    <div className="form-group-radio"><input type="radio" className="form-radio" name="start" id={`start-${value}`} checked={start === value} onChange={() => setStart(value)} /><label htmlFor={`start-${value}`}>{label}</label></div>
  )
  return (
    <section aria-labelledby="new-board" className="new-board narrow">
      <h2 id="new-board">Ny tavle</h2>
      <form onSubmit={(event) => { event.preventDefault(); void create() }}>
        <fieldset className="new-board-start">
          <legend className="form-label">Begynd med</legend>
          {way('workflow', 'en arbejdsgang fra banken')}
          {way('text', 'en tekst med trin')}
          {way('empty', 'en tom tavle')}
        </fieldset>
        {start === 'workflow' && (
          <>
            <label className="form-label" htmlFor="board-slug">Arbejdsgang</label>
            <select id="board-slug" className="form-select" required value={slug} onChange={(e) => setSlug(e.target.value)}>
              <option value="">Vælg en arbejdsgang</option>
              {data?.items.map((item) => <option key={item.slug} value={item.slug}>{item.title} ({kindName(item.kind).toLowerCase()})</option>)}
            </select>
          </>
        )}
        {start === 'text' && (
          <>
            <label className="form-label" htmlFor="board-text">Trin</label>
            <p className="form-hint" id="board-text-hint">Ét trin på hver linje efter <code>bruger:</code>. Roller skrives som <code>bane:</code>, og <code>@Rolle</code> siger, hvem der gør det næste.</p>
            <textarea id="board-text" className="form-input board-text" rows={8} required aria-describedby="board-text-hint" value={text} onChange={(e) => setText(e.target.value)} placeholder={'proces: Modtager ansøgning\n  bane: Borger\n  bane: Sagsbehandler\n  @Borger\n  start: Borgeren søger\n  bruger: Sender ansøgning\n  @Sagsbehandler\n  bruger: Vurderer ansøgningen\n  slut: Svaret er sendt'} />
          </>
        )}
        <label className="form-label" htmlFor="board-title">Titel{start === 'empty' ? '' : ' (valgfri)'}</label>
        <input id="board-title" className="form-input" maxLength={180} required={start === 'empty'} value={title} onChange={(e) => setTitle(e.target.value)} />
        <div className="button-row"><button type="submit" className="button button-primary" disabled={busy}>{busy ? 'Laver tavlen …' : 'Lav tavlen'}</button></div>
      </form>
      {error && <Problem error={error} />}
    </section>
  )
}
