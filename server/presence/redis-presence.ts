import type { Sender } from '../../src/core/protocol/messages.js';
import type { CallChange, CallKnowledge, NoteResult } from '../calls/call-knowledge.js';
import { keyPart } from '../storage/journal.js';
import {
  KEEP_CALL_MS,
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

/** Devices that are registered anew without waiting for each other. */
const DEVICES_AT_ONCE = 500;

export interface PresenceTimes {
  /** How long a device that is in a call may be away, in ms. Default 8,000. */
  readonly vanishAfterMs?: number | undefined;
  /** How long a node that says nothing is taken for alive, in ms. Default 3,000. */
  readonly leaseMs?: number | undefined;
  /** How often it says so, in ms. Default 1,000; a third of the lease, so that two may be late. */
  readonly tickMs?: number | undefined;
  /** How long a node may take to make it known that a device is lost before another one does, in ms. Default 10,000. */
  readonly tellMs?: number | undefined;
  /** How long a call is remembered when no device is in it, in ms. Default 15 minutes. */
  readonly keepCallMs?: number | undefined;
}

/** A device that is connected to this node. */
interface Own {
  readonly sender: Sender;
  readonly connectionID: string;
  callID: string;
}

/**
 * Presence of several nodes. Each has a lease in Redis; when it is over, any other node takes its devices for
 * disconnected. While Redis is away, a node answers out of what it has seen itself, lets nobody new in, speaks for
 * nobody, and tells Redis afterwards what has happened meanwhile.
 */
export class RedisPresence implements Presence {
  readonly #store: RedisStore;
  readonly #logger: Logger;
  readonly #settings: readonly (string | number)[];
  readonly #leaseMs: number;
  readonly #tellMs: number;
  readonly #timer: NodeJS.Timeout;
  /** By their keys. */
  readonly #own = new Map<string, Own>();
  readonly #calls = new RedisCalls((script, ...args) => this.#run(script, ...args));
  /** Connections that are being registered. */
  readonly #coming = new Set<string>();
  /** What passed through this node. */
  readonly #local = new MemoryPresence(KEEP_CALL_MS);
  readonly #writes: WriteBehindQueue;
  /** Redis may know devices of this node that have gone, or not know some that are here. */
  #isOutOfSync = false;
  #resyncing: Promise<unknown> | undefined;
  #ticking: Promise<void> | undefined;
  #closed = false;
  #onVanished: Parameters<Presence['whenVanished']>[0] = () => Promise.resolve();

  /** Without a lease yet: `open` gives one that has it. */
  constructor(store: RedisStore, logger: Logger, times: PresenceTimes) {
    this.#store = store;
    this.#logger = logger;
    const { vanishAfterMs = VANISH_AFTER_MS, keepCallMs = KEEP_CALL_MS } = times;
    const { leaseMs = 3_000, tickMs = 1_000, tellMs = 10_000 } = times;
    this.#leaseMs = leaseMs;
    this.#tellMs = tellMs;
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
    this.#coming.add(connectionID);
    try {
      await this.#register({ sender, connectionID, callID: '' }, false);
      this.#own.set(key, { sender, connectionID, callID: before?.callID ?? '' });
    } finally {
      this.#coming.delete(connectionID);
    }
    await this.#local.connect(sender, connectionID);
  }

  async disconnect(device: DeviceKey, connectionID: string): Promise<void> {
    const key = partOf(device);
    if (this.#own.get(key)?.connectionID === connectionID) this.#own.delete(key);
    await this.#local.disconnect(device, connectionID);
    // Closed, it has taken its devices for disconnected already.
    if (this.#closed) return;
    await this.#disconnect(key, connectionID);
  }

  async enter(sender: Sender, callID: string): Promise<void> {
    await this.#local.enter(sender, callID);
    const device = partOf(sender);
    const own = this.#own.get(device);
    if (own) own.callID = callID;
    const what = [device, JSON.stringify(sender), keyPart(callID)];
    await this.#say(`enter ${device}`, scripts.ENTER, ...what);
  }

  async leave(device: DeviceKey, callID: string): Promise<void> {
    await this.#local.leave(device, callID);
    const own = this.#own.get(partOf(device));
    if (own?.callID === callID) own.callID = '';
    const what = [partOf(device), keyPart(callID)];
    await this.#say(`leave ${what.join(' ')}`, scripts.LEAVE, ...what);
  }

  async lose(device: DeviceKey): Promise<DeviceStatus | undefined> {
    const key = partOf(device);
    const own = this.#own.get(key);
    if (own) own.callID = '';
    const seen = await this.#local.lose(device);
    const reply = await this.#say(`lose ${key}`, scripts.LOSE, key);
    return reply === undefined ? seen : readStatus(reply as InCall | null);
  }

  standing(device: DeviceKey): Promise<DeviceStatus | undefined> {
    const key = `${this.#store.prefix}device:${partOf(device)}`;
    return this.#read(
      async () =>
        readStatus(
          (await this.#store.ask((redis) => redis.hmget(key, 'sender', 'conn', 'call'))) as [
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
      async () => (await this.#store.ask((redis) => redis.zscore(key, partOf(device)))) !== null,
      async () => false,
    );
  }

  devicesOf(userID: string): Promise<readonly string[]> {
    const key = this.#store.key('devices', userID);
    return this.#read(
      async () => {
        const parts = await this.#store.ask((redis) => redis.zrange(key, '0', '-1'));
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
        // While Redis is away, the call goes on by it.
        if (known.members.size > 0 || known.named.size > 0) await this.#local.note(callID, known);
        return { ...known, devices: devices.flatMap((one) => readStatus(one) ?? []) };
      },
      () => this.#local.call(callID, named),
    );
  }

  async note(callID: string, change: CallChange): Promise<NoteResult> {
    const seen = await this.#local.note(callID, change);
    if (seen !== 'noted') return seen;
    const noted = await this.#writes.write(() => this.#calls.note(callID, change), {
      key: `note ${keyPart(callID)}`,
      // One step for all that was seen of the call by then.
      queuedWrite: async () => this.#calls.note(callID, await this.#local.call(callID)),
    });
    return noted ?? seen;
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

  whenVanished(tell: Parameters<Presence['whenVanished']>[0]): void {
    this.#onVanished = tell;
  }

  /** Other nodes wait for the devices of this one from now on. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#ticking;
    await this.#resyncing;
    await this.#local.close();
    // Redis finds out by itself when its lease is over.
    await this.#run(scripts.STOP).catch(() => {});
  }

  #tick(): Promise<void> {
    if (this.#closed || !this.#store.isReady) return Promise.resolve();
    return (this.#ticking ??= this.#work()
      // The next one comes soon.
      .catch(() => {})
      .finally(() => (this.#ticking = undefined)));
  }

  async #work(): Promise<void> {
    const [how, lost = []] = await this.#renew();
    if (how === 'again') this.#isOutOfSync = true;
    // The lease is not kept waiting for it.
    this.#resyncing ??= this.#resync()
      // It is tried again with the next tick.
      .catch(() => (this.#isOutOfSync = true))
      .finally(() => (this.#resyncing = undefined));
    for (const [device, sender, call] of lost) {
      this.#onVanished(JSON.parse(sender) as Sender, idOf(call))
        .then(() => this.#writes.write(() => this.#run(scripts.TOLD, device)))
        // It is told again, here or on another node.
        .catch(() => {});
    }
  }

  /** Makes Redis know what this node knows: first who is connected, so that nobody else speaks for them. */
  async #resync(): Promise<void> {
    if (this.#writes.resetDropped()) this.#isOutOfSync = true;
    if (this.#isOutOfSync) {
      this.#isOutOfSync = false;
      this.#logger.info('registers its devices anew', { devices: this.#own.size });
      const own = [...this.#own.values()];
      for (let start = 0; start < own.length; start += DEVICES_AT_ONCE) {
        const some = own.slice(start, start + DEVICES_AT_ONCE);
        await Promise.all(some.map((one) => this.#registerAgain(one)));
      }
      await this.#disconnectGone();
    }
    await this.#writes.flush();
  }

  #renew() {
    return this.#run(scripts.TICK, this.#leaseMs, this.#tellMs) as Promise<
      ['again' | 'renewed', (readonly [device: string, sender: string, call: string])[]?]
    >;
  }

  async #registerAgain(own: Own): Promise<void> {
    const key = partOf(own.sender);
    const isHere = () => this.#own.get(key)?.connectionID === own.connectionID;
    if (!isHere()) return;
    await this.#register(own, true);
    // It went meanwhile, and that was said before this.
    if (!isHere()) await this.#disconnect(key, own.connectionID);
  }

  /** Devices that this node has in Redis alone would never end: they keep others out, and count as reached. */
  async #disconnectGone(): Promise<void> {
    const known = (await this.#run(scripts.CONNECTED)) as [device: string, conn: string][];
    const here = new Set([...this.#own.values()].map(({ connectionID }) => connectionID));
    const gone = known.filter(([, conn]) => !here.has(idOf(conn)) && !this.#coming.has(idOf(conn)));
    await Promise.all(gone.map(([device, conn]) => this.#disconnect(device, idOf(conn))));
  }

  async #disconnect(device: string, connectionID: string): Promise<void> {
    const conn = keyPart(connectionID);
    const key = `disconnect ${device} ${conn}`;
    await this.#writes.write(() => this.#run(scripts.DISCONNECT, device, conn), { key });
  }

  #register({ sender, connectionID, callID }: Own, again: boolean): Promise<unknown> {
    const who = [partOf(sender), JSON.stringify(sender), sender.userName];
    const how = [keyPart(connectionID), again ? '1' : '', callID && keyPart(callID), Date.now()];
    return this.#run(scripts.CONNECT, ...who, ...how);
  }

  #run(script: Script, ...args: readonly (string | number)[]): Promise<unknown> {
    return this.#store.run(script, ...this.#settings, ...args);
  }

  /** Says of a device what is so now, at once or late. The newest step under a key says all that older ones do. */
  #say(key: string, script: Script, ...what: readonly string[]): Promise<unknown> {
    const now = Date.now();
    return this.#writes.write(() => this.#run(script, ...what, now, ''), {
      key,
      queuedWrite: () => this.#run(script, ...what, now, '1'),
    });
  }

  /** What Redis knows or, while it is away, what was seen here. */
  async #read<T>(known: () => Promise<T>, seen: () => Promise<T>): Promise<T> {
    try {
      return await known();
    } catch {
      return seen();
    }
  }
}

/** A device as a part of keys: two users may have drawn the same ID. */
const partOf = ({ userID, deviceID }: DeviceKey): string =>
  `${keyPart(userID)}:${keyPart(deviceID)}`;

function readStatus(known: InCall | null): DeviceStatus | undefined {
  const [sender, conn, call] = known ?? [null, null, null];
  if (sender === null) return undefined;
  return {
    device: JSON.parse(sender) as Sender,
    connected: conn !== null,
    callID: call === null ? undefined : idOf(call),
  };
}
