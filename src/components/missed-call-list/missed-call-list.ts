import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { Bell } from '../shared/lucide/bell.js';
import { PhoneMissed } from '../shared/lucide/phone-missed.js';
import { systemClock } from '../../core/clock/system-clock.js';
import type { Clock } from '../../core/ports/clock.js';
import type { MissedCallEntry } from '../../core/ports/missed-calls.js';
import type { CallUser } from '../../core/protocol/vocabulary.js';
import type { Connection } from '../../core/service/snapshots.js';
import { hueStyles } from '../shared/avatar.js';
import { baseStyles } from '../shared/base.styles.js';
import { CallElement } from '../shared/call-element.js';
import type { CallHost } from '../shared/context.js';
import type { BlockOptions } from '../shared/block-button.js';
import { blockedReason } from '../shared/blocked-call.js';
import { callListStyles } from '../shared/call-list.styles.js';
import { isVisible } from '../shared/dom-features.js';
import { icon } from '../shared/icons.js';
import { directionOf } from '../shared/language.js';
import { localeOf } from '../shared/locale-of.js';
import {
  CallDialBackEvent,
  CallDismissAllEvent,
  CallDismissEvent,
} from '../shared/missed-call-events.js';
import { notificationAsk, type NotificationAsk } from '../shared/notification-ask.js';
import { RowFocus } from '../shared/row-focus.js';
import { StoreController } from '../shared/store-controller.js';
import { TimeUpdater } from '../shared/time-updater.js';
import { isUndoInUse, undoOffer } from '../shared/undo-offer.js';
import { VisibilityController } from '../shared/visibility-controller.js';
import { DelayedDismissal } from './delayed-dismissal.js';
import { groupMissedCalls } from './missed-call-groups.js';
import { NotificationPermissionController } from './notification-permission.js';
import {
  missedCallRow,
  type RowActions,
  type RowOptions,
  type ShownCall,
  type ShownGroup,
} from './missed-call-row.js';
import { styles } from './missed-call-list.styles.js';
import { describeTime } from './relative-time.js';

/** How long an error message is shown, in ms. */
const NOTE_MS = 6_000;

/** The second click of a double click would hit the row that has replaced the first one. */
const isSecondClick = (event: MouseEvent): boolean => event.detail > 1;

/**
 * Lists the missed calls of the user, newest first, in one row for each person and day. Each can be called back and
 * dismissed. A dismissal of several calls can be undone for a few seconds.
 *
 * @fires {CallDialBackEvent} call-dial-back - The user pressed Call back. Cancelable: `preventDefault()` prevents
 *   the call.
 * @fires {CallDismissEvent} call-dismiss - The user pressed Dismiss. Cancelable: `preventDefault()` keeps the missed
 *   call.
 * @fires {CallDismissAllEvent} call-dismiss-all - The user pressed Dismiss all, or dismissed a row of several calls: one
 *   event for all of them, with their `callIDs`. Cancelable: `preventDefault()` keeps them all.
 * @csspart details-button - Shows the single calls of a row, and the names of the members of a group call.
 * @csspart dial-back-button - The button of a missed call that calls back.
 * @csspart block-button - The button that blocks the caller of a missed call of one person, or unblocks a blocked one.
 * @csspart dismiss-button - The button of a missed call that dismisses it, or of a row that dismisses its calls.
 * @csspart dismiss-all-button - Dismisses all missed calls.
 * @csspart undo-button - Restores the calls that were dismissed together.
 * @cssstate open - There is a provider. Without this state, the element has `display: none`.
 *
 * @example
 * ```html
 * <call-invitation-provider user-id="alice" signaling="wss://calls.example.org"></call-invitation-provider>
 * <missed-call-list></missed-call-list>
 * ```
 */
export class MissedCallList extends CallElement {
  static override styles = [baseStyles, hueStyles, callListStyles, styles];

  @state() protected note = '';

  readonly #missed = new StoreController<readonly MissedCallEntry[]>(this);
  readonly #connection = new StoreController<Connection>(this);
  readonly #blockedPeople = new StoreController<readonly CallUser[]>(this);
  readonly #askingPlace = { onAskChanged: () => this.requestUpdate() };
  readonly #visibility = new VisibilityController(this);
  readonly #fresh = new TimeUpdater(this, this.#visibility);
  readonly #permission = new NotificationPermissionController(this);
  readonly #focus = new RowFocus();
  readonly #dismissal = new DelayedDismissal(this, {
    clock: this.undoClock,
    isInUse: () => isUndoInUse(this.renderRoot),
    run: (command) => this.run(command),
  });
  /** Keys of the rows whose details are shown. */
  readonly #expanded = new Set<string>();
  #shown: readonly ShownCall[] = [];
  #rows: readonly ShownGroup[] = [];
  #noteTimer: ReturnType<typeof setTimeout> | undefined;
  #stopListening: (() => void) | undefined;
  #clicking = false;

  constructor() {
    super();
    // A hidden list must not ask for notifications.
    this.#visibility.onChange(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#noteTimer);
    this.note = '';
    this.notificationAsk.set(this.#askingPlace, false);
  }

  protected override providerChanged(host: CallHost | undefined): void {
    this.#missed.attach(host?.service.$missedCalls);
    this.#connection.attach(host?.service.$connection);
    this.#blockedPeople.attach(host?.service.$blocked);
    this.#stopListening?.();
    this.#stopListening = host?.service.listen('onIncomingMissedCallDialBackFailed', () =>
      this.#showNote(this.texts.callFailed),
    );
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.setState('open', !!this.service);
    this.#dismissal.watch(this.service);
    this.notificationAsk.set(
      this.#askingPlace,
      this.isConnected && this.isOpen && this.#wantsToAsk,
    );
    const now = this.#fresh.now();
    const locale = localeOf(this, this.texts);
    this.#shown = (this.#missed.value ?? [])
      .filter(({ callID }) => !this.#dismissal.isHidden(callID))
      .map((missed) => ({ ...missed, time: describeTime(missed.at, now, locale) }));
    this.#rows = groupMissedCalls(this.#shown, this.service?.user?.userID);
    const keys = new Set(this.#rows.map(({ key }) => key));
    for (const key of this.#expanded) if (!keys.has(key)) this.#expanded.delete(key);
    if (this.hasUpdated) this.#focus.save(this.renderRoot as ShadowRoot);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.service) return nothing;
    const { texts } = this;
    const calls = this.#shown;
    const { undoable } = this.#dismissal;
    const unseen = calls.filter(({ seen }) => !seen).length;
    const blocked = calls.length && this.#dialsBack ? this.#blocked : '';
    return html`<section lang=${texts.lang} dir=${directionOf(texts)} aria-labelledby="title">
      <div class="head">
        <h2 tabindex="-1">
          <span id="title">${texts.missedCalls}</span>
          <span role="status" class="status"
            >${
              unseen
                ? html`<span class="count" aria-hidden="true">${unseen}</span
                    ><span class="hidden">${texts.newMissedCalls(unseen)}</span>`
                : nothing
            }</span
          >
        </h2>
        ${
          calls.length > 1
            ? html`<button part="dismiss-all-button" class="plain" @click=${this.#onDismissAll}>
                ${texts.dismissAll}
              </button>`
            : nothing
        }
      </div>
      <div id="note" role="status">${blocked || this.note || nothing}</div>
      ${undoOffer(undoable ? texts.callsDismissed(undoable) : '', texts, this.#onUndo)}
      ${calls.length ? this.#list(!!blocked) : html`<p class="empty">${icon(PhoneMissed)}${texts.noMissedCalls}</p>`}
      ${this.notificationAsk.isAsking(this.#askingPlace) ? this.#hint() : nothing}
    </section>`;
  }

  protected override updated(): void {
    this.#focus.restore(this.renderRoot as ShadowRoot);
    this.#fresh.set(Math.min(...this.#shown.map(({ time }) => time.until)));
  }

  /**
   * Focuses the heading, not a button, so that a key that is still pressed triggers nothing and screen readers start
   * at the top.
   */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector('h2')?.focus(options);
  }

  /** Whether the browser would show a permission prompt for notifications. */
  protected get canAskForNotifications(): boolean {
    return this.#permission.possible;
  }

  /** What keeps two places from asking for notifications. */
  protected get notificationAsk(): NotificationAsk {
    return notificationAsk;
  }

  /** The clock for the time in which a dismissal can be undone. */
  protected get undoClock(): Pick<Clock, 'after'> {
    return systemClock;
  }

  get #wantsToAsk(): boolean {
    const { enabled } = this.host?.config()?.missedCall ?? {};
    return enabled !== false && this.canAskForNotifications && isVisible(this);
  }

  get #dialsBack(): boolean {
    return this.host?.config()?.missedCall?.enableDialBack !== false;
  }

  /** Why calling back is not possible now, or an empty string. */
  get #blocked(): string {
    const { texts, host, call } = this;
    return blockedReason(texts, host, call, this.#connection.value);
  }

  #list(blocked: boolean): TemplateResult {
    const { texts, avatar } = this;
    const clock = new Intl.DateTimeFormat(localeOf(this, texts), { timeStyle: 'short' });
    const options: RowOptions = {
      ...{ texts, avatar, blocked, dialsBack: this.#dialsBack, ...this.#actions },
      blockedPeople: new Set(this.#blockedPeople.value?.map(({ userID }) => userID)),
      timeOfDay: ({ at }) => clock.format(at),
      isExpanded: ({ key }) => this.#expanded.has(key),
    };
    return html`<ul>
      ${repeat(
        this.#rows,
        ({ key }) => key,
        (group, index) => missedCallRow(group, index, options),
      )}
    </ul>`;
  }

  #hint(): TemplateResult {
    const { texts } = this;
    return html`<div class="hint">
      <span>${icon(Bell)}${texts.notificationsHint}</span>
      <button class="plain" @click=${this.#onTurnOn}>${texts.turnOnNotifications}</button>
    </div>`;
  }

  readonly #actions: RowActions & Pick<BlockOptions, 'block'> = {
    block: (event, person) => {
      if (isSecondClick(event)) return;
      const isBlocked = this.#blockedPeople.value?.some(({ userID }) => userID === person.userID);
      const { service } = this;
      this.run(isBlocked ? service?.unblock(person.userID) : service?.block(person));
    },
    click: (event, calls) => {
      if (!isSecondClick(event)) void this.#click(calls);
    },
    dialBack: (event, calls) => {
      const [newest] = calls;
      if (!newest || isSecondClick(event) || this.#clicking || this.#blocked) return;
      if (this.request(new CallDialBackEvent(newest.callID))) void this.#click(calls);
    },
    dismiss: (event, calls) => {
      const [first, ...others] = calls.map(({ callID }) => callID);
      if (isSecondClick(event) || first === undefined) return;
      if (others.length) this.#dismiss([first, ...others]);
      else if (this.request(new CallDismissEvent(first)))
        this.run(this.service?.dismissMissedCall(first));
    },
    toggle: ({ key }) => {
      if (!this.#expanded.delete(key)) this.#expanded.add(key);
      this.requestUpdate();
    },
  };

  /** Clicks the first of these calls: with it, the user has handled all of them. */
  async #click(calls: readonly MissedCallEntry[]): Promise<void> {
    const [newest, ...others] = calls.map(({ callID }) => callID);
    const { service } = this;
    if (this.#clicking || !service || newest === undefined) return;
    this.#clicking = true;
    this.#showNote('');
    if (others.length) this.run(service.markMissedCallsSeen(others));
    try {
      await service.clickMissedCall(newest);
    } catch (error) {
      this.#showNote(this.texts.callFailed);
      this.report(error);
    } finally {
      this.#clicking = false;
    }
  }

  #showNote(note: string): void {
    this.note = note;
    clearTimeout(this.#noteTimer);
    if (note) this.#noteTimer = setTimeout(() => (this.note = ''), NOTE_MS);
  }

  #dismiss(callIDs: readonly string[]): void {
    const { service } = this;
    if (service && this.request(new CallDismissAllEvent(callIDs)))
      this.#dismissal.dismiss(service, callIDs);
  }

  readonly #onDismissAll = (): void => this.#dismiss(this.#shown.map(({ callID }) => callID));

  readonly #onUndo = (): void => this.#dismissal.undo();

  readonly #onTurnOn = (): void => {
    this.notificationAsk.answer();
    this.run(this.service?.enableNotifications());
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'missed-call-list': MissedCallList;
  }
}
