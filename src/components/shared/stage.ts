import { html, nothing, type TemplateResult } from 'lit';
import type { CallUser } from '../../core/protocol/vocabulary.js';
import type { AvatarTemplate } from './avatar.js';
import { icon, type IconNode } from './icons.js';
import type { Texts } from './language.js';
import { namesTemplate } from './names.js';

/*
 * The parts of the view of a call, which have the same places from the first ring to the end: a bar at the top, the
 * avatar and the names in the centre, and at the bottom notes and the row of controls.
 */

/** A round button in the bar at the top. */
export const roundButton = (
  look: string,
  label: string,
  node: IconNode,
  press: () => void,
): TemplateResult =>
  html`<button class="round ${look}" aria-label=${label} @click=${press}>${icon(node)}</button>`;

interface Heading {
  readonly names: readonly string[];
  readonly texts: Texts;
  /** The state of the call; empty while media flow. */
  readonly status: string;
  /** What follows the state: duration, quality, muted microphone. */
  readonly details?: TemplateResult | typeof nothing;
}

/** The names of the others and the state of the call, beside a picture. */
export const heading = ({ names, texts, status, details }: Heading): TemplateResult =>
  html`<div class="who">
    <div class="chip">
      ${namesTemplate(names, texts)}
      <div class="status"><span data-announced>${status}</span> ${details ?? nothing}</div>
    </div>
  </div>`;

interface Centre extends Heading {
  readonly users: readonly CallUser[];
  readonly avatar: AvatarTemplate;
  /** Whether the devices of the others ring. */
  readonly rings?: boolean;
  readonly part?: 'tile';
}

/** The same, with avatars, in the centre of a call without pictures. */
export const centre = ({
  users,
  avatar,
  rings,
  names,
  texts,
  status,
  details,
  part,
}: Centre): TemplateResult => {
  const [only] = users;
  const content = html`<div class="avatars">
      ${users.slice(0, 3).map((user) => avatar(user, `large ${rings ? 'rings' : ''}`))}
    </div>
    ${namesTemplate(names, texts)}
    <div class="status"><span data-announced>${status}</span> ${details ?? nothing}</div>`;
  return part && only
    ? html`<div class="centre" part="tile" data-user=${only.userID}>${content}</div>`
    : html`<div class="centre">${content}</div>`;
};

/** The bar at the top. */
export const topBar = (
  start: TemplateResult | typeof nothing,
  who: TemplateResult | typeof nothing,
  tools: unknown,
): TemplateResult =>
  html`<header class="top">
    ${start === nothing ? html`<span class="place"></span>` : start}
    ${who === nothing ? html`<div class="who"></div>` : who}
    <div class="tools">${tools}</div>
  </header>`;
