import type { IncomingHttpHeaders } from 'node:http';
import { isIPv6 } from 'node:net';

interface Request {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * The client address of a request, as a key for rate limits: an IPv4 address, or the /64 prefix of an IPv6 address, because
 * one customer usually gets a whole /64.
 * @param proxies number of trusted reverse proxies in front of the server. Each one appends the address of its client to
 *   `X-Forwarded-For`; entries before those may be forged and are ignored. 0 ignores the header.
 */
export function addressOf({ headers, socket }: Request, proxies = 0): string {
  const addresses = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const forwarded = proxies > 0 ? (addresses.at(-proxies) ?? addresses[0]) : undefined;
  const address = (forwarded ?? socket.remoteAddress ?? 'unknown').replace(
    /^::ffff:(?=\d+\.)/i,
    '',
  );
  return isIPv6(address) ? prefixOf(address) : address;
}

/** The first four groups of an IPv6 address in a normalized form. */
function prefixOf(address: string): string {
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...rest];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
