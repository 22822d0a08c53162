import { isIP } from 'node:net';

/** Whose pages may connect: origins as browsers write them, or everybody's. */
export type Origins = readonly string[] | '*';

/**
 * Origins, or a rule for them. `own-host`: pages of the host that was asked, whatever proxy speaks TLS for it. `local`:
 * pages of this computer, and of the host that was asked unless its name is a public one.
 */
export type OriginPolicy = Origins | 'own-host' | 'local';

/** What a request for a connection says of itself. */
interface RequestHeaders {
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
}

/** Whether a page may connect. A program that is no page names no origin, and may. */
export function mayConnect({ origin, host }: RequestHeaders, policy: OriginPolicy): boolean {
  if (origin === undefined || policy === '*') return true;
  if (policy !== 'own-host' && policy !== 'local') return policy.includes(origin);
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  const isOwn = page.host !== '' && page.host === host?.toLowerCase();
  if (policy === 'own-host') return isOwn;
  return isLoopback(page.hostname) || (isOwn && isLocal(page.hostname));
}

/** @param name as `URL` writes it: IPv6 in brackets */
function isLoopback(name: string): boolean {
  return name === '[::1]' || isLocalhost(name) || (isIP(name) === 4 && name.startsWith('127.'));
}

/** RFC 6761, 6.3. */
const isLocalhost = (name: string): boolean => name === 'localhost' || name.endsWith('.localhost');

/**
 * Whether a name can't be one that a stranger's DNS server leads to this computer (DNS rebinding): then a page of that
 * stranger would be of the host that it asks.
 */
function isLocal(name: string): boolean {
  return name.startsWith('[') || isIP(name) !== 0 || !name.includes('.') || name.endsWith('.local');
}
