/** What the archive is, where it comes from, what of it could not be read, and the sums of what it was made of. */
import type { Problem } from '../shared/problem.ts';
import { coverage, formatNumber, formatSize, html, messages, nothing, ProblemError, renderShown, type TemplateResult } from '../page/kit.ts';
import { linkOf, parseAbout, type About as File, type Input, type Oddity } from './about-file.ts';
import { Answer } from './answer.ts';
import { Room } from './room.ts';
import { builtBy, conversationsIn, copiesMerged, keptDamaged, listing, ofFiles, WORDS } from './words.ts';

export class About extends Room {
  readonly #about = new Answer<File | 'absent'>(this);

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#about.stop();
  }

  protected override render(): unknown {
    const { title, info, file } = this.setting;
    this.#about.follow('', async () => await read(file));
    return html`<div class="room-head">
        <h2 dir="auto">${renderShown(title)}</h2>
        ${info === null ? nothing : html`<p class="faint">${coverage(info)}</p>`}
      </div>
      ${this.show(this.#about, (about) => (about === 'absent' ? html`<p class="prose">${WORDS.tellsNothing}</p>` : this.#told(about)))}`;
  }

  #told(about: File): TemplateResult {
    const facts: readonly (readonly [string, unknown])[] = [
      [WORDS.source, linked(about.source)],
      [WORDS.licence, linked(about.licence)],
      [WORDS.contact, linked(about.contact)],
      [WORDS.holds, [conversationsIn(about.threads), about.copies > 0 ? copiesMerged(about.copies) : '', about.damaged > 0 ? keptDamaged(about.damaged) : ''].filter((part) => part !== '').join(', ')],
      [WORDS.made, builtBy(about.version)],
    ];
    const unread = about.inputs.flatMap(({ notRead }) => notRead);
    return html`${about.description
        .split(/\n\s*\n/)
        .filter((part) => part.trim() !== '')
        .map((part) => html`<p class="prose" dir="auto">${renderShown(part.trim())}</p>`)}
      <dl class="facts">
        ${facts.map(([what, value]) => (value === '' || value === nothing ? nothing : html`<div><dt>${what}</dt><dd>${value}</dd></div>`))}
      </dl>
      <section class="chapter">
        <h3>${WORDS.notRead}</h3>
        ${unread.length === 0 ? html`<p class="room-note">${WORDS.allRead}</p>` : html`<p class="room-note">${WORDS.notReadHint}</p>${oddities(unread)}`}
      </section>
      ${about.damages.length === 0
        ? nothing
        : html`<section class="chapter">
            <h3>${WORDS.damaged}</h3>
            <p class="room-note">${WORDS.damagedHint}</p>
            ${oddities(about.damages)}
          </section>`}
      ${about.remarks.length === 0 ? nothing : html`<section class="chapter"><h3>${WORDS.remarks}</h3>${oddities(about.remarks)}</section>`}
      <section class="chapter">
        <h3>${WORDS.inputs}</h3>
        <p class="room-note">${WORDS.inputsHint}</p>
        <ul class="inputs">
          ${about.inputs.map(input)}
        </ul>
      </section>`;
  }
}

async function read(file: (name: string) => Promise<ArrayBuffer>): Promise<{ value: File | 'absent' } | { problem: Problem }> {
  try {
    return { value: parseAbout(new TextDecoder().decode(await file('about.json'))) };
  } catch (error) {
    if (!(error instanceof ProblemError)) return { problem: { kind: 'page', detail: `about.json: ${String(error)}` } };
    const { problem } = error;
    // A site of an earlier build has none.
    const isAbsent = problem.kind === 'absent' || (problem.kind === 'refused' && problem.status === 404);
    return isAbsent ? { value: 'absent' } : { problem };
  }
}

function linked(text: string): unknown {
  const href = linkOf(text);
  if (text.trim() === '') return '';
  return href === null ? html`<span dir="auto">${renderShown(text)}</span>` : html`<a href=${href} rel="noreferrer" target=${href.startsWith('mailto:') ? nothing : '_blank'}>${renderShown(text)}</a>`;
}

function oddities(rows: readonly Oddity[]): TemplateResult {
  return html`<table class="oddities">
    <thead class="hidden">
      <tr><th scope="col">${WORDS.howMany}</th><th scope="col">${WORDS.reason}</th></tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ reason, n, example, detail }) =>
          html`<tr>
            <td class="sum">${formatNumber(n)}</td>
            <td>
              ${renderShown(reason)}
              ${example === '' ? nothing : html`<span class="example">${WORDS.example} <bdi>${renderShown(example)}</bdi>${detail === '' ? nothing : html` (<bdi>${renderShown(detail)}</bdi>)`}</span>`}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function input({ source, kind, found, copies, files, bytes, sha256, listed }: Input): TemplateResult {
  const what = [kind, files > 1 ? ofFiles(files) : '', formatSize(bytes), messages(found), copies > 0 ? copiesMerged(copies) : ''];
  return html`<li>
    <p><strong dir="auto">${renderShown(source)}</strong> <span class="faint">${renderShown(what.filter((part) => part !== '').join(', '))}</span></p>
    ${sha256 === '' ? html`<p class="room-note">${WORDS.noSum}</p>` : html`<p class="hash"><span class="faint">${listed === null ? 'SHA-256' : listing(listed)}</span> <code>${sha256}</code></p>`}
  </li>`;
}

customElements.define('mx-about', About);
