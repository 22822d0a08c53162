import { html, type TemplateResult } from 'lit';
import PhoneIcon from 'lucide/dist/esm/icons/phone.mjs';
import Video from 'lucide/dist/esm/icons/video.mjs';
import { icon } from '../src/components/shared/icons.js';
import type { CallType, CallUser } from '../src/core/index.js';

/** Two round buttons of the kit, which call by voice and with video. @param name of who is called, read aloud */
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
