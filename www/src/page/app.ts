/**
 * The page as a whole: keeps the address, the search and the open message in step.
 *
 * The address's fragment is the only state that lasts. Links are plain links to fragments, so that back, forward,
 * sharing and "open in a new tab" are the browser's own; this class listens to the address and follows.
 */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Suggestion } from '../shared/engine.ts';
import type { Load } from '../shared/protocol.ts';
import type { HelpSheet } from '../rooms/sheet.ts';
import { Address } from './address.ts';
import { Ahead } from './ahead.ts';
import type { Opening } from './client.ts';
import { Cursor } from './cursor.ts';
import { Door, renderNav, type Rooms } from './door.ts';
import { Engines, type Deliveries } from './engines.ts';
import { useZone } from './format.ts';
import { renderState } from './empty.ts';
import { formatFragment, HOME, parseFragment, type View } from './fragment.ts';
import { ICONS } from './icons.ts';
import { pressed, type Keyed } from './keyboard.ts';
import { isEditable } from './keys.ts';
import { Keeper, storage } from './kept.ts';
import { Later } from './later.ts';
import { renderLoad, renderProblem } from './notice.ts';
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
import { plainText } from './pieces.ts';

/** Totals are spoken when the typing pauses, not with every key. */
const SPEAK_MS = 700;
/** As many as can be looked over at a glance. */
const SUGGESTIONS = 8;
/** Where there is room for the panel beside the results, as in style-widths.css. */
const WIDE = matchMedia('(min-width: 64rem)');

export class MaildexApp extends LitElement {
  static override properties = { archive: {}, worker: {}, wasm: {}, fullWorker: {}, fullWasm: {}, manifest: {}, rooms: {}, sheet: {} };

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
  declare sheet: string;

  #start: () => void = () => {};
  /** Settled when the page takes the place of what the HTML holds. */
  readonly #begun = new Promise<void>((resolve) => (this.#start = resolve));
  /** What is below the page's head comes after it. */
  #isWhole = false;
  readonly #address = new Address();
  #cursor: Cursor | null = null;
  #ahead: Ahead | null = null;
  #sheet: Later | null = null;
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
    this.sheet = '';
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
    void this.#begin(connected, this.#engines);
  }

  /** The worker is on its way. The rest are tasks of their own, so that what the reader does meanwhile is heard. */
  async #begin(connected: Deliveries & Rooms, engines: Engines): Promise<void> {
    await task();
    if (!this.isConnected) return;
    const keeper = new Keeper(storage(), new URL(this.manifest, document.baseURI).href, () => this.#keptChanged());
    const searching = new Searching(engines, () => this.#searchChanged());
    this.#keeper = keeper;
    this.#searching = searching;
    this.#door = new Door(connected, engines, () => this.requestUpdate());
    this.#sheet = new Later(connected.sheet);
    this.#ahead = new Ahead(engines);
    this.#refining = new Refining(engines, () => this.requestUpdate());
    this.#reading = new Reading(engines, () => this.#readingChanged(), () => this.#door?.enter());
    this.#cursor = new Cursor({
      searching,
      picking: this.#picking,
      keeper,
      list: () => this.#list,
      opened: () => this.#view.key,
      open: (key, how) => this.#open(key, how),
      changed: () => this.requestUpdate(),
    });
    this.#listen(true);
    await task();
    this.#takeEarlyQuery();
    this.#follow(this.#view, false);
    this.#start();
    await task();
    this.#isWhole = true;
    this.requestUpdate();
  }

  /** Hears what happens outside this element, or does so no more. */
  #listen(isOn: boolean): void {
    const heard: readonly (readonly [EventTarget, string, (event: never) => void])[] = [
      [WIDE, 'change', this.#widthChanged],
      [window, 'storage', this.#keptElsewhere],
      [window, 'popstate', this.#followAddress],
      [window, 'hashchange', this.#followAddress],
      [window, 'keydown', this.#key],
      [window, 'online', this.#goOn],
    ];
    for (const [target, name, listener] of heard) target[isOn ? 'addEventListener' : 'removeEventListener'](name, listener as EventListener);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listen(false);
  }

  protected override async scheduleUpdate(): Promise<void> {
    await this.#begun;
    super.scheduleUpdate();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): unknown {
    const searching = this.#searching;
    const refining = this.#refining;
    const keeper = this.#keeper;
    if (searching === null || refining === null || keeper === null) return nothing;
    return html`<a class="skip" href="#results" @click=${this.#skip}>${STRINGS.skip}</a>
      <header class="top">
        <h1><a class="title" href="#" dir="auto">${this.archive}</a></h1>
        <mx-search-box
          .query=${this.#view.query}
          .onType=${(query: string) => this.#typeQuery(query)}
          .onCommit=${(query: string) => this.#commitQuery(query)}
          .onLeave=${() => this.#list?.focus()}
          .onDown=${() => this.#cursor?.enter()}
          .onSuggest=${this.#suggest}
          .onRest=${() => resting(keeper, refining.counted)}
          .onForget=${() => keeper.forgetRecent()}
        ></mx-search-box>
        ${renderNav(this.#shareable(this.#view))}
        <button type="button" class="quiet help" aria-label=${STRINGS.help} title=${STRINGS.help} @click=${this.#toggleSheet}>
          ${ICONS.help}
        </button>
      </header>
      <div class="progress" ?data-busy=${searching.busy} aria-hidden="true"></div>
      <p class="hidden" role="status" aria-live="polite">${this.#spoken}</p>
      ${this.#sheet?.problem == null ? nothing : renderProblem(this.#sheet.problem, this.#toggleSheet)}
      ${this.#isWhole ? this.#renderPanes(searching, refining, keeper) : nothing}
      ${this.#load === null ? nothing : renderLoad(this.#load, () => this.#engines?.stop())}
      <mx-help-sheet></mx-help-sheet>`;
  }

  #renderPanes(searching: Searching, refining: Refining, keeper: Keeper): TemplateResult {
    const info = this.#opening.kind === 'open' ? this.#opening.info : null;
    const problem = this.#opening.kind === 'closed' ? this.#opening.problem : searching.problem;
    return html`${this.#view.room === 'search' ? nothing : this.#door?.render(this.#view, this.archive, info, { keeper, picked: this.#picking.keys }, this.#opening.kind === 'closed' ? this.#opening.problem : null)}
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
            onPick: () => this.#cursor?.pick(null),
          })}
          <mx-timeline
            .months=${refining.counted?.months ?? (refining.busy ? null : [])}
            .query=${this.#shareable(this.#view).query}
            .hrefOf=${this.#hrefOfQuery}
          ></mx-timeline>
          ${renderState(searching, problem, this.#view)}
          <mx-result-list
            .searching=${searching}
            .active=${this.#cursor?.row ?? -1}
            .hrefOf=${this.#hrefOf}
            .keeper=${keeper}
            .picking=${this.#picking}
            @click=${this.#clicked}
            @pointerover=${(event: Event) => this.#ahead?.over(event, this.#view)}
            @pointerout=${() => this.#ahead?.out()}
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
      </main>`;
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
    this.#address.rest();
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
    this.#cursor?.follow();
    this.requestUpdate();
  }

  /** Goes to a view as a step of its own. */
  #go(view: View): void {
    this.#address.write(view, 'push');
    this.#typed = false;
    this.#follow(view, false);
  }

  #typeQuery(query: string): void {
    if (query === this.#view.query) return;
    const view: View = { ...this.#view, room: 'search', query, key: null };
    // The first key after a finished search or an opened message begins a new step; the others change it.
    if (this.#typed) this.#addressFollows();
    else this.#address.write(view, 'push');
    this.#typed = true;
    if (this.#cursor !== null) this.#cursor.row = -1;
    this.#follow(view, true);
  }

  #commitQuery(query: string): void {
    this.#keeper?.searched(query);
    const isSame = query === this.#view.query && this.#view.room === 'search';
    const view: View = { ...this.#view, room: 'search', query, key: isSame ? this.#view.key : null };
    this.#address.write(view, this.#typed || isSame ? 'replace' : 'push');
    // An emptied box is no search of its own: what is typed next takes its entry.
    this.#typed &&= query === '';
    this.#follow(view, false);
  }

  #addressFollows(): void {
    this.#address.follow(() => this.#shareable(this.#view));
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
    if (this.#typed && this.#searching?.busy === false) this.#addressFollows();
    this.#list?.requestUpdate();
    this.requestUpdate();
    this.#cursor?.follow();
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

  /** Opens a message: as a step from what is looked at, or in place of the one that is open. */
  #open(key: string, how: 'push' | 'replace'): void {
    const left = this.#shareable(this.#view);
    if (how === 'push') this.#address.write(left, 'replace');
    const view: View = { ...left, key };
    this.#address.write(view, how);
    this.#typed = false;
    this.#follow(view, false);
  }

  #clicked(event: Event): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('a.row') : null;
    if (this.#picking.isOn && row !== null) {
      event.preventDefault();
      const at = Number(row.ariaPosInSet) - 1;
      if (this.#cursor !== null) this.#cursor.row = at;
      return this.#cursor?.pick(at);
    }
    // The address still lags behind a query that was just typed; the entry that a link leaves must be the right one.
    if (event.target instanceof Element && event.target.closest('a') !== null) this.#address.write(this.#shareable(this.#view), 'replace');
  }

  readonly #key = (event: KeyboardEvent): void => {
    const cursor = this.#cursor;
    if (cursor === null) return;
    const page: Keyed = {
      cursor,
      isSearch: () => this.#view.room === 'search',
      isReading: () => this.#view.key !== null,
      isPicking: () => this.#picking.isOn,
      isSheetOpen: () => this.#helpSheet?.isOpen === true,
      toSearchBox: () => this.querySelector<SearchBox>('mx-search-box')?.focus(),
      toResults: () => this.#go({ ...this.#view, key: null }),
      toggleSheet: () => void this.#toggleSheet(),
    };
    pressed(event, page);
  };

  /** Shows or hides the sheet of keys and operators, which is loaded with its first use. */
  readonly #toggleSheet = async (): Promise<void> => {
    const isHere = await this.#sheet?.want();
    this.requestUpdate();
    await this.updateComplete;
    if (isHere === true) await this.#helpSheet?.toggle();
  };

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
      this.#address.write(this.#view, 'push');
    }
    const focused = early !== null && document.activeElement === early;
    this.replaceChildren();
    if (focused) void this.updateComplete.then(() => this.querySelector<SearchBox>('mx-search-box')?.querySelector('input')?.focus());
  }

  get #list(): ResultList | null {
    return this.querySelector<ResultList>('mx-result-list');
  }

  get #helpSheet(): HelpSheet | null {
    return this.querySelector<HelpSheet>('mx-help-sheet');
  }
}

/** Lets the browser do what else is waiting. */
function task(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Brings the page to life. */
export function start(connect: (app: MaildexApp) => Deliveries & Rooms): void {
  MaildexApp.connect = connect;
  customElements.define('maildex-app', MaildexApp);
}
