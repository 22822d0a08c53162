import { createHmac } from 'node:crypto';
import { TURN_TTL_MS } from '../limits/limits.js';

export interface TurnOptions {
  /** Where the TURN server is: `turn:turn.example.org:3478?transport=udp`, `turns:…` (RFC 7065). At least one. */
  readonly urls: readonly string[];
  /** Shared with the TURN server (coturn: `static-auth-secret`). */
  readonly secret: string;
  /** How long credentials are good, in ms. At least 60,000. Default: an hour. A relay that is in use lives on. */
  readonly ttlMs?: number;
}

/** One entry of an RTCPeerConnection's `iceServers`. */
export interface IceServer {
  readonly urls: readonly string[];
  readonly username: string;
  readonly credential: string;
}

/**
 * Credentials that a TURN server believes without having been told of them (draft-uberti-behave-turn-rest): the name
 * says until when they are good, and the password is a signature of the name.
 */
export class Turn {
  /** How long credentials are good, in ms. */
  readonly ttlMs: number;
  readonly #options: TurnOptions;
  readonly #now: () => number;

  /**
   * @param now in ms since the epoch
   * @throws {TypeError} when there is no address of a TURN server, no secret, or too short a life
   */
  constructor(options: TurnOptions, now: () => number = Date.now) {
    const { urls, secret, ttlMs = TURN_TTL_MS } = options;
    const wrong = urls.find((url) => !/^turns?:[^\s/]+$/.test(url));
    if (wrong !== undefined || urls.length === 0) {
      throw new TypeError(`A TURN server's address is like turn:host:3478, not "${wrong ?? ''}".`);
    }
    if (secret === '') throw new TypeError('The secret of the TURN server is missing.');
    if (!(ttlMs >= 60_000)) throw new TypeError('TURN credentials must be good for a minute.');
    this.#options = options;
    this.#now = now;
    this.ttlMs = ttlMs;
  }

  /** What one user's peer connections take, from now on. */
  serversFor(userID: string): readonly IceServer[] {
    const { urls, secret } = this.#options;
    const expiry = Math.floor((this.#now() + this.ttlMs) / 1_000);
    const username = `${String(expiry)}:${userID}`;
    const credential = createHmac('sha1', secret).update(username).digest('base64');
    return [{ urls, username, credential }];
  }
}
