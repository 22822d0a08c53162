import { html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { repeat } from 'lit/directives/repeat.js';
import { ChevronDown } from '../shared/lucide/chevron-down.js';
import { Phone } from '../shared/lucide/phone.js';
import { Video } from '../shared/lucide/video.js';
import { X } from '../shared/lucide/x.js';
import type { MissedCallEntry } from '../../core/ports/missed-calls.js';
import type { AvatarTemplate } from '../shared/avatar.js';
import { blockButton, type BlockOptions } from '../shared/block-button.js';
import { icon } from '../shared/icons.js';
import { listNames, type Texts } from '../shared/language.js';
import type { MissedCallGroup } from './missed-call-groups.js';
import type { ShownTime } from './relative-time.js';

/** A missed call with the text that says how long ago it was. */
export interface ShownCall extends MissedCallEntry {
  readonly time: ShownTime;
}

/** What a row shows. */
export type ShownGroup = MissedCallGroup<ShownCall>;

/** Handles a press with one call, or with all calls of a row, newest first. */
type CallAction = (event: MouseEvent, calls: readonly MissedCallEntry[]) => void;

/** Handlers for presses on a row or its buttons. */
export interface RowActions {
  readonly click: CallAction;
  readonly dialBack: CallAction;
  readonly dismiss: CallAction;
  /** Shows the details of a row, or hides them. */
  readonly toggle: (group: MissedCallGroup) => void;
}

/** Display options of a row. */
export interface RowOptions extends RowActions, BlockOptions {
  readonly texts: Texts;
  readonly avatar: AvatarTemplate;
  /** The time of day at which a call was missed. */
  readonly timeOfDay: (missed: MissedCallEntry) => string;
  /** Whether there is a button that calls back. Otherwise, the text of a call can be pressed. */
  readonly dialsBack: boolean;
  /** Whether calling back is not possible now. The element `#note` shows the reason. */
  readonly blocked: boolean;
  /** Whether the details of a row are shown. */
  readonly isExpanded: (group: MissedCallGroup) => boolean;
}

/** Renders the missed calls of one person, or of one group of people, on one day. */
export function missedCallRow(
  group: ShownGroup,
  index: number,
  options: RowOptions,
): TemplateResult {
  const { texts, avatar } = options;
  const { newest, calls, others } = group;
  const { caller } = newest;
  const name = caller.userName;
  const isSeen = calls.every(({ seen }) => seen);
  const { time } = newest;
  const what = html`<span class="line">
      <bdi class="name" title=${name}>${name}</bdi>
      ${isSeen ? nothing : html`<span class="hidden">${texts.unseen}</span>`}
    </span>
    ${facts(group, newest, html`<time datetime=${time.iso} title=${time.title}>${time.text}</time>`, options)}`;
  return html`<li class=${isSeen ? '' : 'unseen'}>
    <div class="whose">${avatar(caller)}</div>
    <div class="about">
      ${text(calls, what, options)}
      ${calls.length > 1 || others.length ? details(group, index, options) : nothing}
    </div>
    <div class="actions">
      ${others.length ? nothing : blockButton(caller, options)} ${dialButton(group, calls, options)}
      ${dismissButton(calls, options)}
    </div>
    ${calls.length > 1 && options.isExpanded(group) ? callList(group, index, options) : nothing}
  </li>`;
}

/** The text of a row, or the button that it is without a button that calls back. */
const text = (
  calls: ShownGroup['calls'],
  what: TemplateResult,
  { dialsBack, click }: RowOptions,
): TemplateResult =>
  dialsBack
    ? html`<div class="what">${what}</div>`
    : html`<button class="what" @click=${(event: MouseEvent) => click(event, calls)}>
        ${what}
      </button>`;

/** The button that shows the single calls of a row and the names of all members of a group call. */
function details(group: ShownGroup, index: number, options: RowOptions): TemplateResult {
  const { texts, isExpanded, toggle } = options;
  const { calls, others, newest } = group;
  const expanded = isExpanded(group);
  const label = [
    calls.length > 1 ? texts.callCount(calls.length) : '',
    others.length ? texts.withOtherPeople(others.length) : '',
  ].filter(Boolean);
  return html`<button
      part="details-button"
      class="details"
      aria-expanded=${expanded}
      aria-controls=${expanded ? `details-${index}` : nothing}
      @click=${() => toggle(group)}
    >
      ${label.join(' · ')}<span class="hidden"> (<bdi>${newest.caller.userName}</bdi>)</span>${icon(
        ChevronDown,
      )}
    </button>
    ${
      expanded && others.length
        ? html`<p class="with" id=${ifDefined(calls.length > 1 ? undefined : `details-${index}`)}>
            ${texts.withOthers(listNames(others, texts, others.length))}
          </p>`
        : nothing
    }`;
}

/** The single calls of a row. */
function callList(group: ShownGroup, index: number, options: RowOptions): TemplateResult {
  const { texts, timeOfDay } = options;
  return html`<ul id=${`details-${index}`}>
    ${repeat(
      group.calls,
      ({ callID }) => callID,
      (missed) => {
        const { iso, title } = missed.time;
        const time = html`<time datetime=${iso} title=${title}
          >${timeOfDay(missed)}${missed.seen ? nothing : html`<span class="hidden">, ${texts.unseen}</span>`}</time
        >`;
        return html`<li class=${missed.seen ? 'call' : 'call new'}>
          ${text([missed], facts(group, missed, time, options), options)}
          <div class="actions">
            ${dialButton(group, [missed], options)} ${dismissButton([missed], options)}
          </div>
        </li>`;
      },
    )}
  </ul>`;
}

function dialButton(
  { others }: ShownGroup,
  calls: ShownGroup['calls'],
  { texts, dialsBack, blocked, dialBack }: RowOptions,
): TemplateResult | typeof nothing {
  const [missed] = calls;
  if (!dialsBack || !missed) return nothing;
  const name = missed.caller.userName;
  return html`<button
    part="dial-back-button"
    class="round dial"
    aria-label=${others.length ? texts.joinGroupCall(name) : texts.callBack(name)}
    aria-disabled=${blocked}
    aria-describedby=${blocked ? 'note' : nothing}
    @click=${(event: MouseEvent) => dialBack(event, calls)}
  >
    ${icon(missed.callType === 'video' ? Video : Phone)}
  </button>`;
}

function dismissButton(calls: ShownGroup['calls'], { texts, dismiss }: RowOptions): TemplateResult {
  const name = calls[0]?.caller.userName ?? '';
  return html`<button
    part="dismiss-button"
    class="round"
    aria-label=${calls.length > 1 ? texts.dismissCalls(name) : texts.dismiss(name)}
    @click=${(event: MouseEvent) => dismiss(event, calls)}
  >
    ${icon(X)}
  </button>`;
}

/** Call type, time and reason of a call. */
function facts(
  { others }: ShownGroup,
  { callType, reason }: MissedCallEntry,
  time: TemplateResult,
  { texts }: RowOptions,
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
  return html`<span class="quiet">
    <span class="facts">
      <span>${kind}</span>
      ${time} ${why ? html`<span>${why}</span>` : nothing}
    </span>
  </span>`;
}
