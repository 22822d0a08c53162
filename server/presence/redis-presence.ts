import type { Sender } from '../../src/core/protocol/messages.js';
import type { CallChange, CallKnowledge, NoteResult } from '../calls/call-knowledge.js';
import { keyPart } from '../storage/journal.js';
import {
  KEEP_CALL_MS,
  MAX_CALLS_PER_DEVICE,
  MAX_LOST_DEVICES,
  MAX_USERS_PER_CALL,
  VANISH_AFTER_MS,
} from '../limits/limits.js';
import type { Logger } from '../observability/logger.js';
import { MemoryPresence } from './memory-presence.js';
import type { BusyDevice, DeviceKey, Presence, DeviceStatus } from './presence.js';
import { RedisCalls, type InCall } from './redis-calls.js';
import * as values from './redis-devices.js';
import type { OwnDevice, PresenceTimes } from './redis-devices.js';
import { WriteBehindQueue } from '../storage/write-behind-queue.js';
import * as scripts from './redis-presence-scripts.js';
import { idOf, type RedisStore, type Script } from '../storage/redis-store.js';

/** Devices that are registered concurrently after a resynchronization. */
const REGISTRATION_BATCH_SIZE = 500;

/**
 * Presence that several nodes share in Redis. Each node has a lease; when it is over, another node disconnects its devices.
 * While Redis is unreachable, a node answers from the state it has seen itself, accepts no new connections, and reports no
 * lost devices. It writes the changes of that time after Redis reconnects.
 */
export class RedisPresence implements Presence {
  readonly #store: RedisStore;
  readonly #logger: Logger;
  readonly #settings: readonly (string | number)[];
  readonly #leaseMs: number;
  readonly #reportTimeoutMs: number;
  readonly #timer: NodeJS.Timeout;
  /** Devices connected to this node, by key. */
  readonly #own = new Map<string, OwnDevice>();
  readonly #calls = new RedisCalls((script, ...args) => this.#run(script, ...args));
  /** IDs of connections whose registration is in progress. */
  readonly #registering = new Set<string>();
  /** The state that this node has seen itself. */
  readonly #local = new MemoryPresence(KEEP_CALL_MS);
  readonly #writes: WriteBehindQueue;
  /** Whether the devices of this node in Redis may differ from those that are connected. */
  #isOutOfSync = false;
  #resyncing: Promise<unknown> | undefined;
  #ticking: Promise<void> | undefined;
  #closed = false;
  #onVanished: Parameters<Presence['whenVanished']>[0] = () => Promise.resolve();
  #onFree: Parameters<Presence['whenFree']>[0] = () => Promise.resolve();

  /** The new object has no lease yet; use `open`. */
  constructor(store: RedisStore, logger: Logger, times: PresenceTimes) {
    this.#store = store;
    this.#logger = logger;
    const { vanishAfterMs = VANISH_AFTER_MS, keepCallMs = KEEP_CALL_MS } = times;
    const { leaseMs = 3_000, tickMs = 1_000, reportTimeoutMs: reportTimeoutMs = 10_000 } = times;
    this.#leaseMs = leaseMs;
    this.#reportTimeoutMs = reportTimeoutMs;
    const node = keyPart(store.nodeID);
    this.#settings = [node, vanishAfterMs, keepCallMs, MAX_USERS_PER_CALL, MAX_LOST_DEVICES];
    this.#writes = new WriteBehindQueue(() => store.isReady, logger);
    store.whenReady(() => void this.#tick());
    this.#timer = setInterval(() => void this.#tick(), tickMs);
  }

  /** @throws {UnavailableError} */
  static async open(
    store: RedisStore,
    logger: Logger,
    times: PresenceTimes = {},
  ): Promise<RedisPresence> {
    const presence = new RedisPresence(store, logger, times);
    try {
      await presence.#renew();
      return presence;
    } catch (error) {
      await presence.close();
      throw error;
    }
  }

  async connect(sender: Sender, connectionID: string): Promise<void> {
    const key = values.partOf(sender);
    const before = this.#own.get(key);
    this.#registering.add(connectionID);
    try {
      await this.#register({ sender, connectionID, callIDs: [], stated: [] }, false);
      const { callIDs = [], stated = [] } = before ?? {};
      this.#own.set(key, { sender, connectionID, callIDs, stated });
    } finally {
      this.#registering.delete(connectionID);
    }
    await this.#local.connect(sender, connectionID);
  }

  async disconnect(device: DeviceKey, connectionID: string): Promise<void> {
    const key = values.partOf(device);
    if (this.#own.get(key)?.connectionID === connectionID) this.#own.delete(key);
    await this.#local.disconnect(device, connectionID);
    // STOP has disconnected all devices already.
    if (this.#closed) return;
    await this.#disconnect(key, connectionID);
  }

  async enter(sender: Sender, callID: string, keeps = false): Promise<void> {
    await this.#local.enter(sender, callID, keeps);
    const device = values.partOf(sender);
    const own = this.#own.get(device);
    const others = own && keeps ? values.without(own.callIDs, callID) : [];
    if (own) own.callIDs = [...others, callID].slice(-MAX_CALLS_PER_DEVICE);
    const call = keyPart(callID);
    const what = [device, JSON.stringify(sender), call, keeps ? '1' : ''];
    // Entering a second call does not replace the queued entry into the first one.
    const key = keeps ? `enter ${device} ${call}` : `enter ${device}`;
    await this.#write(key, scripts.ENTER, ...what);
  }

  async state(sender: Sender, callIDs: readonly string[]): Promise<void> {
    await this.#local.state(sender, callIDs);
    const device = values.partOf(sender);
    const own = this.#own.get(device);
    if (own) own.stated = callIDs;
    await this.#write(`state ${device}`, scripts.STATE, device, values.keyParts(callIDs));
  }

  busyDevicesOf(userID: string): Promise<readonly BusyDevice[]> {
    return this.#read(
      async () => {
        const found = (await this.#run(scripts.BUSY, keyPart(userID))) as [string, string][];
        return found.map(([part, calls]) => ({
          deviceID: values.deviceIDOf(part),
          callIDs: calls.split(' ').map(idOf),
        }));
      },
      () => this.#local.busyDevicesOf(userID),
    );
  }

  async leave(device: DeviceKey, callID: string): Promise<void> {
    await this.#local.leave(device, callID);
    const own = this.#own.get(values.partOf(device));
    if (own) own.callIDs = values.without(own.callIDs, callID);
    const what = [values.partOf(device), keyPart(callID)];
    await this.#write(`leave ${what.join(' ')}`, scripts.LEAVE, ...what);
  }

  async lose(device: DeviceKey): Promise<DeviceStatus | undefined> {
    const key = values.partOf(device);
    const own = this.#own.get(key);
    if (own) own.callIDs = own.stated = [];
    const local = await this.#local.lose(device);
    const reply = await this.#write(`lose ${key}`, scripts.LOSE, key);
    return reply === undefined ? local : values.readStatus(reply as InCall | null);
  }

  standing(device: DeviceKey): Promise<DeviceStatus | undefined> {
    const key = `${this.#store.prefix}device:${values.partOf(device)}`;
    return this.#read(
      async () =>
        values.readStatus(
          await this.#store.execute((redis) => redis.hmget(key, ...values.STATUS_FIELDS)),
        ),
      () => this.#local.standing(device),
    );
  }

  isLost(device: DeviceKey): Promise<boolean> {
    const key = `${this.#store.prefix}lost`;
    return this.#read(
      async () =>
        (await this.#store.execute((redis) => redis.zscore(key, values.partOf(device)))) !== null,
      async () => false,
    );
  }

  devicesOf(userID: string): Promise<readonly string[]> {
    const key = this.#store.key('devices', userID);
    return this.#read(
      async () => {
        const parts = await this.#store.execute((redis) => redis.zrange(key, '0', '-1'));
        return parts.map(values.deviceIDOf);
      },
      () => this.#local.devicesOf(userID),
    );
  }

  devicesIn(callID: string): Promise<readonly DeviceStatus[]> {
    return this.#read(
      async () => {
        const found = (await this.#run(scripts.DEVICES_IN, keyPart(callID))) as InCall[];
        return found.flatMap((known) => values.readStatus(known) ?? []);
      },
      () => this.#local.devicesIn(callID),
    );
  }

  call(callID: string, named: readonly string[] = []): Promise<CallKnowledge> {
    return this.#read(
      async () => {
        const { devices, ...known } = await this.#calls.get(callID, named);
        // Used while Redis is unreachable.
        if (known.members.size > 0 || known.named.size > 0) await this.#local.note(callID, known);
        return { ...known, devices: devices.flatMap((one) => values.readStatus(one) ?? []) };
      },
      () => this.#local.call(callID, named),
    );
  }

  async note(callID: string, change: CallChange): Promise<NoteResult> {
    const local = await this.#local.note(callID, change);
    if (local !== 'noted') return local;
    const noted = await this.#writes.write(() => this.#calls.note(callID, change), {
      key: `note ${keyPart(callID)}`,
      // One script for the whole local state of the call.
      queuedWrite: async () => this.#calls.note(callID, await this.#local.call(callID)),
    });
    return noted ?? local;
  }

  users(): Promise<readonly Pick<Sender, 'userID' | 'userName'>[]> {
    return this.#read(
      async () =>
        ((await this.#run(scripts.USERS)) as (string | null)[]).flatMap((text) => {
          if (text === null) return [];
          const { userID, userName } = JSON.parse(text) as Sender;
          return [{ userID, userName }];
        }),
      () => this.#local.users(),
    );
  }

  whenVanished(onVanished: Parameters<Presence['whenVanished']>[0]): void {
    this.#onVanished = onVanished;
  }

  whenFree(onFree: Parameters<Presence['whenFree']>[0]): void {
    this.#onFree = onFree;
  }

  /** Disconnects the devices of this node, so that other nodes wait for them. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#ticking;
    await this.#resyncing;
    await this.#local.close();
    // If this fails, the lease of the node expires.
    await this.#run(scripts.STOP).catch(() => {});
  }

  #tick(): Promise<void> {
    if (this.#closed || !this.#store.isReady) return Promise.resolve();
    return (this.#ticking ??= this.#doTick()
      // The next tick retries.
      .catch(() => {})
      .finally(() => (this.#ticking = undefined)));
  }

  async #doTick(): Promise<void> {
    const [how, lost = []] = await this.#renew();
    if (how === 'again') this.#isOutOfSync = true;
    // Don't await it, so that it can't delay the renewal of the lease.
    this.#resyncing ??= this.#resync()
      // The next tick retries.
      .catch(() => (this.#isOutOfSync = true))
      .finally(() => (this.#resyncing = undefined));
    for (const [device, text, calls, busy] of lost) {
      const callIDs = calls === '' ? [] : calls.split(' ').map(idOf);
      const sender = JSON.parse(text) as Sender;
      const reports = callIDs.map((callID) => this.#onVanished(sender, callID));
      if (busy === '1') reports.push(this.#onFree(sender));
      Promise.all(reports)
        .then(() => this.#writes.write(() => this.#run(scripts.REPORTED, device)))
        // Without a REPORTED, the device is reported again, here or on another node.
        .catch(() => {});
    }
  }

  /** Writes the state of this node to Redis, connected devices first, so that no other node reports them as lost. */
  async #resync(): Promise<void> {
    if (this.#writes.resetDropped()) this.#isOutOfSync = true;
    if (this.#isOutOfSync) {
      this.#isOutOfSync = false;
      this.#logger.info('registering the connected devices in Redis again', {
        devices: this.#own.size,
      });
      const own = [...this.#own.values()];
      for (let start = 0; start < own.length; start += REGISTRATION_BATCH_SIZE) {
        const some = own.slice(start, start + REGISTRATION_BATCH_SIZE);
        await Promise.all(some.map((one) => this.#registerAgain(one)));
      }
      await this.#disconnectStale();
    }
    await this.#writes.flush();
  }

  #renew() {
    return this.#run(scripts.TICK, this.#leaseMs, this.#reportTimeoutMs) as Promise<
      ['again' | 'renewed', (readonly values.LostDevice[])?]
    >;
  }

  async #registerAgain(own: OwnDevice): Promise<void> {
    const key = values.partOf(own.sender);
    const isHere = () => this.#own.get(key)?.connectionID === own.connectionID;
    if (!isHere()) return;
    await this.#register(own, true);
    if (own.stated.length > 0)
      await this.#run(scripts.STATE, key, values.keyParts(own.stated), Date.now(), '');
    // The device disconnected meanwhile, and its DISCONNECT may have come before this registration.
    if (!isHere()) await this.#disconnect(key, own.connectionID);
  }

  /** Disconnects devices that only Redis knows. They would never end, count as reached and towards the limit of devices. */
  async #disconnectStale(): Promise<void> {
    const known = (await this.#run(scripts.CONNECTED)) as [device: string, conn: string][];
    const here = new Set([...this.#own.values()].map(({ connectionID }) => connectionID));
    const stale = known.filter(
      ([, conn]) => !here.has(idOf(conn)) && !this.#registering.has(idOf(conn)),
    );
    await Promise.all(stale.map(([device, conn]) => this.#disconnect(device, idOf(conn))));
  }

  async #disconnect(device: string, connectionID: string): Promise<void> {
    const conn = keyPart(connectionID);
    const key = `disconnect ${device} ${conn}`;
    await this.#writes.write(() => this.#run(scripts.DISCONNECT, device, conn), { key });
  }

  #register({ sender, connectionID, callIDs }: OwnDevice, isAgain: boolean): Promise<unknown> {
    const who = [values.partOf(sender), JSON.stringify(sender), sender.userName];
    const how = [keyPart(connectionID), isAgain ? '1' : ''];
    const calls = values.keyParts(callIDs);
    return this.#run(scripts.CONNECT, ...who, ...how, calls, Date.now());
  }

  #run(script: Script, ...args: readonly (string | number)[]): Promise<unknown> {
    return this.#store.run(script, ...this.#settings, ...args);
  }

  /** Writes the state of a device, now or queued. With the same key, the newest queued write replaces older ones. */
  #write(key: string, script: Script, ...what: readonly string[]): Promise<unknown> {
    const now = Date.now();
    return this.#writes.write(() => this.#run(script, ...what, now, ''), {
      key,
      queuedWrite: () => this.#run(script, ...what, now, '1'),
    });
  }

  /** Reads from Redis or, while it is unreachable, from local state. */
  async #read<T>(known: () => Promise<T>, local: () => Promise<T>): Promise<T> {
    try {
      return await known();
    } catch {
      return local();
    }
  }
}
