import type { Sender } from '../../src/core/protocol/messages.js';
import { keyPart } from '../storage/journal.js';
import { idOf } from '../storage/redis-store.js';
import type { DeviceKey, DeviceStatus } from './presence.js';
import type { InCall } from './redis-calls.js';

/*
 * How devices are written in Redis; see redis-presence-scripts.ts.
 */

/** The fields of a device from which its status is read. */
export const STATUS_FIELDS = ['sender', 'conn', 'call', 'busy'] as const;

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

/** A lost device, as TICK returns it. */
export type LostDevice = readonly [device: string, sender: string, calls: string, busy: string];

/** A device that is connected to this node. */
export interface OwnDevice {
  readonly sender: Sender;
  readonly connectionID: string;
  /** The one that it has entered last is last. */
  callIDs: readonly string[];
  /** The calls that it has stated to be in. */
  stated: readonly string[];
}

/** A device as a part of keys. The user ID is part of it because two users may choose the same device ID. */
export const partOf = ({ userID, deviceID }: DeviceKey): string =>
  `${keyPart(userID)}:${keyPart(deviceID)}`;

/** The device ID in a part of keys. */
export const deviceIDOf = (part: string): string => idOf(part.split(':')[1] ?? '');
/** IDs of calls as one value in Redis. */
export const keyParts = (callIDs: readonly string[]): string => callIDs.map(keyPart).join(' ');

export const without = (callIDs: readonly string[], callID: string): readonly string[] =>
  callIDs.filter((other) => other !== callID);

/** Reads the values of `STATUS_FIELDS`. */
export function readStatus(
  known: InCall | readonly (string | null)[] | null,
): DeviceStatus | undefined {
  const [sender = null, conn = null, calls = null, busy] = known ?? [];
  if (sender === null) return undefined;
  const callIDs = calls === null ? [] : calls.split(' ').map(idOf);
  return {
    device: JSON.parse(sender) as Sender,
    connected: conn !== null,
    callID: callIDs.at(-1),
    ...(callIDs.length > 1 && { otherCallIDs: callIDs.slice(0, -1) }),
    ...(busy && { statedCallIDs: busy.split(' ').map(idOf) }),
  };
}
