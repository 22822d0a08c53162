/** A message on its way to a user's devices. */
export interface Parcel {
  /** Plain JSON, stamped. */
  readonly message: Readonly<Record<string, unknown>>;
  /** Goes to this device alone. */
  readonly toDevice?: string;
  /** Does not go to this device: its sender. */
  readonly exceptDevice?: string;
}

/** Carries messages to users' devices, wherever these are connected. Parcels of one publisher keep their order. */
export interface Bus {
  /** @returns how many devices it went to */
  publish(userID: string, parcel: Parcel): Promise<number>;
  /**
   * A second subscription of a device takes the place of the first. Resolves when nothing is missed any more.
   * @returns a function that ends this subscription
   */
  subscribe(
    userID: string,
    deviceID: string,
    deliver: (message: Parcel['message']) => void,
  ): Promise<() => Promise<void>>;
}

/** A bus within one process. */
export function createMemoryBus(): Bus {
  const users = new Map<string, Map<string, (message: Parcel['message']) => void>>();
  return {
    publish(userID, { message, toDevice, exceptDevice }) {
      let count = 0;
      for (const [deviceID, deliver] of users.get(userID) ?? []) {
        if (deviceID === exceptDevice || (toDevice !== undefined && deviceID !== toDevice))
          continue;
        deliver(message);
        count += 1;
      }
      return Promise.resolve(count);
    },
    subscribe(userID, deviceID, deliver) {
      const devices = users.get(userID) ?? new Map<string, typeof deliver>();
      users.set(userID, devices.set(deviceID, deliver));
      return Promise.resolve(() => {
        if (devices.get(deviceID) === deliver) devices.delete(deviceID);
        if (devices.size === 0 && users.get(userID) === devices) users.delete(userID);
        return Promise.resolve();
      });
    },
  };
}
