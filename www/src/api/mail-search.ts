/**
 * `<mail-search src="https://example.org/list/">`: a search box with results, inside another page.
 *
 * Styled from outside by its parts (`input`, `status`, `results`, `result`, `subject`, `meta`, `snippet`, `problem`)
 * and by the variables `--mail-search-accent` and `--mail-search-mark`. A result leads to the archive's own page, because
 * only there its policy holds hostile HTML.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { formatDay } from '../page/format.ts';
import { renderPieces } from '../page/texts.ts';
import { countLine, problemText, STRINGS } from '../page/strings.ts';
import type { Line, Piece, SearchReply } from '../shared/engine.ts';
import { openArchive, ProblemError, type MailArchive, type Problem } from './maildex.ts';

const PAUSE_MS = 150;

export class MailSearch extends LitElement {
  static override properties = { src: {}, query: {}, limit: { type: Number }, placeholder: {} };
  static override styles = css`
    :host { display: block; font: inherit; }
    input { box-sizing: border-box; width: 100%; padding: 0.5em 0.75em; font: inherit; border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: 0.5em; background: transparent; color: inherit; }
    p { margin: 0.5em 0; font-size: 0.85em; opacity: 0.8; }
    ol { margin: 0; padding: 0; list-style: none; }
    li { padding: 0.6em 0; border-top: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
    a { color: var(--mail-search-accent, inherit); font-weight: 600; }
    small { opacity: 0.75; }
    mark { background: var(--mail-search-mark, #ffe9a3); color: #3a2c00; border-radius: 2px; }
    div { overflow-wrap: anywhere; }
  `;

  /** The address of the archive's site. */
  declare src: string;
  declare query: string;
  declare limit: number;
  declare placeholder: string;

  #archive: Promise<MailArchive> | null = null;
  #opened = '';
  #run = new AbortController();
  #pause: ReturnType<typeof setTimeout> | undefined;
  #found: SearchReply | null = null;
  #snippets = new Map<string, readonly Piece[]>();
  #problem: Problem | null = null;
  #site = '';

  constructor() {
    super();
    this.src = '';
    this.query = '';
    this.limit = 10;
    this.placeholder = STRINGS.searchHint;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#run.abort();
    this.#close();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('query') && this.query !== '') void this.#search();
  }

  protected override render(): TemplateResult {
    return html`<input
        part="input"
        type="search"
        aria-label=${STRINGS.search}
        placeholder=${this.placeholder}
        .value=${this.query}
        @focus=${() => void this.#open().catch(() => {})}
        @input=${(event: Event) => this.#typed(event)}
      />
      <p part="status" role="status">${this.#status()}</p>
      ${this.#problem === null ? nothing : renderProblem(this.#problem)}
      <ol part="results">${this.#found?.lines.map((line) => this.#renderLine(line)) ?? nothing}</ol>`;
  }

  #status(): string {
    if (this.#found === null) return this.query === '' || this.#problem !== null ? '' : STRINGS.searching;
    return countLine(this.#found.total, this.#found.atLeast);
  }

  #renderLine(line: Line): TemplateResult {
    const snippet = this.#snippets.get(line.key);
    return html`<li part="result">
      <a part="subject" href="${this.#site}#${new URLSearchParams({ q: this.query, m: line.key })}"><bdi>${renderPieces(line.subject)}</bdi></a>
      <div part="meta"><small><bdi>${renderPieces(line.from)}</bdi> · ${formatDay(line.date)}</small></div>
      <div part="snippet">${snippet === undefined ? line.preview : renderPieces(snippet)}</div>
    </li>`;
  }

  #typed(event: Event): void {
    const query = event.target instanceof HTMLInputElement ? event.target.value : '';
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.query = query;
      if (query === '') this.#show(null, null);
    }, PAUSE_MS);
  }

  /** The last query wins. */
  async #search(): Promise<void> {
    this.#run.abort();
    this.#run = new AbortController();
    const { signal } = this.#run;
    const { query, limit } = this;
    try {
      const archive = await this.#open();
      this.#site = archive.url;
      const found = await archive.search(query, { limit, signal });
      this.#snippets.clear();
      this.#show(found, null);
      const { snippets } = await archive.snippets(query, found.lines.map((line) => line.key), { signal });
      for (const { key, pieces } of snippets) this.#snippets.set(key, pieces);
      const total = found.total ?? (await archive.total(query, { signal }));
      this.#show({ ...found, total }, null);
    } catch (error) {
      if (!signal.aborted) this.#show(null, error instanceof ProblemError ? error.problem : { kind: 'engine', detail: String(error) });
    }
  }

  #show(found: SearchReply | null, problem: Problem | null): void {
    this.#found = found;
    this.#problem = problem;
    this.requestUpdate();
  }

  /** Nothing is loaded before someone wants to search. */
  #open(): Promise<MailArchive> {
    if (this.#archive !== null && this.#opened === this.src) return this.#archive;
    this.#close();
    this.#opened = this.src;
    this.#archive = openArchive(this.src);
    // Opening is tried anew with the next query.
    this.#archive.catch(() => (this.#archive = null));
    return this.#archive;
  }

  #close(): void {
    void this.#archive?.then((archive) => archive.close(), () => {});
    this.#archive = null;
  }
}

function renderProblem(problem: Problem): TemplateResult {
  const { title, detail } = problemText(problem);
  return html`<div part="problem" role="alert"><strong>${title}</strong> ${detail}</div>`;
}

customElements.define('mail-search', MailSearch);
