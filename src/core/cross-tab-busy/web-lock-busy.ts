import type { CrossTabBusy } from '../ports/cross-tab-busy.js';

/**
 * A line of Web Locks: a page that is in a call holds an exclusive lock named after it, and says so to the others by a
 * BroadcastChannel. They find it among the locks, and wait for it to be let go, which the browser sees to also when
 * the page dies.
 * @param name of the line: pages that use the same one share it
 * @returns undefined where there are no Web Locks (plain http)
 */
export function createWebLockBusy(name: string): CrossTabBusy | undefined {
  const locks = (navigator as Partial<Navigator>).locks;
  return locks && new WebLockBusy(`ringkit line ${JSON.stringify(name)} `, locks);
}

class WebLockBusy implements CrossTabBusy {
  readonly #prefix: string;
  readonly #locks: LockManager;
  /** Of this page's own lock: ends the wait for it. */
  #wait: AbortController | undefined;
  #release: (() => void) | undefined;
  #channel: BroadcastChannel | undefined;
  #onChange: ((callID: string | undefined) => void) | undefined;
  #held: string | undefined;
  #reported: string | undefined;
  /** Locks of other pages whose end is awaited already. */
  readonly #awaited = new Set<string>();

  constructor(prefix: string, locks: LockManager) {
    this.#prefix = prefix;
    this.#locks = locks;
  }

  open(onChange: (callID: string | undefined) => void): void {
    this.#onChange = onChange;
    this.#reported = undefined;
    this.#channel = new BroadcastChannel(this.#prefix);
    this.#channel.onmessage = () => void this.#refresh();
    void this.#refresh();
  }

  hold(callID: string | undefined): void {
    if (callID === this.#held) return;
    this.#held = callID;
    this.#releaseLock();
    if (callID === undefined) return;
    const { signal } = (this.#wait = new AbortController());
    this.#locks
      .request(this.#prefix + callID, { signal }, () => {
        this.#channel?.postMessage(undefined);
        return new Promise<void>((resolve) => (this.#release = resolve));
      })
      .catch(() => {
        // Let go before it was had.
      });
  }

  close(): void {
    this.hold(undefined);
    this.#onChange = undefined;
    this.#channel?.close();
  }

  #releaseLock(): void {
    this.#wait?.abort();
    this.#release?.();
    this.#release = undefined;
  }

  /** Finds the call that another page is in, tells of it, and looks again when it is over. */
  async #refresh(): Promise<void> {
    const { held = [] } = await this.#locks.query().catch((): LockManagerSnapshot => ({}));
    const own = this.#prefix + (this.#held ?? '');
    // Those who wait for its end hold it, shared, for a moment.
    const other = held.find(
      ({ name, mode }) => mode === 'exclusive' && name?.startsWith(this.#prefix) && name !== own,
    )?.name;
    if (other !== undefined) this.#awaitRelease(other);
    const callID = other?.slice(this.#prefix.length);
    if (!this.#onChange || callID === this.#reported) return;
    this.#reported = callID;
    this.#onChange(callID);
  }

  #awaitRelease(lock: string): void {
    if (this.#awaited.has(lock)) return;
    this.#awaited.add(lock);
    const free = (): void => {
      this.#awaited.delete(lock);
      if (this.#onChange) void this.#refresh();
    };
    this.#locks.request(lock, { mode: 'shared' }, () => undefined).then(free, free);
  }
}
