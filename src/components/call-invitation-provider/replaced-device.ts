const keyOf = (userID: string): string => `ringkit device of ${userID}`;

/** Storage may be forbidden: then a reload counts as a device that vanished, and the server waits for it. */
function storage(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

/** The device that this page was before it was reloaded. Asked once: a copy of the tab replaces nothing. */
export function takeReplacedDevice(userID: string): string | undefined {
  const device = storage()?.getItem(keyOf(userID)) ?? undefined;
  storage()?.removeItem(keyOf(userID));
  return device;
}

/** Notes, as the page goes, which device it was. */
export function noteReplacedDevice(userID: string, deviceID: string): void {
  storage()?.setItem(keyOf(userID), deviceID);
}
