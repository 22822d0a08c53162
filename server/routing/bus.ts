import { UnavailableError } from '../storage/unavailable-error.js';

/** A message to a user's devices, with its addressing. */
export interface Envelope {
  /** Plain JSON with a stamp. */
  readonly message: Readonly<Record<string, unknown>>;
  /** Delivers only to this device. */
  readonly toDevice?: string;
  /** Does not deliver to this device, the sender. */
  readonly exceptDevice?: string;
  /** Whether delivery may be retried for some seconds if a node is unreachable. */
  readonly mayBeLate?: boolean;
}

/** Delivers messages to users' devices on all nodes. Preserves the order of each publisher's envelopes. */
export interface Bus {
  /**
   * @returns the number of devices that get the message, on all nodes
   * @throws {UnavailableError} if no device of this node gets it, and other nodes are unreachable. An envelope with
   *   `mayBeLate` is sent later.
   */
  publish(userID: string, envelope: Envelope): Promise<number>;
  /**
   * Subscribes a device. Replaces an existing subscription of the same device, on any node. After it resolves, no message is
   * missed.
   * @param replaced called when another subscription replaces this one
   * @throws {UnavailableError} if messages from other nodes can't be received now
   * @returns a function that ends the subscription
   */
  subscribe(
    userID: string,
    deviceID: string,
    deliver: (message: Envelope['message']) => void,
    replaced?: () => void,
  ): Promise<() => Promise<void>>;
}

/** Publishes an envelope that may be late: while other nodes are unreachable, it is buffered, and the caller continues. */
export async function publishLate(
  bus: Pick<Bus, 'publish'>,
  userID: string,
  envelope: Omit<Envelope, 'mayBeLate'>,
): Promise<void> {
  try {
    await bus.publish(userID, { ...envelope, mayBeLate: true });
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
  }
}

/** A subscribed device of this node. */
export interface Subscriber {
  readonly deliver: (message: Envelope['message']) => void;
  readonly replaced: () => void;
}

/** A bus within a single process. */
export function createMemoryBus(): Bus {
  const users = new Map<string, Map<string, Subscriber>>();
  return {
    publish(userID, envelope) {
      return Promise.resolve(deliverTo(users.get(userID), envelope));
    },
    subscribe(userID, deviceID, deliver, replaced = () => {}) {
      const devices = users.get(userID) ?? new Map<string, Subscriber>();
      const older = devices.get(deviceID);
      const subscriber = { deliver, replaced };
      users.set(userID, devices.set(deviceID, subscriber));
      older?.replaced();
      return Promise.resolve(() => {
        if (devices.get(deviceID) === subscriber) devices.delete(deviceID);
        if (devices.size === 0 && users.get(userID) === devices) users.delete(userID);
        return Promise.resolve();
      });
    },
  };
}

/**
 * Delivers an envelope to the devices of a user on this node.
 * @returns how many devices get it
 */
export function deliverTo(
  devices: ReadonlyMap<string, Pick<Subscriber, 'deliver'>> | undefined,
  { message, toDevice, exceptDevice }: Envelope,
): number {
  let count = 0;
  for (const [deviceID, { deliver }] of devices ?? []) {
    if (deviceID === exceptDevice || (toDevice !== undefined && deviceID !== toDevice)) continue;
    deliver(message);
    count += 1;
  }
  return count;
}
