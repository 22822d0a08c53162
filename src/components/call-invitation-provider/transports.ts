import { lazyPart } from '../../core/loading/lazy-part.js';
import type { SignalTransport } from '../../core/ports/signal-transport.js';
import { lazyTransport } from './lazy-transport.js';

const local = lazyPart(
  'the transport between tabs',
  () => import('../../core/transports/local.js'),
  'createLocalTransport',
);
const server = lazyPart(
  'the transport of the server',
  () => import('../../core/transports/server.js'),
  'createServerTransport',
);

/**
 * The wire that an address names: `local:` or `local:name` for the tabs of this browser, else a ringkit server. Its code
 * is loaded when it is opened.
 * @param failed hears why it could not be had
 */
export function transportFor(signaling: string, failed: (error: unknown) => void): SignalTransport {
  return /^local:/.test(signaling)
    ? lazyTransport(local, (create) => create(signaling.slice('local:'.length)), failed)
    : lazyTransport(server, (create) => create(signaling), failed);
}
