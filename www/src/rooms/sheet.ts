/** The sheet of keys and operators: a chunk of its own, loaded when it is first wanted. */
import { html, ICONS, LitElement, STRINGS } from '../page/kit.ts';
import style from './sheet.css';
import { KEYS, OPERATORS } from './sheet-words.ts';

export class HelpSheet extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  get isOpen(): boolean {
    return this.#dialog?.open ?? false;
  }

  /** Shows or hides it, once it has been drawn. */
  async toggle(): Promise<void> {
    await this.updateComplete;
    const dialog = this.#dialog;
    if (dialog?.open === true) dialog.close();
    else dialog?.showModal();
  }

  protected override render(): unknown {
    return html`<dialog class="sheet" aria-labelledby="sheet-title" @click=${this.#backdrop}>
      <div class="sheet-inner">
        <h2 id="sheet-title">${STRINGS.help}</h2>
        <button type="button" class="quiet" aria-label=${STRINGS.close} @click=${() => this.#dialog?.close()}>${ICONS.clear}</button>
        <dl class="keys">
          ${KEYS.map(([keys, what]) => html`<div><dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${what}</dd></div>`)}
        </dl>
        <div class="operators">
          ${OPERATORS.map(
            ({ title, rows }) => html`<section>
              <h3>${title}</h3>
              <dl>
                ${rows.map(([example, what]) => html`<dt><code>${example}</code></dt><dd>${what}</dd>`)}
              </dl>
            </section>`,
          )}
        </div>
      </div>
    </dialog>`;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.querySelector('dialog');
  }

  #backdrop(event: Event): void {
    if (event.target === this.#dialog) this.#dialog?.close();
  }
}

const sheet = document.createElement('style');
sheet.textContent = style;
document.head.append(sheet);
customElements.define('mx-help-sheet', HelpSheet);

declare global {
  interface HTMLElementTagNameMap {
    'mx-help-sheet': HelpSheet;
  }
}
