import { expect } from '@open-wc/testing';
import type { CallSilence } from '../ports/call-silence.js';
import { createBroadcastSilence } from './broadcast-silence.js';
import { waitUntil } from '../../../test/support/wait-until.js';

const open: CallSilence[] = [];

/** A page with the given name, and the silenced calls that it has heard of. */
function page(name: string): { silence: CallSilence; heard: string[] } {
  const silence = createBroadcastSilence(name)!;
  const heard: string[] = [];
  silence.open((callID) => heard.push(callID));
  open.push(silence);
  return { silence, heard };
}

describe('silenced calls', () => {
  afterEach(() => {
    for (const silence of open.splice(0)) silence.close();
  });

  it('reach the other pages of the same user', async () => {
    const [first, second, stranger] = [page('u1'), page('u1'), page('u2')];
    first.silence.silence('c1');
    await waitUntil(() => second.heard.length > 0);
    expect(new Set(second.heard)).to.deep.equal(new Set(['c1']));
    expect([first.heard, stranger.heard]).to.deep.equal([[], []]);
  });

  it('reach a page that opens later', async () => {
    const first = page('u3');
    first.silence.silence('c2');
    const late = page('u3');
    await waitUntil(() => late.heard.length > 0);
    expect(late.heard).to.deep.equal(['c2']);
  });

  it('are not reported after close', async () => {
    const [closed, other, sender] = [page('u4'), page('u4'), page('u4')];
    closed.silence.close();
    sender.silence.silence('c3');
    await waitUntil(() => other.heard.length > 0);
    expect(closed.heard).to.deep.equal([]);
  });
});
