import { html, nothing, type TemplateResult } from 'lit';
import { Phone } from '../shared/lucide/phone.js';
import { PhoneIncoming } from '../shared/lucide/phone-incoming.js';
import { PhoneMissed } from '../shared/lucide/phone-missed.js';
import { PhoneOutgoing } from '../shared/lucide/phone-outgoing.js';
import { Trash } from '../shared/lucide/trash.js';
import { Video } from '../shared/lucide/video.js';
import type { CallHistoryEntry } from '../../core/ports/call-history.js';
import type { CallUser } from '../../core/protocol/vocabulary.js';
import { blockButton, type BlockOptions } from '../shared/block-button.js';
import { avatar } from '../shared/avatar.js';
import { formatDuration, isoDuration, spokenDuration } from '../shared/duration.js';
import { icon } from '../shared/icons.js';
import { directionOfNames, listNames, type Texts } from '../shared/language.js';

/** Display options of a row. */
export interface HistoryRowOptions extends BlockOptions {
  readonly texts: Texts;
  readonly locale: string;
  /** The user ID of this user. */
  readonly self: string | undefined;
  /** Whether calling is not possible now. The element `#note` shows the reason. */
  readonly blocked: boolean;
  readonly callAgain: (event: MouseEvent, entry: CallHistoryEntry) => void;
  readonly remove: (event: MouseEvent, entry: CallHistoryEntry) => void;
}

/** The other people of a call. */
export const othersOf = (
  { caller, callees }: CallHistoryEntry,
  self: string | undefined,
): readonly CallUser[] => {
  const others = [caller, ...callees].filter(({ userID }) => userID !== self);
  return others.length ? others : [caller];
};

/** Names of the other people, as one text. */
const namesOf = (others: readonly CallUser[], texts: Texts): string =>
  listNames(
    others.map(({ userName }) => userName),
    texts,
  );

/** Renders one call. */
export function historyRow(entry: CallHistoryEntry, options: HistoryRowOptions): TemplateResult {
  const { texts, self, blocked, callAgain, remove } = options;
  const others = othersOf(entry, self);
  const names = namesOf(others, texts);
  const again = texts.callAgain(names);
  const remover = texts.deleteCall(names);
  return html`<li class=${entry.missed ? 'missed' : ''}>
    <div class="whose">${avatar(others[0])}</div>
    <div class="what">
      <span class="line"
        ><span class="name" dir=${directionOfNames(others.length, texts)} title=${names}
          >${names}</span
        ></span
      >
      <span class="quiet">${facts(entry, options)}</span>
    </div>
    <div class="actions">
      ${entry.direction === 'incoming' && !entry.group ? blockButton(entry.caller, options) : nothing}
      <button
        part="call-again-button"
        class="round dial"
        aria-label=${again}
        aria-disabled=${blocked}
        aria-describedby=${blocked ? 'note' : nothing}
        @click=${(event: MouseEvent) => callAgain(event, entry)}
      >
        ${icon(entry.callType === 'video' ? Video : Phone)}
      </button>
      <button
        part="delete-button"
        class="round"
        aria-label=${remover}
        @click=${(event: MouseEvent) => remove(event, entry)}
      >
        ${icon(Trash)}
      </button>
    </div>
  </li>`;
}

function facts(entry: CallHistoryEntry, { texts, locale }: HistoryRowOptions): TemplateResult {
  const { at, direction, missed, durationMs } = entry;
  const isOutgoing = direction === 'outgoing';
  const way = missed ? texts.missedCall : isOutgoing ? texts.outgoingCall : texts.incomingCall;
  const date = new Date(at);
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(date);
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' });
  const outcome = outcomeOf(entry, texts);
  return html`<span class="facts">
    <span class="way"
      >${icon(missed ? PhoneMissed : isOutgoing ? PhoneOutgoing : PhoneIncoming)}${way}</span
    >
    <span>${kindOf(entry, texts)}</span>
    <time datetime=${date.toISOString()} title=${full.format(date)}>${time}</time>
    ${
      durationMs === undefined
        ? nothing
        : html`<span
            ><span class="hidden">${texts.duration}</span>
            <time datetime=${isoDuration(durationMs)} title=${spokenDuration(durationMs, locale)}
              >${formatDuration(durationMs, locale)}</time
            ></span
          >`
    }
    ${outcome ? html`<span>${outcome}</span>` : nothing}
  </span>`;
}

function kindOf({ group, callType }: CallHistoryEntry, texts: Texts): string {
  if (callType === 'video') return group ? texts.groupVideoCall : texts.videoCall;
  return group ? texts.groupVoiceCall : texts.voiceCall;
}

/** What became of a call that was not answered. */
function outcomeOf({ outcome, direction }: CallHistoryEntry, texts: Texts): string | undefined {
  const isOutgoing = direction === 'outgoing';
  switch (outcome) {
    case 'declined':
      return isOutgoing ? texts.declined : texts.declinedByYou;
    case 'canceled':
      return isOutgoing ? texts.canceledByYou : texts.wasCanceled;
    case 'busy':
      return isOutgoing ? texts.busy : texts.wasBusy;
    case 'timeout':
      return isOutgoing ? texts.noAnswer : undefined;
    case 'unreachable':
      return isOutgoing ? texts.unreachable : undefined;
    case 'unsupported':
      return isOutgoing ? texts.unsupported : undefined;
    case 'failed':
      return texts.mediaFailed;
    case 'answered':
      return undefined;
  }
}
