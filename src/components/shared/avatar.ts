import { css, html, unsafeCSS, type TemplateResult } from 'lit';
import type { CallUser } from '../../core/protocol/vocabulary.js';
import { initialsOf } from './initials.js';

/** Number of hues that users can distinguish. */
const HUES = 12;

/** A class for each hue, because a `style` attribute would violate a strict Content Security Policy. */
export const hueStyles = css`
  ${unsafeCSS(Array.from({ length: HUES }, (_, i) => `.hue${i}{--_hue:${i * 30}}`).join(''))}
`;

/** The hue of a user, derived from the user ID. @returns an integer from 0 to 11 */
export function hueOf(userID: string): number {
  let hash = 7;
  for (const char of userID) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
  return hash % HUES;
}

/** The initials of a user on their colour. Hidden from screen readers, because the name is beside it. */
export const avatar = (user: CallUser | undefined, classes = ''): TemplateResult =>
  html`<span class="avatar hue${hueOf(user?.userID ?? '')} ${classes}" aria-hidden="true"
    >${initialsOf(user?.userName ?? '')}</span
  >`;
