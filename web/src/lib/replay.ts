// What a replay says, in words.
import { same } from './diff'
import { formatNumber } from './format'

export interface Counts { same: number; different: number; failed: number; notReplayable: number }

/** "37 af 4.212 sager får andet udfald": of those that could be asked again. */
export function verdict(counts: Counts): string {
  const asked = counts.same + counts.different + counts.failed, changed = counts.different + counts.failed
  if (asked === 0) return 'Ingen sager kunne spørges igen'
  if (changed === 0) return `Ingen af ${formatNumber(asked)} ${asked === 1 ? 'sag' : 'sager'} får andet udfald`
  return `${formatNumber(changed)} af ${formatNumber(asked)} ${asked === 1 ? 'sag' : 'sager'} får andet udfald`
}

export interface OutputDifference { name: string; before: unknown; after: unknown }
const isRecord = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v)

/** Where two results differ: entry by entry in contexts (two deep), as a whole otherwise. The name is '' for the whole. */
export function outputDifferences(before: unknown, after: unknown, name = '', depth = 0): OutputDifference[] {
  if (same(before, after)) return []
  if (!isRecord(before) || !isRecord(after) || depth > 1) return [{ name, before, after }]
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => outputDifferences(before[key], after[key], name ? `${name} ${key}` : key, depth + 1))
}
