/** The identity that a client claims when it connects. */
export interface Credentials {
  /** Syntactically valid, but not verified. */
  readonly userID: string;
  /** Display name; may be empty. Not verified. */
  readonly userName: string;
  /** The token that the page supplied, if any. */
  readonly token: string | undefined;
}

/** The result of `authenticate`. */
export type Authentication =
  | {
      readonly ok: true;
      /** The verified user ID. The server rejects the client if it differs from the claimed one. */
      readonly userID: string;
      /** Display name. Replaces the one that the client claims. */
      readonly userName?: string;
      /**
       * When the authentication expires, in ms since the epoch. Before that, the server asks the client for a new token
       * and calls `authenticate` with it. Without a new valid token, the connection is closed at this time. Default: never.
       */
      readonly expiresAt?: number;
    }
  | {
      readonly ok: false;
      /** The reason, sent to the client for the developer of the page. */
      readonly message: string;
      /**
       * Whether the client may succeed later, for example because the token has expired or is not valid yet. If `true`,
       * the client asks its page for a token and retries. Default: `false`; the client does not retry until its page
       * sets another token.
       */
      readonly retry?: boolean;
    };

/**
 * Verifies the identity of a client. The server calls it for each connection, and again for each renewed token. If it
 * rejects, or takes longer than `connectTimeoutMs`, the server answers `unavailable`, and the client retries.
 */
export type Authenticate = (credentials: Credentials) => Promise<Authentication>;

/**
 * Accepts every claimed identity without a check. For demos only.
 *
 * @example
 * ```ts
 * import { authenticateDemo, createCallServer } from 'ringkit-server';
 *
 * const server = await createCallServer({ authenticate: authenticateDemo, port: 8787 });
 * console.log(server.url);
 * ```
 */
export const authenticateDemo: Authenticate = ({ userID }) => Promise.resolve({ ok: true, userID });
