/** The counts beside the results: each value is a link that narrows the search to it, or widens it again. */
import { html, nothing, type TemplateResult } from 'lit';
import type { FacetGroup, FacetValue } from '../shared/engine.ts';
import { formatNumber } from './format.ts';
import { hasFilter, toggled, type Refining } from './refining.ts';
import { FACETS, moreValues, STRINGS } from './strings.ts';
import { renderShown } from './texts.ts';

export function renderPanel(refining: Refining, query: string, hrefOf: (query: string) => string): TemplateResult {
  const { counted } = refining;
  if (counted === null) return html`<p class="faint">${refining.busy ? STRINGS.counting : STRINGS.notCounted}</p>`;
  return html`<div class="facets" ?data-busy=${refining.busy}>${counted.groups.map((group) => renderGroup(group, query, hrefOf))}</div>`;
}

function renderGroup(group: FacetGroup, query: string, hrefOf: (query: string) => string): TemplateResult {
  const rest = group.different - group.values.length;
  return html`<section>
    <h2>${FACETS[group.facet]}</h2>
    <ul>
      ${group.values.map((value) => renderValue(value, query, hrefOf))}
    </ul>
    ${rest > 0 ? html`<p class="faint">${moreValues(rest)}</p>` : nothing}
  </section>`;
}

function renderValue(value: FacetValue, query: string, hrefOf: (query: string) => string): TemplateResult {
  const name = value.name === '' ? value.value : value.name;
  const title = value.name === '' ? nothing : value.value;
  const inside = html`<span class="value" dir="auto">${name === '' ? STRINGS.noSender : renderShown(name)}</span>
    <span class="number">${formatNumber(value.messages)}</span>`;
  if (value.query === '') return html`<li><span class="facet">${inside}</span></li>`;
  const isChosen = hasFilter(query, value.query);
  return html`<li>
    <a class="facet" href=${hrefOf(toggled(query, value.query))} title=${title} aria-current=${isChosen ? 'true' : nothing}>${inside}</a>
  </li>`;
}
