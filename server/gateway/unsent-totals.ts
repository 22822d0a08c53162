import {
  MAX_UNSENT_BYTES_IN_ALL,
  MAX_UNSENT_BYTES_PER_USER,
  SLOW_BYTES,
} from '../limits/limits.js';

/** A connection whose unsent bytes are counted. */
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
 * Limits the unsent bytes of all connections of a user, and of all connections together. Connections with few unsent bytes
 * are not tracked. Connections do not report that bytes were sent, so the counts are updated before one is terminated.
 */
export class UnsentTotals {
  readonly #limits: UnsentLimits;
  /** The user of each tracked connection, and its bytes at the last update. */
  readonly #slow = new Map<SlowConnection, { readonly userID: string; readonly bytes: number }>();
  readonly #users = new Map<string, number>();
  #bytes = 0;

  constructor(
    limits: UnsentLimits = { perUser: MAX_UNSENT_BYTES_PER_USER, inAll: MAX_UNSENT_BYTES_IN_ALL },
  ) {
    this.#limits = limits;
  }

  /** Checks the limits. Called for a connection that has more than a few unsent bytes. */
  check(connection: SlowConnection): void {
    this.#update(connection);
    const { userID } = connection;
    const { perUser, inAll } = this.#limits;
    const ofUser = () => this.#users.get(userID ?? '') ?? 0;
    if (userID !== undefined && ofUser() > perUser) {
      const isOwn = (other: SlowConnection) => other.userID === userID;
      this.#updateCounts(isOwn);
      while (ofUser() > perUser) this.#endSlowest(isOwn);
    }
    if (this.#bytes <= inAll) return;
    this.#updateCounts(() => true);
    while (this.#bytes > inAll) this.#endSlowest(() => true);
  }

  /** Removes a closed connection. */
  forget(connection: SlowConnection): void {
    const known = this.#slow.get(connection);
    if (!known) return;
    this.#slow.delete(connection);
    this.#bytes -= known.bytes;
    const left = (this.#users.get(known.userID) ?? 0) - known.bytes;
    if (left > 0) this.#users.set(known.userID, left);
    else this.#users.delete(known.userID);
  }

  #updateCounts(matches: (connection: SlowConnection) => boolean): void {
    for (const connection of [...this.#slow.keys()]) {
      if (matches(connection)) this.#update(connection);
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

  #update(connection: SlowConnection): void {
    this.forget(connection);
    const { bytes, userID = '' } = connection;
    if (bytes <= SLOW_BYTES) return;
    this.#slow.set(connection, { userID, bytes });
    this.#users.set(userID, (this.#users.get(userID) ?? 0) + bytes);
    this.#bytes += bytes;
  }
}
