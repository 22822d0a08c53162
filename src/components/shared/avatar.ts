import { css, html, unsafeCSS, type TemplateResult } from 'lit';
import type { CallUser } from '../../core/protocol/vocabulary.js';
import { initialsOf } from './initials.js';

/** As many colours as are told apart at a glance. */
const HUES = 12;

/** A class for each hue: a `style` attribute would break a strict Content Security Policy. */
export const hueStyles = css`
  ${unsafeCSS(Array.from({ length: HUES }, (_, i) => `.hue${i}{--_hue:${i * 30}}`).join(''))}
`;

/** A colour for a person: always the same. @returns its number, 0 to 11 */
export function hueOf(userID: string): number {
  let hash = 7;
  for (const char of userID) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
  return hash % HUES;
}

/** A person's sign: initials on a colour of their own. The name stands beside it, so it is not read aloud. */
export const avatar = (user: CallUser | undefined, classes = ''): TemplateResult =>
  html`<span class="avatar hue${hueOf(user?.userID ?? '')} ${classes}" aria-hidden="true"
    >${initialsOf(user?.userName ?? '')}</span
  >`;
