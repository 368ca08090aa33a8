// What changed between two states of a list: used to say "2 nye opgaver" when live data arrives, instead of moving things silently.

export interface Difference<T> { added: T[]; removed: T[]; changed: { before: T; after: T }[] }

export function difference<T>(before: readonly T[], after: readonly T[], key: (item: T) => string): Difference<T> {
  const old = new Map(before.map((item) => [key(item), item]))
  const now = new Map(after.map((item) => [key(item), item]))
  const result: Difference<T> = { added: [], removed: [], changed: [] }
  for (const [id, item] of now) {
    const earlier = old.get(id)
    if (earlier === undefined) result.added.push(item)
    else if (!same(earlier, item)) result.changed.push({ before: earlier, after: item })
  }
  for (const [id, item] of old) if (!now.has(id)) result.removed.push(item)
  return result
}

/** Equal as JSON values; the order of keys does not matter, the order of lists does. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const left = Object.keys(a), right = Object.keys(b)
  return left.length === right.length && left.every((k) => k in b && same((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k]))
}
