import { html, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { initialsOf } from '../src/components/shared/initials.js';
import type { CallUser } from '../src/core/index.js';
import { hueDegreesOf } from './hue.js';

/** A user's initials on the user's colour. Hidden from screen readers, because the name is next to it. */
export const face = ({ userID, userName }: CallUser, look = ''): TemplateResult =>
  html`<span
    class="face ${look}"
    aria-hidden="true"
    ${ref((element) =>
      (element as HTMLElement | undefined)?.style.setProperty('--hue', `${hueDegreesOf(userID)}`),
    )}
    >${initialsOf(userName)}</span
  >`;
