/** Results as a file: a table, JSON, or a mailbox; all of a search, or what was picked of it. */
import { csvRow, csvTitles, exported, mboxEntry, reconstructed } from './export.ts';
import { Zip, ZipFull } from './zip.ts';
import type { Message, Piece, SnippetsReply } from '../shared/engine.ts';
import type { Problem } from '../shared/problem.ts';
import { formatFragment, formatNumber, html, messages, nothing, renderProblem, type TemplateResult } from '../page/kit.ts';
import { now } from './answer.ts';
import { mailName } from './files.ts';
import { allLines, each, Failed, originalOf, type Gathering } from './gather.ts';
import { Room } from './room.ts';
import { save } from './save.ts';
import { FORMATS, ofPicked, progress, rebuilt, WORDS, type TakeFormat } from './words.ts';

const SNIPPET_CHARS = 300;

export class Take extends Room {
  #format: TakeFormat = 'csv';
  #snippets = true;
  #whole = false;
  #run: AbortController | null = null;
  #done = 0;
  /** Messages that were put together, as the archive does not keep their originals. */
  #rebuilt = 0;
  #total: number | null = null;
  #counted = '';
  #problem: Problem | null = null;
  #said = '';

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override render(): unknown {
    const { view, picked } = this.setting;
    void this.#count();
    const isPicked = picked.length > 0 && !this.#whole;
    const n = isPicked ? picked.length : this.#total;
    return html`<div class="room-head">
        <h2>${WORDS.takeTitle}</h2>
        <p class="faint">${WORDS.takeHint}</p>
      </div>
      <p class="room-query">
        ${view.query.trim() === '' ? WORDS.takeAll : html`${WORDS.takeFound} <code dir="auto">${view.query}</code>`}${n === null ? nothing : html`: <strong>${isPicked ? ofPicked(n) : messages(n)}</strong>`}
        <a href=${formatFragment({ ...view, room: 'search' })}>${WORDS.backToResults}</a>
      </p>
      <form class="take" @submit=${this.#submit}>
        ${picked.length === 0
          ? nothing
          : html`<label class="option"><input type="checkbox" .checked=${!this.#whole} @change=${() => this.#set(() => (this.#whole = !this.#whole))} />${WORDS.onlyPicked}</label>`}
        <fieldset>
          <legend>${WORDS.format}</legend>
          ${(Object.keys(FORMATS) as TakeFormat[]).map((format) => this.#choice(format))}
        </fieldset>
        ${isMail(this.#format)
          ? html`<p class="room-note">${WORDS.mailHint}</p>`
          : html`<label class="option"
              ><input type="checkbox" .checked=${this.#snippets} @change=${() => this.#set(() => (this.#snippets = !this.#snippets))} />${WORDS.withSnippets}</label
            >`}
        <p class="batch-actions">
          <button type="submit" class="main-action" ?disabled=${this.#run !== null || n === 0}>${WORDS.takeRun}</button>
          ${this.#run === null ? nothing : this.#progress(n)}
          <span class="faint" role="status">${this.#said}</span>
        </p>
      </form>
      ${this.#problem === null ? nothing : renderProblem(this.#problem, () => void this.#take())}`;
  }

  #choice(format: TakeFormat): TemplateResult {
    const { name, hint } = FORMATS[format];
    return html`<label class="option">
      <input type="radio" name="format" .checked=${this.#format === format} @change=${() => this.#set(() => (this.#format = format))} />
      <span>${name} <span class="faint">${hint}</span></span>
    </label>`;
  }

  #progress(n: number | null): TemplateResult {
    return html`<progress aria-label=${WORDS.takeTitle} max=${n ?? 1} .value=${n === null ? 0 : this.#done}></progress>
      <span>${progress(this.#done, n)}</span>
      <button type="button" @click=${() => this.#set(() => this.#stop())}>${WORDS.stop}</button>`;
  }

  #set(change: () => void): void {
    change();
    this.#said = '';
    this.requestUpdate();
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    void this.#take();
  };

  #stop(): void {
    this.#run?.abort();
    this.#run = null;
  }

  /** How many a search finds, for the heading and the progress. */
  async #count(): Promise<void> {
    const { view, asker } = this.setting;
    const of = `${view.query} ${view.forms}`;
    if (of === this.#counted) return;
    this.#counted = of;
    this.#total = null;
    const ask = { query: view.query, sort: view.sort, forms: view.forms, typing: false, offset: 0, limit: 0, now: now() };
    const outcome = await asker.ask('total', ask, new AbortController().signal);
    if (this.#counted !== of) return;
    if (outcome.kind === 'done') this.#total = outcome.value.total;
    if (outcome.kind === 'failed') this.#problem = outcome.problem;
    this.requestUpdate();
  }

  async #take(): Promise<void> {
    const run = new AbortController();
    this.#run = run;
    this.#problem = null;
    this.#done = 0;
    this.#rebuilt = 0;
    this.#said = '';
    this.requestUpdate();
    try {
      const { parts, type } = await this.#gather(run.signal);
      if (run.signal.aborted) return;
      save(`maildex.${this.#format}`, type, parts);
      this.#said = `${formatNumber(this.#done)} ${WORDS.saved}${isMail(this.#format) && this.#rebuilt > 0 ? ` ${rebuilt(this.#rebuilt)}` : ''}`;
    } catch (error) {
      if (run.signal.aborted) return;
      if (error instanceof ZipFull) this.#problem = { kind: 'engine', detail: WORDS.zipFull };
      else if (error instanceof Failed) this.#problem = error.problem;
      else throw error;
    } finally {
      if (this.#run === run) this.#run = null;
      this.requestUpdate();
    }
  }

  async #gather(signal: AbortSignal): Promise<Gathered> {
    const { asker, view, picked } = this.setting;
    const gathering: Gathering = { asker, query: view.query, sort: view.sort, forms: view.forms, now: now(), signal };
    const page = location.href.replace(/#.*/, '');
    const keys = picked.length > 0 && !this.#whole ? picked : null;
    if (isMail(this.#format)) return await this.#mail(gathering, keys, this.#format);
    const parts: string[] = [];
    const told = (n: number): void => {
      this.#done += n;
      this.requestUpdate();
    };
    if (keys !== null) {
      await each(gathering, keys, (messages) => {
        parts.push(...messages.map(({ line }) => this.#row(exported(line, null, page))));
        told(messages.length);
      });
    } else {
      for await (const lines of allLines(gathering)) {
        const snippets = this.#snippets && view.query.trim() !== '' ? await snippetsOf(gathering, lines.map(({ key }) => key)) : new Map<string, readonly Piece[]>();
        for (const line of lines) parts.push(this.#row(exported(line, snippets.get(line.key) ?? null, page)));
        told(lines.length);
      }
    }
    if (this.#format === 'csv') return { parts: [csvTitles(), ...parts], type: 'text/csv;charset=utf-8' };
    const head = `{"query": ${JSON.stringify(view.query)}, "page": ${JSON.stringify(page)}, "hits": [\n`;
    return { parts: [head, parts.join(',\n'), '\n]}\n'], type: 'application/json' };
  }

  #row(row: ReturnType<typeof exported>): string {
    const told = this.#snippets ? row : { ...row, snippet: '' };
    return this.#format === 'csv' ? csvRow(told) : JSON.stringify(told);
  }

  /** Messages as they came where the archive keeps originals, else put together. */
  async #mail(gathering: Gathering, keys: readonly string[] | null, format: 'mbox' | 'zip'): Promise<Gathered> {
    const zip = new Zip();
    const parts: BlobPart[] = [];
    const one = (message: Message, original: Uint8Array<ArrayBuffer> | null): void => {
      if (original === null) this.#rebuilt++;
      if (format === 'mbox') parts.push(new Blob(mboxEntry(message, original)));
      else zip.add(mailName(message.line), message.line.date, [original ?? new TextEncoder().encode(reconstructed(message))]);
    };
    const take = async (messages: readonly Message[]): Promise<void> => {
      const originals = await Promise.all(messages.map((message) => originalOf(gathering, message)));
      messages.forEach((message, at) => one(message, originals[at] ?? null));
      this.#done += messages.length;
      this.requestUpdate();
    };
    if (keys !== null) await each(gathering, keys, take);
    else for await (const lines of allLines(gathering)) await each(gathering, lines.map(({ key }) => key), take);
    return format === 'mbox' ? { parts, type: 'application/mbox' } : { parts: zip.end(), type: 'application/zip' };
  }
}

interface Gathered {
  readonly parts: readonly BlobPart[];
  readonly type: string;
}

function isMail(format: TakeFormat): format is 'mbox' | 'zip' {
  return format === 'mbox' || format === 'zip';
}

async function snippetsOf({ asker, query, forms, now, signal }: Gathering, keys: readonly string[]): Promise<ReadonlyMap<string, readonly Piece[]>> {
  const outcome = await asker.ask('snippets', { query, forms, now, typing: false, keys, maxChars: SNIPPET_CHARS }, signal);
  if (outcome.kind === 'failed') throw new Failed(outcome.problem);
  const reply: SnippetsReply = outcome.kind === 'done' ? outcome.value : { snippets: [] };
  return new Map(reply.snippets.map(({ key, pieces }) => [key, pieces]));
}

customElements.define('mx-take', Take);
