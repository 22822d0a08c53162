import { html, nothing, type TemplateResult } from 'lit';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import type { AvatarTemplate } from '../shared/avatar.js';
import { callText } from '../shared/call-text.js';
import { presentOf } from '../shared/call-view.js';
import type { Texts } from '../shared/language.js';

interface BarContext {
  readonly avatar: AvatarTemplate;
  /** Moves the bar. */
  readonly handle: TemplateResult | typeof nothing;
  readonly names: string;
  readonly namesDirection: 'rtl' | 'ltr' | 'auto';
  readonly time: TemplateResult | typeof nothing;
  readonly onRestore: () => void;
  /** Undefined if the browser does not block the sound. */
  readonly onTurnSoundOn: (() => void) | undefined;
  /** The buttons at the end of the bar; hidden after the end of the call. */
  readonly controls: TemplateResult;
  /** The buttons after the end of a lost call. */
  readonly actions: TemplateResult | typeof nothing;
}

/** The call as a small bar: the avatar, the names, and a few controls. No pictures are sent to it. */
export function minimisedBar(
  call: CallSnapshot,
  texts: Texts,
  {
    avatar,
    handle,
    names,
    namesDirection,
    time,
    onRestore,
    onTurnSoundOn,
    controls,
    actions,
  }: BarContext,
): TemplateResult {
  const ended = call.status === 'ended';
  const text = callText(call, texts);
  const [member] = presentOf(call);
  return html`${handle}<button class="restore" title=${texts.restore} @click=${onRestore}>
      ${member && avatar(member)}
      <span class="who">
        <span class="hidden">${texts.restore}</span>
        <span class="name" dir=${namesDirection}>${names}</span>
        <span class="status">${text} ${ended ? nothing : time}</span>
      </span>
    </button>
    <span class="hidden" role="status">${text}</span>
    ${
      !ended && onTurnSoundOn
        ? html`<button class="sound" @click=${onTurnSoundOn}>${texts.turnSoundOn}</button>`
        : nothing
    }
    ${ended ? actions : controls}`;
}
