/**
 * Shows the HTML of a mail where it can do nothing.
 *
 * Three layers, each of which holds alone (a forged archive may hold HTML that was never sanitised): the build
 * sanitises; the frame is sandboxed without scripts and without the page's origin; and the page's CSP, which a
 * `srcdoc` frame inherits, allows no address but `data:` and `blob:` for images. The CSP inside the frame is a
 * fourth, weaker one: Firefox lets `srcset` through it.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { blockedRemote, STRINGS } from './strings.ts';

const FRAME_CSP =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; form-action 'none'; base-uri 'none'";

/** The sender's layout expects paper: light, whatever the page's colours are. */
const FRAME_STYLE =
  'html{color-scheme:light;background:#fff;color:#1c2024}body{margin:16px;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}img{max-width:100%;height:auto}';

export function renderHtmlFrame(mail: string | null): TemplateResult {
  if (mail === null || mail.trim() === '') return html`<p class="faint">${STRINGS.htmlEmpty}</p>`;
  const blocked = countRemote(mail);
  return html`${blocked === 0 ? nothing : html`<p class="blocked">${blockedRemote(blocked)}</p>`}
    <iframe
      class="html-frame"
      title=${STRINGS.htmlFrame}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      referrerpolicy="no-referrer"
      .srcdoc=${frameDocument(mail)}
    ></iframe>`;
}

function frameDocument(mail: string): string {
  return [
    '<!doctype html><html><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${FRAME_CSP}">`,
    '<meta name="referrer" content="no-referrer"><base target="_blank">',
    `<style>${FRAME_STYLE}</style></head><body>`,
    mail,
  ].join('');
}

/** Parts that the mail would have fetched. A parsed document without a window loads and runs nothing. */
export function countRemote(mail: string): number {
  const inert = new DOMParser().parseFromString(mail, 'text/html');
  let parts = 0;
  for (const element of inert.querySelectorAll('*')) {
    const names = element.getAttributeNames();
    if (names.some((name) => isRemote(element, name))) parts += 1;
  }
  return parts;
}

const LOADING = new Set(['src', 'srcset', 'background', 'poster', 'data', 'xlink:href', 'data-blocked', 'data-remote']);

function isRemote(element: Element, name: string): boolean {
  const value = element.getAttribute(name) ?? '';
  if (name === 'style') return /url\s*\(\s*['"]?\s*(https?:)?\/\//i.test(value);
  if (name === 'href') return element.localName === 'link';
  return LOADING.has(name) && /^\s*(https?:)?\/\//i.test(value);
}
