import { html, type nothing, type TemplateResult } from 'lit';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import type { AvatarTemplate } from '../shared/avatar.js';
import { presentOf } from '../shared/call-view.js';
import type { directionOfNames } from '../shared/language.js';

/** What the view shows of a call that has ended. */
export interface EndedCall {
  readonly avatar: AvatarTemplate;
  readonly names: string;
  readonly direction: ReturnType<typeof directionOfNames>;
  /** Why it ended. */
  readonly text: string;
  readonly time: TemplateResult | typeof nothing;
  /** What the user can do next. */
  readonly actions: TemplateResult | typeof nothing;
}

export const endedCall = (
  call: CallSnapshot,
  { avatar, names, direction, text, time, actions }: EndedCall,
): TemplateResult =>
  html`<div class="centre">
      ${presentOf(call)
        .slice(0, 1)
        .map((user) => avatar(user, 'large'))}
      <div class="name" dir=${direction}>${names}</div>
      <div class="status" data-announced>${text}</div>
      <div class="status">${time}</div>
    </div>
    <div class="foot">${actions}</div>`;
