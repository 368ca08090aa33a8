// Forwards and back through a long list; nothing where it fits on one page.
export function Pager({ offset, shown, total, onChange, size = 20 }: { offset: number; shown: number; total: number; onChange: (offset: number) => void; size?: number }) {
  if (total <= size && offset === 0) return null
  return (
    <nav className="pager" aria-label="Sider">
      <button type="button" className="button button-secondary" disabled={offset === 0} onClick={() => onChange(Math.max(0, offset - size))}>Forrige</button>
      <span>{shown === 0 ? 0 : offset + 1}–{offset + shown} af {total}</span>
      <button type="button" className="button button-secondary" disabled={offset + shown >= total} onClick={() => onChange(offset + size)}>Næste</button>
    </nav>
  )
}
