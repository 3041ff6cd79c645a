/** The counts beside the results: each value is a link that narrows the search to it, or widens it again. */
import { html, nothing, type TemplateResult } from 'lit';
import type { FacetGroup, FacetName, FacetValue } from '../shared/engine.ts';
import { formatNumber } from './format.ts';
import { hasFilter, toggled, type Refining } from './refining.ts';
import { shownOf, tellers } from './named.ts';
import { FACETS, moreValues, STRINGS, valueName } from './strings.ts';
import { renderShown } from './texts.ts';

export function renderPanel(refining: Refining, query: string, hrefOf: (query: string) => string): TemplateResult {
  const { counted } = refining;
  if (counted === null) return html`<p class="faint">${refining.busy ? STRINGS.counting : STRINGS.notCounted}</p>`;
  return html`<div class="facets" ?data-busy=${refining.busy}>${counted.groups.map((group) => renderGroup(group, query, hrefOf))}</div>`;
}

function renderGroup(group: FacetGroup, query: string, hrefOf: (query: string) => string): TemplateResult {
  const rest = group.different - group.values.length;
  const apart = group.facet === 'people' ? tellers(group.values) : [];
  return html`<section>
    <h2>${FACETS[group.facet]}</h2>
    <ul>
      ${group.values.map((value, at) => renderValue(group.facet, value, apart[at] ?? '', query, hrefOf))}
    </ul>
    ${rest > 0 ? html`<p class="faint">${moreValues(rest)}</p>` : nothing}
  </section>`;
}

/** `apart` tells a person from another of the same name. */
function renderValue(facet: FacetName, value: FacetValue, apart: string, query: string, hrefOf: (query: string) => string): TemplateResult {
  const name = facet === 'people' ? shownOf(value) : valueName(facet, value.value);
  const title = value.name === '' ? nothing : value.value;
  const inside = html`<span class="value" dir="auto">${name === '' ? STRINGS.noSender : renderShown(name)}${apart === '' ? nothing : html` <span class="faint">${renderShown(apart)}</span>`}</span>
    <span class="number">${formatNumber(value.messages)}</span>`;
  if (value.query === '') return html`<li><span class="facet">${inside}</span></li>`;
  const isChosen = hasFilter(query, value.query);
  return html`<li>
    <a class="facet" href=${hrefOf(toggled(query, value.query))} title=${title} aria-current=${isChosen ? 'true' : nothing}>${inside}</a>
  </li>`;
}
