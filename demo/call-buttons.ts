import { html, type TemplateResult } from 'lit';
import PhoneIcon from 'lucide/dist/esm/icons/phone.mjs';
import Video from 'lucide/dist/esm/icons/video.mjs';
import { plainIcon as icon } from '../src/components/shared/icons.js';
import type { CallType, CallUser } from '../src/core/index.js';

/** Two buttons that place a voice call and a video call. @param name name of the callees, for screen readers */
export function callButtons(callees: string | readonly CallUser[], name: string): TemplateResult {
  const button = (callType: CallType): TemplateResult =>
    html`<start-call-button
      class=${callType}
      call-type=${callType}
      .callees=${callees}
      ?disabled=${callees.length === 0}
    >
      ${icon(callType === 'voice' ? PhoneIcon : Video)}
      <span class="unseen">${callType === 'voice' ? 'Call' : 'Video call'} ${name}</span>
    </start-call-button>`;
  return html`${button('voice')}${button('video')}`;
}
