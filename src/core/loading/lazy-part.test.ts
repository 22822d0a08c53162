import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../../test/support/fake-clock.js';
import { CallError } from '../service/call-error.js';
import { lazyPart } from './lazy-part.js';

const FILE = 'https://cdn.example/kit/view-abc.js?v=3';
const chromium = new TypeError(`Failed to fetch dynamically imported module: ${FILE}`);
const firefox = new TypeError(`error loading dynamically imported module: ${FILE}`);
const safari = new TypeError('Importing a module script failed.');

/** A part whose first attempts fail, with a record of the requests and their times, in ms. */
function failing(times: number, error: Error = chromium, there: object = { View: 'view' }) {
  const clock = createFakeClock();
  const start = clock.now();
  const asked: (readonly [what: string, ms: number])[] = [];
  const answer = (what: string): Promise<{ View: string }> => {
    asked.push([what, clock.now() - start]);
    return asked.length > times
      ? Promise.resolve(there as { View: string })
      : Promise.reject(error);
  };
  const part = lazyPart('the view', () => answer('plain'), 'View', {
    clock,
    importFrom: (url) => answer(url),
  });
  return { clock, asked, part, what: () => asked.map(([name]) => name) };
}

/** @returns the current state of a promise */
function watch<T>(promise: Promise<T>) {
  const seen: { value?: T; error?: unknown } = {};
  promise.then(
    (value) => (seen.value = value),
    (error: unknown) => (seen.error = error),
  );
  return seen;
}

describe('a lazy part', () => {
  it('is loaded once for all callers', async () => {
    const { part, asked, clock } = failing(0);
    assert.equal(part.value, undefined);
    const [first, second] = await Promise.all([part.load(), part.load()]);
    assert.deepEqual([first, second, await part.load()], ['view', 'view', 'view']);
    assert.equal(part.value, 'view');
    assert.equal(asked.length, 1);
    assert.equal(clock.timers, 0);
  });

  it('is requested again after a failure, with growing pauses', async () => {
    const { part, asked, clock } = failing(3);
    const [a, b] = [watch(part.load()), watch(part.load())];
    await clock.advance(3_499);
    assert.equal(a.value, undefined);
    await clock.advance(1);
    assert.deepEqual([a.value, b.value], ['view', 'view']);
    assert.deepEqual(
      asked.map(([, ms]) => ms),
      [0, 500, 1_500, 3_500],
    );
  });

  for (const error of [chromium, firefox])
    it(`is requested at a new URL after two failures whose message has its URL: ${error.message}`, async () => {
      const { part, what, clock } = failing(3, error);
      const seen = watch(part.load());
      await clock.advance(3_500);
      assert.equal(seen.value, 'view');
      assert.deepEqual(what(), ['plain', 'plain', `${FILE}&retry=2`, `${FILE}&retry=3`]);
    });

  it('is requested at its own URL if the error of the browser or bundler does not contain it', async () => {
    const chunk = Object.assign(new Error(`Loading chunk 7 failed. (error: ${FILE})`), {
      name: 'ChunkLoadError',
    });
    for (const error of [safari, chunk]) {
      const { part, what, clock } = failing(3, error);
      const seen = watch(part.load());
      await clock.advance(3_500);
      assert.equal(seen.value, 'view');
      assert.deepEqual(what(), ['plain', 'plain', 'plain', 'plain']);
    }
  });

  it('is not loaded from a module at a new URL that lacks the export', async () => {
    const { part, clock } = failing(2, chromium, { t: { View: 'view' } });
    const seen = watch(part.load());
    await clock.advance(3_500);
    assert.ok(seen.error instanceof CallError);
    assert.equal(part.value, undefined);
  });

  it('fails after four attempts with an error that contains its name and URL', async () => {
    const { part, asked, clock } = failing(Infinity);
    const seen = watch(part.load());
    await clock.advance(60_000);
    assert.ok(seen.error instanceof CallError);
    const { code, message, cause } = seen.error;
    assert.deepEqual(
      [code, message, cause],
      ['unavailable', `Could not load the view: ${FILE}`, chromium],
    );
    assert.equal(asked.length, 4);
    assert.equal(clock.timers, 0);
  });

  it('starts a new series with the next call, but never immediately after a failure', async () => {
    const { part, asked, clock } = failing(4);
    watch(part.load());
    await clock.advance(3_500);
    const seen = watch(part.load());
    await clock.advance(499);
    assert.equal(asked.length, 4);
    await clock.advance(1);
    assert.equal(seen.value, 'view');
    assert.equal(asked.length, 5);
  });

  it('is not requested more often by a caller that calls load after every failure', async () => {
    const { part, asked, clock } = failing(Infinity);
    let ends = false;
    const insist = (): void => void part.load().catch(() => ends || insist());
    insist();
    await clock.advance(60_000);
    assert.ok(asked.length <= 62, `${asked.length} in a minute`);
    ends = true;
    await clock.advance(10_000);
  });

  it('counts an attempt that times out as failed, and uses its result when it arrives later', async () => {
    const clock = createFakeClock();
    let arrive: (module: { View: string }) => void = () => assert.fail('not requested');
    const part = lazyPart(
      'the view',
      () => new Promise<{ View: string }>((resolve) => (arrive = resolve)),
      'View',
      {
        clock,
      },
    );
    const seen = watch(part.load());
    await clock.advance(10_100);
    const first = arrive;
    await clock.advance(1_000);
    first({ View: 'late' });
    await clock.advance(20_000);
    assert.equal(seen.value, 'late');
    assert.equal(part.value, 'late');
  });

  it('fails if all attempts time out', async () => {
    const clock = createFakeClock();
    const part = lazyPart('the view', () => new Promise<{ View: string }>(() => {}), 'View', {
      clock,
    });
    const seen = watch(part.load());
    await clock.advance(43_500);
    assert.ok(seen.error instanceof CallError);
    assert.equal(seen.error.message, 'Could not load the view');
  });

  describe('that stays needed', () => {
    it('is loaded when the network is back, after any time, and its failure is reported once', async () => {
      const { part, asked, clock } = failing(20);
      const failures: unknown[] = [];
      const seen = watch(
        part.loadWhile(
          () => true,
          (error) => failures.push(error),
        ),
      );
      await clock.advance(300_000);
      assert.equal(seen.value, 'view');
      assert.equal(failures.length, 1);
      assert.equal(asked.length, 21);
      assert.equal(new Set(asked.map(([name]) => name)).size, 20, 'each new URL is another one');
    });

    it('is not requested any more once it is not needed', async () => {
      const { part, asked, clock } = failing(Infinity);
      let needed = true;
      const failures: unknown[] = [];
      const loading = part.loadWhile(
        () => needed,
        (error) => failures.push(error),
      );
      await clock.advance(4_000);
      assert.equal(failures.length, 1);
      needed = false;
      await clock.advance(60_000);
      assert.equal(await loading, undefined);
      assert.equal(asked.length, 4);
      assert.equal(clock.timers, 0);
    });

    it('does not report a failure when it is not needed any more', async () => {
      const { part, clock } = failing(Infinity);
      let needed = true;
      const loading = part.loadWhile(
        () => needed,
        () => assert.fail('reported'),
      );
      await clock.advance(1_000);
      needed = false;
      await clock.advance(10_000);
      assert.equal(await loading, undefined);
    });
  });
});
