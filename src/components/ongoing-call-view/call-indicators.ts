import { html, nothing, type TemplateResult } from 'lit';
import { formatDuration, isoDuration } from '../shared/duration.js';
import type { Texts } from '../shared/language.js';

export type Quality = 0 | 1 | 2 | 3;

/** The duration of the call, without live announcements. `writeTime` writes the text. */
export const timeTemplate = (texts: Texts): TemplateResult =>
  html`<time role="timer" aria-live="off" aria-label=${texts.duration}></time>`;

/** Writes the time directly into the element, so that no render is necessary each second. */
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
  return html`<span class="bars q${quality}" role="img" aria-label=${label}
    ><i></i><i></i><i></i
  ></span>`;
}

/** The names of the others, and the status of the call with its details: duration, quality, muted microphone. */
export const callHeading = (heading: {
  readonly names: string;
  readonly direction: 'rtl' | 'ltr' | 'auto';
  readonly status: string;
  readonly details: TemplateResult;
}): TemplateResult => {
  const { names, direction, status, details } = heading;
  return html`<div class="who">
    <div class="name" title=${names} dir=${direction}>${names}</div>
    <div class="status"><span data-announced>${status}</span> ${details}</div>
  </div>`;
};
