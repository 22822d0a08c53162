import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, describe, it } from 'node:test';
import type { CallSilence } from '../ports/call-silence.js';
import { createBroadcastSilence } from './broadcast-silence.js';

const open: CallSilence[] = [];

/** A page with the given name, and a function that waits for the next silenced call. */
function page(name: string) {
  const silence = createBroadcastSilence(name)!;
  const target = new EventTarget();
  const heard: string[] = [];
  silence.open((callID) => {
    heard.push(callID);
    target.dispatchEvent(new Event('heard'));
  });
  open.push(silence);
  return { silence, heard, next: () => once(target, 'heard') };
}

describe('silenced calls', () => {
  afterEach(() => {
    for (const silence of open.splice(0)) silence.close();
  });

  it('reach the other pages of the same user', async () => {
    const [first, second, stranger] = [page('u1'), page('u1'), page('u2')];
    const next = second.next();
    first.silence.silence('c1');
    await next;
    assert.deepEqual(second.heard, ['c1']);
    assert.deepEqual([first.heard, stranger.heard], [[], []]);
  });

  it('reach a page that opens later', async () => {
    const first = page('u3');
    first.silence.silence('c2');
    const late = page('u3');
    await late.next();
    assert.deepEqual(late.heard, ['c2']);
  });

  it('are not reported after close', async () => {
    const [closed, other, sender] = [page('u4'), page('u4'), page('u4')];
    closed.silence.close();
    const next = other.next();
    sender.silence.silence('c3');
    await next;
    assert.deepEqual(closed.heard, []);
  });
});
