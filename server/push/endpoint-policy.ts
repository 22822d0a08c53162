import { lookup as resolve, type LookupAddress } from 'node:dns';
import { Agent } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Determines to which endpoints the server connects (protection against server-side request forgery), and how. */
export interface EndpointPolicy {
  /** Whether a client may register this endpoint, an absolute URL. */
  allows(endpoint: string): boolean;
  readonly agent: Agent;
}

const ipv4 = new BlockList();
// Special-purpose addresses (RFC 6890), multicast and reserved addresses.
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  ipv4.addSubnet(network, prefix, 'ipv4');
}
// In IPv6, only global unicast is public, except addresses for documentation and those that embed an IPv4 address.
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
const ipv6 = new BlockList();
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  ipv6.addSubnet(network, prefix, 'ipv6');
}

/** Whether an IP address is on the public internet. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !ipv4.check(address, 'ipv4');
    case 6:
      return globalUnicast.check(address, 'ipv6') && !ipv6.check(address, 'ipv6');
    default:
      return false;
  }
}

/** Whether a URL may be an endpoint of a push service: https, without credentials, and not at a private address. */
export function isPublicEndpoint(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname, username, password } = new URL(endpoint);
  if (protocol !== 'https:' || username !== '' || password !== '') return false;
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) === 0 ? !/(^|\.)localhost\.?$/.test(address) : isPublicAddress(address);
}

/** Error code for a name that resolves to an address that is not public. */
export const NOT_PUBLIC = 'ENOTPUBLIC';

/**
 * A DNS lookup that fails if any address of a name is not public, so that clients can't make the server send requests to
 * hosts in its own network (server-side request forgery).
 */
export function publicLookup(resolveName: typeof resolve = resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const [first] = (addresses as LookupAddress[] | undefined) ?? [];
      if (error) callback(error, '');
      else if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
        const rejection = new Error('the name resolves to an address that is not public');
        callback(Object.assign(rejection, { code: NOT_PUBLIC }), '');
      } else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Allows push services on the public internet. */
export function publicEndpointPolicy(): EndpointPolicy {
  const agent = new Agent({ keepAlive: true, lookup: publicLookup() });
  return { allows: isPublicEndpoint, agent };
}
