/** Which key does what. */
export type KeyAction = 'search' | 'next' | 'previous' | 'first' | 'last' | 'pageDown' | 'pageUp' | 'open' | 'back' | 'help';

const ACTIONS = new Map<string, KeyAction>([
  ['/', 'search'],
  ['j', 'next'],
  ['ArrowDown', 'next'],
  ['k', 'previous'],
  ['ArrowUp', 'previous'],
  ['Home', 'first'],
  ['End', 'last'],
  ['PageDown', 'pageDown'],
  ['PageUp', 'pageUp'],
  ['Enter', 'open'],
  ['Escape', 'back'],
  ['?', 'help'],
]);

export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly target: unknown;
}

/** The action for a key, or null when the key is the browser's or belongs to the text being typed. */
export function keyAction(pressed: Pressed, editable: boolean): KeyAction | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  const action = ACTIONS.get(pressed.key) ?? null;
  return editable && action !== 'back' ? null : action;
}

/** True where keys are text or choose something. */
export function isEditable(target: unknown): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}
