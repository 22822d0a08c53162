import { html, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { initialsOf } from '../src/components/shared/initials.js';
import type { CallUser } from '../src/core/index.js';
import { hueDegreesOf } from './hue.js';

/** A person's initials on their colour. The name stands beside it, so it is not read aloud. */
export const face = ({ userID, userName }: CallUser, look = ''): TemplateResult =>
  html`<span
    class="face ${look}"
    aria-hidden="true"
    ${ref((element) =>
      (element as HTMLElement | undefined)?.style.setProperty('--hue', `${hueDegreesOf(userID)}`),
    )}
    >${initialsOf(userName)}</span
  >`;
