import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import proxyAddr from 'proxy-addr';

/** Length in bits of the prefix that identifies a customer: providers assign a /64 or a larger network (RFC 6177). */
const IPV6_PREFIX = 64;

/**
 * The address that a request comes from, as a key for limits: an IPv4 address, or the /64 prefix of an IPv6 address,
 * which belongs to one customer.
 * @param proxies number of trusted reverse proxies in front of the server. Each appends its client's address to
 *   `X-Forwarded-For`; addresses before these can be forged. 0: the header is ignored.
 */
export function addressOf(
  request: Pick<IncomingMessage, 'headers'> & {
    readonly socket: { readonly remoteAddress?: string | undefined };
  },
  proxies = 0,
): string {
  const address = proxyAddr(request as IncomingMessage, (_address, hop) => hop < proxies);
  // A link-local address may name its interface: fe80::1%eth0.
  const [unscoped = ''] = (address as string | undefined)?.split('%') ?? [];
  if (isIP(unscoped) === 0) return address || 'unknown';
  const parsed = ipaddr.process(unscoped);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const cidr = `${parsed.toString()}/${String(IPV6_PREFIX)}`;
  return `${ipaddr.IPv6.networkAddressFromCIDR(cidr).toString()}/${String(IPV6_PREFIX)}`;
}
