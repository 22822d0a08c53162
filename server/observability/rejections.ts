import type { Logger } from './logger.js';

/** Why the server rejected a connection or a message of a client. */
export type RejectionCause =
  /** Not a message, hello or event of this protocol, or nested too deeply. */
  | 'malformed'
  /** A message that exceeds the maximum size. */
  | 'oversized'
  /** A message of an unknown type. */
  | 'unknown-type'
  /** A message of another protocol version, other than an invite. */
  | 'foreign-version'
  /** A message that only the server, or only a member of the call, may send. */
  | 'forged-role'
  /** Too many messages of a device, messages waiting on a connection, or hellos. */
  | 'too-many'
  /** Too many unsent bytes, because the client does not read. */
  | 'unread'
  /** Too many invitations of a user. */
  | 'too-many-invitations'
  /** Too many connections, attempts or devices of an address or a user. */
  | 'too-many-connections'
  /** Authentication failed. */
  | 'unproved'
  /** A page of an origin that may not connect. */
  | 'foreign-origin';

/** Counts rejections by cause, and logs each cause once for each connection, so that a client can't flood the log. */
export class Rejections {
  readonly #counts = new Map<RejectionCause, number>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** How often each cause has occurred since the server started. */
  get counts(): Readonly<Partial<Record<RejectionCause, number>>> {
    return Object.fromEntries(this.#counts);
  }

  /** Counts and logs a rejection that belongs to no connection, or closes it. */
  count(cause: RejectionCause): void {
    this.#add(cause);
    this.#logger.debug('rejected', { cause });
  }

  /** @returns the counter of one connection */
  forConnection(connectionID: string): (cause: RejectionCause) => void {
    // Created on demand, because most connections cause no rejection.
    let logged: Set<RejectionCause> | undefined;
    return (cause) => {
      this.#add(cause);
      if (logged?.has(cause)) return;
      logged = (logged ?? new Set()).add(cause);
      this.#logger.debug('rejected', { cause, connectionID });
    };
  }

  #add(cause: RejectionCause): void {
    this.#counts.set(cause, (this.#counts.get(cause) ?? 0) + 1);
  }
}
