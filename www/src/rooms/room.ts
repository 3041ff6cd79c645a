/** What every room is: an element that is told the view and whom to ask, and shows what waits or went wrong. */
import type { ArchiveInfo } from '../shared/engine.ts';
import type { Keeper } from '../page/kept.ts';
import type { Asker } from '../page/searching.ts';
import { formatFragment, HOME, html, LitElement, nothing, renderProblem, type TemplateResult, type View } from '../page/kit.ts';
import type { Answer } from './answer.ts';
import { WORDS } from './words.ts';

/** What a room has of the page. */
export interface Setting {
  readonly view: View;
  /** The archive's title. */
  readonly title: string;
  readonly info: ArchiveInfo | null;
  readonly asker: Asker;
  readonly keeper: Keeper;
  /** The messages that were picked among the results. */
  readonly picked: readonly string[];
  readonly file: (name: string) => Promise<ArrayBuffer>;
}

export abstract class Room extends LitElement {
  static override properties = { setting: { attribute: false } };

  declare setting: Setting;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** What there is of an answer, or in its place what waits or went wrong. */
  protected show<T>(answer: Answer<T>, render: (value: T) => unknown): unknown {
    if (answer.state.kind === 'failed') return renderProblem(answer.state.problem, () => answer.again());
    return answer.value === null ? skeleton() : render(answer.value);
  }

  /** The search that a link leads to, with the reader's own sort. */
  protected search(query: string, threads = false): string {
    const { sort, forms } = this.setting.view;
    return formatFragment({ ...HOME, query, threads, sort, forms });
  }

  /** What the room is narrowed to, and the way out of it. */
  protected narrowed(): TemplateResult | typeof nothing {
    const { view } = this.setting;
    if (view.query.trim() === '') return nothing;
    return html`<p class="room-query">
      ${WORDS.narrow} <code dir="auto">${view.query}</code>
      <a href=${formatFragment({ ...view, query: '' })}>${WORDS.wholeArchive}</a>
    </p>`;
  }
}

export function skeleton(): TemplateResult {
  return html`<div class="skeleton" aria-hidden="true">
    <span class="bar"></span><span class="bar"></span><span class="bar"></span><span class="bar"></span>
  </div>`;
}
