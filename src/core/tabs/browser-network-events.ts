import { createSystemClock } from '../clock/system-clock.js';
import type { Clock } from '../ports/clock.js';
import type { NetworkEvent, NetworkEvents } from '../ports/network-events.js';

/** Interval between two readings of the clocks, in ms. */
const READ_MS = 2_000;
/** The device was asleep if the time of day has advanced by this more than the monotonic clock, in ms. */
const SLEEP_MS = 10_000;
/**
 * The page was suspended if a reading is this late, in ms. For hidden pages, it is longer than the interval to which
 * browsers throttle their timers, one minute.
 */
const SUSPENDED_MS = { visible: 10_000, hidden: 70_000 };

/** Network Information API (WICG), in Chromium. `type` is known only on phones and ChromeOS. */
interface NetworkInformation extends EventTarget {
  readonly type?: string | undefined;
}

/** The parts of the browser that are observed. */
export interface BrowserParts {
  readonly window: EventTarget;
  readonly document: EventTarget & Pick<Document, 'visibilityState'>;
  /** Undefined in browsers without it. */
  readonly connection: NetworkInformation | undefined;
  /** A clock to which no sleep is added. */
  readonly clock: Pick<Clock, 'now' | 'epoch' | 'after'>;
}

const browserParts = (): BrowserParts => ({
  window,
  document,
  connection: (globalThis.navigator as { readonly connection?: NetworkInformation } | undefined)
    ?.connection,
  clock: createSystemClock({ monotonic: () => performance.now(), epoch: () => Date.now() }),
});

/**
 * Observes the browser: `online` and `offline` (HTML), `resume` (Page Lifecycle), `pageshow` of a page that comes back
 * from the back/forward cache, changes of `navigator.connection`, and gaps of the clocks, which show that the device
 * was asleep.
 */
export function createBrowserNetworkEvents(parts = browserParts()): NetworkEvents {
  const { window, document, connection, clock } = parts;
  let controller: AbortController | undefined;
  let stopTimer: (() => void) | undefined;

  function watchClocks(handle: (event: NetworkEvent) => void): void {
    const [now, epoch] = [clock.now(), clock.epoch()];
    stopTimer = clock.after(READ_MS, () => {
      const counted = clock.now() - now;
      // The user may have set the clock: connections of before may still work.
      const hasSlept = clock.epoch() - epoch - counted >= SLEEP_MS;
      const isLate = counted - READ_MS >= SUSPENDED_MS[document.visibilityState];
      if (hasSlept || isLate) handle('resumed');
      // `handle` may have closed this.
      if (controller) watchClocks(handle);
    });
  }

  return {
    open(handle) {
      this.close();
      const { signal } = (controller = new AbortController());
      const listen = (target: EventTarget, type: string, run: (event: Event) => void): void =>
        target.addEventListener(type, run, { signal });
      listen(window, 'online', () => handle('changed'));
      listen(window, 'offline', () => handle('lost'));
      listen(document, 'resume', () => handle('resumed'));
      listen(window, 'pageshow', (event) => {
        if ((event as PageTransitionEvent).persisted) handle('resumed');
      });
      if (connection) {
        let { type } = connection;
        // Also fired for new estimates of bandwidth and latency.
        listen(connection, 'change', () => {
          const before = type;
          ({ type } = connection);
          if (type === before) handle('suspected');
          else if (type !== 'none') handle('changed');
        });
      }
      watchClocks(handle);
    },
    close() {
      controller?.abort();
      controller = undefined;
      stopTimer?.();
      stopTimer = undefined;
    },
  };
}
