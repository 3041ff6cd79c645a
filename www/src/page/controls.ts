/**
 * Characters that make a text look other than it is: they turn the direction (`exe.gpj` for `jpg.exe`), or take no
 * room. In names, addresses, subjects and file names they are shown, not obeyed.
 */
export interface Stretch {
  readonly text: string;
  /** The name of a control character that stands here; then `text` is what to show for it. */
  readonly control: string | null;
}

/** Abbreviations as in the Unicode character database. */
const NAMES = new Map([
  [0x061c, 'ALM'],
  [0x200b, 'ZWSP'],
  [0x200e, 'LRM'],
  [0x200f, 'RLM'],
  [0x202a, 'LRE'],
  [0x202b, 'RLE'],
  [0x202c, 'PDF'],
  [0x202d, 'LRO'],
  [0x202e, 'RLO'],
  [0x2060, 'WJ'],
  [0x2066, 'LRI'],
  [0x2067, 'RLI'],
  [0x2068, 'FSI'],
  [0x2069, 'PDI'],
  [0xfeff, 'BOM'],
]);

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/;

/** Splits a text at its control characters; line breaks and tabs become spaces. */
export function showControls(text: string): Stretch[] {
  const plain = text.replace(/[\t\r\n]+/g, ' ');
  if (!CONTROL.test(plain)) return plain === '' ? [] : [{ text: plain, control: null }];
  return plain
    .split(new RegExp(`(${CONTROL.source})`))
    .filter((part) => part !== '')
    .map((part) => {
      if (!CONTROL.test(part)) return { text: part, control: null };
      const code = part.codePointAt(0) ?? 0;
      const name = NAMES.get(code) ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
      return { text: name, control: name };
    });
}

/** The ASCII form of an address's domain when it has letters beyond ASCII, for these can look like others. */
export function plainDomain(address: string): string | null {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  if (!/[^\u0000-\u007f]/.test(domain) || /[\s/?#:\\]/.test(domain) || !URL.canParse(`http://${domain}/`)) return null;
  return new URL(`http://${domain}/`).hostname;
}
