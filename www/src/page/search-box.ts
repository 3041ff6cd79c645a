/** The box that the reader types a query into: answers as one types, Enter commits. */
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Suggestion } from '../shared/engine.ts';
import { ICONS } from './icons.ts';
import { STRINGS } from './strings.ts';
import { isOperator, renderSuggestions, suggestionId } from './suggestions.ts';

/** Fast typing leaves some 60 to 120 ms between keys; searching in every gap would only heat the phone. */
const DEBOUNCE_MS = 80;

export class SearchBox extends LitElement {
  static override properties = { query: { attribute: false } };

  /** What the address says; it is put into the box when it differs from what was typed last. */
  declare query: string;
  onType: (query: string) => void = () => {};
  onCommit: (query: string) => void = () => {};
  onLeave: () => void = () => {};
  onDown: () => void = () => {};
  /** What an unfinished operator may become; null when nobody waits for it any more. */
  onSuggest: (text: string) => Promise<readonly Suggestion[] | null> = async () => null;

  /** What is offered while the box is empty. */
  onRest: () => readonly Suggestion[] = () => [];
  /** Forgets what was searched for lately. */
  onForget: () => void = () => {};

  #timer: ReturnType<typeof setTimeout> | undefined;
  #typed: string | null = null;
  #suggestions: readonly Suggestion[] = [];
  /** The suggestion that the keys are on, or -1. */
  #active = -1;

  constructor() {
    super();
    this.query = '';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override focus(): void {
    this.#input?.focus();
    this.#input?.select();
  }

  protected override updated(changes: PropertyValues<this>): void {
    const input = this.#input;
    if (input === null || !changes.has('query') || this.query === this.#typed) return;
    this.#stop();
    this.#typed = this.query;
    if (input.value !== this.query) input.value = this.query;
    this.#suggest([]);
  }

  protected override render(): unknown {
    const empty = (this.#input?.value ?? this.query) === '';
    return html`<form role="search" class="search-box" @submit=${this.#submit}>
      ${ICONS.search}
      <label class="hidden" for="search">${STRINGS.search}</label>
      <input
        id="search"
        name="q"
        type="search"
        dir="auto"
        placeholder=${STRINGS.searchHint}
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        enterkeyhint="search"
        role="combobox"
        aria-autocomplete="list"
        aria-controls="suggestions"
        aria-expanded=${this.#suggestions.length > 0 ? 'true' : 'false'}
        aria-activedescendant=${this.#active < 0 ? nothing : suggestionId(this.#active)}
        @input=${this.#changed}
        @keydown=${this.#key}
        @focus=${this.#rest}
        @click=${this.#rest}
        @blur=${() => this.#suggest([])}
      />
      ${empty
        ? html`<kbd aria-hidden="true">/</kbd>`
        : html`<button type="button" class="quiet" aria-label=${STRINGS.clear} @click=${this.#clear}>${ICONS.clear}</button>`}
      ${renderSuggestions(this.#suggestions, this.#active, (suggestion) => this.#take(suggestion))}
    </form>`;
  }

  get #input(): HTMLInputElement | null {
    return this.querySelector('input');
  }

  #changed(): void {
    this.#stop();
    this.requestUpdate();
    this.#timer = setTimeout(() => this.#type(), DEBOUNCE_MS);
    void this.#askSuggestions();
  }

  async #askSuggestions(): Promise<void> {
    const text = this.#input?.value ?? '';
    const found = text === '' ? this.onRest() : isOperator(text) ? await this.onSuggest(text) : [];
    if (found === null || text !== this.#input?.value || document.activeElement !== this.#input) return;
    // What stands there already is no way to go on, and would only take the arrow keys.
    this.#suggest(found.filter(({ query, kind }) => kind === 'forget' || query.trim() !== text.trim()));
  }

  readonly #rest = (): void => {
    if (this.#input?.value === '' && this.#suggestions.length === 0) this.#suggest(this.onRest());
  };

  #suggest(suggestions: readonly Suggestion[]): void {
    this.#suggestions = suggestions;
    this.#active = -1;
    this.requestUpdate();
  }

  /** Puts a suggestion into the box; an operator waits for its value, a whole search for nothing. */
  #take({ kind, query }: Suggestion): void {
    const input = this.#input;
    if (input === null) return;
    if (kind === 'forget') {
      this.onForget();
      return this.#suggest(this.onRest());
    }
    if (kind === 'search') {
      input.value = query;
      this.#suggest([]);
      return this.#search();
    }
    input.value = query.endsWith(':') ? query : `${query} `;
    input.focus();
    this.#suggest([]);
    this.#changed();
  }

  /** Searches for what is in the box, as it may be unfinished. */
  #type(): void {
    this.#stop();
    const query = this.#input?.value ?? '';
    if (query === this.#typed) return;
    this.#typed = query;
    this.onType(query);
  }

  #submit(event: Event): void {
    event.preventDefault();
    const chosen = this.#suggestions[this.#active];
    if (chosen !== undefined) return this.#take(chosen);
    this.#search();
  }

  #search(): void {
    this.#commit(this.#input?.value ?? '');
    // The search is done: keys move among the results, and a phone's keyboard makes room for them.
    this.#input?.blur();
    this.onLeave();
  }

  #clear(): void {
    const input = this.#input;
    if (input === null) return;
    input.value = '';
    this.#commit('');
    input.focus();
    this.#rest();
    this.requestUpdate();
  }

  #commit(query: string): void {
    this.#stop();
    this.#typed = query;
    this.onCommit(query);
  }

  #key(event: KeyboardEvent): void {
    if (this.#suggestionKey(event)) return;
    if (event.key !== 'Escape' && event.key !== 'ArrowDown') return;
    // Where an input method is composing, the keys are its own.
    if (event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.#type();
    this.#input?.blur();
    if (event.key === 'ArrowDown') this.onDown();
    else this.onLeave();
  }

  /** Moves among the suggestions while they are open; says whether the key was theirs. */
  #suggestionKey(event: KeyboardEvent): boolean {
    const n = this.#suggestions.length;
    if (n === 0 || event.isComposing) return false;
    if (event.key === 'Escape') this.#suggest([]);
    else if (event.key === 'ArrowDown') this.#active = (this.#active + 1) % n;
    else if (event.key === 'ArrowUp') this.#active = this.#active <= 0 ? n - 1 : this.#active - 1;
    else return false;
    event.preventDefault();
    event.stopPropagation();
    this.requestUpdate();
    return true;
  }

  #stop(): void {
    clearTimeout(this.#timer);
  }
}

customElements.define('mx-search-box', SearchBox);
