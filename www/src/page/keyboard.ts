/** What the keys do: each action where it may happen. */
import type { Cursor } from './cursor.ts';
import { isEditable, keyAction, type KeyAction } from './keys.ts';

/** What the page lends to its keys. */
export interface Keyed {
  readonly cursor: Cursor;
  /** Whether the results are what is looked at, and not a room beside them. */
  isSearch(): boolean;
  isReading(): boolean;
  isPicking(): boolean;
  isSheetOpen(): boolean;
  toSearchBox(): void;
  toResults(): void;
  toggleSheet(): void;
}

/** Does what a key means here, and takes it from the browser if it means something. */
export function pressed(event: KeyboardEvent, page: Keyed): void {
  if (page.isSheetOpen() && event.key !== '?') return;
  const action = keyAction(event, isEditable(event.target));
  // The other keys are those of the results, which are not here.
  if (action === null || (!page.isSearch() && action !== 'search' && action !== 'help')) return;
  if (act(action, event, page)) event.preventDefault();
}

function act(action: KeyAction, event: KeyboardEvent, page: Keyed): boolean {
  const { cursor } = page;
  const isOnList = isOn(event.target, page);
  switch (action) {
    case 'search':
      page.toSearchBox();
      return true;
    case 'help':
      page.toggleSheet();
      return true;
    case 'next':
    case 'previous':
      // Arrows scroll a message that is being read.
      if (event.key.startsWith('Arrow') && !isOnList) return false;
      cursor.step(action === 'next' ? 1 : -1);
      return true;
    case 'star':
      return cursor.star(isOnList);
    case 'back':
      if (page.isReading()) page.toResults();
      else if (page.isPicking()) cursor.pick(null);
      else return false;
      return true;
  }
  // In a message the rest scroll it, or are nothing.
  if (!isOnList) return false;
  switch (action) {
    case 'open':
      cursor.open('push');
      return true;
    case 'pick':
      if (cursor.row < 0) return false;
      cursor.pick(cursor.row);
      return true;
    case 'pickNext':
    case 'pickPrevious':
      cursor.pickOn(action === 'pickNext' ? 1 : -1);
      return true;
    default:
      cursor.leap(action);
      return true;
  }
}

function isOn(target: EventTarget | null, page: Keyed): boolean {
  return (target === document.body && !page.isReading()) || (target instanceof Element && target.closest('#results') !== null);
}
