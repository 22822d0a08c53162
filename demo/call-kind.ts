import { html, type TemplateResult } from 'lit';
import Phone from 'lucide/dist/esm/icons/phone.mjs';
import Video from 'lucide/dist/esm/icons/video.mjs';
import { plainIcon as icon } from '../src/components/shared/icons.js';
import type { CallType } from '../src/core/index.js';

/** Chooses voice or video for calls that are placed from outside the phones. */
export const callKind = (): TemplateResult =>
  html`<div class="choice" role="radiogroup" aria-label="Call type">
    <label
      ><input type="radio" name="call-type" value="voice" />${icon(Phone)}<span>Voice</span></label
    >
    <label
      ><input type="radio" name="call-type" value="video" checked />${icon(Video)}<span
        >Video</span
      ></label
    >
  </div>`;

/** The chosen call type. @param place the element that contains {@link callKind} */
export function chosenKind(place: ParentNode): CallType {
  const input = place.querySelector<HTMLInputElement>('[name="call-type"]:checked');
  return input?.value === 'voice' ? 'voice' : 'video';
}
