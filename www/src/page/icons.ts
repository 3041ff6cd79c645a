/** The page's few pictures, drawn with the text's colour on a grid of 20. */
import { svg, type TemplateResult } from 'lit';

function icon(path: string): TemplateResult {
  return svg`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d=${path} /></svg>`;
}

export const ICONS = {
  search: icon('M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM13 13l4 4'),
  clear: icon('M5.5 5.5l9 9M14.5 5.5l-9 9'),
  back: icon('M12 4.5 6.5 10l5.5 5.5'),
  clip: icon('M14.8 9.2l-5 5a3.2 3.2 0 0 1-4.5-4.5l5.6-5.6a2.1 2.1 0 0 1 3 3l-5.5 5.5a1 1 0 0 1-1.5-1.5l5-5'),
  help: icon('M7.6 7.4a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.2.9-1.2 1.8M10 14.4v.1'),
  warning: icon('M10 3.5 2.8 16h14.4L10 3.5ZM10 8.5v3.5M10 14v.1'),
  picture: icon('M3.5 4.5h13v11h-13zM4 13l3.5-4 3 3 2-2 3.5 3.5'),
  letter: icon('M3 5.5h14v9.5H3zM3.2 5.8 10 11l6.8-5.2'),
  thread: icon('M3.5 5h13M6.5 10h10M6.5 15h10M3.5 8v7'),
  star: icon('M10 3.2l2.1 4.3 4.7.7-3.4 3.3.8 4.7L10 14l-4.2 2.2.8-4.7L3.2 8.2l4.7-.7L10 3.2Z'),
  more: icon('M5 10v.1M10 10v.1M15 10v.1'),
  check: icon('M4.5 10.5l3.5 3.5 7.5-8'),
  note: icon('M4.5 4h11v8l-4 4h-7zM11.5 16v-4h4M7.5 7.5h5M7.5 10.5h3'),
};
