import { html, type TemplateResult } from 'lit';
import type { CallUser } from '../../core/protocol/vocabulary.js';
import { icon } from './icons.js';
import type { Texts } from './language.js';
import { Ban } from './lucide/ban.js';
import { UserRoundPlus } from './lucide/user-round-plus.js';

export interface BlockOptions {
  readonly texts: Texts;
  /** IDs of the people whom the user has blocked. */
  readonly blockedPeople: ReadonlySet<string>;
  /** Blocks a person, or unblocks a blocked one. */
  readonly block: (event: MouseEvent, person: CallUser) => void;
}

/** The button in a row of a list of calls that blocks the caller, or unblocks a blocked one. */
export function blockButton(
  person: CallUser,
  { texts, blockedPeople, block }: BlockOptions,
): TemplateResult {
  const isBlocked = blockedPeople.has(person.userID);
  const { userName } = person;
  return html`<button
    part="block-button"
    class="round block"
    aria-label=${isBlocked ? texts.unblockPerson(userName) : texts.blockPerson(userName)}
    @click=${(event: MouseEvent) => block(event, person)}
  >
    ${icon(isBlocked ? UserRoundPlus : Ban)}
  </button>`;
}
