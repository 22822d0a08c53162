import type { CrossTabBusy } from '../ports/cross-tab-busy.js';
import { heldLocks, TabLock, webLocks, whenLockReleased } from './tab-lock.js';

/**
 * Makes a user busy in all pages of a browser while one of them is in a call: that page holds an exclusive Web Lock
 * named after the call, and notifies the other pages by a BroadcastChannel. They find the lock among those that are
 * held, and wait for its release, which happens also when the page dies.
 * @param name identifies server and user: pages with the same name share the state
 * @returns undefined where there are no Web Locks (plain http)
 */
export function createWebLockBusy(name: string): CrossTabBusy | undefined {
  const locks = webLocks();
  return locks && new WebLockBusy(`ringkit line ${JSON.stringify(name)} `, locks);
}

class WebLockBusy implements CrossTabBusy {
  readonly #prefix: string;
  readonly #locks: LockManager;
  #lock: TabLock | undefined;
  #channel: BroadcastChannel | undefined;
  #onChange: ((callID: string | undefined) => void) | undefined;
  /** The call that this page is in. */
  #callID: string | undefined;
  #reported: string | undefined;
  /** Locks of other pages whose release this page waits for. */
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
    if (callID === this.#callID) return;
    this.#callID = callID;
    this.#lock?.release();
    this.#lock = undefined;
    if (callID === undefined) return;
    const lock = (this.#lock = new TabLock(this.#locks, this.#prefix + callID));
    void lock.granted.then((isGranted) => {
      if (isGranted && this.#lock === lock) this.#channel?.postMessage(undefined);
    });
  }

  close(): void {
    this.hold(undefined);
    this.#onChange = undefined;
    this.#channel?.close();
  }

  /** Finds the call that another page is in, reports it, and refreshes again when that call is over. */
  async #refresh(): Promise<void> {
    const own = this.#prefix + (this.#callID ?? '');
    // Pages that wait for a release hold the lock, shared, for an instant.
    const other = (await heldLocks(this.#locks)).find(
      ({ name, mode }) => mode === 'exclusive' && name?.startsWith(this.#prefix) && name !== own,
    )?.name;
    if (other !== undefined) void this.#awaitRelease(other);
    const callID = other?.slice(this.#prefix.length);
    if (!this.#onChange || callID === this.#reported) return;
    this.#reported = callID;
    this.#onChange(callID);
  }

  async #awaitRelease(lock: string): Promise<void> {
    if (this.#awaited.has(lock)) return;
    this.#awaited.add(lock);
    await whenLockReleased(this.#locks, lock);
    this.#awaited.delete(lock);
    if (this.#onChange) await this.#refresh();
  }
}
