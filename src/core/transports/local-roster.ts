import { systemClock } from '../clock/system-clock.js';
import { TabLock, webLocks, whenLockReleased } from '../tabs/tab-lock.js';

/** Number of announcements of a page within the time after which a silent page counts as vanished. */
const ANNOUNCEMENTS = 8;

/** Events of a roster. */
export interface RosterEvents {
  /** Sends a message that this page is alive. Called at intervals, only where there are no Web Locks. */
  readonly announce: () => void;
  /** The page of that device was closed or crashed, `ageMs` ago. */
  readonly vanished: (deviceID: string, ageMs: number) => void;
}

/**
 * Tracks which devices (pages) are alive in this browser. Each page holds a Web Lock that is named after its device:
 * the list of held locks contains the devices, and a page that requests another page's lock is granted it as soon as
 * that page is closed or has crashed. On plain http there are no Web Locks; pages then announce themselves about once a
 * second. Browsers throttle timers of hidden pages, so such a page may be reported as vanished until its next message.
 */
export class LocalRoster {
  readonly #prefix: string;
  readonly #silenceMs: number;
  readonly #events: RosterEvents;
  readonly #users = new Map<string, string>();
  readonly #seenAt = new Map<string, number>();
  readonly #end = new AbortController();
  #locks = webLocks();
  #lock: TabLock | undefined;
  #announcing: ReturnType<typeof setInterval> | undefined;

  /** @param silenceMs without Web Locks: a page that has sent nothing for this time counts as vanished */
  constructor(prefix: string, silenceMs: number, events: RosterEvents) {
    this.#prefix = prefix;
    this.#silenceMs = silenceMs;
    this.#events = events;
  }

  /** Resolves when other pages can see this page, and it has listed the pages that were open before it. */
  async start(userID: string, deviceID: string): Promise<void> {
    try {
      if (this.#locks && (await this.#startWithLocks(this.#locks, userID, deviceID))) return;
    } catch {
      // This document may not use locks, for example in a sandboxed frame.
    }
    this.#locks = undefined;
    if (this.#end.signal.aborted) return;
    this.#announcing = setInterval(() => {
      this.#events.announce();
      const now = systemClock.now();
      for (const [device, at] of this.#seenAt) {
        if (now - at > this.#silenceMs) this.#onVanished(device, now - at);
      }
    }, this.#silenceMs / ANNOUNCEMENTS);
  }

  /** To be called when a page has sent something: it is alive. */
  seen(userID: string, deviceID: string): void {
    this.#seenAt.set(deviceID, systemClock.now());
    if (this.#users.get(deviceID) === userID) return;
    this.#users.set(deviceID, userID);
    if (this.#locks) void this.#watch(this.#locks, userID, deviceID);
  }

  /** @returns the live devices of a user, without this page's own device */
  devicesOf(userID: string): string[] {
    return [...this.#users].flatMap(([device, user]) => (user === userID ? device : []));
  }

  /** Whether the list of live pages is exact: only with Web Locks. */
  get isSure(): boolean {
    return this.#locks !== undefined;
  }

  close(): void {
    clearInterval(this.#announcing);
    this.#end.abort();
    this.#lock?.release();
  }

  /** @returns whether this page holds its lock */
  async #startWithLocks(locks: LockManager, userID: string, deviceID: string): Promise<boolean> {
    const own = this.#nameOf(userID, deviceID);
    if (this.#end.signal.aborted) return false;
    this.#lock = new TabLock(locks, own);
    if (!(await this.#lock.granted)) return false;
    for (const { name = '' } of (await locks.query()).held ?? []) {
      if (name === own || !name.startsWith(`${this.#prefix} `)) continue;
      const [user, device, ...rest] = name.slice(this.#prefix.length + 1).split(' ');
      if (user && device && rest.length === 0) this.seen(user, device);
    }
    return true;
  }

  async #watch(locks: LockManager, userID: string, deviceID: string): Promise<void> {
    const lock = this.#nameOf(userID, deviceID);
    if (await whenLockReleased(locks, lock, this.#end.signal)) this.#onVanished(deviceID, 0);
  }

  /** The parts are separated by spaces: IDs contain no white space. */
  #nameOf(userID: string, deviceID: string): string {
    return `${this.#prefix} ${userID} ${deviceID}`;
  }

  #onVanished(deviceID: string, ageMs: number): void {
    this.#seenAt.delete(deviceID);
    if (this.#users.delete(deviceID)) this.#events.vanished(deviceID, ageMs);
  }
}
