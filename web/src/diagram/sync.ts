// Diagrams that scroll together: whoever is moved tells the others; what they are told they do not tell again.
export interface Viewbox { x: number; y: number; width: number; height: number }
/** join: how a member shows a view, how it tells of its own, and its own at first; the widest of those is everybody's first view. */
export interface ViewSync { join(show: (view: Viewbox) => void, listen: (changed: (view: Viewbox) => void) => void, own: Viewbox): () => void }

export function makeSync(): ViewSync {
  const members = new Set<(view: Viewbox) => void>()
  let telling = false
  let widest: Viewbox | null = null
  const tell = (view: Viewbox, but?: (view: Viewbox) => void) => {
    telling = true
    try { for (const other of members) if (other !== but) other(view) } finally { telling = false }
  }
  return {
    join(show, listen, own) {
      members.add(show)
      if (widest === null || own.width > widest.width) widest = own
      tell(widest)
      listen((view) => {
        if (telling || !members.has(show)) return
        tell(view, show)
      })
      return () => { members.delete(show); if (members.size === 0) widest = null }
    },
  }
}

/** Drawings of different making: they move by the same way and zoom by the same factor, each from where it is. apart: what moves meanwhile moves alone. */
export function makeLooseSync(): ViewSync & { apart(move: () => void): void; hold(milliseconds: number): void } {
  const members = new Map<(view: Viewbox) => void, Viewbox>()
  let telling = false, apart = false
  let held: ReturnType<typeof setTimeout> | undefined
  return {
    apart(move) { apart = true; try { move() } finally { apart = false } },
    hold(milliseconds) { apart = true; clearTimeout(held); held = setTimeout(() => { apart = false }, milliseconds) },
    join(show, listen, own) {
      members.set(show, own)
      listen((view) => {
        const before = members.get(show)
        if (!before) return
        members.set(show, view)
        if (telling || apart) return
        const zoom = view.width / before.width, dx = view.x - before.x, dy = view.y - before.y
        telling = true
        try {
          for (const [other, at] of members) {
            if (other === show) continue
            const scale = at.width / before.width
            const next = { x: at.x + dx * scale, y: at.y + dy * scale, width: at.width * zoom, height: at.height * zoom }
            members.set(other, next)
            other(next)
          }
        } finally { telling = false }
      })
      return () => { members.delete(show) }
    },
  }
}
