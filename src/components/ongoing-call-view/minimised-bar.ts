import { html, nothing, type TemplateResult } from 'lit';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import type { AvatarTemplate } from '../shared/avatar.js';
import { callText } from '../shared/call-text.js';
import { presentOf } from '../shared/call-view.js';
import type { Texts } from '../shared/language.js';
import { namesTemplate } from '../shared/names.js';

/** What the minimised view of a call shows. */
export interface MinimisedContext {
  readonly avatar: AvatarTemplate;
  /** Moves the view. */
  readonly handle: TemplateResult | typeof nothing;
  readonly names: readonly string[];
  readonly time: TemplateResult | typeof nothing;
  readonly onRestore: () => void;
  /** Undefined if the browser does not block the sound. */
  readonly onTurnSoundOn: (() => void) | undefined;
  /** The buttons at the end of the bar; hidden after the end of the call. */
  readonly controls: TemplateResult;
  /** The buttons after the end of the call. */
  readonly actions: TemplateResult | typeof nothing;
  /** Why calling again is not possible, or has failed; shown instead of the reason of the end. */
  readonly note: string;
}

/** The call as a small bar: the avatar, the names, and a few controls. */
export function minimisedBar(
  call: CallSnapshot,
  texts: Texts,
  {
    avatar,
    handle,
    names,
    time,
    onRestore,
    onTurnSoundOn,
    controls,
    actions,
    note,
  }: MinimisedContext,
): TemplateResult {
  const ended = call.status === 'ended';
  const [member] = presentOf(call);
  return html`${handle}
    <div class="about">
      ${member && avatar(member)}
      <div class="who">
        ${namesTemplate(names, texts)}
        <div class="status">
          ${
            ended && note
              ? html`<span id="end-note" data-announced>${note}</span>`
              : html`<span data-announced>${callText(call, texts)}</span> ${ended ? nothing : time}`
          }
        </div>
      </div>
      <button class="restore" aria-label=${texts.restore} @click=${onRestore}></button>
    </div>
    ${
      !ended && onTurnSoundOn
        ? html`<button class="sound" @click=${onTurnSoundOn}>${texts.turnSoundOn}</button>`
        : nothing
    }
    ${ended ? actions : controls}`;
}
