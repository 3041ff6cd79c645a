/**
 * The attachments below a message, and its source. What can be opened opens in its place; how (`rooms/file`) is code that
 * is loaded with the first of them.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { Attachment } from '../shared/engine.ts';
import { formatSize } from './format.ts';
import { ICONS } from './icons.ts';
import type { Asker } from './searching.ts';
import { STRINGS } from './strings.ts';
import { renderShown } from './texts.ts';

/** What opens and closes the files of one message: the attachment of a number, or -1 for its source. */
export interface Files {
  readonly key: string;
  readonly asker: Asker;
  /** Loads what opens them. */
  load(): void;
  readonly open: ReadonlySet<number>;
  toggle(number: number): void;
}

export function renderAttachments(attachments: readonly Attachment[], files: Files | null): unknown {
  const numbered = attachments.map((part, number) => ({ part, number }));
  // As `has:attachment` has it: what the text shows by itself is no attachment.
  const group = (title: string, inline: boolean): unknown =>
    renderParts(title, numbered.filter(({ part }) => part.inline === inline), files);
  return html`${group(STRINGS.attachments, false)}${group(STRINGS.inline, true)}`;
}

function renderParts(title: string, parts: readonly { part: Attachment; number: number }[], files: Files | null): unknown {
  if (parts.length === 0) return nothing;
  return html`<section class="attachments" aria-label=${title}>
    <p class="label">${title}</p>
    <ul>
      ${parts.map(({ part, number }) => renderPart(part, number, files))}
    </ul>
  </section>`;
}

function renderPart(part: Attachment, number: number, files: Files | null): TemplateResult {
  const name = html`<bdi class="file">${part.name.trim() === '' ? STRINGS.noName : renderShown(part.name)}</bdi>`;
  return html`<li>
    ${part.inline || part.mime.startsWith('image/') ? ICONS.picture : ICONS.clip}
    ${part.kept && files !== null
      ? html`<button type="button" class="open-file" aria-expanded=${files.open.has(number) ? 'true' : 'false'} @click=${() => files.toggle(number)}>${name}</button>`
      : name}
    <span class="faint">${renderShown(details(part))}</span>
    ${renderFile(files, number, part.name)}
  </li>`;
}

/** Its type and size; of a file that a printed message names, neither is known. */
function details({ mime, size }: Attachment): string {
  return [mime, size === 0 ? '' : formatSize(size)].filter((part) => part !== '').join(', ');
}

/** An opened file; nothing while it is closed. */
export function renderFile(files: Files | null, number: number, name: string): unknown {
  if (files === null || !files.open.has(number)) return nothing;
  return html`<mx-file class="opened" .key=${files.key} .number=${number} .name=${name} .asker=${files.asker}></mx-file>`;
}
