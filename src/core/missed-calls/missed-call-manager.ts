import type { Clock } from '../ports/clock.js';
import type { MissedCallStorage } from '../ports/missed-call-storage.js';
import type {
  MissedCallConfig,
  MissedCallEntry,
  MissedCallEvent,
  MissedCallRecord,
  MissedCalls,
  MissedCallsHost,
} from '../ports/missed-calls.js';
import type { NoticeClick, Notifier } from '../ports/notifier.js';
import type { PushSubscriptions } from '../ports/push-subscriptions.js';
import { PROTOCOL_VERSION } from '../protocol/limits.js';
import type { CallErrorCode } from '../protocol/vocabulary.js';
import { dialBack } from './dial-back.js';
import { IncomingNotice } from './incoming-notice.js';
import { missedNotice } from './missed-notice.js';
import { PushManager } from './push.js';
import { MissedCallRecords } from './missed-call-records.js';

/** A call that was clicked in another page, or before this one was there, may be heard of only now, in ms. */
const CLICK_WAIT_MS = 5_000;

/** Whether the time of day was set is looked at so often, in ms. */
const TIME_CHECK_MS = 30_000;

/** What missed calls need beside the service. */
export interface MissedCallDependencies {
  readonly storage: MissedCallStorage;
  readonly notifier: Notifier;
  /** Undefined where the page has no worker, or the browser no Web Push. */
  readonly subscriptions: PushSubscriptions | undefined;
  readonly clock: Clock;
  readonly whenStopped?: () => void;
  /** Makes an error of the service's kind. */
  readonly fault: (code: CallErrorCode, message?: string) => Error;
}

/** Manages the missed calls of one user's time at this device. Resolves when what is kept of them is shown. */
export async function createMissedCalls(
  host: MissedCallsHost,
  parts: MissedCallDependencies,
): Promise<MissedCalls> {
  const manager = new MissedCallManager(host, parts);
  await manager.start();
  return manager;
}

class MissedCallManager implements MissedCalls {
  readonly #host: MissedCallsHost;
  readonly #parts: MissedCallDependencies;
  readonly #records: MissedCallRecords;
  readonly #incoming: IncomingNotice;
  readonly #push: PushManager;
  readonly #stops: (() => void)[] = [];
  /** Told at each missed call that is added. */
  readonly #waiting = new Set<() => void>();
  #stopCheck: () => void = () => {};
  #serial = 0;
  #stopped = false;

  constructor(host: MissedCallsHost, parts: MissedCallDependencies) {
    const { notifier, storage } = parts;
    this.#host = host;
    this.#parts = parts;
    this.#records = new MissedCallRecords(storage, host.serverTime, (entries) =>
      this.#show(entries),
    );
    this.#incoming = new IncomingNotice(notifier, () => host.service.$call.get());
    this.#push = new PushManager({ ...parts, transport: host.transport });
  }

  async start(): Promise<void> {
    const { service } = this.#host;
    const { notifier } = this.#parts;
    await this.#records.load();
    const refresh = (): void => this.#run(this.#incoming.refresh());
    notifier.open(
      (click) => this.#run(this.#clicked(click)),
      refresh,
      () => this.#isConnected,
    );
    this.#stops.push(
      service.$call.listen(refresh),
      service.$connection.listen((connection) => {
        if (connection === 'connected') this.#connected();
      }),
      () => notifier.stop(),
      () => this.#stopCheck(),
    );
    refresh();
    this.#checkTime();
    if (this.#isConnected) this.#connected();
  }

  handle(event: MissedCallEvent): void {
    const { notifier } = this.#parts;
    switch (event.type) {
      case 'missed':
        return this.#run(this.#missed(event.missed));
      case 'unmissed':
        this.#records.remove(event.callID);
        return void notifier.close(event.callID);
      case 'seen':
        this.#records.handle(event.callIDs, !!event.dismissed, false);
        for (const callID of event.callIDs) void notifier.close(callID);
        return;
      case 'time-measured':
        this.#records.refresh();
    }
  }

  async click(callID: string): Promise<boolean> {
    const record = this.#records.find(callID);
    if (!record) return false;
    this.#markHandled([callID], false);
    let action: Promise<void> | undefined;
    const defaultAction = (): Promise<void> =>
      (action ??=
        this.#config.enableDialBack === false ? Promise.resolve() : this.#callBack(record));
    const { caller, callType, callees, customData } = record;
    const free = this.#host.fire({
      name: 'onIncomingMissedCallClicked',
      args: [callID, caller, callType, callees, customData, defaultAction],
    });
    if (free) await defaultAction();
    return true;
  }

  async dialBack(callID: string): Promise<boolean> {
    const record = this.#records.find(callID);
    try {
      if (!record) throw this.#parts.fault('call-over', 'No missed call has this callID.');
      this.#markHandled([callID], false);
      return await dialBack(this.#host, record);
    } catch (error) {
      this.#failed();
      throw error;
    }
  }

  async dismiss(callID?: string): Promise<boolean> {
    const all = this.#records.shown.map((record) => record.callID);
    return this.#markHandled(callID === undefined ? all : [callID], true);
  }

  async enableNotifications(): Promise<boolean> {
    return this.#parts.notifier.request();
  }

  async enablePush(): Promise<boolean> {
    if (await this.#parts.notifier.request()) return this.#push.enable();
    throw this.#parts.fault('not-allowed', 'Notifications are not allowed.');
  }

  disablePush(): Promise<boolean> {
    return this.#push.disable();
  }

  stop(): void {
    this.#stopped = true;
    for (const stop of this.#stops) stop();
    this.#incoming.hide();
    this.#parts.whenStopped?.();
    // What is left of this user is nobody else's to see.
    this.#parts.notifier.badge(0);
    void this.#parts.notifier.closeAll();
  }

  /** The moments that are shown follow the time of day, also when that is set. */
  #checkTime(): void {
    this.#records.refresh();
    this.#stopCheck = this.#parts.clock.after(TIME_CHECK_MS, () => this.#checkTime());
  }

  get #isConnected(): boolean {
    return this.#host.service.$connection.get() === 'connected';
  }

  get #config(): MissedCallConfig {
    return this.#host.config().missedCall ?? {};
  }

  #show(entries: readonly MissedCallEntry[]): void {
    if (this.#stopped) return;
    this.#parts.notifier.badge(entries.filter(({ seen }) => !seen).length);
    this.#host.show(entries);
  }

  /** Adds a missed call; of the pages of its browser, and the worker, one shows the notification. */
  async #missed({
    fresh,
    ...missed
  }: Extract<MissedCallEvent, { type: 'missed' }>['missed']): Promise<void> {
    const record: MissedCallRecord = { ...missed, seen: false };
    const { callID, round } = record;
    const isNew = this.#records.add(record);
    for (const tell of [...this.#waiting]) tell();
    if (!isNew || !fresh) return;
    const { storage, notifier } = this.#parts;
    const isFirst = await storage.claim(callID, round).catch(() => true);
    // Handled meanwhile, or shown by another page.
    if (!isFirst || this.#records.find(callID)?.seen !== false) return;
    const { serverTime, service } = this.#host;
    const notice = missedNotice(record, this.#config, serverTime, (error) => service.report(error));
    if (notice) await notifier.show(notice);
  }

  /** The user has handled these: here, and so on all devices. */
  #markHandled(callIDs: readonly string[], dismissed: boolean): boolean {
    const changed = this.#records.handle(callIDs, dismissed, true);
    for (const callID of callIDs) void this.#parts.notifier.close(callID);
    if (changed.length) void this.#sendSeen(dismissed);
    return changed.length > 0;
  }

  /** Tells the user's other devices and the server what was handled; what gets lost is told at the next connection. */
  async #sendSeen(dismissed: boolean): Promise<void> {
    const { transport, service } = this.#host;
    const callIDs = this.#records.untold(dismissed);
    const [callID] = callIDs;
    if (callID === undefined || !service.user) return;
    const outcome = await transport.send({
      ...{ v: PROTOCOL_VERSION, id: `${service.deviceID}-seen-${++this.#serial}`, type: 'seen' },
      ...{ callID, to: [service.user.userID], records: [], names: [], remaining: [] },
      ...{ callIDs: [...callIDs], dismissed },
    });
    if (outcome.type === 'acknowledged') this.#records.told(callIDs);
  }

  #connected(): void {
    void this.#sendSeen(false);
    void this.#sendSeen(true);
    this.#run(this.#push.renew());
    // Without storage there is no click in it.
    const click = this.#parts.storage.takeClick().catch(() => undefined);
    this.#run(click.then((one) => one && this.#clicked(one)));
  }

  /** A notification was clicked: in another window, or before this page was there. */
  async #clicked({ kind, callID, action }: NoticeClick): Promise<void> {
    if (kind === 'incoming') return this.#answer(callID, action);
    if (!(await this.#until(() => !!this.#records.find(callID)))) {
      if (this.#config.enableDialBack !== false) this.#failed();
      return;
    }
    await this.#until(() => this.#isConnected);
    await this.click(callID);
  }

  async #answer(callID: string, action: NoticeClick['action']): Promise<void> {
    const { service } = this.#host;
    const rings = (): boolean => {
      const call = service.$call.get();
      return call.callID === callID && call.status === 'incoming';
    };
    if (action === 'open' || !(await this.#until(rings))) return;
    await (action === 'accept' ? service.accept() : service.decline());
  }

  async #callBack(record: MissedCallRecord): Promise<void> {
    try {
      await dialBack(this.#host, record);
    } catch {
      this.#failed();
    }
  }

  /** What fails reaches the page as an error. */
  #run(job: Promise<unknown>): void {
    job.catch((error: unknown) => this.#host.service.report(error));
  }

  #failed(): void {
    this.#host.fire({ name: 'onIncomingMissedCallDialBackFailed', args: [] });
  }

  /** @returns whether it came true in time */
  #until(isTrue: () => boolean): Promise<boolean> {
    if (isTrue()) return Promise.resolve(true);
    const { $call, $connection } = this.#host.service;
    return new Promise((resolve) => {
      const end = (): void => {
        for (const stop of stops) stop();
        this.#waiting.delete(check);
        resolve(!this.#stopped && isTrue());
      };
      const check = (): void => {
        if (isTrue()) end();
      };
      const stops = [
        this.#parts.clock.after(CLICK_WAIT_MS, end),
        $call.listen(check),
        $connection.listen(check),
      ];
      this.#waiting.add(check);
    });
  }
}
