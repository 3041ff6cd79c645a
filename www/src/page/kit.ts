/** What the rooms take from the page, which has it already: their chunk imports these from the page's own script. */
export { html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
export { plainDomain, showControls } from './controls.ts';
export { formatDate, formatDay, formatMonth, formatNumber, formatSize, isoMoment } from './format.ts';
export { formatFragment, HOME, type Room, type View } from './fragment.ts';
export { shownOf, tellers } from './named.ts';
export { readKept, type Kept } from './kept.ts';
export { ICONS } from './icons.ts';
export { ProblemError } from '../shared/problem.ts';
export { renderNotice, renderProblem } from './notice.ts';
export { parseMonth, withoutLongNames, type Month } from './refining.ts';
export { plainText } from './pieces.ts';
export { conversations, coverage, FACETS, messages, moreValues, ROOMS, STRINGS, valueName } from './strings.ts';
export { renderPieces, renderShown, type Rendered } from './texts.ts';
