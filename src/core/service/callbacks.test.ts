import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '../../../test/support/service-harness.js';
import { createFakeClock } from '../../../test/support/fake-clock.js';
import { createCallbacks } from './callbacks.js';
import type { InvitationEvents } from './callback-types.js';

const fact = {
  name: 'onIncomingCallTimeout',
  args: ['c', { userID: 'a', userName: 'A' }],
} as const;

test('the page’s callback is called first, then the listeners, each with all arguments', () => {
  const received: unknown[] = [];
  const events = {
    onIncomingCallTimeout(...args: unknown[]) {
      received.push(['function', this === events, ...args]);
    },
  };
  const callbacks = createCallbacks(() => events, undefined);
  callbacks.listen('onIncomingCallTimeout', (...args) => received.push(['listener', ...args]));
  callbacks.fire({ ...fact, args: [...fact.args] });
  assert.deepEqual(received, [
    ['function', true, ...fact.args],
    ['listener', ...fact.args],
  ]);
});

test('the page’s callbacks are read at each call', () => {
  const received: string[] = [];
  let events: InvitationEvents | undefined;
  const callbacks = createCallbacks(() => events, undefined);
  callbacks.report('nobody');
  events = { onError: () => received.push('first') };
  callbacks.report('x');
  events = { onError: () => received.push('second') };
  callbacks.report('x');
  assert.deepEqual(received, ['first', 'second']);
});

test('a function that was added twice can be removed once; a listener can remove itself', () => {
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

test('errors of callbacks and listeners are passed to onError; errors of onError are only logged', async () => {
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

test('an error while reading the page’s callbacks is reported, and listeners are called all the same', () => {
  const received: string[] = [];
  const callbacks = createCallbacks(() => {
    throw new Error('getter');
  }, undefined);
  callbacks.listen('onIncomingCallTimeout', () => received.push('listener'));
  callbacks.listen('onError', () => received.push('error'));
  callbacks.fire({ ...fact, args: [...fact.args] });
  assert.deepEqual(received, ['error', 'listener']);
});
