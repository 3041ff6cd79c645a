/** How a person is told in an address and asked for in a query: by the address, or by the name of those without one. */
import type { Correspondent, Suggestion } from '../shared/engine.ts';

/** `from:amy@acme.example`, `to:"Amy Smith"`. */
export function asked(field: string, who: string): string {
  return /^[^\s"(){}]+$/.test(who) ? `${field}:${who}` : `${field}:"${who.replaceAll('"', ' ')}"`;
}

/** Signs alone are found by no query. */
export function isWord(who: string): boolean {
  return /[\p{L}\p{N}]/u.test(who);
}

/** Mail from the one to the other. */
export function letter(from: string, to: string): string {
  return `${asked('from', from)} ${asked('to', to)}`;
}

/** Conversations that both took part in. */
export function together(one: string, other: string): string {
  return `thread:{${asked('from', one)} ${asked('from', other)}}`;
}

export function whoOf({ address, name }: Pick<Correspondent, 'address' | 'name'>): string {
  return address === '' ? name : address;
}

/** Whom a suggestion behind `from:` means; null where it is none of a person. */
export function suggested({ kind, text }: Suggestion): string | null {
  if (kind !== 'person') return null;
  const who = text.replace(/^from:/, '').replace(/^"(.*)"$/, '$1').trim();
  return who === '' ? null : who;
}
