import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../../test/support/fake-clock.js';
import type { TransportEvent } from '../ports/signal-transport.js';
import {
  ConnectionAttempts,
  DIAL_MS,
  TOKEN_MS,
  type AttemptFailure,
} from './connection-attempts.js';

const EXPIRED: AttemptFailure = {
  type: 'failed',
  cause: 'token',
  fault: { message: 'The token has expired.' },
};
const UNREACHABLE: AttemptFailure = { type: 'failed', cause: 'network' };
const REFUSED: AttemptFailure = { type: 'refused', message: 'Another subject.' };
const HANGS = (): Promise<string> => new Promise(() => {});

/** The server's response to a token; undefined: it never responds. */
type Verdicts = Readonly<Record<string, AttemptFailure | 'online' | undefined>>;

function setUp(token: () => string | Promise<string>, verdicts: Verdicts = {}) {
  const clock = createFakeClock();
  const events: TransportEvent[] = [];
  const dialed: (string | undefined)[] = [];
  const page = { token, asked: 0, verdicts };
  let aborted = 0;
  const attempts = new ConnectionAttempts({
    clock,
    random: () => 0.5,
    token: () => {
      page.asked++;
      return page.token();
    },
    dial(given) {
      dialed.push(given);
      const verdict = page.verdicts[given ?? ''];
      if (verdict === 'online') attempts.connected();
      else if (verdict) attempts.failed(verdict);
    },
    abort: () => (aborted += 1),
    emit: (event) => void events.push(event),
  });
  const types = (): string[] => events.map(({ type }) => type);
  return {
    ...{ attempts, clock, events, dialed, page, types },
    aborted: () => aborted,
    async start() {
      attempts.start();
      await clock.settle();
    },
    /** The page sets another token. */
    async set(next: () => string | Promise<string>) {
      page.token = next;
      attempts.prompt();
      await clock.settle();
    },
  };
}

describe('ConnectionAttempts', () => {
  it('retries after an expired token, and requests another one', async () => {
    const tokens = ['old', 'new'];
    const { clock, dialed, types, events, start } = setUp(() => tokens.shift() ?? '', {
      old: EXPIRED,
      new: 'online',
    });
    await start();
    assert.deepEqual(types(), ['connecting', 'offline']);
    assert.deepEqual(events[1], { type: 'offline', fault: { message: 'The token has expired.' } });
    await clock.advance(300);
    assert.deepEqual(dialed, ['old', 'new']);
    assert.deepEqual(types(), ['connecting', 'offline', 'online']);
    assert.equal(clock.timers, 0);
  });

  it('does not wait indefinitely for a token, and requests it again', async () => {
    const answers = [HANGS, () => 'good'];
    const { clock, page, types, start } = setUp(() => (answers.shift() ?? HANGS)(), {
      good: 'online',
    });
    await start();
    await clock.advance(TOKEN_MS - 1);
    assert.deepEqual(types(), ['connecting']);
    await clock.advance(1);
    assert.deepEqual(types(), ['connecting', 'offline']);
    await clock.advance(300);
    assert.equal(page.asked, 2);
    assert.deepEqual(types(), ['connecting', 'offline', 'online']);
  });

  it('retries while the token function throws, and reports the error once', async () => {
    const { clock, page, events, start } = setUp(
      () => {
        if (page.asked < 4) throw new Error('no session');
        return 'good';
      },
      { good: 'online' },
    );
    await start();
    await clock.advance(300 + 600 + 1_200);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['connecting', 'offline', 'online'],
    );
    const [, offline] = events;
    assert.ok(offline?.type === 'offline');
    assert.equal((offline.fault?.cause as Error).message, 'no session');
  });

  it('treats a token function that does not return a string as failed', async () => {
    const answers: unknown[] = [undefined, null, 'good'];
    const { clock, dialed, start } = setUp(() => answers.shift() as string, { good: 'online' });
    await start();
    await clock.advance(900);
    assert.deepEqual(dialed, ['good']);
  });

  it('uses a token that arrives after its time limit', async () => {
    let give: (token: string) => void = () => {};
    const answers = [() => new Promise<string>((resolve) => (give = resolve))];
    const { clock, dialed, types, start } = setUp(() => (answers.shift() ?? HANGS)(), {
      slow: 'online',
    });
    await start();
    await clock.advance(TOKEN_MS + 2_000);
    give('slow');
    await clock.settle();
    assert.deepEqual(dialed, ['slow']);
    assert.deepEqual(types(), ['connecting', 'offline', 'online']);
    await clock.advance(60_000);
    assert.deepEqual(dialed, ['slow']);
  });

  it('connects with a new token while the old token function is pending', async () => {
    for (const waited of [10, TOKEN_MS + 10]) {
      const { clock, dialed, types, start, set } = setUp(HANGS, { good: 'online' });
      await start();
      await clock.advance(waited);
      await set(() => 'good');
      assert.deepEqual(dialed, ['good'], String(waited));
      assert.equal(types().at(-1), 'online');
    }
  });

  it('stops when the server rejects the user, until the page sets another token', async () => {
    const { clock, dialed, types, start, set } = setUp(() => 'bad', {
      bad: REFUSED,
      good: 'online',
    });
    await start();
    assert.deepEqual(types(), ['connecting', 'refused']);
    await clock.advance(600_000);
    assert.deepEqual(dialed, ['bad']);
    await set(() => 'good');
    assert.deepEqual(types(), ['connecting', 'refused', 'connecting', 'online']);
  });

  it('continues after the rejection of a token that the page has replaced meanwhile', async () => {
    const { attempts, dialed, types, start, set } = setUp(() => 'bad', { good: 'online' });
    await start();
    await set(() => 'good');
    assert.deepEqual(dialed, ['bad']);
    attempts.failed(REFUSED);
    await new Promise<void>((resolve) => void setImmediate(resolve));
    assert.deepEqual(dialed, ['bad', 'good']);
    assert.deepEqual(types(), ['connecting', 'online']);
  });

  it('makes at most one attempt per second for the page, as when it sets a new function at each render', async () => {
    const { clock, attempts, page, dialed, start } = setUp(() => 'bad', { bad: REFUSED });
    await start();
    for (let render = 0; render < 50; render++) {
      attempts.prompt();
      await clock.advance(100);
    }
    assert.equal(page.asked, 1 + 6);
    assert.equal(dialed.length, 1 + 6);
  });

  it('increases the delay to at most 30 seconds when the token is the cause', async () => {
    const { clock, dialed, events, start } = setUp(() => 'old', { old: EXPIRED });
    await start();
    await clock.advance(300 + 600 + 1_200 + 2_400 + 4_800 + 9_600 + 19_200);
    assert.equal(dialed.length, 8);
    await clock.advance(120_000);
    assert.equal(dialed.length, 12);
    assert.equal(events.length, 2);
  });

  it('increases the delay to at most three seconds when the server is unreachable', async () => {
    const { clock, dialed, start } = setUp(() => 'good', { good: UNREACHABLE });
    await start();
    await clock.advance(60_000);
    assert.ok(dialed.length > 20, String(dialed.length));
  });

  it('aborts an attempt to which the server does not respond, and retries', async () => {
    const harness = setUp(() => 'good');
    await harness.start();
    await harness.clock.advance(DIAL_MS);
    assert.equal(harness.aborted(), 1);
    assert.deepEqual(harness.types(), ['connecting', 'offline']);
    harness.page.verdicts = { good: 'online' };
    await harness.clock.advance(300);
    assert.equal(harness.types().at(-1), 'online');
    assert.equal(harness.clock.timers, 0);
  });

  it('reconnects when the connection is lost, and not while it is established', async () => {
    const { clock, attempts, dialed, types, start, set } = setUp(() => 'good', { good: 'online' });
    await start();
    await set(() => 'good');
    await clock.advance(60_000);
    assert.deepEqual(dialed, ['good']);
    attempts.failed(UNREACHABLE);
    await clock.advance(300);
    assert.deepEqual(types(), ['connecting', 'online', 'offline', 'online']);
  });

  it('stops when the transport is closed', async () => {
    const { clock, attempts, dialed, types, start, set } = setUp(() => 'old', { old: EXPIRED });
    await start();
    attempts.close();
    await set(() => 'new');
    await clock.advance(60_000);
    assert.deepEqual([dialed, types(), clock.timers], [['old'], ['connecting', 'offline'], 0]);
  });

  it('replaces a connection at once when the network has changed', async () => {
    const { attempts, clock, dialed, types, aborted, start } = setUp(() => 'good', {
      good: 'online',
    });
    await start();
    await clock.advance(5_000);
    attempts.renew();
    await clock.settle();
    assert.equal(aborted(), 1);
    assert.deepEqual(dialed, ['good', 'good']);
    assert.deepEqual(types(), ['connecting', 'online', 'connecting', 'online']);
    assert.equal(clock.timers, 0);
  });

  it('reports a connection that could not be replaced as offline, and retries', async () => {
    const { attempts, clock, page, types, start } = setUp(() => 'good', { good: 'online' });
    await start();
    page.verdicts = { good: UNREACHABLE };
    attempts.renew();
    await clock.settle();
    assert.deepEqual(types(), ['connecting', 'online', 'connecting', 'offline']);
    page.verdicts = { good: 'online' };
    await clock.advance(300);
    assert.equal(types().at(-1), 'online');
  });

  it('replaces an attempt that hangs when the network has changed, and does not wait for the next one', async () => {
    const { attempts, clock, page, dialed, types, aborted, start } = setUp(() => 'good');
    await start();
    attempts.renew();
    await clock.settle();
    assert.equal(aborted(), 1);
    assert.deepEqual(dialed, ['good', 'good']);
    await clock.advance(DIAL_MS);
    assert.deepEqual(types(), ['connecting', 'offline']);
    page.verdicts = { good: 'online' };
    attempts.renew();
    await clock.settle();
    assert.deepEqual(types(), ['connecting', 'offline', 'online']);
  });

  it('replaces a connection once for several changes within a second', async () => {
    const { attempts, clock, dialed, start } = setUp(() => 'good', { good: 'online' });
    await start();
    for (let change = 0; change < 5; change += 1) attempts.renew();
    await clock.settle();
    assert.equal(dialed.length, 2);
    await clock.advance(500);
    assert.equal(dialed.length, 2);
    // This change comes after the connection.
    attempts.renew();
    await clock.advance(500);
    assert.equal(dialed.length, 3);
    await clock.advance(10_000);
    assert.equal(dialed.length, 3);
  });

  it('does not try again after a rejection because the network has changed', async () => {
    const { attempts, clock, dialed, start } = setUp(() => 'bad', { bad: REFUSED });
    await start();
    attempts.renew();
    attempts.hasten();
    await clock.advance(10_000);
    assert.equal(dialed.length, 1);
  });

  it('hastens only the next attempt, not a connection or an attempt under way', async () => {
    const { attempts, clock, page, dialed, aborted, start } = setUp(() => 'good', {
      good: UNREACHABLE,
    });
    await start();
    page.verdicts = { good: 'online' };
    attempts.hasten();
    await clock.settle();
    assert.equal(dialed.length, 2);
    await clock.advance(5_000);
    attempts.hasten();
    await clock.advance(5_000);
    assert.deepEqual([dialed.length, aborted()], [2, 0]);
  });
});
