/**
 * What may be done with an attachment. Its name and its type are its sender's choice, so what it is is told by its bytes:
 * pictures of four kinds are shown as pictures, text as text, and everything else can only be saved, as bytes of no kind.
 * SVG and HTML are documents that can run scripts: they are text here.
 */

import type { Line } from '../shared/engine.ts';
import { plainText } from '../page/kit.ts';

/** Years of four digits, in Unix seconds; a forged archive may say any. */
const FIRST_DAY = -62_135_596_800;
const LAST_DAY = 253_402_300_800;

export type Shown =
  | { readonly kind: 'picture'; readonly url: string }
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean }
  | { readonly kind: 'other' };

/** Characters of a text that are shown. */
const MOST_TEXT = 200_000;

/** The type of a picture that every browser shows, by its first bytes; null for anything else. */
export function pictureType(bytes: Uint8Array): string | null {
  const starts = (...head: readonly number[]): boolean => head.every((byte, idx) => bytes[idx] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (starts(0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (starts(0x47, 0x49, 0x46, 0x38)) return 'image/gif';
  if (starts(0x52, 0x49, 0x46, 0x46) && bytes[8] === 0x57 && bytes[9] === 0x45 && bytes[10] === 0x42 && bytes[11] === 0x50) return 'image/webp';
  return null;
}

/** The text of a file; null where it is none. */
export function textOf(bytes: Uint8Array): string | null {
  const head = bytes.subarray(0, 4 * MOST_TEXT);
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
  if (wide !== null) return new TextDecoder(wide).decode(head);
  // Programs call anything text; no text has these control characters.
  if (head.some((byte) => byte < 32 && !(byte >= 8 && byte <= 13) && byte !== 27)) return null;
  try {
    // What is cut off in the middle of a character is no error.
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
  } catch {
    return new TextDecoder('windows-1252').decode(head);
  }
}

/** What to show of a file. Whoever gets an address of a picture gives it back with `revokeObjectURL`. */
export function show(bytes: ArrayBuffer, isSource: boolean): Shown {
  const view = new Uint8Array(bytes);
  const type = isSource ? null : pictureType(view);
  if (type !== null) return { kind: 'picture', url: URL.createObjectURL(new Blob([bytes], { type })) };
  const text = isSource ? (textOf(view) ?? new TextDecoder('windows-1252').decode(view.subarray(0, MOST_TEXT))) : textOf(view);
  if (text === null || text === '') return { kind: 'other' };
  return { kind: 'text', text: text.slice(0, MOST_TEXT).replace(/\r\n?/g, '\n'), isCut: text.length > MOST_TEXT };
}

/** Windows takes these for devices, with any ending. */
const DEVICE = /^(con|prn|aux|nul|com.|lpt.)(\.|$)/i;
/** Characters that no file name should hold: controls, marks of direction, and what systems give a meaning. */
const UNSAFE = /[\p{Cc}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;

/** The name that an attachment is saved under: no path, nothing hidden, no device, no trick. */
export function safeName(name: string, number: number): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last.replace(UNSAFE, '').replace(/[<>:"|?*]/g, '_').replace(/^[.\s]+|[.\s]+$/g, '');
  const ending = /\.[^.]{1,20}$/.exec(plain)?.[0] ?? '';
  const stem = plain.slice(0, plain.length - ending.length).slice(0, 100);
  if (stem === '') return `attachment-${number}${ending}`;
  return `${DEVICE.test(stem) ? '_' : ''}${stem}${ending}`;
}

/** Characters of a subject in a file name. */
const SUBJECT = 60;

/** The name of a message's file: its day, its subject and its key, so that none is hidden and none is there twice. */
export function mailName({ key, date, subject }: Line): string {
  const day = date === null || !(date > FIRST_DAY && date < LAST_DAY) ? 'undated' : new Date(date * 1000).toISOString().replace(/T.*/, '');
  const words = safeName([...plainText(subject).replace(/[/\\\s]+/g, ' ')].slice(0, SUBJECT).join(''), 0);
  return `${day} ${words === 'attachment-0' ? '' : `${words} `}${key}.eml`;
}

/** An address that holds a picture in itself, for a frame that has no origin; null for what is no picture. */
export function dataUrl(bytes: ArrayBuffer): string | null {
  const view = new Uint8Array(bytes);
  const type = pictureType(view);
  if (type === null) return null;
  let binary = '';
  for (let at = 0; at < view.length; at += 0x8000) binary += String.fromCharCode(...view.subarray(at, at + 0x8000));
  return `data:${type};base64,${btoa(binary)}`;
}
