import { html, nothing, type TemplateResult } from 'lit';
import { Phone } from '../shared/lucide/phone.js';
import { Video } from '../shared/lucide/video.js';
import { X } from '../shared/lucide/x.js';
import type { MissedCallEntry } from '../../core/ports/missed-calls.js';
import type { AvatarTemplate } from '../shared/avatar.js';
import { blockButton, type BlockOptions } from '../shared/block-button.js';
import { icon } from '../shared/icons.js';
import { listNames, type Texts } from '../shared/language.js';
import type { ShownTime } from './relative-time.js';

/** Handlers for presses on a row or its buttons. */
export interface RowActions {
  readonly click: (event: MouseEvent, missed: MissedCallEntry) => void;
  readonly dialBack: (event: MouseEvent, missed: MissedCallEntry) => void;
  readonly dismiss: (event: MouseEvent, missed: MissedCallEntry) => void;
}

/** Display options of a row. */
export interface RowOptions extends RowActions, BlockOptions {
  readonly texts: Texts;
  readonly avatar: AvatarTemplate;
  readonly time: ShownTime;
  /** The user ID of this user. */
  readonly self: string | undefined;
  /** Whether there is a button that calls back. Otherwise, the whole row can be pressed. */
  readonly dialsBack: boolean;
  /** Whether calling back is not possible now. The element `#note` shows the reason. */
  readonly blocked: boolean;
}

/** Renders one missed call. */
export function missedCallRow(missed: MissedCallEntry, options: RowOptions): TemplateResult {
  const { texts, avatar, dialsBack, blocked, click, dialBack, dismiss } = options;
  const { caller, callType, seen } = missed;
  const name = caller.userName;
  const others = othersOf(missed, options.self);
  const label = others.length ? texts.joinGroupCall(name) : texts.callBack(name);
  const what = words(missed, others, options);
  return html`<li class=${seen ? '' : 'unseen'}>
    <div class="whose">${avatar(caller)}</div>
    ${
      dialsBack
        ? html`<div class="what">${what}</div>`
        : html`<button class="what" @click=${(event: MouseEvent) => click(event, missed)}>
            ${what}
          </button>`
    }
    <div class="actions">
      ${others.length ? nothing : blockButton(caller, options)}
      ${
        dialsBack
          ? html`<button
              part="dial-back-button"
              class="round dial"
              aria-label=${label}
              aria-disabled=${blocked}
              aria-describedby=${blocked ? 'note' : nothing}
              @click=${(event: MouseEvent) => dialBack(event, missed)}
            >
              ${icon(callType === 'video' ? Video : Phone)}
            </button>`
          : nothing
      }
      <button
        part="dismiss-button"
        class="round"
        aria-label=${texts.dismiss(name)}
        @click=${(event: MouseEvent) => dismiss(event, missed)}
      >
        ${icon(X)}
      </button>
    </div>
  </li>`;
}

/** Names of the other invited users. */
const othersOf = ({ callees }: MissedCallEntry, self: string | undefined): string[] =>
  callees.filter(({ userID }) => userID !== self).map(({ userName }) => userName);

function words(
  { caller, callType, reason, seen }: MissedCallEntry,
  others: readonly string[],
  { texts, time }: RowOptions,
): TemplateResult {
  const video = callType === 'video';
  const kind = others.length
    ? video
      ? texts.groupVideoCall
      : texts.groupVoiceCall
    : video
      ? texts.videoCall
      : texts.voiceCall;
  const why =
    reason === 'busy' ? texts.wasBusy : reason === 'canceled' ? texts.wasCanceled : undefined;
  return html`<span class="line">
      <bdi class="name" title=${caller.userName}>${caller.userName}</bdi>
      ${seen ? nothing : html`<span class="hidden">${texts.unseen}</span>`}
    </span>
    <span class="quiet">
      <span class="facts">
        <span>${kind}</span>
        <time datetime=${time.iso} title=${time.title}>${time.text}</time>
        ${why ? html`<span>${why}</span>` : nothing}
      </span>
    </span>
    ${
      others.length
        ? html`<span class="with">${texts.withOthers(listNames(others, texts))}</span>`
        : nothing
    }`;
}
