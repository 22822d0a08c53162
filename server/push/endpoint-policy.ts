import { lookup as resolve, type LookupAddress } from 'node:dns';
import { Agent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Which endpoints are pushed to, and how they are reached. */
export interface EndpointPolicy {
  /** Whether a client may name it: an absolute URL. */
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
