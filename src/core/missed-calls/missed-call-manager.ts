import type {
  MissedCallConfig,
  MissedCallEntry,
  MissedCallEvent,
  MissedCallRecord,
  MissedCalls,
  MissedCallsHost,
} from '../ports/missed-calls.js';
import {
  NotificationManager,
  type NotificationDependencies,
} from '../notifications/notification-manager.js';
import { PROTOCOL_VERSION } from '../protocol/limits.js';
import { dialBack } from './dial-back.js';
import { MissedCallRecords, toEntry } from './missed-call-records.js';

/** Interval at which the manager checks whether the time of day was set, in ms. */
const TIME_CHECK_MS = 30_000;

/** Dependencies of the missed-call manager, in addition to the service. */
export interface MissedCallDependencies extends NotificationDependencies {
  readonly whenStopped?: () => void;
}

/** Manages the missed calls of one signed-in user on this device. Resolves when the stored missed calls are shown. */
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
  readonly #notifications: NotificationManager;
  readonly #stops: (() => void)[] = [];
  #stopCheck: () => void = () => {};
  #serial = 0;
  #stopped = false;

  constructor(host: MissedCallsHost, parts: MissedCallDependencies) {
    this.#host = host;
    this.#parts = parts;
    this.#records = new MissedCallRecords(parts.storage, host.serverTime, (entries) =>
      this.#show(entries),
    );
    this.#notifications = new NotificationManager(host, parts, (callID) => this.#clicked(callID));
  }

  async start(): Promise<void> {
    const { $connection } = this.#host.service;
    await this.#records.load();
    this.#notifications.start();
    this.#stops.push(
      $connection.listen((connection) => {
        if (connection === 'connected') this.#connected();
      }),
      () => this.#notifications.stop(),
      () => this.#stopCheck(),
    );
    this.#checkTime();
    if (this.#isConnected) this.#connected();
  }

  handle(event: MissedCallEvent): void {
    switch (event.type) {
      case 'missed':
        this.#missed(event.missed).catch((error: unknown) => this.#host.service.report(error));
        return;
      case 'unmissed':
        this.#records.remove(event.callID);
        this.#notifications.close(event.callID);
        return;
      case 'seen':
        this.#records.markHandled(event.callIDs, !!event.dismissed, false);
        for (const callID of event.callIDs) this.#notifications.close(callID);
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
    const isDefault = this.#host.fire({
      name: 'onIncomingMissedCallClicked',
      args: [callID, caller, callType, callees, customData, defaultAction],
    });
    if (isDefault) await defaultAction();
    return true;
  }

  async dialBack(callID: string): Promise<boolean> {
    const record = this.#records.find(callID);
    try {
      if (!record) throw this.#parts.fault('call-over', 'No missed call has this callID.');
      this.#markHandled([callID], false);
      return await dialBack(this.#host, record);
    } catch (error) {
      this.#dialBackFailed();
      throw error;
    }
  }

  async dismiss(callIDs?: readonly string[]): Promise<boolean> {
    const all = this.#records.shown.map((record) => record.callID);
    return this.#markHandled(callIDs ?? all, true);
  }

  markSeen(callIDs: readonly string[]): boolean {
    return this.#markHandled(callIDs, false);
  }

  async enableNotifications(): Promise<boolean> {
    return this.#notifications.enable();
  }

  enterAcceptedCall(): Promise<boolean> {
    return this.#notifications.enterAcceptedCall();
  }

  enablePush(): Promise<boolean> {
    return this.#notifications.enablePush();
  }

  disablePush(): Promise<boolean> {
    return this.#notifications.disablePush();
  }

  stop(): void {
    this.#stopped = true;
    for (const stop of this.#stops) stop();
    this.#parts.whenStopped?.();
  }

  /** Updates the displayed times at intervals, in case the time of day of this device was set. */
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
    this.#notifications.badge(entries.filter(({ seen }) => !seen).length);
    this.#host.show(entries);
  }

  async #missed({
    fresh,
    ...missed
  }: Extract<MissedCallEvent, { type: 'missed' }>['missed']): Promise<void> {
    const record: MissedCallRecord = { ...missed, seen: false };
    const isNew = this.#records.add(record);
    this.#notifications.wait.recheck();
    if (!isNew || !fresh) return;
    const entry = toEntry(record, this.#host.serverTime);
    const isUnseen = (): boolean => this.#records.find(record.callID)?.seen === false;
    await this.#notifications.showMissed(record, entry, isUnseen);
  }

  /** Marks missed calls as handled on this device, and notifies the user's other devices. */
  #markHandled(callIDs: readonly string[], dismissed: boolean): boolean {
    const changed = this.#records.markHandled(callIDs, dismissed, true);
    for (const callID of callIDs) this.#notifications.close(callID);
    if (changed.length) void this.#sendSeen(dismissed);
    return changed.length > 0;
  }

  /**
   * Sends the handled calls to the user's other devices and to the server. If the message is not acknowledged, they are
   * sent again at the next connection.
   */
  async #sendSeen(dismissed: boolean): Promise<void> {
    const { transport, service } = this.#host;
    const callIDs = this.#records.unreported(dismissed);
    const [callID] = callIDs;
    if (callID === undefined || !service.user) return;
    const outcome = await transport.send({
      ...{ v: PROTOCOL_VERSION, id: `${service.deviceID}-seen-${++this.#serial}`, type: 'seen' },
      ...{ callID, to: [service.user.userID], records: [], names: [], remaining: [] },
      ...{ callIDs: [...callIDs], dismissed },
    });
    if (outcome.type === 'acknowledged') this.#records.markReported(callIDs);
  }

  #connected(): void {
    void this.#sendSeen(false);
    void this.#sendSeen(true);
    this.#notifications.connected();
  }

  /** Handles a click on the notification of a missed call; it may have happened before this page was loaded. */
  async #clicked(callID: string): Promise<void> {
    const { wait } = this.#notifications;
    if (!(await wait.until(() => !!this.#records.find(callID)))) {
      if (this.#config.enableDialBack !== false) this.#dialBackFailed();
      return;
    }
    await wait.until(() => this.#isConnected);
    await this.click(callID);
  }

  async #callBack(record: MissedCallRecord): Promise<void> {
    try {
      await dialBack(this.#host, record);
    } catch {
      this.#dialBackFailed();
    }
  }

  #dialBackFailed(): void {
    this.#host.fire({ name: 'onIncomingMissedCallDialBackFailed', args: [] });
  }
}
