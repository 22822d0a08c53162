import { systemClock } from '../clock/system-clock.js';

/** Signs of life within the silence after which a page is gone. */
const BEATS = 8;

/** What happens to the pages of a roster. */
export interface RosterEvents {
  /** Says that this page is alive. Called from time to time where that is the only sign of life. */
  readonly announce: () => void;
  /** That device's page is gone, since `ageMs`. */
  readonly gone: (deviceID: string, ageMs: number) => void;
}

/**
 * Knows which devices are alive in this browser. Each page holds a Web Lock (W3C) in its device's name: the list of
 * locks says who is there, and whoever asks for a page's lock is given it in the moment in which that page is gone,
 * crashed or closed. A page on plain http has no locks: pages say every second that they are alive. A browser slows
 * down the timers of hidden pages, so such a page may seem to be gone, until its next word.
 */
export class LocalRoster {
  readonly #prefix: string;
  readonly #silenceMs: number;
  readonly #events: RosterEvents;
  readonly #users = new Map<string, string>();
  readonly #heardAt = new Map<string, number>();
  readonly #end = new AbortController();
  // The type says that it is always there.
  #locks = (globalThis as { navigator?: { locks?: LockManager } }).navigator?.locks;
  #beat: ReturnType<typeof setInterval> | undefined;
  #release: () => void = () => {};

  /** @param silenceMs without locks, a page that has said nothing for so long is gone */
  constructor(prefix: string, silenceMs: number, events: RosterEvents) {
    this.#prefix = prefix;
    this.#silenceMs = silenceMs;
    this.#events = events;
  }

  /** Resolves when others can see this page, and it sees those who were there before it. */
  async start(userID: string, deviceID: string): Promise<void> {
    try {
      if (this.#locks) return await this.#startWithLocks(this.#locks, userID, deviceID);
    } catch {
      // Closed meanwhile; or a document that may not use locks, as in a sandbox.
    }
    this.#locks = undefined;
    if (this.#end.signal.aborted) return;
    this.#beat = setInterval(() => {
      this.#events.announce();
      const now = systemClock.now();
      for (const [device, at] of this.#heardAt) {
        if (now - at > this.#silenceMs) this.#gone(device, now - at);
      }
    }, this.#silenceMs / BEATS);
  }

  /** A page has said that it is alive. */
  heard(userID: string, deviceID: string): void {
    this.#heardAt.set(deviceID, systemClock.now());
    if (this.#users.get(deviceID) === userID) return;
    this.#users.set(deviceID, userID);
    this.#locks
      ?.request(this.#nameOf(userID, deviceID), { mode: 'shared', signal: this.#end.signal }, () =>
        this.#gone(deviceID, 0),
      )
      .catch(() => {
        // Closed: nobody asks any more.
      });
  }

  /** Live devices of a user, this page's own one left out. */
  devicesOf(userID: string): string[] {
    return [...this.#users].flatMap(([device, user]) => (user === userID ? device : []));
  }

  /** It knows all pages that are alive, and no others. */
  get isSure(): boolean {
    return this.#locks !== undefined;
  }

  close(): void {
    clearInterval(this.#beat);
    this.#end.abort();
    this.#release();
  }

  async #startWithLocks(locks: LockManager, userID: string, deviceID: string): Promise<void> {
    const { signal } = this.#end;
    const own = this.#nameOf(userID, deviceID);
    await new Promise<void>((held, failed) => {
      const hold = () => {
        held();
        return new Promise<void>((release) => (this.#release = release));
      };
      locks.request(own, { signal }, hold).catch(failed);
    });
    for (const { name = '' } of (await locks.query()).held ?? []) {
      if (name === own || !name.startsWith(`${this.#prefix} `)) continue;
      const [user, device, ...rest] = name.slice(this.#prefix.length + 1).split(' ');
      if (user && device && rest.length === 0) this.heard(user, device);
    }
  }

  /** IDs have no white space. */
  #nameOf(userID: string, deviceID: string): string {
    return `${this.#prefix} ${userID} ${deviceID}`;
  }

  #gone(deviceID: string, ageMs: number): void {
    this.#heardAt.delete(deviceID);
    if (this.#users.delete(deviceID)) this.#events.gone(deviceID, ageMs);
  }
}
