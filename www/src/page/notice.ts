/** What stands where content would: nothing found, nothing chosen, something went wrong. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Problem } from '../shared/problem.ts';
import type { Load } from '../shared/protocol.ts';
import { ICONS } from './icons.ts';
import { loadedOf, problemText, STRINGS } from './strings.ts';

export function renderNotice(picture: TemplateResult, title: string, hint: string, action: unknown = nothing): TemplateResult {
  return html`<div class="notice">
    <span class="notice-picture">${picture}</span>
    <p class="notice-title">${title}</p>
    <p class="notice-hint">${hint}</p>
    ${action}
  </div>`;
}

/** A problem in words, where the reader looks, with what can be done about it. */
export function renderProblem(problem: Problem, retry: (() => void) | null): TemplateResult {
  const { title, detail } = problemText(problem);
  const reload = problem.kind === 'refused' || problem.kind === 'manifest';
  return html`<div class="problem" role="alert" data-problem=${problem.kind}>
    ${ICONS.warning}
    <div>
      <p class="problem-title">${title}</p>
      <p class="problem-detail">${detail}</p>
      <p class="problem-actions">
        ${retry === null ? nothing : html`<button type="button" @click=${retry}>${STRINGS.retry}</button>`}
        ${reload ? html`<button type="button" @click=${() => location.reload()}>${STRINGS.reload}</button>` : nothing}
      </p>
    </div>
  </div>`;
}

/** How far a load is that lasts, and the way to end it. */
export function renderLoad(load: Load, stop: () => void): TemplateResult {
  return html`<div class="load">
    <progress
      aria-label=${STRINGS.loading}
      max=${load.scan?.of ?? load.wanted}
      .value=${load.scan?.read ?? load.loaded}
    ></progress>
    <span>${loadedOf(load)}</span>
    <button type="button" @click=${stop}>${STRINGS.stop}</button>
  </div>`;
}
