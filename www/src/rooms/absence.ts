/** What is known of mail that is not here, read from the answers of the engine. No elements here. */
import type { FacetValue, Line, Message } from '../shared/engine.ts';
import { parseMonth, plainText } from '../page/kit.ts';

/** Months in a row without a message, in months since January of year 0: the first, and the one after the last. */
export interface Silence {
  readonly from: number;
  readonly to: number;
  /** What the month before and the one after hold. */
  readonly before: number;
  readonly after: number;
}

/** The stretches between months with messages in which there is none; `month` facets come ascending. */
export function silences(months: readonly Pick<FacetValue, 'value' | 'messages'>[]): Silence[] {
  return months.flatMap(({ value, messages: after }, at) => {
    const last = months[at - 1];
    if (last === undefined) return [];
    const [from, to] = [parseMonth(last.value) + 1, parseMonth(value)];
    return to > from ? [{ from, to, before: last.messages, after }] : [];
  });
}

/** A message that names or holds one that is not here. */
export interface Holder {
  readonly key: string;
  /** A document number or a day; may be empty. */
  readonly label: string;
}

/** A message that is not here. */
export interface Absent {
  readonly key: string;
  readonly from: string;
  readonly subject: string;
  readonly messageId: string;
  /** Its own day, of one whose words are known; null where only others tell of it. */
  readonly date: number | null;
  /** Between which days it must lie, as `2003-05-17`; empty where nothing tells. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly heldBy: readonly Holder[];
  /** How many mention or hold it. */
  readonly n: number;
}

export function absent(line: Line, message: Message | null): Absent {
  const values = (name: string): string[] => (message?.headers ?? []).filter((header) => header.name.toLowerCase() === name).map(({ value }) => value);
  const day = (name: string): string => /^\d{4}-\d\d-\d\d/.exec(values(name)[0] ?? '')?.[0] ?? '';
  const heldBy = values('held-by').flatMap((value) => {
    const [, key, label] = /^([0-9a-f]{16})(?: (.*))?$/.exec(value) ?? [];
    return key === undefined ? [] : [{ key, label: label ?? '' }];
  });
  return {
    key: line.key,
    from: plainText(line.from).trim(),
    subject: plainText(line.subject).trim(),
    messageId: values('message-id')[0] ?? '',
    date: values('known-from')[0] === 'quoted' ? line.date : null,
    notBefore: day('not-before'),
    notAfter: day('not-after'),
    heldBy,
    n: Math.max(line.threadSize, heldBy.length),
  };
}
