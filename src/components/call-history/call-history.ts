import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { Download } from '../shared/lucide/download.js';
import { Phone } from '../shared/lucide/phone.js';
import { systemClock } from '../../core/clock/system-clock.js';
import type { CallHistoryEntry, CallHistoryState } from '../../core/ports/call-history.js';
import type { Clock } from '../../core/ports/clock.js';
import type { CallUser } from '../../core/protocol/vocabulary.js';
import type { Connection } from '../../core/service/snapshots.js';
import type { CallInvitationService } from '../../core/service/types.js';
import { hueStyles } from '../shared/avatar.js';
import { baseStyles } from '../shared/base.styles.js';
import { blockedReason } from '../shared/blocked-call.js';
import { CallElement } from '../shared/call-element.js';
import { callListStyles } from '../shared/call-list.styles.js';
import type { CallHost } from '../shared/context.js';
import {
  CallAgainEvent,
  CallHistoryDeleteEvent,
  CallHistoryExportEvent,
} from '../shared/history-events.js';
import { icon } from '../shared/icons.js';
import { directionOf, type Texts } from '../shared/language.js';
import { localeOf } from '../shared/locale-of.js';
import { RowFocus } from '../shared/row-focus.js';
import { StoreController } from '../shared/store-controller.js';
import { TimeUpdater } from '../shared/time-updater.js';
import { isUndoInUse, undoOffer } from '../shared/undo-offer.js';
import { UndoTimer } from '../shared/undo-timer.js';
import { VisibilityController } from '../shared/visibility-controller.js';
import { describeDay, groupByDay, nextDay, type Day } from './days.js';
import { download, fileOf } from './export-calls.js';
import { styles } from './call-history.styles.js';
import { FILTER_PAIRS, emptyText, filterText, fits, type Filter } from './history-filters.js';
import { historyRow, type HistoryRowOptions } from './history-row.js';

/** How long an error message is shown, in ms. */
const NOTE_MS = 6_000;
/** How long a deletion can be undone, in ms. */
export const UNDO_MS = 50_000;
/**
 * How often that time starts again while Undo is in use: as often as WCAG 2.2.1 demands. All of it is less than the time
 * in which the service can restore the calls.
 */
export const MAX_UNDO_RESTARTS = 10;

/** Calls that the user has deleted, and can restore. */
interface Deletion {
  readonly callIDs: readonly string[];
  /** The service that can restore them. */
  readonly service: CallInvitationService;
  /** The user whose calls they are. */
  readonly userID: string | undefined;
}

/** The second click of a double click would hit the row that has replaced the first one. */
const isSecondClick = (event: MouseEvent): boolean => event.detail > 1;

/**
 * Lists the calls of the user, newest first and by day. Each can be called again and deleted. The list can be filtered
 * and exported.
 *
 * @fires {CallAgainEvent} call-again - The user pressed Call again. Cancelable: `preventDefault()` prevents the call.
 * @fires {CallHistoryDeleteEvent} call-history-delete - The user deletes one call, or all that are shown, with their
 *   `callIDs`. Cancelable: `preventDefault()` keeps them.
 * @fires {CallHistoryExportEvent} call-history-export - The user exports the calls that are shown, with their `format`
 *   and `callIDs`. Cancelable: `preventDefault()` prevents the download.
 * @csspart call-again-button - The button of a call that calls again.
 * @csspart delete-button - The button of a call that deletes it.
 * @csspart block-button - The button of an incoming call that blocks its caller, or unblocks a blocked one.
 * @csspart delete-all-button - Deletes all calls that are shown.
 * @csspart undo-button - Restores the calls that were deleted last.
 * @csspart export-button - Exports the calls that are shown. There is one for each format.
 * @cssstate open - There is a provider. Without this state, the element has `display: none`.
 *
 * @example
 * ```html
 * <call-invitation-provider user-id="alice" signaling="wss://calls.example.org"></call-invitation-provider>
 * <call-history></call-history>
 * ```
 */
export class CallHistory extends CallElement {
  static override styles = [baseStyles, hueStyles, callListStyles, styles];

  @state() protected filter: Filter = 'all';
  @state() protected note = '';
  /** What Undo restores. */
  @state() protected deletion: Deletion | undefined;

  readonly #calls = new StoreController<readonly CallHistoryEntry[]>(this);
  readonly #state = new StoreController<CallHistoryState>(this);
  readonly #connection = new StoreController<Connection>(this);
  readonly #blockedPeople = new StoreController<readonly CallUser[]>(this);
  readonly #days = new TimeUpdater(this, new VisibilityController(this));
  readonly #focus = new RowFocus();
  readonly #undoTimer = new UndoTimer({
    clock: this.undoClock,
    durationMs: UNDO_MS,
    maxRestarts: MAX_UNDO_RESTARTS,
    isInUse: () => isUndoInUse(this.renderRoot),
    onExpired: () => (this.deletion = undefined),
  });
  #noteTimer: ReturnType<typeof setTimeout> | undefined;
  #calling = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#noteTimer);
    this.note = '';
  }

  /** Focuses the heading, so that screen readers start at the top, and a key that is still pressed triggers nothing. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector('h2')?.focus(options);
  }

  protected override providerChanged(host: CallHost | undefined): void {
    this.#calls.attach(host?.service.$callHistory);
    this.#state.attach(host?.service.$callHistoryState);
    this.#connection.attach(host?.service.$connection);
    this.#blockedPeople.attach(host?.service.$blocked);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.setState('open', !!this.service);
    if (!this.#canRestore) this.#offerUndo(undefined);
    if (this.hasUpdated) this.#focus.save(this.renderRoot as ShadowRoot);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.service) return nothing;
    const { texts } = this;
    const shown = this.#shown;
    const deleted = this.deletion?.callIDs.length;
    const blocked = shown.length ? this.#blocked : '';
    return html`<section lang=${texts.lang} dir=${directionOf(texts)} aria-labelledby="title">
      <div class="head">
        <h2 tabindex="-1" id="title">${texts.callHistory}</h2>
        ${
          shown.length > 1
            ? html`<button part="delete-all-button" class="plain" @click=${this.#onDeleteAll}>
                ${texts.deleteAllCalls}
              </button>`
            : nothing
        }
      </div>
      ${this.#filters()}
      <div id="note" role="status">${blocked || this.note || this.#loading || nothing}</div>
      ${this.#failure()}
      ${undoOffer(deleted ? texts.callsDeleted(deleted) : '', texts, this.#onUndo)}
      ${shown.length ? this.#list(shown, !!blocked) : this.#empty()}
      ${shown.length ? this.#exports() : nothing}
    </section>`;
  }

  protected override updated(): void {
    this.#focus.restore(this.renderRoot as ShadowRoot);
    this.#days.set(this.#shown.length ? nextDay(this.#days.now()) : Infinity);
  }

  /** The clock for the time in which a deletion can be undone. */
  protected get undoClock(): Pick<Clock, 'after'> {
    return systemClock;
  }

  get #all(): readonly CallHistoryEntry[] {
    return this.#calls.value ?? [];
  }

  get #shown(): readonly CallHistoryEntry[] {
    return this.#all.filter(fits[this.filter]);
  }

  /** Why calling is not possible now, or an empty string. */
  get #blocked(): string {
    return blockedReason(this.texts, this.host, this.call, this.#connection.value);
  }

  get #isDisconnected(): boolean {
    return this.#connection.value === 'offline' || this.#connection.value === 'refused';
  }

  /** Text while calls are being loaded, if there are none to show yet. */
  get #loading(): string {
    const isLoading = this.#state.value === 'loading' && !this.#isDisconnected;
    return isLoading && !this.#all.length ? this.texts.loadingCalls : '';
  }

  #filters(): TemplateResult | typeof nothing {
    const { texts } = this;
    if (!this.#all.length) return nothing;
    return html`<fieldset>
      <legend class="hidden">${texts.showCalls}</legend>
      ${FILTER_PAIRS.map(
        (pair) =>
          html`<div class="pair">${pair.map((filter) => this.#filter(filter, texts))}</div>`,
      )}
    </fieldset>`;
  }

  #filter(filter: Filter, texts: Texts): TemplateResult {
    return html`<label
      ><input
        type="radio"
        name="filter"
        .value=${filter}
        .checked=${filter === this.filter}
        @change=${() => (this.filter = filter)}
      />${filterText(filter, texts)}</label
    >`;
  }

  #failure(): TemplateResult | typeof nothing {
    if (this.#state.value !== 'failed') return nothing;
    const { texts } = this;
    return html`<div class="failed">
      <span role="alert">${texts.historyFailed}</span>
      <button class="plain" @click=${this.#onReload}>${texts.tryAgain}</button>
    </div>`;
  }

  #empty(): TemplateResult | typeof nothing {
    const { texts } = this;
    if (this.#loading || this.#state.value === 'failed') return nothing;
    const isUnknown = this.#state.value === 'loading' && !this.#all.length;
    const text =
      this.#state.value === 'off'
        ? texts.historyOff
        : isUnknown
          ? blockedReason(texts, this.host, undefined, this.#connection.value)
          : emptyText(this.#all.length ? this.filter : 'all', texts);
    return html`<p class="empty">${icon(Phone)}${text}</p>`;
  }

  #list(shown: readonly CallHistoryEntry[], blocked: boolean): TemplateResult {
    const locale = localeOf(this, this.texts);
    const now = this.#days.now();
    const self = this.service?.user?.userID;
    const blockedPeople = new Set(this.#blockedPeople.value?.map(({ userID }) => userID));
    const options = { texts: this.texts, locale, self, blocked, blockedPeople, ...this.#actions };
    return html`${repeat(
      groupByDay(shown),
      ({ start }) => start,
      ({ start, calls }: Day) =>
        html`<h3 id=${`day-${start}`}>${describeDay(start, now, locale)}</h3>
          <ul aria-labelledby=${`day-${start}`}>
            ${repeat(
              calls,
              ({ callID }) => callID,
              (entry) => historyRow(entry, options),
            )}
          </ul>`,
    )}`;
  }

  #exports(): TemplateResult {
    return html`<div class="foot">
      ${(['csv', 'json'] as const).map(
        (format) =>
          html`<button part="export-button" class="plain" @click=${() => this.#export(format)}>
            ${icon(Download)}${this.texts.exportAs(format.toUpperCase())}
          </button>`,
      )}
    </div>`;
  }

  readonly #actions: Pick<HistoryRowOptions, 'callAgain' | 'remove' | 'block'> = {
    callAgain: (event, { callID }) => {
      if (isSecondClick(event) || this.#calling || this.#blocked) return;
      if (this.request(new CallAgainEvent(callID))) void this.#callAgain(callID);
    },
    block: (event, person) => {
      if (isSecondClick(event)) return;
      const isBlocked = this.#blockedPeople.value?.some(({ userID }) => userID === person.userID);
      const { service } = this;
      this.run(isBlocked ? service?.unblock(person.userID) : service?.block(person));
    },
    remove: (event, { callID }) => {
      if (!isSecondClick(event)) void this.#delete([callID]);
    },
  };

  async #callAgain(callID: string): Promise<void> {
    this.#calling = true;
    this.#showNote('');
    try {
      await this.service?.callAgain(callID);
    } catch (error) {
      this.#showNote(this.texts.callFailed);
      this.report(error);
    } finally {
      this.#calling = false;
    }
  }

  readonly #onDeleteAll = (): void => {
    void this.#delete(this.#shown.map(({ callID }) => callID));
  };

  async #delete(callIDs: readonly string[]): Promise<void> {
    if (!this.request(new CallHistoryDeleteEvent(callIDs))) return;
    const isAll = callIDs.length === this.#all.length && callIDs.length > 1;
    const { service } = this;
    if (!service) return;
    const userID = service.user?.userID;
    try {
      await service.deleteHistory(isAll ? 'all' : callIDs);
      this.#offerUndo({ callIDs, service, userID });
    } catch (error) {
      this.report(error);
    }
  }

  /** False if another service or user has taken the place of those of the deletion. */
  get #canRestore(): boolean {
    const { deletion, service } = this;
    if (!deletion || !service) return true;
    return service === deletion.service && service.user?.userID === deletion.userID;
  }

  readonly #onUndo = (): void => {
    const { deletion } = this;
    this.#offerUndo(undefined);
    if (deletion) this.run(deletion.service.restoreHistory(deletion.callIDs));
  };

  readonly #onReload = (): void => this.run(this.service?.reloadHistory());

  #export(format: 'csv' | 'json'): void {
    const shown = this.#shown;
    const callIDs = shown.map(({ callID }) => callID);
    if (!this.request(new CallHistoryExportEvent(format, callIDs))) return;
    const today = new Date(this.#days.now()).toISOString().slice(0, 10);
    download(fileOf(shown, format), `calls-${today}.${format}`);
  }

  #offerUndo(deletion: Deletion | undefined): void {
    this.deletion = deletion;
    if (deletion) this.#undoTimer.start();
    else this.#undoTimer.stop();
  }

  #showNote(note: string): void {
    this.note = note;
    clearTimeout(this.#noteTimer);
    if (note) this.#noteTimer = setTimeout(() => (this.note = ''), NOTE_MS);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'call-history': CallHistory;
  }
}
