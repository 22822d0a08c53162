/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import type { NetworkEvent } from '../ports/network-events.js';
import { createBrowserNetworkEvents } from './browser-network-events.js';

class FakeConnection extends EventTarget {
  type: string | undefined;
}

class FakeDocument extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';
}

/** The parts of a browser, whose clocks the test advances. */
function setUp() {
  let [counted, epoch] = [0, 0];
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  const window = new EventTarget();
  const document = new FakeDocument();
  const connection = new FakeConnection();
  const seen: NetworkEvent[] = [];
  const events = createBrowserNetworkEvents({
    ...{ window, document, connection },
    clock: {
      now: () => counted,
      epoch: () => epoch,
      after(ms, run) {
        const timer = { at: counted + ms, run };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
    },
  });
  events.open((event) => seen.push(event));
  return {
    ...{ window, document, connection, seen, events, timers },
    /** Time passes; then the timers that are due run. */
    pass(ms: number, awake = ms): void {
      counted += awake;
      epoch += ms;
      for (const timer of [...timers]) {
        if (timer.at > counted) continue;
        timers.delete(timer);
        timer.run();
      }
    },
  };
}

describe('createBrowserNetworkEvents', () => {
  it('reports that the network is lost, and that it is back', () => {
    const { window, seen } = setUp();
    window.dispatchEvent(new Event('offline'));
    window.dispatchEvent(new Event('online'));
    expect(seen).to.deep.equal(['lost', 'changed']);
  });

  it('reports a page that was frozen, or comes back from the back/forward cache', () => {
    const { window, document, seen } = setUp();
    document.dispatchEvent(new Event('resume'));
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }));
    expect(seen).to.deep.equal(['resumed']);
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    expect(seen).to.deep.equal(['resumed', 'resumed']);
  });

  it('reports another kind of network as a change, and new estimates as a suspicion', () => {
    const { connection, seen } = setUp();
    connection.dispatchEvent(new Event('change'));
    connection.type = 'cellular';
    connection.dispatchEvent(new Event('change'));
    connection.dispatchEvent(new Event('change'));
    connection.type = 'none';
    connection.dispatchEvent(new Event('change'));
    connection.type = 'wifi';
    connection.dispatchEvent(new Event('change'));
    expect(seen).to.deep.equal(['suspected', 'changed', 'suspected', 'changed']);
  });

  it('finds that the device was asleep, with a monotonic clock that stops meanwhile or counts on', () => {
    const { pass, seen } = setUp();
    for (let second = 0; second < 20; second += 1) pass(1_000);
    expect(seen).to.deep.equal([]);
    pass(60_000, 2_000);
    expect(seen).to.deep.equal(['resumed']);
    pass(30_000);
    expect(seen).to.deep.equal(['resumed', 'resumed']);
  });

  it('takes neither a clock that is corrected a little, nor the slow timers of a hidden page, for sleep', () => {
    const { pass, seen, document } = setUp();
    pass(11_000, 2_000);
    pass(-100_000, 2_000);
    document.visibilityState = 'hidden';
    pass(60_000);
    pass(61_000);
    expect(seen).to.deep.equal([]);
    pass(90_000);
    expect(seen).to.deep.equal(['resumed']);
  });

  it('observes nothing after it was closed, also by its own handler', () => {
    const { window, document, connection, seen, events, timers, pass } = setUp();
    events.close();
    window.dispatchEvent(new Event('online'));
    document.dispatchEvent(new Event('resume'));
    connection.dispatchEvent(new Event('change'));
    expect(timers.size).to.equal(0);
    events.open((event) => {
      seen.push(event);
      events.close();
    });
    pass(60_000, 2_000);
    expect(seen).to.deep.equal(['resumed']);
    expect(timers.size).to.equal(0);
  });
});
