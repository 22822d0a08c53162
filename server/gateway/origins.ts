import { isIP } from 'node:net';

/** Origins of pages that may connect, as browsers send them (`https://example.org`), or `'*'` for all. */
export type Origins = readonly string[] | '*';

/**
 * Origins, or a rule for them. `own-host`: the host of the request, also behind a proxy that terminates TLS. `local`:
 * loopback origins, and the host of the request if it is an IP address or a local name.
 */
export type OriginPolicy = Origins | 'own-host' | 'local';

/** The headers of a connection request that the policy uses. */
interface RequestHeaders {
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
}

/** Whether a client may connect. Clients other than browsers send no Origin header, and always may. */
export function mayConnect({ origin, host }: RequestHeaders, policy: OriginPolicy): boolean {
  if (origin === undefined || policy === '*') return true;
  if (policy !== 'own-host' && policy !== 'local') return policy.includes(origin);
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  const isOwn = page.host !== '' && page.host === host?.toLowerCase();
  if (policy === 'own-host') return isOwn;
  return isLoopback(page.hostname) || (isOwn && isLocal(page.hostname));
}

/** @param name host name as `URL` normalizes it: IPv6 in brackets */
function isLoopback(name: string): boolean {
  return name === '[::1]' || isLocalhost(name) || (isIP(name) === 4 && name.startsWith('127.'));
}

/** RFC 6761, section 6.3. */
const isLocalhost = (name: string): boolean => name === 'localhost' || name.endsWith('.localhost');

/**
 * Whether a host name is local: an attacker can't make it resolve to this computer through their own DNS server (DNS
 * rebinding), which would make the attacker's page appear as same-host.
 */
function isLocal(name: string): boolean {
  return name.startsWith('[') || isIP(name) !== 0 || !name.includes('.') || name.endsWith('.local');
}

/** `capacitor://localhost`, `app://x`, `file://`: a scheme and a host as browsers send them, without path and user. */
const CUSTOM_ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@\\]*$/;
/** Schemes of connections, which no page has. */
const NO_PAGE = /^(wss?|ftp|turns?|stuns?|redis):/;

/**
 * An origin as the operator of the server writes it.
 * @returns the origin as browsers send it; undefined if no page has such an origin
 */
export function parseOrigin(text: string): string | undefined {
  // Origins are compared exactly, so a pattern would match no page.
  if (text.includes('*')) return undefined;
  // Pages in a sandbox, from a file, and of other opaque origins.
  if (text === 'null') return text;
  const origin = text.replace(/\/$/, '');
  if (/^https?:/i.test(text)) {
    return URL.canParse(text) && new URL(text).origin === origin.toLowerCase()
      ? new URL(text).origin
      : undefined;
  }
  // The empty host of `file://` ends with a slash of its own.
  const custom = text.endsWith('://') ? text : origin;
  return CUSTOM_ORIGIN.test(custom) && !NO_PAGE.test(custom) ? custom : undefined;
}
