/** What the build remarked on a message: which remarks mean that something is lost, and all of them in words. */
import type { Message } from '../shared/engine.ts';
import { REMARKS } from './strings.ts';

type Remark = Message['problems'][number];

/** Remarks that leave the message whole: something that mail may lack, or that the head tells already. */
const QUIET = new Set(['no-message-id', 'no-date', 'bad-date', 'misdated', 'no-sender', 'guessed-charset', 'html-dropped']);
/** Nor do those about attached documents: they are as they were, only not searched. */
const ATTACHED = /^attachment-(locked|damaged|too-large|too-much|failed)$/u;

/** True when the reader may not see what was sent. A kind that this version does not know counts. */
export function isDamage({ kind }: Remark): boolean {
  return !QUIET.has(kind) && !ATTACHED.test(kind);
}

export function remarkText({ kind, detail }: Remark): string {
  const text = REMARKS.get(kind) ?? kind;
  return detail.trim() === '' ? text : `${text} (${detail})`;
}
