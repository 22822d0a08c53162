import type { SignalTransport } from '../../core/ports/signal-transport.js';
import { lazyTransport } from './lazy-transport.js';

/**
 * The wire that an address names: `local:` or `local:name` for the tabs of this browser, else a ringkit server. Its code
 * is loaded when it is opened.
 * @param failed hears why it could not be had
 */
export function transportFor(signaling: string, failed: (error: unknown) => void): SignalTransport {
  return lazyTransport(async () => {
    try {
      if (/^local:/.test(signaling)) {
        const { createLocalTransport } = await import('../../core/transports/local.js');
        return createLocalTransport(signaling.slice('local:'.length));
      }
      const { createServerTransport } = await import('../../core/transports/server.js');
      return createServerTransport(signaling);
    } catch (error) {
      failed(error);
      throw error;
    }
  });
}
