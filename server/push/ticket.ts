import { createHmac, timingSafeEqual } from 'node:crypto';
import { KEEP_SETTLED_MS } from '../limits/limits.js';
import type { Invitation } from '../inbox/inbox.js';

/** What a ticket is for: one user's invitation of one round. */
export type Claim = Pick<Invitation, 'userID' | 'callID' | 'round'>;

/**
 * Tickets by which a browser's worker, which has no connection and no session, may decline one invitation and ask how
 * it stands: `claim.mac`, both base64url, the MAC an HMAC-SHA256 (RFC 2104) by the server's secret. Valid until ten
 * minutes after the invitation's time-out.
 */
export class Tickets {
  readonly #secret: () => string;
  readonly #now: () => number;

  /** @param secret as it is now: at least 32 bytes, base64url */
  constructor(secret: () => string, now: () => number = Date.now) {
    this.#secret = secret;
    this.#now = now;
  }

  issue({ userID, callID, round, expiresAt }: Claim & Pick<Invitation, 'expiresAt'>): string {
    const claim = JSON.stringify([userID, callID, round, expiresAt + KEEP_SETTLED_MS]);
    const text = Buffer.from(claim).toString('base64url');
    return `${text}.${this.#mac(text).toString('base64url')}`;
  }

  /** @returns nothing when it is not a ticket of this server, or too old */
  read(ticket: string): Claim | undefined {
    const [text = '', mac = '', ...more] = ticket.split('.');
    const given = Buffer.from(mac, 'base64url');
    const right = this.#mac(text);
    if (more.length > 0 || given.length !== right.length || !timingSafeEqual(given, right)) {
      return undefined;
    }
    // Whoever could make the MAC wrote it: its form is known.
    const claim = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
    const [userID, callID, round, validUntil] = claim as [string, string, number, number];
    return validUntil > this.#now() ? { userID, callID, round } : undefined;
  }

  #mac(text: string): Buffer {
    const secret = Buffer.from(this.#secret(), 'base64url');
    return createHmac('sha256', secret).update(`ringkit ticket ${text}`).digest();
  }
}
