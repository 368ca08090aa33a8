// Single-key shortcuts. They never fire while somebody types, with a modifier held, on key repeat, or when switched off (WCAG 2.1.4).

export interface KeyPress { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; repeat?: boolean }
export interface Focus { tagName: string; type?: string; isContentEditable?: boolean }
export interface Shortcut { key: string; text: string }

const typing = new Set(['INPUT', 'TEXTAREA', 'SELECT'])
const noTyping = new Set(['checkbox', 'radio', 'button', 'submit', 'reset', 'file'])

/** The shortcut a key press means here, or null. */
export function shortcutOf(press: KeyPress, focus: Focus | null): string | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.repeat) return null
  if (press.key.length !== 1 && press.key !== 'Backspace') return null
  if (focus?.isContentEditable) return null
  if (focus && typing.has(focus.tagName) && !noTyping.has(focus.type ?? '')) return null
  return press.key.toLowerCase()
}

/** Ctrl+Enter (or ⌘+Enter) sends a form from inside its text field. */
export function isSubmit(press: KeyPress): boolean {
  return press.key === 'Enter' && (press.ctrlKey || press.metaKey) && !press.repeat
}

/**
 * Which action a key stands for: `a` the one offered first, where it needs no reason (a task that may not be granted offers something else
 * first, and then `a` does nothing), `r` the first that needs a reason, digits by position.
 */
export function actionFor(key: string, actions: readonly { value: string; needsReason: boolean }[]): number {
  if (key === 'a') return actions[0]?.needsReason === false ? 0 : -1
  if (key === 'r') return actions.findIndex((action) => action.needsReason)
  const position = /^[1-9]$/.test(key) ? Number(key) - 1 : -1
  return position < actions.length ? position : -1
}

/** The next or previous item of a list, standing still at the ends. */
export function neighbour(ids: readonly string[], current: string | undefined, step: 1 | -1): string | undefined {
  if (ids.length === 0) return undefined
  const at = current === undefined ? -1 : ids.indexOf(current)
  if (at < 0) return ids[0]
  return ids[Math.min(ids.length - 1, Math.max(0, at + step))]
}

const storageName = 'sagsgang.genveje'
export const shortcutsOn = (): boolean => globalThis.localStorage?.getItem(storageName) !== 'fra'
export const setShortcuts = (on: boolean): void => globalThis.localStorage?.setItem(storageName, on ? 'til' : 'fra')
