import { createHmac, timingSafeEqual } from 'node:crypto';
import { KEEP_SETTLED_MS } from '../limits/limits.js';
import type { Invitation } from '../inbox/inbox.js';

/** What a ticket authorizes for: one round of an invitation of one user. */
export type Claim = Pick<Invitation, 'userID' | 'callID' | 'round'>;

/**
 * Tickets authorize the service worker of a browser, which has no connection and no session, to decline one invitation and
 * to query its state. The format is `claim.mac`, both base64url; the MAC is an HMAC-SHA256 (RFC 2104) with the server's
 * secret. A ticket is valid until ten minutes after the time-out of the invitation.
 */
export class Tickets {
  readonly #secret: () => string;
  readonly #now: () => number;

  /** @param secret returns the current secret: at least 32 bytes, base64url */
  constructor(secret: () => string, now: () => number = Date.now) {
    this.#secret = secret;
    this.#now = now;
  }

  issue({ userID, callID, round, expiresAt }: Claim & Pick<Invitation, 'expiresAt'>): string {
    const claim = JSON.stringify([userID, callID, round, expiresAt + KEEP_SETTLED_MS]);
    const text = Buffer.from(claim).toString('base64url');
    return `${text}.${this.#mac(text).toString('base64url')}`;
  }

  /** @returns undefined if it is not a ticket of this server, or has expired */
  read(ticket: string): Claim | undefined {
    const [text = '', mac = '', ...more] = ticket.split('.');
    const given = Buffer.from(mac, 'base64url');
    const expected = this.#mac(text);
    if (more.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) {
      return undefined;
    }
    // The MAC is valid, so this server has written the claim, and its form is known.
    const claim = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
    const [userID, callID, round, validUntil] = claim as [string, string, number, number];
    return validUntil > this.#now() ? { userID, callID, round } : undefined;
  }

  #mac(text: string): Buffer {
    const secret = Buffer.from(this.#secret(), 'base64url');
    return createHmac('sha256', secret).update(`ringkit ticket ${text}`).digest();
  }
}
