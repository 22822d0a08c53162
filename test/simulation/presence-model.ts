/** The calls that each device is in, as the server knows them. */
export class PresenceModel {
  /** By device; the call that it has entered last is last. */
  readonly #calls = new Map<string, readonly string[]>();

  callsOf(device: string): readonly string[] {
    return this.#calls.get(device) ?? [];
  }

  /** @returns the devices in this call */
  devicesIn(callID: string): string[] {
    return [...this.#calls].flatMap(([device, calls]) => (calls.includes(callID) ? [device] : []));
  }

  /** @param keeps whether it stays in its other calls */
  enter(device: string, callID: string, keeps = false): void {
    const others = keeps ? this.callsOf(device).filter((other) => other !== callID) : [];
    this.#calls.set(device, [...others, callID]);
  }

  leave(device: string, callID: string): void {
    const left = this.callsOf(device).filter((other) => other !== callID);
    if (left.length > 0) this.#calls.set(device, left);
    else this.#calls.delete(device);
  }

  has(device: string): boolean {
    return this.#calls.has(device);
  }
}
