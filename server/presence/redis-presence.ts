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
import type { DeviceKey, Presence, DeviceStatus } from './presence.js';
import { RedisCalls, type InCall } from './redis-calls.js';
import { WriteBehindQueue } from '../storage/write-behind-queue.js';
import * as scripts from './redis-presence-scripts.js';
import { idOf, type RedisStore, type Script } from '../storage/redis-store.js';

/** Devices that are registered concurrently after a resynchronization. */
const REGISTRATION_BATCH_SIZE = 500;

export interface PresenceTimes {
  /** How long a device in a call may be disconnected, in ms. Default: 8,000. */
  readonly vanishAfterMs?: number | undefined;
  /** How long the lease of a node lasts, in ms. Default: 3,000. */
  readonly leaseMs?: number | undefined;
  /** Interval of the renewal of the lease, in ms. Default: 1,000, so that two renewals in a row may fail. */
  readonly tickMs?: number | undefined;
  /** How long a node may take to report a lost device before another one is called, in ms. Default: 10,000. */
  readonly reportTimeoutMs?: number | undefined;
  /** How long a call without devices is stored, in ms. Default: 900,000 (15 minutes). */
  readonly keepCallMs?: number | undefined;
}

/** A device that is connected to this node. */
interface OwnDevice {
  readonly sender: Sender;
  readonly connectionID: string;
  /** The one that it has entered last is last. */
  callIDs: readonly string[];
}

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
    const key = partOf(sender);
    const before = this.#own.get(key);
    this.#registering.add(connectionID);
    try {
      await this.#register({ sender, connectionID, callIDs: [] }, false);
      this.#own.set(key, { sender, connectionID, callIDs: before?.callIDs ?? [] });
    } finally {
      this.#registering.delete(connectionID);
    }
    await this.#local.connect(sender, connectionID);
  }

  async disconnect(device: DeviceKey, connectionID: string): Promise<void> {
    const key = partOf(device);
    if (this.#own.get(key)?.connectionID === connectionID) this.#own.delete(key);
    await this.#local.disconnect(device, connectionID);
    // STOP has disconnected all devices already.
    if (this.#closed) return;
    await this.#disconnect(key, connectionID);
  }

  async enter(sender: Sender, callID: string, keeps = false): Promise<void> {
    await this.#local.enter(sender, callID, keeps);
    const device = partOf(sender);
    const own = this.#own.get(device);
    const others = own && keeps ? without(own.callIDs, callID) : [];
    if (own) own.callIDs = [...others, callID].slice(-MAX_CALLS_PER_DEVICE);
    const call = keyPart(callID);
    const what = [device, JSON.stringify(sender), call, keeps ? '1' : ''];
    // Entering a second call does not replace the queued entry into the first one.
    const key = keeps ? `enter ${device} ${call}` : `enter ${device}`;
    await this.#write(key, scripts.ENTER, ...what);
  }

  async leave(device: DeviceKey, callID: string): Promise<void> {
    await this.#local.leave(device, callID);
    const own = this.#own.get(partOf(device));
    if (own) own.callIDs = without(own.callIDs, callID);
    const what = [partOf(device), keyPart(callID)];
    await this.#write(`leave ${what.join(' ')}`, scripts.LEAVE, ...what);
  }

  async lose(device: DeviceKey): Promise<DeviceStatus | undefined> {
    const key = partOf(device);
    const own = this.#own.get(key);
    if (own) own.callIDs = [];
    const local = await this.#local.lose(device);
    const reply = await this.#write(`lose ${key}`, scripts.LOSE, key);
    return reply === undefined ? local : readStatus(reply as InCall | null);
  }

  standing(device: DeviceKey): Promise<DeviceStatus | undefined> {
    const key = `${this.#store.prefix}device:${partOf(device)}`;
    return this.#read(
      async () =>
        readStatus(
          (await this.#store.execute((redis) => redis.hmget(key, 'sender', 'conn', 'call'))) as [
            string | null,
            string | null,
            string | null,
          ],
        ),
      () => this.#local.standing(device),
    );
  }

  isLost(device: DeviceKey): Promise<boolean> {
    const key = `${this.#store.prefix}lost`;
    return this.#read(
      async () =>
        (await this.#store.execute((redis) => redis.zscore(key, partOf(device)))) !== null,
      async () => false,
    );
  }

  devicesOf(userID: string): Promise<readonly string[]> {
    const key = this.#store.key('devices', userID);
    return this.#read(
      async () => {
        const parts = await this.#store.execute((redis) => redis.zrange(key, '0', '-1'));
        return parts.map((part) => idOf(part.split(':')[1] ?? ''));
      },
      () => this.#local.devicesOf(userID),
    );
  }

  devicesIn(callID: string): Promise<readonly DeviceStatus[]> {
    return this.#read(
      async () => {
        const found = (await this.#run(scripts.DEVICES_IN, keyPart(callID))) as InCall[];
        return found.flatMap((known) => readStatus(known) ?? []);
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
        return { ...known, devices: devices.flatMap((one) => readStatus(one) ?? []) };
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
    for (const [device, sender, calls] of lost) {
      const callIDs = calls.split(' ').map(idOf);
      Promise.all(callIDs.map((callID) => this.#onVanished(JSON.parse(sender) as Sender, callID)))
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
      ['again' | 'renewed', (readonly [device: string, sender: string, call: string])[]?]
    >;
  }

  async #registerAgain(own: OwnDevice): Promise<void> {
    const key = partOf(own.sender);
    const isHere = () => this.#own.get(key)?.connectionID === own.connectionID;
    if (!isHere()) return;
    await this.#register(own, true);
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
    const who = [partOf(sender), JSON.stringify(sender), sender.userName];
    const how = [keyPart(connectionID), isAgain ? '1' : ''];
    const calls = callIDs.map((callID) => keyPart(callID)).join(' ');
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

/** A device as a part of keys. The user ID is part of it because two users may choose the same device ID. */
const partOf = ({ userID, deviceID }: DeviceKey): string =>
  `${keyPart(userID)}:${keyPart(deviceID)}`;

const without = (callIDs: readonly string[], callID: string): readonly string[] =>
  callIDs.filter((other) => other !== callID);

function readStatus(known: InCall | null): DeviceStatus | undefined {
  const [sender, conn, calls] = known ?? [null, null, null];
  if (sender === null) return undefined;
  const callIDs = calls === null ? [] : calls.split(' ').map(idOf);
  return {
    device: JSON.parse(sender) as Sender,
    connected: conn !== null,
    callID: callIDs.at(-1),
    ...(callIDs.length > 1 && { otherCallIDs: callIDs.slice(0, -1) }),
  };
}
