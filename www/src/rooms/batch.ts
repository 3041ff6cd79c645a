/** Many searches at once: a list goes in, a table of how much each finds comes out. */
import type { BatchCounts, BatchReply } from '../shared/engine.ts';
import { batchCsv, batchQueries } from '../shared/csv.ts';
import type { Problem } from '../shared/problem.ts';
import { formatNumber, html, nothing, renderProblem, renderShown, type TemplateResult } from '../page/kit.ts';
import { now } from './answer.ts';
import { Room } from './room.ts';
import { save } from './save.ts';
import { batchSummary, countingQueries, WORDS } from './words.ts';

/** A file of queries is text; what is larger is something else. */
const LARGEST_FILE = 1 << 20;
const MOST_QUERIES = 2000;

/** What was asked last, so that a search which was looked at leads back to the table. */
let asked: { readonly queries: readonly string[]; readonly reply: BatchReply } | null = null;
let typed = '';

export class BatchRoom extends Room {
  #run: AbortController | null = null;
  #problem: Problem | null = null;
  #hint = '';

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#run?.abort();
    this.#run = null;
  }

  protected override render(): unknown {
    return html`<div class="room-head">
        <h2>${WORDS.batchTitle}</h2>
        <p class="faint">${WORDS.batchHint}</p>
      </div>
      <form class="batch" @submit=${this.#submit} @dragover=${(event: Event) => event.preventDefault()} @drop=${this.#drop}>
        <label class="hidden" for="batch">${WORDS.queries}</label>
        <textarea id="batch" rows="8" dir="auto" spellcheck="false" autocapitalize="off" placeholder=${WORDS.batchExample} .value=${typed} @input=${this.#typed}></textarea>
        <p class="batch-actions">
          <button type="submit" class="main-action" ?disabled=${this.#run !== null}>${WORDS.batchRun}</button>
          <label class="file-button">${WORDS.chooseFile}<input type="file" accept=".txt,.csv,text/plain,text/csv" @change=${this.#chosen} /></label>
          <span class="faint" role="status">${this.#run === null ? this.#hint : countingQueries(this.#queries.length)}</span>
          ${this.#run === null ? nothing : html`<button type="button" @click=${this.#stop}>${WORDS.stop}</button>`}
        </p>
      </form>
      ${this.#problem === null ? nothing : renderProblem(this.#problem, () => void this.#ask())}
      ${asked === null || this.#run !== null ? nothing : this.#table(asked.queries, asked.reply)}`;
  }

  get #queries(): string[] {
    return batchQueries(typed, false).slice(0, MOST_QUERIES);
  }

  #table(queries: readonly string[], reply: BatchReply): TemplateResult {
    const csv = (): void => save('maildex-batch.csv', 'text/csv;charset=utf-8', [batchCsv(queries, reply)]);
    // A single source is every hit once more.
    const sources = reply.sources.length > 1 ? reply.sources : [];
    return html`<div class="room-head batch-summary">
        <p>${batchSummary(queries.length, reply.total.hits)}</p>
        <button type="button" @click=${csv}>${WORDS.downloadCsv}</button>
      </div>
      <div class="wide-table" tabindex="0" role="region" aria-label=${WORDS.batchTitle}>
        <table>
          <thead>
            <tr>
              <th scope="col">${WORDS.query}</th>
              <th scope="col" class="n">${WORDS.hits}</th>
              <th scope="col" class="n" title=${WORDS.withThreadsHint}>${WORDS.withThreads}</th>
              <th scope="col" class="n" title=${WORDS.uniqueHint}>${WORDS.unique}</th>
              ${sources.map((source) => html`<th scope="col" class="n" title=${source}><bdi>${renderShown(source)}</bdi></th>`)}
            </tr>
          </thead>
          <tbody>
            ${reply.rows.map(
              (row, at) => html`<tr>
                <th scope="row">
                  <a href=${this.search(queries[at] ?? '')}><code dir="auto">${renderShown(queries[at] ?? '')}</code></a>
                  ${row.notes.map((note) => html`<span class="row-note">${renderShown(note)}</span>`)}
                </th>
                ${numbers(row.counts, sources.length)}
              </tr>`,
            )}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">${WORDS.together}</th>
              ${numbers(reply.total, sources.length)}
            </tr>
          </tfoot>
        </table>
      </div>`;
  }

  readonly #typed = (event: Event): void => {
    typed = event.target instanceof HTMLTextAreaElement ? event.target.value : '';
    this.#hint = '';
    this.requestUpdate();
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    void this.#ask();
  };

  readonly #stop = (): void => {
    this.#run?.abort();
    this.#run = null;
    this.requestUpdate();
  };

  readonly #drop = (event: DragEvent): void => {
    const file = event.dataTransfer?.files[0];
    if (file === undefined) return;
    event.preventDefault();
    void this.#read(file);
  };

  readonly #chosen = (event: Event): void => {
    const file = event.target instanceof HTMLInputElement ? event.target.files?.[0] : undefined;
    if (file !== undefined) void this.#read(file);
  };

  async #read(file: File): Promise<void> {
    const bytes = file.size > LARGEST_FILE ? null : await file.arrayBuffer();
    const text = bytes === null ? null : decode(bytes);
    if (text === null) {
      this.#hint = WORDS.noTextFile;
    } else {
      typed = batchQueries(text, /\.csv$/i.test(file.name) || file.type === 'text/csv').join('\n');
      this.#hint = '';
      void this.#ask();
    }
    this.requestUpdate();
  }

  async #ask(): Promise<void> {
    const queries = this.#queries;
    this.#problem = null;
    this.#hint = queries.length === 0 ? WORDS.noQueries : '';
    this.requestUpdate();
    if (queries.length === 0) return;
    const run = new AbortController();
    this.#run?.abort();
    this.#run = run;
    const outcome = await this.setting.asker.ask('batch', { queries, now: now() }, run.signal);
    if (run.signal.aborted) return;
    this.#run = null;
    if (outcome.kind === 'failed') this.#problem = outcome.problem;
    if (outcome.kind === 'done') asked = { queries, reply: outcome.value };
    this.requestUpdate();
  }
}

function numbers(counts: BatchCounts | null, sources: number): TemplateResult[] {
  const all = counts === null ? [] : [counts.hits, counts.withThreads, counts.unique, ...counts.bySource.slice(0, sources)];
  return Array.from({ length: 3 + sources }, (_, at) => {
    const n = all[at];
    return html`<td class="n" ?data-zero=${n === 0}>${n === undefined ? '–' : formatNumber(n)}</td>`;
  });
}

/** Text in UTF-8; null for anything else. */
function decode(bytes: ArrayBuffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

customElements.define('mx-batch', BatchRoom);
