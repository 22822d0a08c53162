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
 * Creates the transport for an address: `local:` or `local:name` for the tabs of this browser, else a ringkit
 * server. Its code is loaded when it is opened.
 * @param onFailure called with the error if the transport cannot be loaded or created
 */
export function transportFor(
  signaling: string,
  onFailure: (error: unknown) => void,
): SignalTransport {
  return /^local:/.test(signaling)
    ? lazyTransport(local, (create) => create(signaling.slice('local:'.length)), onFailure)
    : lazyTransport(server, (create) => create(signaling), onFailure);
}
