/**
 * Shows the HTML of a mail where it can do nothing.
 *
 * Three layers, since a forged archive may hold HTML that was never sanitised: the build sanitises, and HTML with
 * elements that it would have taken out is not shown; the frame is sandboxed without scripts and without the page's
 * origin; and the page's CSP, which a `srcdoc` frame inherits, allows no address but `data:` and `blob:` for images.
 * The CSP inside the frame is a fourth, weaker one: Firefox lets `srcset` through it.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { Attachment } from '../shared/engine.ts';
import type { Files } from './attachments.ts';
import { blockedRemote, STRINGS } from './strings.ts';

const FRAME_CSP =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; form-action 'none'; base-uri 'none'";

/** Elements that fetch whatever the policy says, or that lead the frame elsewhere. */
const NEVER_SHOWN = 'link, meta, base, script, iframe, frame, object, embed';

/** The sender's layout expects paper: light, whatever the page's colours are. */
const FRAME_STYLE =
  'html{color-scheme:light;background:#fff;color:#1c2024}body{margin:16px;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}img{max-width:100%;height:auto}';

export function renderHtmlFrame(mail: string | null, attachments: readonly Attachment[], files: Files | null): TemplateResult {
  if (mail === null || mail.trim() === '') return html`<p class="faint">${STRINGS.htmlEmpty}</p>`;
  // A parsed document without a window loads and runs nothing.
  const inert = new DOMParser().parseFromString(mail, 'text/html');
  // The build takes these out; where they are, the archive is forged. The policy does not hold all of them: Firefox
  // follows `<link rel=prefetch>` under every policy, and WebKit connects for `preconnect`.
  if (inert.querySelector(NEVER_SHOWN) !== null) return html`<p class="faint">${STRINGS.htmlUnsafe}</p>`;
  const blocked = countRemote(inert);
  return html`${blocked === 0 ? nothing : html`<p class="blocked">${blockedRemote(blocked)}</p>`}
    <iframe
      class="html-frame"
      title=${STRINGS.htmlFrame}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      referrerpolicy="no-referrer"
      style="height:${guessHeight(inert)}px"
      .srcdoc=${frameDocument(mail)}
    ></iframe>
    ${files !== null && mail.includes('cid:')
      ? (files.load(), html`<mx-pictures hidden .mail=${mail} .attachments=${attachments} .files=${files} .layOut=${frameDocument}></mx-pictures>`)
      : nothing}`;
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

/** The frame's height cannot be asked for, since it is of no origin: a guess that fits most mails, between limits. */
function guessHeight(inert: Document): number {
  const text = inert.body.textContent?.length ?? 0;
  const lines = inert.querySelectorAll('p, div, tr, li, br, h1, h2, h3, pre').length;
  const pictures = inert.querySelectorAll('img').length;
  return Math.min(900, Math.max(160, Math.round(80 + (text / 80) * 24 + lines * 14 + pictures * 80)));
}

/** Parts that the mail would have fetched. The build leaves `data:,remote` in the place of a picture. */
function countRemote(inert: Document): number {
  let parts = 0;
  for (const element of inert.querySelectorAll('*')) {
    const names = element.getAttributeNames();
    if (names.some((name) => isRemote(element, name))) parts += 1;
  }
  return parts;
}

const LOADING = new Set(['src', 'srcset', 'background', 'poster', 'data', 'xlink:href']);

function isRemote(element: Element, name: string): boolean {
  const value = element.getAttribute(name) ?? '';
  if (name === 'style') return /url\s*\(\s*['"]?\s*(https?:)?\/\//i.test(value);
  if (name === 'href') return element.localName === 'link';
  return LOADING.has(name) && /^\s*((https?:)?\/\/|data:,remote)/i.test(value);
}
