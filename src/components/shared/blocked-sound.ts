import { html, type TemplateResult } from 'lit';
import type { Texts } from './language.js';

/** Note that the browser blocks sound until the user interacts with the page, with a button for that. */
export const blockedSoundNote = (texts: Texts, onPress: () => void): TemplateResult =>
  html`<div class="note" data-announced>
    ${texts.playbackBlocked}
    <button @click=${onPress}>${texts.turnSoundOn}</button>
  </div>`;
