import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '../../../test/support/service-harness.js';
import { createFakeClock } from '../../../test/support/fake-clock.js';
import { createCallbacks } from './callbacks.js';
import type { InvitationEvents } from './types.js';

const fact = {
  name: 'onIncomingCallTimeout',
  args: ['c', { userID: 'a', userName: 'A' }],
} as const;

test('the page’s function comes first, then whoever listens, each with all arguments', () => {
  const heard: unknown[] = [];
  const events = {
    onIncomingCallTimeout(...args: unknown[]) {
      heard.push(['function', this === events, ...args]);
    },
  };
  const callbacks = createCallbacks(() => events, undefined);
  callbacks.listen('onIncomingCallTimeout', (...args) => heard.push(['listener', ...args]));
  callbacks.fire({ ...fact, args: [...fact.args] });
  assert.deepEqual(heard, [
    ['function', true, ...fact.args],
    ['listener', ...fact.args],
  ]);
});

test('the page’s object is asked for anew each time', () => {
  const heard: string[] = [];
  let events: InvitationEvents | undefined;
  const callbacks = createCallbacks(() => events, undefined);
  callbacks.report('nobody');
  events = { onError: () => heard.push('first') };
  callbacks.report('x');
  events = { onError: () => heard.push('second') };
  callbacks.report('x');
  assert.deepEqual(heard, ['first', 'second']);
});

test('one function may listen twice and stop once; a listener may stop itself', () => {
  const callbacks = createCallbacks(() => undefined, undefined);
  let count = 0;
  const handle = (): number => ++count;
  const stop = callbacks.listen('onError', handle);
  callbacks.listen('onError', handle);
  const stopSelf = callbacks.listen('onError', () => stopSelf());
  callbacks.report('x');
  assert.equal(count, 2);
  stop();
  callbacks.report('x');
  assert.equal(count, 3);
});

test('faults of functions and of listeners reach onError; its own faults are logged alone', async () => {
  const logger = createLogger();
  const errors: unknown[] = [];
  const callbacks = createCallbacks(
    () => ({
      onIncomingCallTimeout: 'no function' as never,
      onError: (error) => {
        errors.push(error);
        return Promise.reject(new Error('async'));
      },
    }),
    logger,
  );
  callbacks.listen('onIncomingCallTimeout', () => {
    throw new RangeError('listener');
  });
  callbacks.listen('onError', () => {
    throw new Error('sync');
  });
  callbacks.fire({ ...fact, args: [...fact.args] });
  await createFakeClock().settle();
  assert.deepEqual(
    errors.map((error) => (error as Error).name),
    ['TypeError', 'RangeError'],
  );
  assert.equal(logger.lines.length, 4);
});

test('a page whose object can’t be had is reported, and listeners hear all the same', () => {
  const heard: string[] = [];
  const callbacks = createCallbacks(() => {
    throw new Error('getter');
  }, undefined);
  callbacks.listen('onIncomingCallTimeout', () => heard.push('fact'));
  callbacks.listen('onError', () => heard.push('error'));
  callbacks.fire({ ...fact, args: [...fact.args] });
  assert.deepEqual(heard, ['error', 'fact']);
});
