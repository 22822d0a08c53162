import { systemClock } from '../clock/system-clock.js';
import { TabLock, webLocks, whenLockReleased } from '../tabs/tab-lock.js';

/** How many announcements a page makes within the time after which a silent page counts as gone. */
const ANNOUNCEMENTS = 8;

/** Changes of a roster. */
export interface RosterEvents {
  /** Sends a message that this page is alive. Called at intervals, only where there are no Web Locks. */
  readonly announce: () => void;
  /** The page of that device was closed or crashed, `ageMs` ago. */
  readonly gone: (deviceID: string, ageMs: number) => void;
}

/**
 * Knows which devices (pages) are alive in this browser. Each page holds a Web Lock in its device's name: the list of
 * held locks gives the devices, and a page that requests another page's lock is granted it as soon as that page is
 * closed or has crashed. On plain http there are no Web Locks: there, pages announce themselves about once a second. Browsers slow
 * down the timers of hidden pages, so such a page may be reported as gone until its next message.
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

  /** @param silenceMs without Web Locks: a page that has sent nothing for so long counts as gone */
  constructor(prefix: string, silenceMs: number, events: RosterEvents) {
    this.#prefix = prefix;
    this.#silenceMs = silenceMs;
    this.#events = events;
  }

  /** Resolves when other pages can see this one, and it has seen those that were there before it. */
  async start(userID: string, deviceID: string): Promise<void> {
    try {
      if (this.#locks && (await this.#startWithLocks(this.#locks, userID, deviceID))) return;
    } catch {
      // A document that may not use locks, as in a sandboxed frame.
    }
    this.#locks = undefined;
    if (this.#end.signal.aborted) return;
    this.#announcing = setInterval(() => {
      this.#events.announce();
      const now = systemClock.now();
      for (const [device, at] of this.#seenAt) {
        if (now - at > this.#silenceMs) this.#gone(device, now - at);
      }
    }, this.#silenceMs / ANNOUNCEMENTS);
  }

  /** A page has sent something: it is alive. */
  seen(userID: string, deviceID: string): void {
    this.#seenAt.set(deviceID, systemClock.now());
    if (this.#users.get(deviceID) === userID) return;
    this.#users.set(deviceID, userID);
    if (this.#locks) void this.#watch(this.#locks, userID, deviceID);
  }

  /** Live devices of a user, this page's own one left out. */
  devicesOf(userID: string): string[] {
    return [...this.#users].flatMap(([device, user]) => (user === userID ? device : []));
  }

  /** Whether it knows exactly the pages that are alive: only with Web Locks. */
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
    if (await whenLockReleased(locks, lock, this.#end.signal)) this.#gone(deviceID, 0);
  }

  /** IDs contain no white space. */
  #nameOf(userID: string, deviceID: string): string {
    return `${this.#prefix} ${userID} ${deviceID}`;
  }

  #gone(deviceID: string, ageMs: number): void {
    this.#seenAt.delete(deviceID);
    if (this.#users.delete(deviceID)) this.#events.gone(deviceID, ageMs);
  }
}
