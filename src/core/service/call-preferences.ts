import type { ServerTime } from '../clock/server-time.js';
import type { EventInput } from '../machine/events.js';
import type { Clock } from '../ports/clock.js';
import type { PreferenceStorage } from '../ports/preference-storage.js';
import type { SignalTransport } from '../ports/signal-transport.js';
import { MAX_BLOCKED, PROTOCOL_VERSION } from '../protocol/limits.js';
import {
  changedPreferences,
  isQuiet,
  NO_PREFERENCES,
  preferencesShape,
  type PreferencesChange,
  type PreferencesRecord,
} from '../protocol/preferences.js';
import { check } from '../protocol/shapes.js';
import type { CallUser } from '../protocol/vocabulary.js';
import { CallError } from './call-error.js';
import type { Stores } from './stores.js';

interface CallPreferencesHost {
  readonly user: CallUser;
  readonly deviceID: string;
  readonly transport: Pick<SignalTransport, 'send'>;
  readonly serverTime: Pick<ServerTime, 'now' | 'toLocal'>;
  readonly clock: Pick<Clock, 'after'>;
  readonly stores: Stores;
  /** Keeps the preferences if the server does not. Without it, they last as long as the session. */
  readonly storage: PreferenceStorage | undefined;
  /** Waits until the device is connected. */
  readonly connected: () => Promise<void>;
  readonly dispatch: (event: EventInput) => void;
}

/** Longest time of a timer, in ms. Browsers fire longer ones at once. */
const MAX_TIMER_MS = 2_000_000_000;

/**
 * Which calls ring for the user of a session: do-not-disturb, and blocked people. The server keeps this and relays changes
 * to all devices of the user; if it does not, the browser keeps it.
 */
export class CallPreferences {
  readonly #host: CallPreferencesHost;
  #record = NO_PREFERENCES;
  #isAtServer = false;
  /** Undefined until it is known whether the server keeps the preferences, and which. */
  #syncing: PromiseWithResolvers | undefined = withResolvers();
  #serial = 0;
  #stopTimer = (): void => {};
  readonly #stopListening: (() => void) | undefined;

  constructor(host: CallPreferencesHost) {
    this.#host = host;
    this.#stopListening = host.storage?.listen(() => {
      if (!this.#isAtServer) host.dispatch(this.#show(this.#stored()));
    });
  }

  /**
   * The device has connected.
   * @param record undefined if the server does not keep preferences
   * @returns the event for the machine
   */
  synced(record: PreferencesRecord | undefined): EventInput {
    this.#isAtServer = record !== undefined;
    this.#syncing?.resolve();
    this.#syncing = undefined;
    return this.#show(record ?? (this.#host.storage ? this.#stored() : this.#record));
  }

  /** The connection is lost, or the session ends: changes that wait for it fail, and later ones wait for the next. */
  disconnected(): void {
    this.#syncing?.reject(new CallError('not-connected'));
    this.#syncing = withResolvers();
  }

  /** A device of this user has changed them. @returns the event for the machine */
  handle(change: PreferencesChange): EventInput {
    return this.#show(changedPreferences(this.#record, change) ?? this.#record);
  }

  /**
   * @param make returns the change. Called when the time of the server is known, in ms since the epoch
   * @returns whether this has changed anything
   * @throws {CallError} `invalid-argument` if too many people would be blocked; `not-connected`, or what the server answers
   */
  async change(make: (serverNow: number) => PreferencesChange): Promise<boolean> {
    const { storage, serverTime, connected, dispatch } = this.#host;
    await connected();
    await this.#syncing?.promise;
    const change = make(serverTime.now());
    const next = changedPreferences(this.#record, change);
    if (!next) throw tooMany();
    if (JSON.stringify(next) === JSON.stringify(this.#record)) return false;
    if (this.#isAtServer) await this.#send(change);
    else storage?.write(JSON.stringify(next));
    dispatch(this.handle(change));
    return true;
  }

  stop(): void {
    this.disconnected();
    this.#stopTimer();
    this.#stopListening?.();
    const { stores } = this.#host;
    stores.set(stores.$doNotDisturb, false);
    stores.set(stores.$blocked, []);
  }

  async #send(change: PreferencesChange): Promise<void> {
    const { transport, deviceID, user } = this.#host;
    const outcome = await transport.send({
      ...{ v: PROTOCOL_VERSION, id: `${deviceID}-preferences-${++this.#serial}` },
      ...{ type: 'preferences', callID: 'none', to: [user.userID], records: [] },
      ...{ names: [], remaining: [], ...change },
    });
    if (outcome.type === 'lost') throw new CallError('not-connected');
    if (outcome.type !== 'refused') return;
    const { code, retryAfterMs } = outcome;
    throw code === 'not-allowed' ? tooMany() : new CallError(code, undefined, { retryAfterMs });
  }

  #stored(): PreferencesRecord {
    let value: unknown;
    try {
      value = JSON.parse(this.#host.storage?.read() ?? 'null');
    } catch {
      // Not written by this module.
    }
    return check(preferencesShape, value) ?? NO_PREFERENCES;
  }

  #show(record: PreferencesRecord): EventInput {
    const { stores, serverTime, clock, dispatch } = this.#host;
    this.#record = record;
    this.#stopTimer();
    const now = serverTime.now();
    const isOn = isQuiet(record, now);
    const until = isOn ? record.doNotDisturb?.until : undefined;
    if (until !== undefined) {
      const wait = Math.min(Math.max(0, until - now), MAX_TIMER_MS);
      this.#stopTimer = clock.after(wait, () => dispatch(this.#show(this.#record)));
    }
    const shown = until === undefined ? isOn : { until: serverTime.toLocal(until) };
    if (JSON.stringify(shown) !== JSON.stringify(stores.$doNotDisturb.get()))
      stores.set(stores.$doNotDisturb, shown);
    if (JSON.stringify(record.blocked) !== JSON.stringify(stores.$blocked.get()))
      stores.set(stores.$blocked, record.blocked);
    const blocked = record.blocked.map(({ userID }) => userID);
    return { type: 'preferences.changed', doNotDisturb: isOn, blocked };
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: CallError) => void;
}

function withResolvers(): PromiseWithResolvers {
  let resolve!: () => void;
  let reject!: (error: CallError) => void;
  const promise = new Promise<void>((yes, no) => ([resolve, reject] = [yes, no]));
  promise.catch(() => {
    // Nobody may be waiting.
  });
  return { promise, resolve, reject };
}

const tooMany = (): CallError =>
  new CallError('invalid-argument', `At most ${MAX_BLOCKED} people can be blocked.`);
