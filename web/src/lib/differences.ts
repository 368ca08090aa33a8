// The differences of two drawings as marks on them: colour, line and a sign of its own for each kind, and the number in the list.
import type { ChangeKind, Difference } from '../api/compare'
import type { DiagramMark } from './diagramMarks'

export const changeWords: Record<ChangeKind, { sign: string; word: string; tone: 'added' | 'removed' | 'changed' | 'moved' | 'route' }> = {
  removed: { sign: '−', word: 'fjernet', tone: 'removed' }, added: { sign: '+', word: 'ny', tone: 'added' },
  merged: { sign: '›‹', word: 'lagt sammen', tone: 'changed' }, split: { sign: '‹›', word: 'delt', tone: 'changed' },
  relabelled: { sign: 'A', word: 'andet navn', tone: 'changed' }, retyped: { sign: 'T', word: 'anden type', tone: 'changed' },
  moved: { sign: '↔', word: 'flyttet', tone: 'moved' }, laneChanged: { sign: '↕', word: 'anden bane', tone: 'moved' },
  rerouted: { sign: '→', word: 'anden vej', tone: 'route' }, attributes: { sign: '~', word: 'andre oplysninger', tone: 'changed' },
}

const subjects: Record<string, string> = { step: 'Trin', decision: 'Beslutning', event: 'Hændelse', route: 'Vej', lane: 'Bane', pool: 'Deltager', message: 'Besked', data: 'Data', note: 'Note' }
export const subjectWord = (subject: string): string => subjects[subject] ?? subject

/** Marks of one side. An element with several differences has one frame, of the first in the list that is about it alone, and a badge for each. */
export function sideMarks(differences: readonly Difference[], side: 'a' | 'b'): DiagramMark[] {
  const marks = new Map<string, DiagramMark>()
  const alone = (d: Difference) => d[side].length === 1
  for (const d of [...differences].sort((x, y) => Number(alone(y)) - Number(alone(x)) || x.number - y.number)) {
    const { sign, word, tone } = changeWords[d.kind]
    for (const [i, id] of d[side].entries()) {
      const mark = marks.get(id) ?? { id, marker: `diff-${tone}`, badges: [] }
      if (d.subject !== 'route' || i === 0) mark.badges.push({ className: `diff-badge diff-${tone}`, text: `${d.number} ${sign}`, title: `Forskel ${d.number}: ${word}`, position: { top: -14, left: -10 + mark.badges.length * 46 } })
      marks.set(id, mark)
    }
  }
  return [...marks.values()]
}

/** The difference a click on an element means: the one about it alone before those that only name it. */
export const differenceOf = (differences: readonly Difference[], id: string): Difference | undefined => {
  const about = differences.filter((d) => d.a.includes(id) || d.b.includes(id))
  return about.find((d) => d.a.length <= 1 && d.b.length <= 1) ?? about[0]
}

export const nextNumber = (count: number, current: number, by: number): number => (count === 0 ? 0 : ((current === 0 ? (by > 0 ? 0 : count - 1) : current - 1 + by + count) % count) + 1)
/** "slug@3" → its parts. */
export const splitRef = (text: string): { slug: string; version: string } => { const [slug = '', version = ''] = text.split('@'); return { slug, version } }
export const joinRef = (slug: string, version: string): string => (version ? `${slug}@${version}` : slug)
