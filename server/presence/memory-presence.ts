import { LRUCache } from 'lru-cache';
import { entryLimit } from '../limits/entry-limit.js';
import type { Sender } from '../../src/core/protocol/messages.js';
import type { CallChange, CallKnowledge, NoteResult } from '../calls/call-knowledge.js';
import {
  KEEP_NAME_MS,
  MAX_CALLS_PER_DEVICE,
  MAX_LOST_DEVICES,
  MAX_NAMES,
} from '../limits/limits.js';
import { MemoryCalls } from './memory-calls.js';
import {
  callsOf,
  type BusyDevice,
  type DeviceKey,
  type Presence,
  type DeviceStatus,
} from './presence.js';
import { ReturnWait } from './return-wait.js';

interface Device {
  sender: Sender;
  connectionID: string | undefined;
  /** The calls that the device is in; the one that it has entered last is last. */
  callIDs: readonly string[];
  /** The calls that it has stated to be in. */
  stated: readonly string[];
  wasConnected: boolean;
  /** Cancels the wait for the device while it is in a call but disconnected. */
  stopWaiting: (() => void) | undefined;
}
/** IDs contain no white space. */
const keyOf = ({ userID, deviceID }: DeviceKey): string => `${userID} ${deviceID}`;
const statusOf = ({ sender, connectionID, callIDs, stated }: Device): DeviceStatus => ({
  device: sender,
  connected: connectionID !== undefined,
  callID: callIDs.at(-1),
  ...(callIDs.length > 1 && { otherCallIDs: callIDs.slice(0, -1) }),
  ...(stated.length > 0 && { statedCallIDs: stated }),
});

function stopWaiting(device: Device): void {
  device.stopWaiting?.();
  device.stopWaiting = undefined;
}

/** Presence within a single node. */
export class MemoryPresence implements Presence {
  readonly #devices = new Map<string, Device>();
  /** Keys of the connected devices, by user. */
  readonly #connected = new Map<string, Set<string>>();
  /** Keys of the devices that have stated to be in calls, by user. */
  readonly #busy = new Map<string, Set<string>>();
  readonly #calls: MemoryCalls;
  readonly #lost = new LRUCache<string, true>(entryLimit(MAX_LOST_DEVICES));
  /** Last display name by userID. */
  readonly #names: LRUCache<string, string>;
  readonly #wait: ReturnWait;
  #closed = false;
  #onVanished: Parameters<Presence['whenVanished']>[0] = () => Promise.resolve();
  #onFree: Parameters<Presence['whenFree']>[0] = () => Promise.resolve();

  /** @param wait how long a device in a call may be disconnected; a number is a fixed time in ms */
  constructor(wait: number | ReturnWait, now: () => number = Date.now) {
    this.#wait =
      typeof wait === 'number'
        ? new ReturnWait({ vanishAfterMs: wait, restartWaitMs: wait })
        : wait;
    this.#calls = new MemoryCalls(now);
    this.#names = new LRUCache({
      ...entryLimit(MAX_NAMES),
      ttl: KEEP_NAME_MS,
      perf: { now },
      ttlResolution: 0,
    });
  }

  async connect(sender: Sender, connectionID: string): Promise<void> {
    const key = keyOf(sender);
    const device = this.#devices.get(key) ?? this.#add(sender);
    stopWaiting(device);
    Object.assign(device, { sender, connectionID, wasConnected: true });
    this.#lost.delete(key);
    this.#names.set(sender.userID, sender.userName);
    const siblings = this.#connected.get(sender.userID) ?? new Set();
    this.#connected.set(sender.userID, siblings.add(key));
  }

  async disconnect(key: DeviceKey, connectionID: string): Promise<void> {
    const device = this.#devices.get(keyOf(key));
    if (device?.connectionID !== connectionID) return;
    device.connectionID = undefined;
    const siblings = this.#connected.get(key.userID);
    siblings?.delete(keyOf(key));
    if (siblings?.size === 0) this.#connected.delete(key.userID);
    this.#waitOrRemove(device);
  }

  async state(sender: Sender, callIDs: readonly string[]): Promise<void> {
    const device = this.#devices.get(keyOf(sender));
    if (device?.connectionID !== undefined) this.#setStated(device, callIDs);
  }

  async busyDevicesOf(userID: string): Promise<readonly BusyDevice[]> {
    return this.#listed(this.#busy.get(userID) ?? []).map(({ sender, stated }) => ({
      deviceID: sender.deviceID,
      callIDs: stated,
    }));
  }

  async enter(sender: Sender, callID: string, keeps = false): Promise<void> {
    const device = this.#devices.get(keyOf(sender)) ?? this.#add(sender);
    const others = device.callIDs.filter((other) => other !== callID);
    const left = keeps ? others.slice(0, -(MAX_CALLS_PER_DEVICE - 1)) : others;
    for (const other of left) this.#leave(device, other);
    device.callIDs = [...device.callIDs.filter((other) => other !== callID), callID];
    this.#calls.enter(callID, sender.userID, keyOf(sender));
    this.#waitOrRemove(device);
  }

  async leave(key: DeviceKey, callID: string): Promise<void> {
    const device = this.#devices.get(keyOf(key));
    if (!device?.callIDs.includes(callID)) return;
    this.#leave(device, callID);
    this.#waitOrRemove(device);
  }

  async lose(key: DeviceKey): Promise<DeviceStatus | undefined> {
    const device = this.#devices.get(keyOf(key));
    if (!device) return undefined;
    if (device.connectionID === undefined) this.#lost.set(keyOf(key), true);
    if (device.callIDs.length === 0 && device.stated.length === 0) return undefined;
    const statusBefore = statusOf(device);
    this.#setStated(device, []);
    for (const callID of device.callIDs) this.#leave(device, callID);
    this.#waitOrRemove(device);
    return statusBefore;
  }

  async standing(key: DeviceKey): Promise<DeviceStatus | undefined> {
    const device = this.#devices.get(keyOf(key));
    return device && statusOf(device);
  }

  async isLost(key: DeviceKey): Promise<boolean> {
    return this.#lost.has(keyOf(key));
  }

  async devicesOf(userID: string): Promise<readonly string[]> {
    return this.#listed(this.#connected.get(userID) ?? []).map(({ sender }) => sender.deviceID);
  }

  async devicesIn(callID: string): Promise<readonly DeviceStatus[]> {
    return this.#listed(this.#calls.devicesIn(callID)).map(statusOf);
  }

  async call(callID: string, named: readonly string[] = []): Promise<CallKnowledge> {
    const { origin, members, named: names } = this.#calls.get(callID);
    const userNames = new Map<string, string>();
    for (const userID of named) {
      const name = this.#names.get(userID);
      if (name !== undefined) userNames.set(userID, name);
    }
    const devices = this.#listed(this.#calls.devicesIn(callID)).map(statusOf);
    return { origin, members, named: names, devices, userNames };
  }

  async note(callID: string, change: CallChange): Promise<NoteResult> {
    return this.#calls.note(callID, change);
  }

  async users(): Promise<readonly Pick<Sender, 'userID' | 'userName'>[]> {
    return [...this.#connected.values()].flatMap((keys) =>
      this.#listed(keys)
        .slice(-1)
        .map(({ sender: { userID, userName } }) => ({ userID, userName })),
    );
  }

  whenVanished(onVanished: Parameters<Presence['whenVanished']>[0]): void {
    this.#onVanished = onVanished;
  }

  whenFree(onFree: Parameters<Presence['whenFree']>[0]): void {
    this.#onFree = onFree;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const device of this.#devices.values()) stopWaiting(device);
  }

  #add(sender: Sender): Device {
    const device: Device = {
      sender,
      connectionID: undefined,
      callIDs: [],
      stated: [],
      wasConnected: false,
      stopWaiting: undefined,
    };
    this.#devices.set(keyOf(sender), device);
    return device;
  }

  #setStated(device: Device, callIDs: readonly string[]): void {
    device.stated = callIDs;
    const { userID } = device.sender;
    const busy = this.#busy.get(userID) ?? new Set();
    if (callIDs.length > 0) this.#busy.set(userID, busy.add(keyOf(device.sender)));
    else if (busy.delete(keyOf(device.sender)) && busy.size === 0) this.#busy.delete(userID);
  }

  /** Starts to wait for a device that is disconnected but in a call. Removes one that is neither. */
  #waitOrRemove(device: Device): void {
    if (device.connectionID !== undefined || this.#closed) return;
    if (device.callIDs.length > 0 || device.stated.length > 0) {
      device.stopWaiting ??= this.#wait.begin(device.wasConnected, () => void this.#vanish(device));
      return;
    }
    stopWaiting(device);
    const key = keyOf(device.sender);
    if (this.#devices.get(key) === device) this.#devices.delete(key);
  }

  async #vanish({ sender }: Device): Promise<void> {
    const statusBefore = await this.lose(sender);
    // No retry: a failure within this process would repeat. The callback has logged it.
    if (!statusBefore) return;
    for (const callID of callsOf(statusBefore))
      await this.#onVanished(statusBefore.device, callID).catch(() => {});
    if (statusBefore.statedCallIDs) await this.#onFree(statusBefore.device).catch(() => {});
  }

  #leave(device: Device, callID: string): void {
    this.#calls.leave(callID, keyOf(device.sender));
    device.callIDs = device.callIDs.filter((other) => other !== callID);
  }

  #listed(keys: Iterable<string>): Device[] {
    const devices: Device[] = [];
    for (const key of keys) {
      const device = this.#devices.get(key);
      if (device) devices.push(device);
    }
    return devices;
  }
}
