/** What the reader has starred or written a note on, in this browser: a list, a file to save, and the way back in. */
import { formatDay, formatFragment, html, ICONS, isoMoment, nothing, readKept, renderNotice, renderShown, STRINGS, type Kept, type TemplateResult } from '../page/kit.ts';
import { Room } from './room.ts';
import { save } from './save.ts';
import { tookIn, WORDS } from './words.ts';

/** What the file says it is. */
const FORMAT = 'maildex-notes';
const LARGEST_FILE = 16 << 20;

export class Starred extends Room {
  #said = '';

  protected override render(): unknown {
    const { all } = this.setting.keeper;
    return html`<div class="room-head">
        <h2>${WORDS.starredTitle}</h2>
        <p class="faint">${WORDS.starredHint}</p>
      </div>
      <p class="batch-actions">
        ${all.length === 0 ? nothing : html`<button type="button" @click=${() => save('maildex-notes.json', 'application/json', [write(all)])}>${WORDS.saveNotes}</button>`}
        <label class="file-button">${WORDS.takeInNotes}<input type="file" accept=".json,application/json" @change=${this.#chosen} /></label>
        <span class="faint" role="status">${this.#said}</span>
      </p>
      ${all.length === 0 ? renderNotice(ICONS.star, WORDS.noStars, WORDS.noStarsHint) : html`<ul class="kept">${all.map((kept) => this.#kept(kept))}</ul>`}`;
  }

  #kept(kept: Kept): TemplateResult {
    const { view, keeper } = this.setting;
    const href = formatFragment({ ...view, room: 'search', query: '', key: kept.key });
    return html`<li>
      <button type="button" class="quiet star" aria-pressed=${kept.star ? 'true' : 'false'} aria-label=${STRINGS.star} @click=${() => keeper.toggleStar(kept)}>${ICONS.star}</button>
      <a href=${href}>
        <span class="row-from" dir="auto">${kept.from.trim() === '' ? STRINGS.noSender : renderShown(kept.from)}</span>
        <span class="row-subject" dir="auto">${kept.subject.trim() === '' ? STRINGS.noSubject : renderShown(kept.subject)}</span>
      </a>
      <time class="day" datetime=${isoMoment(kept.date)}>${formatDay(kept.date)}</time>
      ${kept.note === '' ? nothing : html`<p class="kept-note" dir="auto">${kept.note.split('\n').map((line) => html`${renderShown(line)}<br />`)}</p>`}
    </li>`;
  }

  readonly #chosen = (event: Event): void => {
    const input = event.target;
    const file = input instanceof HTMLInputElement ? input.files?.[0] : undefined;
    if (file === undefined || !(input instanceof HTMLInputElement)) return;
    void this.#takeIn(file).then(() => {
      input.value = '';
      this.requestUpdate();
    });
  };

  async #takeIn(file: File): Promise<void> {
    const entries = file.size > LARGEST_FILE ? null : read(await file.text());
    this.#said = entries === null ? WORDS.noNotesFile : tookIn(this.setting.keeper.take(entries));
  }
}

function write(all: readonly Kept[]): string {
  return `${JSON.stringify({ format: FORMAT, version: 1, messages: all }, null, 1)}\n`;
}

/** The messages of a file that `write` made; null for any other file. */
export function read(text: string): readonly Kept[] | null {
  try {
    const root: unknown = JSON.parse(text);
    if (typeof root !== 'object' || root === null) return null;
    const { format, messages } = root as Record<string, unknown>;
    return format === FORMAT && Array.isArray(messages) ? readKept(messages) : null;
  } catch {
    return null;
  }
}

customElements.define('mx-starred', Starred);
