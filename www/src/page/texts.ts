/** Text of mails as templates: marks, visible control characters, names. Text nodes only, never HTML strings. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Person, Piece } from '../shared/engine.ts';
import { plainDomain, showControls } from './controls.ts';
import { STRINGS } from './strings.ts';

export type Rendered = TemplateResult | typeof nothing | string;

/** One line of mail text, its marks kept, its control characters shown. */
export function renderPieces(pieces: readonly Piece[]): Rendered[] {
  return pieces.map((piece) => {
    const text = renderShown(piece.text);
    if (!piece.mark) return html`${text}`;
    return piece.other === true ? html`<mark class="other" title=${STRINGS.otherForm}>${text}</mark>` : html`<mark>${text}</mark>`;
  });
}

/** Text of a mail with its control characters shown. */
export function renderShown(text: string): Rendered[] {
  return showControls(text).map((stretch) =>
    stretch.control === null ? stretch.text : html`<span class="control" title=${STRINGS.bidi}>${stretch.control}</span>`,
  );
}

/** `Name <address>`; the name alone could say anything. */
export function renderPerson(person: Person): Rendered {
  const domain = plainDomain(person.address);
  const address = html`<span class="address">${renderShown(person.address)}${domain === null ? nothing : html` <span class="control">${domain}</span>`}</span>`;
  if (person.name.trim() === '') return html`<bdi class="person">${address}</bdi>`;
  return html`<bdi class="person"><span class="name">${renderShown(person.name)}</span></bdi> <bdi>${address}</bdi>`;
}

/** What a person is called in a list of people. */
export function renderShortPerson(person: Person): Rendered {
  const name = person.name.trim() === '' ? person.address : person.name;
  return html`<bdi title=${person.address}>${renderShown(name)}</bdi>`;
}
