import { html, type TemplateResult } from 'lit';
import type { Texts } from './language.js';

/** Says that the browser plays no sound before the page is pressed, with a button that is pressed for it. */
export const blockedSoundNote = (texts: Texts, onPress: () => void): TemplateResult =>
  html`<div class="note">
    ${texts.playbackBlocked}
    <button @click=${onPress}>${texts.turnSoundOn}</button>
  </div>`;
