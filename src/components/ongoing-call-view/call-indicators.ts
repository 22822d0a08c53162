import { html, nothing, type TemplateResult } from 'lit';
import { formatDuration, isoDuration } from '../shared/duration.js';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import type { Texts } from '../shared/language.js';
import { mutedIcon } from './tiles.js';

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
function barsTemplate(quality: Quality | undefined, texts: Texts): TemplateResult | typeof nothing {
  if (quality === undefined) return nothing;
  const label = texts.quality(quality);
  return html`<span class="bars q${quality}" role="img" aria-label=${label}
    ><i></i><i></i><i></i
  ></span>`;
}

/** What follows the state of the call: its duration and quality while media flow, and that the only other member is muted. */
export const callDetails = (
  { status }: CallSnapshot,
  texts: Texts,
  time: TemplateResult | typeof nothing,
  quality: Quality | undefined,
  isMuted: boolean,
): TemplateResult =>
  html`${status === 'active' ? [time, barsTemplate(quality, texts)] : nothing}
  ${isMuted ? mutedIcon(texts) : nothing}`;
