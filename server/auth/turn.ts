import { createHmac } from 'node:crypto';
import { TURN_TTL_MS } from '../limits/limits.js';

export interface TurnOptions {
  /** URLs of the TURN server: `turn:turn.example.org:3478?transport=udp`, `turns:…` (RFC 7065). At least one. */
  readonly urls: readonly string[];
  /** Secret shared with the TURN server (coturn: `static-auth-secret`). */
  readonly secret: string;
  /** Lifetime of credentials in ms, at least 60,000. Existing TURN allocations outlive it. Default: 3,600,000 (1 hour). */
  readonly ttlMs?: number;
}

/** One entry of an RTCPeerConnection's `iceServers`. */
export interface IceServer {
  readonly urls: readonly string[];
  readonly username: string;
  readonly credential: string;
}

/**
 * Creates time-limited TURN credentials (draft-uberti-behave-turn-rest). The username contains the expiry time, and the
 * password is an HMAC of the username, so the TURN server can verify them without contacting this server.
 */
export class Turn {
  /** Lifetime of credentials in ms. */
  readonly ttlMs: number;
  readonly #options: TurnOptions;
  readonly #now: () => number;

  /**
   * @param now returns the current time in ms since the epoch
   * @throws {TypeError} if a URL is invalid or missing, the secret is empty, or the lifetime is shorter than a minute
   */
  constructor(options: TurnOptions, now: () => number = Date.now) {
    const { urls, secret, ttlMs = TURN_TTL_MS } = options;
    const wrong = urls.find((url) => !/^turns?:[^\s/]+$/.test(url));
    if (wrong !== undefined || urls.length === 0) {
      throw new TypeError(`A TURN URL must be like turn:host:3478, not "${wrong ?? ''}".`);
    }
    if (secret === '') throw new TypeError('The secret of the TURN server is missing.');
    if (!(ttlMs >= 60_000))
      throw new TypeError('TURN credentials must be valid for at least a minute.');
    this.#options = options;
    this.#now = now;
    this.ttlMs = ttlMs;
  }

  /** `iceServers` for the peer connections of a user, valid for `ttlMs` from now. */
  serversFor(userID: string): readonly IceServer[] {
    const { urls, secret } = this.#options;
    const expiry = Math.floor((this.#now() + this.ttlMs) / 1_000);
    const username = `${String(expiry)}:${userID}`;
    const credential = createHmac('sha1', secret).update(username).digest('base64');
    return [{ urls, username, credential }];
  }
}
