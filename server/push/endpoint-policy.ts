import { lookup as resolve, type LookupAddress } from 'node:dns';
import { Agent } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Which endpoints are pushed to, and how they are reached. */
export interface EndpointPolicy {
  /** Whether a client may name it: an absolute URL. */
  allows(endpoint: string): boolean;
  readonly agent: Agent;
}

const ipv4 = new BlockList();
// The special-purpose addresses of RFC 6890, multicast, and what is reserved.
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
// Of IPv6 only global unicast is public; of that not what embeds another address, or is for documentation.
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

/** Whether an IP address is one of the public internet. */
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

/** Whether a URL may be a push service's: https, without credentials, and not of an address that is not public. */
export function isPublicEndpoint(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname, username, password } = new URL(endpoint);
  if (protocol !== 'https:' || username !== '' || password !== '') return false;
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) === 0 ? !/(^|\.)localhost\.?$/.test(address) : isPublicAddress(address);
}

/** The code of the error for a name that leads to an address which is not public. */
export const NOT_PUBLIC = 'ENOTPUBLIC';

/**
 * DNS for connections to push services: a name that leads to an address which is not public leads nowhere, so that no
 * client can make the server call its own neighbours (server-side request forgery).
 */
export function publicLookup(resolveName: typeof resolve = resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const [first] = (addresses as LookupAddress[] | undefined) ?? [];
      if (error) callback(error, '');
      else if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
        const refusal = new Error('the name leads to an address that is not public');
        callback(Object.assign(refusal, { code: NOT_PUBLIC }), '');
      } else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Push services of the public internet. */
export function publicEndpointPolicy(): EndpointPolicy {
  const agent = new Agent({ keepAlive: true, lookup: publicLookup() });
  return { allows: isPublicEndpoint, agent };
}
