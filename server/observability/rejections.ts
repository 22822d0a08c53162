import type { Logger } from './logger.js';

/** Why the server took no notice of something that came from a client. */
export type RejectionCause =
  /** Not a message, a hello or an event of this protocol, or nested too deeply. */
  | 'malformed'
  | 'oversized'
  | 'unknown-type'
  /** A message of another protocol version that is no invite. */
  | 'foreign-version'
  /** Something that only the server, or only a member of the call, may say. */
  | 'forged-role'
  /** More messages than a device may send, or a connection may have waiting; more than a few hellos. */
  | 'too-many'
  /** More than a connection may have unsent: its client does not read. */
  | 'unread'
  | 'too-many-invitations'
  /** More connections, attempts or devices than an address or a user may have. */
  | 'too-many-connections'
  /** The user could not prove who that is. */
  | 'unproved'
  | 'foreign-origin';

/** Counts what was refused. A client that goes on sending it fills no log: one line for each connection and cause. */
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

  /** One that belongs to no connection, or ends it. */
  count(cause: RejectionCause): void {
    this.#add(cause);
    this.#logger.debug('refused', { cause });
  }

  /** @returns the counter of one connection */
  forConnection(connectionID: string): (cause: RejectionCause) => void {
    // Nearly all connections are refused nothing.
    let logged: Set<RejectionCause> | undefined;
    return (cause) => {
      this.#add(cause);
      if (logged?.has(cause)) return;
      logged = (logged ?? new Set()).add(cause);
      this.#logger.debug('refused', { cause, connectionID });
    };
  }

  #add(cause: RejectionCause): void {
    this.#counts.set(cause, (this.#counts.get(cause) ?? 0) + 1);
  }
}
