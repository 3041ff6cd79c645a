/**
 * What a reader keeps of this archive: searches, stars and notes. It lies in the browser's own storage under the
 * archive's address, for all sites of `user.github.io` share one origin, and never leaves the browser but as a file
 * that the reader saves.
 */

/** A message with a star or a note, and what a list of them shows without asking the archive. */
export interface Kept {
  readonly key: string;
  readonly star: boolean;
  readonly note: string;
  readonly from: string;
  readonly subject: string;
  /** Unix seconds. */
  readonly date: number | null;
}

/** What is told of a message when it is kept. */
export type Told = Pick<Kept, 'key' | 'from' | 'subject' | 'date'>;

/** The part of `Storage` that is used. */
export interface Shelf {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

const RECENT = 12;
const SAVED = 100;
const LONGEST_QUERY = 2000;
const LONGEST_NOTE = 20_000;
const LONGEST_TOLD = 500;
const MOST_KEPT = 20_000;
const KEY = /^[0-9a-f]{16}$/;

export class Keeper {
  readonly #shelf: Shelf | null;
  readonly #name: string;
  readonly #changed: () => void;
  #kept = new Map<string, Kept>();
  #recent: readonly string[] = [];
  #saved: readonly string[] = [];

  /** `address` is the archive's; without a shelf, as in some private windows, things are kept until the page is left. */
  constructor(shelf: Shelf | null, address: string, changed: () => void) {
    this.#shelf = shelf;
    this.#name = `maildex ${address}`;
    this.#changed = changed;
    this.reload();
  }

  /** Reads what is on the shelf, which another tab may have changed. */
  reload(): void {
    this.#recent = texts(this.#read('recent'), RECENT);
    this.#saved = texts(this.#read('saved'), SAVED);
    this.#kept = new Map(readKept(this.#read('kept')).map((kept) => [kept.key, kept]));
  }

  get recent(): readonly string[] {
    return this.#recent;
  }

  get saved(): readonly string[] {
    return this.#saved;
  }

  /** Everything with a star or a note, the newest message first. */
  get all(): readonly Kept[] {
    return [...this.#kept.values()].sort((a, b) => (b.date ?? -Infinity) - (a.date ?? -Infinity) || (a.key < b.key ? -1 : 1));
  }

  of(key: string): Kept | null {
    return this.#kept.get(key) ?? null;
  }

  /** Remembers a search that was gone through with. */
  searched(query: string): void {
    const text = query.trim();
    if (text === '' || text.length > LONGEST_QUERY || this.#recent[0] === text) return;
    this.#recent = [text, ...this.#recent.filter((other) => other !== text)].slice(0, RECENT);
    this.#write('recent', this.#recent);
  }

  forgetRecent(): void {
    this.#recent = [];
    this.#write('recent', []);
  }

  toggleSaved(query: string): void {
    const text = query.trim();
    if (text === '' || text.length > LONGEST_QUERY) return;
    const rest = this.#saved.filter((other) => other !== text);
    this.#saved = (rest.length < this.#saved.length ? rest : [text, ...rest]).slice(0, SAVED);
    this.#write('saved', this.#saved);
  }

  toggleStar(told: Told): void {
    const before = this.of(told.key);
    this.#put({ note: '', ...before, ...told, star: !(before?.star ?? false) });
  }

  write(told: Told, note: string): void {
    if (note.trim() === (this.of(told.key)?.note ?? '')) return;
    this.#put({ star: false, ...this.of(told.key), ...told, note: note.trim().slice(0, LONGEST_NOTE) });
  }

  /** Takes in what was kept elsewhere; a note that differs goes below the one that is here. Gives how many it were. */
  take(others: readonly Kept[]): number {
    for (const other of others) {
      const own = this.of(other.key);
      const note = own === null || other.note.includes(own.note) ? other.note : own.note.includes(other.note) ? own.note : `${own.note}\n\n${other.note}`;
      this.#set({ ...other, star: other.star || own?.star === true, note: note.slice(0, LONGEST_NOTE) });
    }
    this.#write('kept', [...this.#kept.values()]);
    return others.length;
  }

  #put(kept: Kept): void {
    this.#set(kept);
    this.#write('kept', [...this.#kept.values()]);
  }

  #set(kept: Kept): void {
    if (!kept.star && kept.note === '') this.#kept.delete(kept.key);
    else if (this.#kept.size < MOST_KEPT || this.#kept.has(kept.key)) {
      this.#kept.set(kept.key, { ...kept, from: kept.from.slice(0, LONGEST_TOLD), subject: kept.subject.slice(0, LONGEST_TOLD) });
    }
  }

  #read(what: string): unknown {
    try {
      return JSON.parse(this.#shelf?.getItem(`${this.#name} ${what}`) ?? 'null');
    } catch {
      // What something else has written there is not ours.
      return null;
    }
  }

  #write(what: string, value: readonly unknown[]): void {
    try {
      if (value.length === 0) this.#shelf?.removeItem(`${this.#name} ${what}`);
      else this.#shelf?.setItem(`${this.#name} ${what}`, JSON.stringify(value));
    } catch {
      // Full, or forbidden: it is kept until the page is left.
    }
    this.#changed();
  }
}

/** The browser's storage, where it has one for this page. */
export function storage(): Shelf | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** What of a list from elsewhere is a kept message; all else is left out. */
export function readKept(value: unknown): Kept[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST_KEPT).flatMap((entry: unknown): Kept[] => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { key, star, note, from, subject, date } = entry as Record<string, unknown>;
    if (typeof key !== 'string' || !KEY.test(key)) return [];
    const kept = {
      key,
      star: star === true,
      note: text(note, LONGEST_NOTE),
      from: text(from, LONGEST_TOLD),
      subject: text(subject, LONGEST_TOLD),
      date: typeof date === 'number' && Number.isFinite(date) ? date : null,
    };
    return kept.star || kept.note !== '' ? [kept] : [];
  });
}

function texts(value: unknown, most: number): string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one): one is string => typeof one === 'string' && one !== '' && one.length <= LONGEST_QUERY).slice(0, most);
}

function text(value: unknown, longest: number): string {
  return typeof value === 'string' ? value.slice(0, longest) : '';
}
