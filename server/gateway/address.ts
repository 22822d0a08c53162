import type { IncomingHttpHeaders } from 'node:http';
import { isIPv6 } from 'node:net';

interface Request {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * Where a request comes from, as one key: an IPv4 address, or the /64 of an IPv6 address, which is one customer's.
 * @param proxies how many proxies of one's own stand before the server: each has added its client to
 *   `X-Forwarded-For`, and what stands before these was made up by anybody. 0: the header is not read.
 */
export function addressOf({ headers, socket }: Request, proxies = 0): string {
  const named = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const forwarded = proxies > 0 ? (named.at(-proxies) ?? named[0]) : undefined;
  const address = (forwarded ?? socket.remoteAddress ?? 'unknown').replace(
    /^::ffff:(?=\d+\.)/i,
    '',
  );
  return isIPv6(address) ? prefixOf(address) : address;
}

/** The first four groups, written one way. */
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
