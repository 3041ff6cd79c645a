/**
 * The page as a whole: keeps the address, the search and the open message in step.
 *
 * The address's fragment is the only state that lasts. Links are plain links to fragments, so that back, forward,
 * sharing and "open in a new tab" are the browser's own; this class listens to the address and follows.
 */
import { html, LitElement, nothing } from 'lit';
import type { Suggestion } from '../shared/engine.ts';
import type { Load } from '../shared/protocol.ts';
import type { Opening } from './client.ts';
import { Door, renderNav, type Rooms } from './door.ts';
import { Engines, type Deliveries } from './engines.ts';
import { useZone } from './format.ts';
import { renderState } from './empty.ts';
import { formatFragment, HOME, parseFragment, type View } from './fragment.ts';
import './help-sheet.ts';
import type { HelpSheet } from './help-sheet.ts';
import { ICONS } from './icons.ts';
import { isEditable, keyAction } from './keys.ts';
import { Keeper, storage } from './kept.ts';
import { renderLoad } from './notice.ts';
import { Picking } from './picking.ts';
import './reading-pane.ts';
import { renderPanel } from './refine-panel.ts';
import { Refining } from './refining.ts';
import { Reading } from './reading.ts';
import './result-list.ts';
import type { ResultList } from './result-list.ts';
import './search-box.ts';
import type { SearchBox } from './search-box.ts';
import { renderStatus, spokenStatus } from './search-status.ts';
import { Searching } from './searching.ts';
import { resting } from './resting.ts';
import { ROOMS, STRINGS } from './strings.ts';
import './timeline.ts';
import { plainText, told } from './pieces.ts';

/** While typing, the address follows at this pace: browsers refuse more than some three changes a second. */
const ADDRESS_MS = 350;
/** Totals are spoken when the typing pauses, not with every key. */
const SPEAK_MS = 700;
/** As many as can be looked over at a glance. */
const SUGGESTIONS = 8;
/** Where there is room for the panel beside the results, as in style-widths.css. */
const WIDE = matchMedia('(min-width: 64rem)');

export class MaildexApp extends LitElement {
  static override properties = { archive: {}, worker: {}, wasm: {}, fullWorker: {}, fullWasm: {}, manifest: {}, rooms: {} };

  /** How the archive reaches this page; each way of delivery has an entry that says it. */
  static connect: (app: MaildexApp) => Deliveries & Rooms;

  /** The archive's title. */
  declare archive: string;
  declare worker: string;
  declare wasm: string;
  declare fullWorker: string;
  declare fullWasm: string;
  declare manifest: string;
  declare rooms: string;

  #door: Door | null = null;
  #keeper: Keeper | null = null;
  readonly #picking = new Picking();
  #engines: Engines | null = null;
  #searching: Searching | null = null;
  #reading: Reading | null = null;
  #refining: Refining | null = null;
  /** Where there is no room for it beside the results, the panel stands in their place when it is asked for. */
  #refine = false;
  #opening: Opening = { kind: 'opening' };
  #load: Load | null = null;
  #view: View = HOME;
  /** True while the newest entry of the history is a query that is still being typed. */
  #typed = false;
  #active = -1;
  /** How to open the active row as soon as its line is here. */
  #openNext: 'push' | 'replace' | null = null;
  #address: ReturnType<typeof setTimeout> | undefined;
  #speak: ReturnType<typeof setTimeout> | undefined;
  #spoken = '';

  constructor() {
    super();
    this.archive = '';
    this.worker = '';
    this.wasm = '';
    this.fullWorker = '';
    this.fullWasm = '';
    this.manifest = 'manifest.json';
    this.rooms = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const connected = MaildexApp.connect(this);
    this.#engines = new Engines(connected, {
      opening: (opening) => {
        this.#opening = opening;
        if (opening.kind === 'open') useZone(opening.info.zone);
        this.requestUpdate();
      },
      loading: (load) => {
        this.#load = load;
        this.requestUpdate();
      },
    });
    this.#engines.start();
    this.#keeper = new Keeper(storage(), new URL(this.manifest, document.baseURI).href, () => this.#keptChanged());
    window.addEventListener('storage', this.#keptElsewhere);
    this.#door = new Door(connected, this.#engines, () => this.requestUpdate());
    this.#searching = new Searching(this.#engines, () => this.#searchChanged());
    this.#refining = new Refining(this.#engines, () => this.requestUpdate());
    WIDE.addEventListener('change', this.#widthChanged);
    this.#reading = new Reading(this.#engines, () => this.#readingChanged(), () => this.#door?.enter());
    window.addEventListener('popstate', this.#followAddress);
    window.addEventListener('hashchange', this.#followAddress);
    window.addEventListener('keydown', this.#key);
    window.addEventListener('online', this.#goOn);
    this.#takeEarlyQuery();
    this.#follow(this.#view, false);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    WIDE.removeEventListener('change', this.#widthChanged);
    window.removeEventListener('storage', this.#keptElsewhere);
    window.removeEventListener('popstate', this.#followAddress);
    window.removeEventListener('hashchange', this.#followAddress);
    window.removeEventListener('keydown', this.#key);
    window.removeEventListener('online', this.#goOn);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): unknown {
    const searching = this.#searching;
    const refining = this.#refining;
    const keeper = this.#keeper;
    if (searching === null || refining === null || keeper === null) return nothing;
    const info = this.#opening.kind === 'open' ? this.#opening.info : null;
    const problem = this.#opening.kind === 'closed' ? this.#opening.problem : searching.problem;
    return html`<a class="skip" href="#results" @click=${this.#skip}>${STRINGS.skip}</a>
      <header class="top">
        <h1><a class="title" href="#" dir="auto">${this.archive}</a></h1>
        <mx-search-box
          .query=${this.#view.query}
          .onType=${(query: string) => this.#typeQuery(query)}
          .onCommit=${(query: string) => this.#commitQuery(query)}
          .onLeave=${() => this.#list?.focus()}
          .onDown=${() => this.#enterList()}
          .onSuggest=${this.#suggest}
          .onRest=${() => resting(keeper, refining.counted)}
          .onForget=${() => keeper.forgetRecent()}
        ></mx-search-box>
        ${renderNav(this.#shareable(this.#view))}
        <button type="button" class="quiet help" aria-label=${STRINGS.help} title=${STRINGS.help} @click=${() => this.#sheet?.toggle()}>
          ${ICONS.help}
        </button>
      </header>
      <div class="progress" ?data-busy=${searching.busy} aria-hidden="true"></div>
      <p class="hidden" role="status" aria-live="polite">${this.#spoken}</p>
      ${this.#view.room === 'search' ? nothing : this.#door?.render(this.#view, this.archive, info, { keeper, picked: this.#picking.keys }, this.#opening.kind === 'closed' ? this.#opening.problem : null)}
      <main class="panes" ?data-away=${this.#view.room !== 'search'} ?data-reading=${this.#view.key !== null} ?data-refine=${this.#refine}>
        <section class="found" aria-label=${STRINGS.results}>
          ${renderStatus(searching, info, {
            view: this.#view,
            onView: (view) => this.#go({ ...this.#shareable(this.#view), ...view, key: null }),
            failed: problem !== null || searching.weight !== null,
            refine: this.#refine,
            onRefine: () => this.#toggleRefine(),
            hrefOfQuery: this.#hrefOfQuery,
            isSaved: keeper.saved.includes(this.#shareable(this.#view).query.trim()),
            onSave: () => keeper.toggleSaved(this.#shareable(this.#view).query),
            picking: this.#picking,
            onPick: () => this.#pick(null),
          })}
          <mx-timeline
            .months=${refining.counted?.months ?? (refining.busy ? null : [])}
            .query=${this.#shareable(this.#view).query}
            .hrefOf=${this.#hrefOfQuery}
          ></mx-timeline>
          ${renderState(searching, problem, this.#view)}
          <mx-result-list
            .searching=${searching}
            .active=${this.#active}
            .hrefOf=${this.#hrefOf}
            .keeper=${keeper}
            .picking=${this.#picking}
            @click=${this.#clicked}
          ></mx-result-list>
        </section>
        <aside class="refine" id="refine" aria-label=${STRINGS.refine}>
          ${renderPanel(refining, this.#shareable(this.#view).query, this.#hrefOfQuery)}
        </aside>
        <section class="read" aria-label=${STRINGS.reading}>
          <mx-reading-pane
            .reading=${this.#reading}
            .keeper=${keeper}
            .hrefOf=${this.#hrefOf}
            .backHref=${formatFragment({ ...this.#shareable(this.#view), key: null })}
          ></mx-reading-pane>
        </section>
      </main>
      ${this.#load === null ? nothing : renderLoad(this.#load, () => this.#engines?.stop())}
      <mx-help-sheet></mx-help-sheet>`;
  }

  #suggesting = new AbortController();
  readonly #suggest = async (text: string): Promise<readonly Suggestion[] | null> => {
    this.#suggesting.abort();
    this.#suggesting = new AbortController();
    const outcome = await this.#engines?.ask('suggest', { text, limit: SUGGESTIONS }, this.#suggesting.signal);
    return outcome?.kind === 'done' ? outcome.value.items : null;
  };

  readonly #keptElsewhere = (): void => {
    this.#keeper?.reload();
    this.#keptChanged();
  };

  #keptChanged(): void {
    for (const element of this.querySelectorAll<LitElement>('mx-result-list, mx-reading-pane, mx-message-view, mx-room, mx-room > *')) element.requestUpdate();
    this.requestUpdate();
  }

  /** Picks a row, or none: then it turns picking on or off. */
  #pick(row: number | null): void {
    const line = row === null ? null : (this.#searching?.line(row) ?? null);
    if (row === null) this.#picking.toggleMode();
    else if (line !== null) this.#picking.toggle(line.key);
    this.#list?.requestUpdate();
    this.requestUpdate();
  }

  readonly #hrefOfQuery = (query: string): string => formatFragment({ ...this.#view, room: 'search', query, key: null });

  readonly #hrefOf = (key: string): string => formatFragment({ ...this.#shareable(this.#view), key });

  /**
   * The view as whoever follows its address must find it: a word that is being typed stands for all that begin so,
   * which the address has to say (`clint*`), for it is read as finished.
   */
  #shareable(view: View): View {
    const shown = this.#searching?.shown;
    if (!this.#typed || shown?.typing !== true || shown.query !== view.query || shown.understood === '') return view;
    return { ...view, query: shown.understood };
  }

  /** The network is back: what failed for want of it is asked again. */
  readonly #goOn = (): void => {
    if (this.#searching?.problem?.kind === 'offline') this.#searching.retry();
    if (this.#reading?.isOffline === true) this.#reading.retry();
  };

  readonly #followAddress = (): void => {
    const view = parseFragment(location.hash);
    if (formatFragment(view) === formatFragment(this.#view)) return;
    clearTimeout(this.#address);
    this.#typed = false;
    this.#follow(view, false);
  };

  /** Makes the page show a view. */
  #follow(view: View, typing: boolean): void {
    this.querySelector('.menu')?.removeAttribute('open');
    const wasReading = this.#view.key !== null;
    const wasInRoom = document.activeElement?.closest('main.room') != null && !isEditable(document.activeElement);
    this.#view = view;
    if (view.room !== 'search') {
      this.#door?.enter();
      this.#spoken = ROOMS[view.room];
      this.#nameTab();
      this.requestUpdate();
      // What was clicked has made room for something else.
      if (wasInRoom) void this.updateComplete.then(() => this.querySelector<HTMLElement>('main.room')?.focus());
      return;
    }
    if ((wasReading || wasInRoom) && view.key === null && !isEditable(document.activeElement)) {
      void this.updateComplete.then(() => this.#list?.focus());
    }
    if (view.key !== null && !typing) this.#keeper?.searched(view.query);
    void this.#searching?.run({ query: view.query, sort: view.sort, threads: view.threads, forms: view.forms, typing });
    this.#reading?.open(view.key, view.query, view.forms);
    this.#markOpened();
    this.requestUpdate();
  }

  /** Goes to a view as a step of its own. */
  #go(view: View): void {
    this.#writeAddress(view, 'push');
    this.#typed = false;
    this.#follow(view, false);
  }

  #typeQuery(query: string): void {
    if (query === this.#view.query) return;
    const view: View = { ...this.#view, room: 'search', query, key: null };
    // The first key after a finished search or an opened message begins a new step; the others change it.
    if (this.#typed) this.#writeAddress(view, 'later');
    else this.#writeAddress(view, 'push');
    this.#typed = true;
    this.#active = -1;
    this.#follow(view, true);
  }

  #commitQuery(query: string): void {
    this.#keeper?.searched(query);
    const isSame = query === this.#view.query && this.#view.room === 'search';
    const view: View = { ...this.#view, room: 'search', query, key: isSame ? this.#view.key : null };
    this.#writeAddress(view, this.#typed || isSame ? 'replace' : 'push');
    // An emptied box is no search of its own: what is typed next takes its entry.
    this.#typed &&= query === '';
    this.#follow(view, false);
  }

  #writeAddress(view: View, how: 'push' | 'replace' | 'later'): void {
    clearTimeout(this.#address);
    if (how === 'later') {
      this.#address = setTimeout(() => this.#writeAddress(this.#shareable(this.#view), 'replace'), ADDRESS_MS);
      return;
    }
    // The whole address: a path alone would lead elsewhere from a file of a shared Windows folder (`//server/…`).
    const address = location.href.replace(/#.*/, '') + formatFragment(view).replace(/^#$/, '');
    if (how === 'push') history.pushState(null, '', address);
    else history.replaceState(null, '', address);
  }

  #toggleRefine(): void {
    this.#refine = !this.#refine;
    this.#count();
    this.requestUpdate();
  }

  readonly #widthChanged = (): void => this.#count();

  /** Counts what is shown, where there is room for the counts or they were asked for: it takes the full engine. */
  #count(): void {
    const panel = this.#refine || (WIDE.matches && this.#view.key === null);
    const counts = panel ? 'all' : WIDE.matches ? 'months' : 'none';
    this.#refining?.follow(this.#searching?.shown ?? null, counts);
  }

  #searchChanged(): void {
    this.#count();
    this.#markOpened();
    if (this.#typed && this.#searching?.busy === false) this.#writeAddress(this.#view, 'later');
    this.#list?.requestUpdate();
    this.requestUpdate();
    if (this.#openNext !== null) this.#openActive(this.#openNext);
    const { shown } = this.#searching ?? {};
    if (shown == null) return;
    this.#picking.follow(shown.query);
    clearTimeout(this.#speak);
    this.#speak = setTimeout(() => {
      this.#spoken = spokenStatus(shown);
      this.requestUpdate();
    }, SPEAK_MS);
    this.#nameTab();
  }

  #readingChanged(): void {
    this.querySelector<LitElement>('mx-reading-pane')?.requestUpdate();
    this.#nameTab();
    this.requestUpdate();
  }

  #nameTab(): void {
    const { key, query, room } = this.#view;
    const opened = key === null ? null : this.#reading?.message(key);
    const subject = opened?.kind === 'here' ? plainText(opened.message.line.subject) : '';
    const shown = room !== 'search' ? ROOMS[room] : subject === '' ? query : subject;
    document.title = [shown, this.archive].filter((part) => part !== '').join(' · ');
  }

  /** Puts the keys' place on the open message, when the list knows where it is. */
  #markOpened(): void {
    const { key } = this.#view;
    const row = key === null ? -1 : (this.#searching?.rowOf(key) ?? -1);
    if (row >= 0 && row !== this.#active) this.#active = row;
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (this.#sheet?.isOpen === true && event.key !== '?') return;
    const action = keyAction(event, isEditable(event.target));
    // The other keys are those of the results, which are not here.
    if (this.#view.room !== 'search' && action !== 'search' && action !== 'help') return;
    switch (action) {
      case null:
        return;
      case 'search':
        this.querySelector<SearchBox>('mx-search-box')?.focus();
        break;
      case 'next':
      case 'previous':
        // Arrows scroll a message that is being read.
        if (event.key.startsWith('Arrow') && !this.#isOnList(event.target)) return;
        this.#moveTo(this.#active + (action === 'next' ? 1 : -1));
        break;
      case 'first':
      case 'last':
      case 'pageDown':
      case 'pageUp':
        // In a message these keys scroll it.
        if (!this.#isOnList(event.target)) return;
        this.#leap(action);
        break;
      case 'open':
        if (!this.#isOnList(event.target)) return;
        this.#openActive('push');
        break;
      case 'back':
        if (this.#picking.isOn && this.#view.key === null) return this.#pick(null);
        if (this.#view.key === null) return;
        this.#go({ ...this.#view, key: null });
        break;
      case 'pick':
        if (!this.#isOnList(event.target) || this.#active < 0) return;
        this.#pick(this.#active);
        break;
      case 'pickNext':
      case 'pickPrevious':
        if (!this.#isOnList(event.target)) return;
        this.#pickOn(action === 'pickNext' ? 1 : -1);
        break;
      case 'star': {
        const line = this.#searching?.line(this.#active) ?? null;
        if (line === null || !(this.#isOnList(event.target) || this.#view.key === line.key)) return;
        this.#keeper?.toggleStar(told(line));
        break;
      }
      case 'help':
        this.#sheet?.toggle();
        break;
    }
    event.preventDefault();
  };

  /** Goes to either end of the results, as far as they are known, or by as many rows as are in sight. */
  #leap(where: 'first' | 'last' | 'pageDown' | 'pageUp'): void {
    const [from, to] = this.#list?.inSight ?? [0, 1];
    const page = Math.max(1, to - from);
    const here = this.#active < 0 ? from : this.#active;
    const rows = { first: 0, last: Number.MAX_SAFE_INTEGER, pageDown: here + page, pageUp: here - page };
    this.#moveTo(rows[where]);
  }

  /** Goes one row on and picks both. */
  #pickOn(by: number): void {
    for (const row of [this.#active, this.#active + by]) {
      const line = this.#searching?.line(row) ?? null;
      if (line !== null && !this.#picking.has(line.key)) this.#picking.toggle(line.key);
    }
    this.#moveTo(this.#active + by);
    this.#list?.requestUpdate();
  }

  #moveTo(row: number): void {
    const rows = this.#searching?.rows ?? 0;
    if (rows === 0) return;
    this.#active = Math.min(Math.max(0, row), rows - 1);
    this.#list?.reveal(this.#active);
    if (this.#view.key !== null) this.#openActive('replace');
    else this.#list?.focus();
    this.requestUpdate();
  }

  #openActive(how: 'push' | 'replace'): void {
    const stale = this.#searching?.busy === true;
    const line = this.#active < 0 || stale ? null : (this.#searching?.line(this.#active) ?? null);
    this.#openNext = line === null && this.#active >= 0 ? how : null;
    if (line === null) return;
    const left = this.#shareable(this.#view);
    if (how === 'push') this.#writeAddress(left, 'replace');
    const view: View = { ...left, key: line.key };
    this.#writeAddress(view, how);
    this.#typed = false;
    this.#follow(view, false);
  }

  #clicked(event: Event): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('a.row') : null;
    if (this.#picking.isOn && row !== null) {
      event.preventDefault();
      this.#active = Number(row.ariaPosInSet) - 1;
      return this.#pick(this.#active);
    }
    // The address still lags behind a query that was just typed; the entry that a link leaves must be the right one.
    if (event.target instanceof Element && event.target.closest('a') !== null) this.#writeAddress(this.#shareable(this.#view), 'replace');
  }

  /** Goes from the search box to the results: to the row that the keys are on, or the first. */
  #enterList(): void {
    this.#active = Math.max(0, this.#active);
    if ((this.#searching?.rows ?? 0) > 0) this.#list?.reveal(this.#active);
    this.#list?.focus();
    this.requestUpdate();
  }

  #isOnList(target: EventTarget | null): boolean {
    return (target === document.body && this.#view.key === null) || (target instanceof Element && target.closest('#results') !== null);
  }

  readonly #skip = (event: Event): void => {
    event.preventDefault();
    if (this.#view.room === 'search') this.#list?.focus();
    else this.querySelector<HTMLElement>('main.room')?.focus();
  };

  /** The HTML holds a search box that works before this code has arrived: what was typed there counts. */
  #takeEarlyQuery(): void {
    const early = this.querySelector('input');
    this.#view = parseFragment(location.hash);
    if (early !== null && early.value !== '') {
      this.#view = { ...this.#view, room: 'search', query: early.value, key: null };
      this.#writeAddress(this.#view, 'push');
    }
    const focused = early !== null && document.activeElement === early;
    this.replaceChildren();
    if (focused) void this.updateComplete.then(() => this.querySelector<SearchBox>('mx-search-box')?.querySelector('input')?.focus());
  }

  get #list(): ResultList | null {
    return this.querySelector<ResultList>('mx-result-list');
  }

  get #sheet(): HelpSheet | null {
    return this.querySelector<HelpSheet>('mx-help-sheet');
  }
}

/** Brings the page to life. */
export function start(connect: (app: MaildexApp) => Deliveries & Rooms): void {
  MaildexApp.connect = connect;
  customElements.define('maildex-app', MaildexApp);
}
