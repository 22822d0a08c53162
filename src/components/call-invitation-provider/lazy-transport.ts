import type { LazyPart } from '../../core/loading/lazy-part.js';
import type { SignalTransport, TransportEvent } from '../../core/ports/signal-transport.js';

/**
 * A transport whose code is loaded when it is opened: `connecting` until then. When the code does not load, the
 * connection is `offline`, and loading goes on for as long as the transport is open. When the transport can't be made
 * (a bad address), the connection is refused.
 * @param create makes the transport with the code that was loaded
 * @param failed hears once why it can't be had
 */
export function lazyTransport<T>(
  part: Pick<LazyPart<T>, 'loadWhile'>,
  create: (code: T) => SignalTransport,
  failed: (error: unknown) => void,
): SignalTransport {
  let inner: SignalTransport | undefined;
  /** Goes up when it is opened and closed: what was loading for an older one is not used. */
  let turn = 0;

  const loadAndOpen = async (
    isCurrent: () => boolean,
    open: (transport: SignalTransport) => void,
    handle: (event: TransportEvent) => void,
  ): Promise<void> => {
    const code = await part.loadWhile(isCurrent, (error) => {
      failed(error);
      handle({ type: 'offline' });
    });
    if (code === undefined) return;
    try {
      inner = create(code);
    } catch (error) {
      failed(error);
      return handle({ type: 'refused', message: String(error) });
    }
    open(inner);
  };

  return {
    open(identity, handle) {
      const mine = ++turn;
      const isCurrent = (): boolean => mine === turn;
      queueMicrotask(() => {
        if (isCurrent()) handle({ type: 'connecting' });
      });
      void loadAndOpen(isCurrent, (transport) => transport.open(identity, handle), handle);
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
