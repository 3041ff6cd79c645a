/** What the empty box offers: the reader's own searches, or for somebody new some that find something here. */
import type { FacetName, FacetValue, Suggestion } from '../shared/engine.ts';
import type { Keeper } from './kept.ts';
import type { Refining } from './refining.ts';
import { shownOf } from './named.ts';
import { EXAMPLES, STRINGS } from './strings.ts';

const SHOWN = 8;
/** What an example is made of: the most frequent value of each, and whether there are attachments. */
const FACETS: readonly FacetName[] = ['people', 'label', 'list', 'filetype', 'has'];

export function resting(keeper: Keeper, counted: Refining['counted']): readonly Suggestion[] {
  const saved = keeper.saved.slice(0, SHOWN).map((query) => whole(query, STRINGS.savedSearch));
  const recent = keeper.recent.filter((query) => !keeper.saved.includes(query)).map((query) => whole(query, STRINGS.recentSearch));
  const own = [...saved, ...recent].slice(0, SHOWN);
  if (recent.length > 0) return [...own, { ...whole('', ''), kind: 'forget', text: STRINGS.forget }];
  return own.length > 0 ? own : examples(counted);
}

/** Searches made of what the archive holds, as far as that has been counted. */
function examples(counted: Refining['counted']): readonly Suggestion[] {
  if (counted === null || counted.shown.query.trim() !== '') return [];
  const valuesOf = (name: FacetName): readonly FacetValue[] => {
    const values = counted.groups.find(({ facet }) => facet === name)?.values ?? [];
    return name === 'has' ? values.filter(({ value }) => value === 'attachment') : values;
  };
  const values = FACETS.flatMap((name) => valuesOf(name).slice(0, 1).map((value) => ({ ...value, help: EXAMPLES[name] ?? shownOf(value) })));
  const month = counted.months.reduce((most, one) => (one.messages > most.messages ? one : most), { month: 0, messages: 0 });
  const year = month.messages === 0 ? [] : [{ query: `date:${String(Math.floor(month.month / 12)).padStart(4, '0')}`, messages: null, help: STRINGS.aYear }];
  return [...values, ...year].filter(({ query }) => query !== '').map(({ query, messages, help }) => ({ ...whole(query, help), messages }));
}

function whole(query: string, help: string): Suggestion {
  return { kind: 'search', text: query, query, help, messages: null };
}
