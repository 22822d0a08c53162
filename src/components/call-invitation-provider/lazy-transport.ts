import type { SignalTransport, TransportEvent } from '../../core/ports/signal-transport.js';

/**
 * A transport whose code is loaded when it is opened: `connecting` until then. When it can't be loaded, the connection
 * is refused.
 */
export function lazyTransport(load: () => Promise<SignalTransport>): SignalTransport {
  let inner: SignalTransport | undefined;
  /** Goes up when it is opened and closed: what was loading for an older one is not used. */
  let turn = 0;
  return {
    open(identity, handle: (event: TransportEvent) => void) {
      const mine = ++turn;
      queueMicrotask(() => {
        if (mine === turn) handle({ type: 'connecting' });
      });
      load().then(
        (loaded) => {
          if (mine !== turn) return;
          inner = loaded;
          inner.open(identity, handle);
        },
        (error: unknown) => {
          if (mine === turn) handle({ type: 'refused', message: String(error) });
        },
      );
    },
    hello: (hello) => inner?.hello(hello),
    send: async (message) => inner?.send(message) ?? { type: 'lost' },
    iceServers: () => inner?.iceServers?.() ?? [],
    serverTime: () => inner?.serverTime?.(),
    reconnect: () => inner?.reconnect?.(),
    ask: async (question, value) => inner?.ask?.(question, value),
    close() {
      turn++;
      inner?.close();
      inner = undefined;
    },
  };
}
