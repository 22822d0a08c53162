import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventQueue } from './event-queue.js';

const failed = (error: unknown): void => assert.fail(String(error));

test('a job runs synchronously', () => {
  const done: number[] = [];
  createEventQueue(failed).push(() => done.push(1));
  assert.deepEqual(done, [1]);
});

test('jobs that are pushed while another one runs follow it, in order', () => {
  const done: string[] = [];
  const queue = createEventQueue(failed);
  queue.push(() => {
    queue.push(() => {
      queue.push(() => done.push('third'));
      done.push('second');
    });
    done.push('first');
  });
  assert.deepEqual(done, ['first', 'second', 'third']);
});

test('an error of a job is reported, and the next jobs run', () => {
  const errors: unknown[] = [];
  const done: string[] = [];
  const queue = createEventQueue((error) => errors.push(error));
  queue.push(() => {
    queue.push(() => done.push('next'));
    throw new RangeError('job');
  });
  queue.push(() => done.push('later'));
  assert.deepEqual(done, ['next', 'later']);
  assert.equal(errors.length, 1);
});

test('clear drops waiting jobs, and new jobs run', () => {
  const done: string[] = [];
  const queue = createEventQueue(failed);
  queue.push(() => {
    queue.push(() => done.push('forgotten'));
    queue.clear();
    queue.push(() => done.push('new'));
  });
  assert.deepEqual(done, ['new']);
});
