/** An attachment or the source of a message, opened: shown if that is safe, and to be saved. */
import { html, LitElement, nothing, renderProblem } from '../page/kit.ts';
import type { Files } from '../page/attachments.ts';
import type { Asker } from '../page/searching.ts';
import type { Attachment } from '../shared/engine.ts';
import type { Problem } from '../shared/problem.ts';
import { dataUrl, safeName, show, type Shown } from './files.ts';
import { save } from './save.ts';
import { WORDS } from './words.ts';

type Opened =
  | { readonly kind: 'loading' }
  | { readonly kind: 'here'; readonly bytes: ArrayBuffer; readonly shown: Shown }
  | { readonly kind: 'failed'; readonly problem: Problem };

export class FileElement extends LitElement {
  static override properties = { key: { attribute: false }, number: { attribute: false }, name: { attribute: false }, asker: { attribute: false }, opened: { state: true } };

  declare key: string;
  /** Of the attachment, from 0 on; below 0 it is the source. */
  declare number: number;
  declare name: string;
  declare asker: Asker;
  declare opened: Opened;
  readonly #run = new AbortController();

  constructor() {
    super();
    this.opened = { kind: 'loading' };
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#run.abort();
    if (this.opened.kind === 'here' && this.opened.shown.kind === 'picture') URL.revokeObjectURL(this.opened.shown.url);
  }

  async #load(): Promise<void> {
    const { key, number } = this;
    this.opened = { kind: 'loading' };
    const outcome = await this.asker.ask('file', { key, number }, this.#run.signal);
    if (this.#run.signal.aborted || outcome.kind === 'cancelled') return;
    if (outcome.kind === 'failed') this.opened = outcome;
    else if (outcome.value.bytes === null) this.opened = { kind: 'failed', problem: { kind: 'absent', file: this.name } };
    else this.opened = { kind: 'here', bytes: outcome.value.bytes, shown: show(outcome.value.bytes, number < 0) };
  }

  protected override render(): unknown {
    const { opened } = this;
    if (opened.kind === 'loading') return html`<p class="faint">${WORDS.loading}</p>`;
    if (opened.kind === 'failed') return renderProblem(opened.problem, () => void this.#load());
    const { shown, bytes } = opened;
    const remark = shown.kind === 'other' ? WORDS.notShown : shown.kind === 'text' && shown.isCut ? WORDS.cutText : '';
    return html`<p><button type="button" @click=${() => this.#save(bytes)}>${WORDS.saveFile}</button> <span class="faint">${remark}</span></p>
      ${shown.kind === 'picture' ? html`<img class="preview" src=${shown.url} alt=${this.name} />` : nothing}
      ${shown.kind === 'text' ? html`<pre class="preview" tabindex="0" dir="auto">${shown.text}</pre>` : nothing}`;
  }

  /** It has no type of its own on the disk, so that no browser opens it instead. */
  #save(bytes: ArrayBuffer): void {
    save(this.number < 0 ? `${this.key}.eml` : safeName(this.name, this.number + 1), 'application/octet-stream', [bytes]);
  }
}

/** Bytes of all the pictures of one message that its HTML shows. */
const MOST_PICTURES = 20_000_000;

/** Puts the pictures that a message brings along into the frame before it, which shows the message's HTML. */
export class PicturesElement extends LitElement {
  static override properties = { mail: { attribute: false }, attachments: { attribute: false }, files: { attribute: false }, layOut: { attribute: false } };

  declare mail: string;
  declare attachments: readonly Attachment[];
  declare files: Files;
  /** Makes a document for the frame of the mail's HTML. */
  declare layOut: (mail: string) => string;
  readonly #run = new AbortController();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#run.abort();
  }

  protected override firstUpdated(): void {
    void this.#load();
  }

  async #load(): Promise<void> {
    const { key, asker } = this.files;
    const pictures = new Map<string, string>();
    let bytes = 0;
    for (const [number, part] of this.attachments.entries()) {
      if (!part.kept || part.contentId === '' || bytes + part.size > MOST_PICTURES) continue;
      bytes += part.size;
      const outcome = await asker.ask('file', { key, number }, this.#run.signal);
      // A picture that cannot be had leaves its place empty, as one from elsewhere does.
      const url = outcome.kind === 'done' && outcome.value.bytes !== null ? dataUrl(outcome.value.bytes) : null;
      if (url !== null) pictures.set(unescaped(part.contentId), url);
    }
    const frame = this.previousElementSibling;
    if (this.#run.signal.aborted || pictures.size === 0 || !(frame instanceof HTMLIFrameElement)) return;
    frame.srcdoc = this.layOut(withPictures(this.mail, pictures));
  }
}

/**
 * Puts pictures in the place of what the HTML calls them. Only whole values of `src` as the build writes them are touched,
 * and an address holds letters, digits and signs that end no value: what was safe before stays so.
 */
function withPictures(mail: string, pictures: ReadonlyMap<string, string>): string {
  return mail.replace(/ src="cid:([^"<>&]{1,300})"/gi, (whole, id: string) => {
    const url = pictures.get(unescaped(id));
    return url === undefined ? whole : ` src="${url}"`;
  });
}

/** As the build compares them: in an address some characters are escaped. */
function unescaped(id: string): string {
  return id.trim().replaceAll('%40', '@').replaceAll('%24', '$').replaceAll('%20', ' ');
}

customElements.define('mx-file', FileElement);
customElements.define('mx-pictures', PicturesElement);
