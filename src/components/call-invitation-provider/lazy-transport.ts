import type { LazyPart } from '../../core/loading/lazy-part.js';
import type { SignalTransport, TransportEvent } from '../../core/ports/signal-transport.js';

/**
 * A transport whose code is loaded by `open`. It emits `connecting` until the code is loaded. If loading fails, it
 * emits `offline` and retries while the transport is open. If `create` throws (for example, because the address is
 * invalid), it emits `refused`.
 * @param create creates the transport with the loaded code
 * @param onFailure called once with the error when loading or creating fails
 */
export function lazyTransport<T>(
  part: Pick<LazyPart<T>, 'loadWhile'>,
  create: (code: T) => SignalTransport,
  onFailure: (error: unknown) => void,
): SignalTransport {
  let inner: SignalTransport | undefined;
  /** Incremented by `open` and `close`, so that the result of an outdated load is discarded. */
  let generation = 0;

  const loadAndOpen = async (
    isCurrent: () => boolean,
    open: (transport: SignalTransport) => void,
    handle: (event: TransportEvent) => void,
  ): Promise<void> => {
    const code = await part.loadWhile(isCurrent, (error) => {
      onFailure(error);
      handle({ type: 'offline' });
    });
    if (code === undefined) return;
    try {
      inner = create(code);
    } catch (error) {
      onFailure(error);
      return handle({ type: 'refused', message: String(error) });
    }
    open(inner);
  };

  return {
    open(identity, handle) {
      const mine = ++generation;
      const isCurrent = (): boolean => mine === generation;
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
    // A transport that can't break works.
    networkChanged: async (isCertain) =>
      inner?.networkChanged ? inner.networkChanged(isCertain) : !!inner,
    ask: async (question, value) => inner?.ask?.(question, value),
    close() {
      generation++;
      inner?.close();
      inner = undefined;
    },
  };
}
