import { html, type nothing, type TemplateResult } from 'lit';
import type { CallSnapshot } from '../../core/service/types.js';
import { avatar } from '../shared/avatar.js';
import { callText } from '../shared/call-text.js';
import { presentOf } from '../shared/call-view.js';
import type { Texts } from '../shared/language.js';

/** A call that has ended: with whom it was, why it ended, and how long it took. */
export function endedCall(ended: {
  readonly call: CallSnapshot;
  readonly names: string;
  readonly direction: 'rtl' | 'ltr' | 'auto';
  readonly texts: Texts;
  readonly time: TemplateResult | typeof nothing;
}): TemplateResult {
  const { call, names, direction, texts, time } = ended;
  return html`<div class="centre" role="status">
    ${presentOf(call)
      .slice(0, 1)
      .map((user) => avatar(user, 'large'))}
    <div class="name" dir=${direction}>${names}</div>
    <div class="status">${callText(call, texts)}</div>
    <div class="status">${time}</div>
  </div>`;
}
