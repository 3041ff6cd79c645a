/**
 * What the reader looks at, as the address's fragment: `#q=…&sort=…&threads&forms&m=KEY`, `#view=people&at=amy@acme.example`.
 *
 * The fragment never travels to a host, so nobody sees a query; and it is in every copied link.
 */
import type { Sort } from '../shared/engine.ts';
import { ROOMS, SORTS } from './strings.ts';

/** What the page shows: the search, or one of the rooms beside it. */
export type Room = 'search' | 'browse' | 'people' | 'missing' | 'about' | 'batch' | 'take' | 'starred';

export interface View {
  readonly room: Room;
  /** Where in the room: a person's address; empty at its door. */
  readonly at: string;
  readonly query: string;
  readonly sort: Sort;
  /** One line a conversation. */
  readonly threads: boolean;
  /** Words stand for their other forms too. */
  readonly forms: boolean;
  /** The message that is open. */
  readonly key: string | null;
}

export const HOME: View = { room: 'search', at: '', query: '', sort: 'newest', threads: false, forms: false, key: null };

const KEY = /^[0-9a-f]{16}$/;

/** Reads a fragment, with or without its `#`; whatever it does not know is left out. */
export function parseFragment(fragment: string): View {
  const values = new URLSearchParams(fragment.replace(/^#/, ''));
  const sort = values.get('sort');
  const key = values.get('m')?.toLowerCase() ?? '';
  const room = values.get('view');
  return {
    room: isRoom(room) ? room : HOME.room,
    at: isRoom(room) ? (values.get('at') ?? '') : '',
    query: values.get('q') ?? '',
    sort: isSort(sort) ? sort : HOME.sort,
    threads: values.has('threads'),
    forms: values.has('forms'),
    key: KEY.test(key) ? key : null,
  };
}

/** Writes a fragment, with its `#`; what is as at home is left out. */
export function formatFragment(view: View): string {
  const values = new URLSearchParams();
  if (view.room !== HOME.room) values.set('view', view.room);
  if (view.room !== HOME.room && view.at !== '') values.set('at', view.at);
  if (view.query !== '') values.set('q', view.query);
  if (view.sort !== HOME.sort) values.set('sort', view.sort);
  if (view.threads) values.set('threads', '');
  if (view.forms) values.set('forms', '');
  if (view.key !== null) values.set('m', view.key);
  return `#${values.toString()}`;
}

export function isSort(value: unknown): value is Sort {
  return typeof value === 'string' && Object.hasOwn(SORTS, value);
}

function isRoom(value: unknown): value is Room {
  return typeof value === 'string' && Object.hasOwn(ROOMS, value);
}
