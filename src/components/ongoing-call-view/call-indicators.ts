import { html, nothing, type TemplateResult } from 'lit';
import { formatDuration, isoDuration } from '../shared/duration.js';
import type { Texts } from '../shared/language.js';

export type Quality = 0 | 1 | 2 | 3;

/** How long the call has lasted; read aloud only where somebody looks for it. What it says is written by `writeTime`. */
export const timeTemplate = (texts: Texts): TemplateResult =>
  html`<time role="timer" aria-live="off" aria-label=${texts.duration}></time>`;

/** Writes into the element itself: nothing is rendered for a second that passes. */
export function writeTime(root: ParentNode, ms: number): void {
  const time = root.querySelector('time');
  if (!time) return;
  time.dateTime = isoDuration(ms);
  time.textContent = formatDuration(ms);
}

/** The quality of the connection, in three bars. */
export function barsTemplate(
  quality: Quality | undefined,
  texts: Texts,
): TemplateResult | typeof nothing {
  if (quality === undefined) return nothing;
  const label = texts.quality(quality);
  return html`<span class="bars q${quality}" role="img" aria-label=${label} title=${label}
    ><i></i><i></i><i></i
  ></span>`;
}
