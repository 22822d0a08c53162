import { lookup as resolve, type LookupAddress } from 'node:dns';
import { Agent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Determines to which endpoints the server connects (protection against server-side request forgery), and how. */
export interface EndpointPolicy {
  /** Whether a client may register this endpoint, an absolute URL. */
  allows(endpoint: string): boolean;
  readonly agent: Agent;
}

/** The only range of IPv6 from which public addresses are assigned (RFC 4291). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an IP address is on the public internet: none of the special-purpose addresses of RFC 6890, not multicast or
 * reserved, and none that embeds another address (6to4, NAT64, Teredo, IPv4-mapped).
 */
export function isPublicAddress(address: string): boolean {
  // Stricter than ipaddr.js, which also reads 127.1 and 0x7f000001.
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST);
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
