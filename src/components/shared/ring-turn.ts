/** A page on which nothing was pressed yet leaves the turn so long to one that may sound, in ms. */
const PREFERENCE_MS = 250;

/**
 * Of the pages of one browser that show a call of one user, one rings aloud: the one that holds a Web Lock. The next one
 * takes over when it is closed. One that the browser lets not sound gives its turn away once, to any other that waits.
 *
 * Without Web Locks (plain http) each page has its turn.
 */
export class RingTurn {
  readonly #name: string;
  readonly #onTurn: () => void;
  readonly #locks: LockManager | null;
  readonly #abort = new AbortController();
  #release: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #gaveAway = false;

  /**
   * @param name of the call and its user
   * @param onTurn called when it is this page's turn; again after it was given away
   */
  constructor(
    name: string,
    onTurn: () => void,
    locks = (navigator.locks as LockManager | undefined) ?? null,
    maySound = (navigator.userActivation as UserActivation | undefined)?.hasBeenActive ?? true,
  ) {
    this.#name = `ringkit rings ${name}`;
    this.#onTurn = onTurn;
    this.#locks = locks;
    if (!locks) onTurn();
    else if (maySound) this.#ask();
    else this.#timer = setTimeout(() => this.#ask(), PREFERENCE_MS);
  }

  /** @returns whether another page may take over; if not, nobody else waits for the turn */
  giveAway(): boolean {
    if (this.#gaveAway || !this.#release) return false;
    this.#gaveAway = true;
    this.#release();
    this.#ask();
    return true;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
    this.#release?.();
  }

  #ask(): void {
    const { signal } = this.#abort;
    this.#locks
      ?.request(this.#name, { signal }, () => {
        const held = new Promise<void>((resolve) => (this.#release = resolve));
        this.#onTurn();
        return held;
      })
      .catch(() => {
        // The call is over before it was this page's turn.
      });
  }
}
