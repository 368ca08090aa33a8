// The way down through sub-workflows, kept in the address as ?spor=oldest,…,nearest. What is no slug is dropped.
const slug = /^[a-z0-9-]+\/[a-z0-9-]+$/
const longest = 30

export const readTrail = (text: string | null): string[] => (text ?? '').split(',').filter((one) => slug.test(one)).slice(-longest)

/** The trail one step further down: where a workflow is already on it, the way back to it is cut, so that circles do not grow. */
export function deeper(trail: readonly string[], from: string, to: string): string[] {
  const way = [...trail, from]
  const again = way.indexOf(to)
  return (again < 0 ? way : way.slice(0, again)).slice(-longest)
}

/** Where Backspace goes: the nearest parent, and what is left of the trail. */
export function up(trail: readonly string[]): { parent: string; rest: string[] } | null {
  const parent = trail.at(-1)
  return parent === undefined ? null : { parent, rest: trail.slice(0, -1) }
}

export const trailText = (trail: readonly string[]): string | undefined => (trail.length > 0 ? trail.join(',') : undefined)
