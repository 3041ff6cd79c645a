/** Which key does what. */
export type KeyAction = 'search' | 'next' | 'previous' | 'first' | 'last' | 'pageDown' | 'pageUp' | 'open' | 'back' | 'help'
  | 'star' | 'pick' | 'pickNext' | 'pickPrevious';

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
  ['s', 'star'],
  ['x', 'pick'],
  ['J', 'pickNext'],
  ['K', 'pickPrevious'],
]);

const SHIFTED = new Map<string, KeyAction>([
  ['ArrowDown', 'pickNext'],
  ['ArrowUp', 'pickPrevious'],
]);

export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey?: boolean;
  readonly target: unknown;
}

/** The action for a key, or null when the key is the browser's or belongs to the text being typed. */
export function keyAction(pressed: Pressed, editable: boolean): KeyAction | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  const arrow = pressed.shiftKey === true ? SHIFTED.get(pressed.key) : undefined;
  const action = arrow ?? ACTIONS.get(pressed.key) ?? null;
  return editable && action !== 'back' ? null : action;
}

/** True where keys are text or choose something. */
export function isEditable(target: unknown): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}
