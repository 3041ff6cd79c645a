/** How people are called where several stand together. No elements here. */
import type { FacetValue } from '../shared/engine.ts';

type Named = Pick<FacetValue, 'value' | 'name'>;

/** `Amy Lee via dev`: a list that signs for its members, whose address is therefore nobody's. */
const ON_BEHALF = /\svia\s\S/i;

export function shownOf({ value, name }: Named): string {
  return name === '' || (value !== '' && ON_BEHALF.test(name)) ? value : name;
}

/** The addresses that tell people of one name apart, in their order; empty where a name is enough. */
export function tellers(people: readonly Named[]): string[] {
  const names = people.map((person) => shownOf(person).toLowerCase());
  return people.map((person, at) => {
    const isShared = names.indexOf(names[at] ?? '') !== names.lastIndexOf(names[at] ?? '');
    return isShared && person.value !== shownOf(person) ? person.value : '';
  });
}
