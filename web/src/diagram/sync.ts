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
