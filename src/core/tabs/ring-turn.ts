import { TabLock, webLocks } from './tab-lock.js';

/** A page without user activation, which may not play sound, requests the lock this much later, in ms. */
const PREFERENCE_MS = 250;

/**
 * Lets one page of a browser ring aloud when several pages show the same call of one user: the page that holds a Web
 * Lock. The next page takes over when that one is closed. A page that the browser does not let play sound gives its
 * turn away once, to any other page that waits.
 *
 * Without Web Locks (plain http) every page rings.
 */
export class RingTurn {
  readonly #name: string;
  readonly #onTurn: () => void;
  readonly #locks: LockManager | null;
  #lock: TabLock | undefined;
  #hasTurn = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #gaveAway = false;

  /**
   * @param name identifies the call and its user
   * @param onTurn called when it is this page's turn; again when the turn comes back after it was given away
   * @param locks `null`: every page has its turn
   * @param maySound whether the browser lets this page play sound (user activation)
   */
  constructor(
    name: string,
    onTurn: () => void,
    locks = webLocks() ?? null,
    maySound = (navigator.userActivation as UserActivation | undefined)?.hasBeenActive ?? true,
  ) {
    this.#name = `ringkit rings ${name}`;
    this.#onTurn = onTurn;
    this.#locks = locks;
    if (!locks) onTurn();
    else if (maySound) this.#request();
    else this.#timer = setTimeout(() => this.#request(), PREFERENCE_MS);
  }

  /** @returns whether another page may take over; if not, no other page waits for the turn */
  giveAway(): boolean {
    if (this.#gaveAway || !this.#hasTurn) return false;
    this.#gaveAway = true;
    this.end();
    this.#request();
    return true;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#hasTurn = false;
    this.#lock?.release();
    this.#lock = undefined;
  }

  #request(): void {
    if (!this.#locks) return;
    const lock = (this.#lock = new TabLock(this.#locks, this.#name));
    void lock.granted.then((isGranted) => {
      // Ended, or given away, meanwhile.
      if (!isGranted || this.#lock !== lock) return;
      this.#hasTurn = true;
      this.#onTurn();
    });
  }
}
