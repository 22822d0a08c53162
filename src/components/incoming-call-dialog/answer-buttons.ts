import { html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { icon } from '../shared/icons.js';
import type { Texts } from '../shared/language.js';
import { Phone } from '../shared/lucide/phone.js';
import { Video } from '../shared/lucide/video.js';
import { ariaShortcut, shownShortcut, type ShortcutKeys } from '../shared/shortcuts.js';

interface Answers {
  readonly keys: ShortcutKeys;
  readonly isVideo: boolean;
  /** Whether the call was accepted, and the code for its media is loading. */
  readonly isPending: boolean;
}

interface Actions {
  readonly decline: () => void;
  readonly accept: () => void;
  readonly acceptVoice: () => void;
}

export const callKindIcon = (isVideo: boolean): TemplateResult => icon(isVideo ? Video : Phone);

/** The red button, which declines or hangs up. */
const redButton = (
  part: 'decline-button' | 'hang-up-button',
  label: string,
  { 'hang-up': key }: ShortcutKeys,
  onClick: (event: MouseEvent) => void,
): TemplateResult =>
  html`<button
    class="decline"
    part=${part}
    aria-keyshortcuts=${key ? ariaShortcut(key) : nothing}
    @click=${onClick}
  >
    ${icon(Phone, 'down')}${label}
  </button>`;

/** The buttons that answer a call. */
export const answerButtons = (
  { keys, isVideo, isPending }: Answers,
  actions: Actions,
  texts: Texts,
): TemplateResult =>
  html`<div class="answers">
    ${redButton('decline-button', texts.decline, keys, actions.decline)}
    <button
      class="accept"
      part="accept-button"
      aria-busy=${isPending}
      aria-keyshortcuts=${keys.accept ? ariaShortcut(keys.accept) : nothing}
      title=${ifDefined(keys.accept && shownShortcut(keys.accept))}
      @click=${actions.accept}
    >
      ${callKindIcon(isVideo)}${texts.accept}
    </button>
    ${
      isVideo
        ? html`<button class="voice" part="accept-voice-button" @click=${actions.acceptVoice}>
            ${icon(Phone)}${texts.acceptVoice}
          </button>`
        : nothing
    }
  </div>`;

/** The button that leaves the accepted call while it connects. */
export const hangUpButton = (
  keys: ShortcutKeys,
  hangUp: () => void,
  texts: Texts,
): TemplateResult =>
  html`<div class="answers">
    ${redButton('hang-up-button', texts.hangUp, keys, ({ detail }) => {
      // Ignores the second click of a double click that began on Accept.
      if (detail < 2) hangUp();
    })}
  </div>`;
