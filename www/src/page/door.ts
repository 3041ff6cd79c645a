/**
 * The way to the rooms beside the search (browse, people, missing, about). What they show and how is a chunk of its own,
 * which is loaded when the first of them is entered.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { ArchiveInfo } from '../shared/engine.ts';
import type { Problem } from '../shared/problem.ts';
import type { RoomElement } from '../rooms/rooms.ts';
import { formatFragment, type Room, type View } from './fragment.ts';
import type { Keeper } from './kept.ts';
import { Later, type LoadChunk } from './later.ts';
import { renderProblem } from './notice.ts';
import type { Asker } from './searching.ts';
import { ROOMS, STRINGS } from './strings.ts';

/** How the rooms reach this page, and what lies beside the archive for them. */
export interface Rooms {
  readonly rooms: LoadChunk;
  /** The sheet of keys and operators, likewise. */
  readonly sheet: LoadChunk;
  /** A file of the site by its name; throws a `ProblemError`. */
  file(name: string): Promise<ArrayBuffer>;
}

export class Door {
  readonly #rooms: Rooms;
  readonly #chunk: Later;
  readonly #asker: Asker;
  readonly #changed: () => void;

  constructor(rooms: Rooms, asker: Asker, changed: () => void) {
    this.#rooms = rooms;
    this.#chunk = new Later(rooms.rooms);
    this.#asker = asker;
    this.#changed = changed;
  }

  /** Loads the rooms, unless they are here or on their way. */
  enter(): void {
    if (!this.#chunk.isHere) void this.#chunk.want().then(this.#changed);
  }

  render(view: View, archive: string, info: ArchiveInfo | null, kept: { readonly keeper: Keeper; readonly picked: readonly string[] }, closed: Problem | null): TemplateResult {
    const problem = closed ?? this.#chunk.problem;
    const retry = (): void => {
      this.enter();
      this.#changed();
    };
    return html`<main class="room" tabindex="-1" aria-label=${ROOMS[view.room]} ?data-busy=${this.#chunk.isComing}>
      ${problem !== null
        ? renderProblem(problem, closed === null ? retry : null)
        : this.#chunk.isHere
          ? html`<mx-room .view=${view} .archive=${archive} .info=${info} .asker=${this.#asker} .kept=${kept} .file=${(name: string) => this.#rooms.file(name)}></mx-room>`
          : html`<p class="hidden">${STRINGS.loading}</p>`}
    </main>`;
  }
}

/** The others are reached from the search. */
const NAV: readonly Room[] = ['search', 'browse', 'people', 'missing', 'about'];

/** Links to the rooms; the query goes along, so that one comes back to the same search. */
export function renderNav(view: View): TemplateResult {
  const link = (room: Room): TemplateResult => {
    const href = formatFragment({ ...view, room, at: '', key: null });
    return html`<a href=${href} aria-current=${view.room === room ? 'page' : nothing}>${ROOMS[room]}</a>`;
  };
  return html`<nav class="rooms" aria-label=${STRINGS.rooms}>${NAV.map(link)}</nav>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'mx-room': RoomElement;
  }
}
