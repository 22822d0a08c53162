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

/** The buttons that answer a call. */
export const answerButtons = (
  { keys: { accept, 'hang-up': decline }, isVideo, isPending }: Answers,
  actions: Actions,
  texts: Texts,
): TemplateResult =>
  html`<div class="answers">
    <button
      class="decline"
      part="decline-button"
      aria-keyshortcuts=${decline ? ariaShortcut(decline) : nothing}
      @click=${actions.decline}
    >
      ${icon(Phone, 'down')}${texts.decline}
    </button>
    <button
      class="accept"
      part="accept-button"
      aria-busy=${isPending}
      aria-keyshortcuts=${accept ? ariaShortcut(accept) : nothing}
      title=${ifDefined(accept && shownShortcut(accept))}
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
  { 'hang-up': key }: ShortcutKeys,
  hangUp: () => void,
  texts: Texts,
): TemplateResult =>
  html`<div class="answers">
    <button
      class="decline"
      part="hang-up-button"
      aria-keyshortcuts=${key ? ariaShortcut(key) : nothing}
      @click=${({ detail }: MouseEvent) => {
        // Ignores the second click of a double click that began on Accept.
        if (detail < 2) hangUp();
      }}
    >
      ${icon(Phone, 'down')}${texts.hangUp}
    </button>
  </div>`;
