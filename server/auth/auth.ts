/** What a client says of itself when it connects. */
export interface Credentials {
  /** Well formed, but nothing more is known about it. */
  readonly userID: string;
  /** May be empty. */
  readonly userName: string;
  readonly token: string | undefined;
}

export type Authentication =
  | {
      readonly ok: true;
      readonly userID: string;
      /** Wins over what the client says. */
      readonly userName?: string;
      /**
       * Until when that is proved, in ms since the epoch. Some time before, the client is asked for a new token, and
       * this is asked again; without one its connection ends then. Default: for as long as it lasts.
       */
      readonly expiresAt?: number;
    }
  | {
      readonly ok: false;
      /** Shown to the page's developer. */
      readonly message: string;
      /**
       * The client may be let in later, with a new token or with this one: it has expired, or is not valid yet. The
       * client asks its page for a token again, and retries. Default `false`: it stays refused until its page sets
       * another token.
       */
      readonly retry?: boolean;
    };

/**
 * Finds out who connects. Asked at each connection. To reject, or to take longer than a connection has, means that
 * it could not be found out now: the client tries again.
 */
export type Authenticate = (credentials: Credentials) => Promise<Authentication>;

/**
 * For demos: everybody is who they say they are.
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
