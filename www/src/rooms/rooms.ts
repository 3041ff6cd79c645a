/** The rooms beside the search: a chunk of its own, loaded with the first of them. */
import { html, LitElement, nothing, type View } from '../page/kit.ts';
import type { ArchiveInfo } from '../shared/engine.ts';
import type { Keeper } from '../page/kept.ts';
import type { Asker } from '../page/searching.ts';
import './about.ts';
import './batch.ts';
import './browse.ts';
import './file.ts';
import './missing.ts';
import './people.ts';
import people from './people.css';
import style from './rooms.css';
import './starred.ts';
import './take.ts';
import taking from './taking.css';
import type { Setting } from './room.ts';

/** Shows the room that the view names. */
export class RoomElement extends LitElement {
  static override properties = { view: { attribute: false }, archive: { attribute: false }, info: { attribute: false }, asker: { attribute: false }, kept: { attribute: false }, file: { attribute: false } };

  declare view: View;
  /** The archive's title. */
  declare archive: string;
  declare info: ArchiveInfo | null;
  declare asker: Asker;
  declare kept: { readonly keeper: Keeper; readonly picked: readonly string[] };
  declare file: (name: string) => Promise<ArrayBuffer>;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): unknown {
    const { view, archive: title, info, asker, kept, file } = this;
    const setting: Setting = { view, title, info, asker, ...kept, file };
    switch (view.room) {
      case 'browse':
        return html`<mx-browse .setting=${setting}></mx-browse>`;
      case 'batch':
        return html`<mx-batch .setting=${setting}></mx-batch>`;
      case 'starred':
        return html`<mx-starred .setting=${setting}></mx-starred>`;
      case 'take':
        return html`<mx-take .setting=${setting}></mx-take>`;
      case 'people':
        return html`<mx-people .setting=${setting}></mx-people>`;
      case 'about':
        return html`<mx-about .setting=${setting}></mx-about>`;
      case 'missing':
        return html`<mx-missing .setting=${setting}></mx-missing>`;
      case 'search':
        return nothing;
    }
  }
}

const sheet = document.createElement('style');
sheet.textContent = style + people + taking;
document.head.append(sheet);
customElements.define('mx-room', RoomElement);
