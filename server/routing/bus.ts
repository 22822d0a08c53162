/** A message on its way to a user's devices. */
export interface Envelope {
  /** Plain JSON, stamped. */
  readonly message: Readonly<Record<string, unknown>>;
  /** Goes to this device alone. */
  readonly toDevice?: string;
  /** Does not go to this device: its sender. */
  readonly exceptDevice?: string;
  /** Where it can't go now, it may follow some seconds later. */
  readonly mayBeLate?: boolean;
}

/** Carries messages to users' devices, wherever these are connected. Envelopes of one publisher keep their order. */
export interface Bus {
  /**
   * @returns how many devices it went to, wherever they are
   * @throws {UnavailableError} when it went to none, and nobody can tell whether there are any elsewhere. What may be
   *   late follows.
   */
  publish(userID: string, envelope: Envelope): Promise<number>;
  /**
   * A second subscription of a device takes the place of the first, wherever that is. Resolves when nothing is missed
   * any more.
   * @param replaced another subscription has taken the place of this one
   * @throws {UnavailableError} when what is sent elsewhere can't be heard now
   * @returns a function that ends this subscription
   */
  subscribe(
    userID: string,
    deviceID: string,
    deliver: (message: Envelope['message']) => void,
    replaced?: () => void,
  ): Promise<() => Promise<void>>;
}

/** One device that is here. */
export interface Subscriber {
  readonly deliver: (message: Envelope['message']) => void;
  readonly replaced: () => void;
}

/** A bus within one process. */
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
 * Hands an envelope to the devices of a user that are here.
 * @returns how many it went to
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
