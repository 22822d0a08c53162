/** The browser's lock manager (W3C Web Locks API); undefined where there is none, as on plain http. */
export const webLocks = (): LockManager | undefined =>
  (globalThis as { navigator?: Partial<Navigator> }).navigator?.locks;

/**
 * A Web Lock. The constructor requests it; the page holds it from when it is granted until {@link TabLock.release}.
 * The browser releases it by itself when the page is closed or crashes: so one page of a browser can rely on what
 * another one has stated by a lock.
 *
 * @example
 * const lock = new TabLock(navigator.locks, 'ringkit rings alice');
 * if (await lock.granted) ring();
 * lock.release();
 */
export class TabLock {
  /** Whether the lock was granted. `false`: released before that, or this document may not use locks. Never rejects. */
  readonly granted: Promise<boolean>;
  /** Resolves when the lock is neither held nor requested any more. Never rejects. */
  readonly released: Promise<void>;
  readonly #abort = new AbortController();
  #endHold: () => void = () => {};

  /** @param mode `shared`: several pages hold it at the same time */
  constructor(locks: LockManager, name: string, mode: LockMode = 'exclusive') {
    const { signal } = this.#abort;
    // Made before the request: `release` may be called while the browser is granting the lock.
    const hold = new Promise<void>((resolve) => (this.#endHold = resolve));
    let settle: (isGranted: boolean) => void;
    this.granted = new Promise((resolve) => (settle = resolve));
    this.released = locks
      .request(name, { mode, signal }, () => {
        settle(!signal.aborted);
        return hold;
      })
      .catch(() => settle(false));
  }

  release(): void {
    // Withdraws a request that is still pending; it does not affect a lock that is held.
    this.#abort.abort();
    this.#endHold();
  }
}

/**
 * Waits for the end of a lock that another page holds exclusively. To notice it, this page holds the lock itself,
 * shared, for an instant.
 * @returns whether it has ended; `false` when `signal` was aborted before, or this document may not use locks
 */
export function whenLockReleased(
  locks: LockManager,
  name: string,
  signal?: AbortSignal,
): Promise<boolean> {
  return locks
    .request(name, { mode: 'shared', ...(signal && { signal }) }, () => true)
    .catch(() => false);
}

/** @returns the locks that pages of this origin hold now; none where this document may not use locks */
export async function heldLocks(locks: LockManager): Promise<readonly LockInfo[]> {
  const { held = [] } = await locks.query().catch((): LockManagerSnapshot => ({}));
  return held;
}
