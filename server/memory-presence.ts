import { LRUCache } from 'lru-cache';
import type { Sender } from '../src/core/protocol/messages.js';
import {
  KEEP_CALL_MS,
  KEEP_OWNER_MS,
  MAX_CALLS,
  MAX_LOST_DEVICES,
  MAX_OWNERS,
  MAX_USERS_PER_CALL,
} from './limits.js';
import type { Involved, Presence, Standing } from './presence.js';

interface Device {
  sender: Sender;
  connectionID: string | undefined;
  callID: string | undefined;
  /** It has been connected: nobody else has only said that it is there. */
  isProved: boolean;
  /** Runs while it is in a call, but not connected. */
  waiting: NodeJS.Timeout | undefined;
}
interface Call {
  readonly users: Set<string>;
  readonly devices: Set<string>;
  all: boolean;
  touchedAt: number;
}

/** How often calls to be forgotten are looked for, in ms. */
const TIDY_INTERVAL_MS = 1_000;
/** Calls that are left when there were too many. */
const MOST_LEFT = 0.99 * MAX_CALLS;

const UNKNOWN: Involved = { users: new Set(), all: false };
const newCall = (): Call => ({
  users: new Set(),
  devices: new Set(),
  all: false,
  touchedAt: 0,
});
const standing = ({ sender, connectionID, callID }: Device): Standing => ({
  device: sender,
  connected: connectionID !== undefined,
  callID,
});

/** Presence within one process. */
export class MemoryPresence implements Presence {
  readonly #devices = new Map<string, Device>();
  readonly #connected = new Map<string, Set<string>>();
  /** The one that was touched last is last. */
  readonly #calls = new Map<string, Call>();
  readonly #lost = new LRUCache<string, true>({ max: MAX_LOST_DEVICES });
  /** Whose the devices were that have gone: their users, by device. */
  readonly #owners: LRUCache<string, string>;
  readonly #vanishAfterMs: number;
  readonly #now: () => number;
  /** When calls to be forgotten are looked for next. */
  #tidyAt = 0;
  #closed = false;
  #tell: Parameters<Presence['whenVanished']>[0] = () => Promise.resolve();

  /** @param vanishAfterMs how long a device that is in a call may be away, in ms */
  constructor(vanishAfterMs: number, now: () => number = Date.now) {
    this.#vanishAfterMs = vanishAfterMs;
    this.#now = now;
    this.#owners = new LRUCache({
      max: MAX_OWNERS,
      ttl: KEEP_OWNER_MS,
      perf: { now },
      ttlResolution: 0,
    });
  }

  async connect(sender: Sender, connectionID: string): Promise<boolean> {
    if (this.#isAnothers(sender)) return false;
    const device = this.#deviceOf(sender);
    clearTimeout(device.waiting);
    Object.assign(device, { sender, connectionID, waiting: undefined, isProved: true });
    this.#lost.delete(sender.deviceID);
    const siblings = this.#connected.get(sender.userID) ?? new Set();
    this.#connected.set(sender.userID, siblings.add(sender.deviceID));
    return true;
  }

  async disconnect(deviceID: string, connectionID: string): Promise<void> {
    const device = this.#devices.get(deviceID);
    if (device?.connectionID !== connectionID) return;
    device.connectionID = undefined;
    const siblings = this.#connected.get(device.sender.userID);
    siblings?.delete(deviceID);
    if (siblings?.size === 0) this.#connected.delete(device.sender.userID);
    this.#settle(device);
  }

  async enter(sender: Sender, callID: string): Promise<void> {
    const device = this.#devices.get(sender.deviceID);
    if (this.#isAnothers(sender) || (device && device.sender.userID !== sender.userID)) return;
    this.#enter(device ?? this.#add(sender), callID);
  }

  #enter(device: Device, callID: string): void {
    if (device.callID !== callID) this.#leave(device);
    device.callID = callID;
    this.#touch(callID).devices.add(device.sender.deviceID);
    this.#settle(device);
  }

  async leave(deviceID: string, callID: string): Promise<void> {
    const device = this.#devices.get(deviceID);
    if (device?.callID !== callID) return;
    this.#leave(device);
    this.#settle(device);
  }

  async lose(deviceID: string, userID: string): Promise<Standing | undefined> {
    const device = this.#devices.get(deviceID);
    if (device?.sender.userID !== userID) return undefined;
    if (device.connectionID === undefined) this.#lost.set(deviceID, true);
    if (device.callID === undefined) return undefined;
    const was = standing(device);
    this.#leave(device);
    this.#settle(device);
    return was;
  }

  async standing(deviceID: string): Promise<Standing | undefined> {
    const device = this.#devices.get(deviceID);
    return device && standing(device);
  }

  async isLost(deviceID: string): Promise<boolean> {
    return this.#lost.has(deviceID);
  }

  async devicesOf(userID: string): Promise<readonly string[]> {
    return [...(this.#connected.get(userID) ?? [])];
  }

  async devicesIn(callID: string): Promise<readonly Standing[]> {
    return this.#listed(this.#calls.get(callID)?.devices ?? []).map(standing);
  }

  async involve(callID: string, userIDs: Iterable<string>, all = false): Promise<boolean> {
    const users = this.#calls.get(callID)?.users;
    const added = new Set([...userIDs].filter((userID) => !users?.has(userID)));
    if (added.size > 0 && added.size + (users?.size ?? 0) > MAX_USERS_PER_CALL) return false;
    const call = this.#touch(callID);
    call.all ||= all;
    for (const userID of added) call.users.add(userID);
    return true;
  }

  async involved(callID: string): Promise<Involved> {
    const call = this.#calls.get(callID);
    return call ? { users: new Set(call.users), all: call.all } : UNKNOWN;
  }

  async users(): Promise<readonly Pick<Sender, 'userID' | 'userName'>[]> {
    return [...this.#connected.values()].flatMap((deviceIDs) =>
      this.#listed(deviceIDs)
        .slice(-1)
        .map(({ sender: { userID, userName } }) => ({ userID, userName })),
    );
  }

  whenVanished(tell: Parameters<Presence['whenVanished']>[0]): void {
    this.#tell = tell;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { waiting } of this.#devices.values()) clearTimeout(waiting);
  }

  #add(sender: Sender): Device {
    const device: Device = {
      sender,
      connectionID: undefined,
      callID: undefined,
      isProved: false,
      waiting: undefined,
    };
    this.#devices.set(sender.deviceID, device);
    return device;
  }

  /** Waits for a device that is away from its call; forgets one that is neither connected nor in a call. */
  #settle(device: Device): void {
    if (device.connectionID !== undefined || this.#closed) return;
    const { deviceID } = device.sender;
    if (device.callID !== undefined) {
      device.waiting ??= setTimeout(() => void this.#vanish(device), this.#vanishAfterMs);
      return;
    }
    clearTimeout(device.waiting);
    if (this.#devices.get(deviceID) !== device) return;
    this.#devices.delete(deviceID);
    if (device.isProved) this.#owners.set(deviceID, device.sender.userID);
  }

  /** Whether somebody else has been connected with it, now or some minutes ago. */
  #isAnothers({ userID, deviceID }: Sender): boolean {
    const device = this.#devices.get(deviceID);
    if (device?.isProved) return device.sender.userID !== userID;
    return (this.#owners.get(deviceID) ?? userID) !== userID;
  }

  /** What somebody else has said of a device with this ID is void. */
  #deviceOf(sender: Sender): Device {
    const known = this.#devices.get(sender.deviceID);
    if (known?.sender.userID === sender.userID) return known;
    if (known) {
      clearTimeout(known.waiting);
      this.#leave(known);
    }
    return this.#add(sender);
  }

  async #vanish({ sender }: Device): Promise<void> {
    const was = await this.lose(sender.deviceID, sender.userID);
    // What fails in this process alone would fail again: it has been logged.
    if (was?.callID !== undefined) await this.#tell(was.device, was.callID).catch(() => {});
  }

  #leave(device: Device): void {
    if (device.callID === undefined) return;
    this.#calls.get(device.callID)?.devices.delete(device.sender.deviceID);
    device.callID = undefined;
  }

  #listed(deviceIDs: Iterable<string>): Device[] {
    return [...deviceIDs].flatMap((deviceID) => this.#devices.get(deviceID) ?? []);
  }

  /** Makes a call the one touched last. */
  #touch(callID: string): Call {
    const now = this.#now();
    const call = this.#calls.get(callID) ?? newCall();
    this.#putLast(callID, call, now);
    if (this.#calls.size > MAX_CALLS || now >= this.#tidyAt) this.#tidy(now);
    return call;
  }

  /**
   * Forgets calls that nobody is in and nobody has touched for long and, when there are too many, the oldest. Many at a
   * time: to find the first of a map whose first ones were deleted, all of their places are walked through.
   */
  #tidy(now: number): void {
    this.#tidyAt = now + TIDY_INTERVAL_MS;
    const most = this.#calls.size > MAX_CALLS ? MOST_LEFT : MAX_CALLS;
    for (const [oldestID, oldest] of this.#calls) {
      const full = this.#calls.size > most;
      if (!full && oldest.touchedAt > now - KEEP_CALL_MS) break;
      if (!full && oldest.devices.size > 0) this.#putLast(oldestID, oldest, now);
      else this.#calls.delete(oldestID);
    }
  }

  #putLast(callID: string, call: Call, touchedAt: number): void {
    this.#calls.delete(callID);
    this.#calls.set(callID, Object.assign(call, { touchedAt }));
  }
}
