/** The calls that devices have stated to be in, as the server knows them. */
export class BusyModel {
  /** By user and device. */
  readonly #stated = new Map<string, ReadonlyMap<string, string[]>>();

  state(user: string, device: string, callIDs: string[]): void {
    const devices = new Map(this.#stated.get(user));
    if (callIDs.length > 0) devices.set(device, callIDs);
    else devices.delete(device);
    this.#stated.set(user, devices);
  }

  /** @returns whether the device had stated to be in calls */
  lose(user: string, device: string): boolean {
    const hadStated = this.#stated.get(user)?.has(device) === true;
    if (hadStated) this.state(user, device, []);
    return hadStated;
  }

  /** @returns the busy devices of a user, except this one */
  report(user: string, device: string): { device: string; callIDs: string[] }[] {
    return [...(this.#stated.get(user) ?? [])].flatMap(([other, callIDs]) =>
      other === device ? [] : [{ device: other, callIDs }],
    );
  }
}
