import { css, html, nothing, unsafeCSS, type TemplateResult } from 'lit';
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

/** Shows an avatar: in elements of a provider, with the picture that the page has for the user. */
export type AvatarTemplate = (user: CallUser | undefined, classes?: string) => TemplateResult;

const showIfLoaded = ({ type, currentTarget }: Event): void => {
  (currentTarget as HTMLImageElement).hidden = type !== 'load';
};

/**
 * The picture of a user, or the initials on their colour: without a picture, until it has loaded, and if it can't be
 * loaded. Hidden from screen readers, because the name is beside it.
 * @param url address of the picture. The picture's server does not learn the address of the page
 */
export const avatar = (user: CallUser | undefined, classes = '', url?: string): TemplateResult =>
  html`<span class="avatar hue${hueOf(user?.userID ?? '')} ${classes}" aria-hidden="true"
    >${initialsOf(user?.userName ?? '')}${
      url
        ? html`<img
            src=${url}
            alt=""
            referrerpolicy="no-referrer"
            draggable="false"
            hidden
            @error=${showIfLoaded}
            @load=${showIfLoaded}
          />`
        : nothing
    }</span
  >`;
