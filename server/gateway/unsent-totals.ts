import {
  MAX_UNSENT_BYTES_IN_ALL,
  MAX_UNSENT_BYTES_PER_USER,
  SLOW_BYTES,
} from '../limits/limits.js';

/** What is asked of a connection's unsent bytes. */
export interface SlowConnection {
  readonly userID: string | undefined;
  readonly bytes: number;
  end(): void;
}

export interface UnsentLimits {
  readonly perUser: number;
  readonly inAll: number;
}

/**
 * What all connections together have unsent: those whose clients read at once are never looked at. A connection does not
 * say when it has sent something, so those that had much are asked again before one is ended.
 */
export class UnsentTotals {
  readonly #limits: UnsentLimits;
  /** Whose each is, and what it had when it was asked last. */
  readonly #slow = new Map<SlowConnection, { readonly userID: string; readonly bytes: number }>();
  readonly #users = new Map<string, number>();
  #bytes = 0;

  constructor(
    limits: UnsentLimits = { perUser: MAX_UNSENT_BYTES_PER_USER, inAll: MAX_UNSENT_BYTES_IN_ALL },
  ) {
    this.#limits = limits;
  }

  /** This one has more than a little unsent. */
  check(connection: SlowConnection): void {
    this.#note(connection);
    const { userID } = connection;
    const { perUser, inAll } = this.#limits;
    const ofUser = () => this.#users.get(userID ?? '') ?? 0;
    if (userID !== undefined && ofUser() > perUser) {
      const isOwn = (other: SlowConnection) => other.userID === userID;
      this.#askAgain(isOwn);
      while (ofUser() > perUser) this.#endSlowest(isOwn);
    }
    if (this.#bytes <= inAll) return;
    this.#askAgain(() => true);
    while (this.#bytes > inAll) this.#endSlowest(() => true);
  }

  /** It is closed. */
  forget(connection: SlowConnection): void {
    const known = this.#slow.get(connection);
    if (!known) return;
    this.#slow.delete(connection);
    this.#bytes -= known.bytes;
    const left = (this.#users.get(known.userID) ?? 0) - known.bytes;
    if (left > 0) this.#users.set(known.userID, left);
    else this.#users.delete(known.userID);
  }

  #askAgain(matches: (connection: SlowConnection) => boolean): void {
    for (const connection of [...this.#slow.keys()]) {
      if (matches(connection)) this.#note(connection);
    }
  }

  #endSlowest(matches: (connection: SlowConnection) => boolean): void {
    let slowest: SlowConnection | undefined;
    let most = 0;
    for (const [connection, { bytes }] of this.#slow) {
      if (bytes <= most || !matches(connection)) continue;
      slowest = connection;
      most = bytes;
    }
    if (!slowest) return;
    slowest.end();
    this.forget(slowest);
  }

  #note(connection: SlowConnection): void {
    this.forget(connection);
    const { bytes, userID = '' } = connection;
    if (bytes <= SLOW_BYTES) return;
    this.#slow.set(connection, { userID, bytes });
    this.#users.set(userID, (this.#users.get(userID) ?? 0) + bytes);
    this.#bytes += bytes;
  }
}
