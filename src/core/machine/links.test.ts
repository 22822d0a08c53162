import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTwoDevices } from '../../../test/support/machine-network.js';

describe('media', () => {
  it('are opened by the callee after its callback and its accept, not before', () => {
    const { a, b } = createTwoDevices({ media: true });
    a.send('c1', ['bob'], { video: true });
    assert.equal(b.count('open-media') + b.count('open-link'), 0);
    b.press('user.accept');
    const order = b.effects.map((e) => (e.type === 'send' ? e.message.type : e.type));
    const pressed = b.effects.findIndex(
      (e) => e.type === 'callback' && e.name === 'onIncomingCallAcceptButtonPressed',
    );
    assert.ok(pressed >= 0 && pressed < order.indexOf('accept'));
    assert.ok(order.indexOf('accept') < order.indexOf('open-media'));
    assert.ok(order.indexOf('accept') < order.indexOf('open-link'));
    assert.equal(a.status, 'connecting');
  });

  it('need one round trip: the callee sends its offer right after its accept, and the coordinator answers that offer', () => {
    const { a, b } = createTwoDevices({ media: true });
    a.send('c1', ['bob']);
    b.press('user.accept');
    const offer = b.effects.find((e) => e.type === 'open-link');
    assert.ok(offer?.type === 'open-link' && offer.initiator);
    b.feed({
      type: 'link.signal',
      callID: 'c1',
      user: 'alice',
      device: 'alice-1',
      link: offer.link,
      data: { sdp: 'offer' },
    });
    const answer = a.effects.find((e) => e.type === 'open-link');
    assert.ok(answer?.type === 'open-link' && !answer.initiator && answer.link === offer.link);
    assert.equal(a.count('signal-link'), 1);
    a.linksUp();
    b.linksUp();
    assert.equal(a.status, 'active');
    assert.equal(b.status, 'active');
  });

  it('survive a link that fails: it is rebuilt with a higher number', () => {
    const { network, a, b } = createTwoDevices({ media: true });
    a.send('c1', ['bob']);
    b.press('user.accept');
    const first = b.effects.find((e) => e.type === 'open-link');
    assert.ok(first?.type === 'open-link');
    const at = { callID: 'c1', user: 'alice', device: 'alice-1', link: first.link };
    b.feed({ type: 'link.up', ...at });
    b.feed({ type: 'link.failed', ...at });
    assert.equal(b.status, 'reconnecting');
    network.advance(1_000);
    const numbers = b.effects.flatMap((e) => (e.type === 'open-link' ? [e.link] : []));
    assert.equal(numbers.length, 2);
    assert.ok((numbers[1] ?? 0) > first.link);
    b.feed({ type: 'link.up', ...at });
    assert.equal(b.status, 'reconnecting', 'a report about the old number fits nothing');
  });

  it('are not rebuilt while something arrives over them, but 12 seconds after that', () => {
    const { network, a, b } = createTwoDevices({ media: true });
    a.send('c1', ['bob']);
    b.press('user.accept');
    const first = b.effects.find((e) => e.type === 'open-link');
    assert.ok(first?.type === 'open-link');
    const at = { callID: 'c1', user: 'alice', device: 'alice-1', link: first.link };
    const data = { type: 'offer', sdp: 'offer' };
    a.feed({ type: 'link.signal', ...at, user: 'bob', device: 'bob-1', data });
    for (const second of [3, 6]) {
      network.advance(3_000);
      b.feed({ type: 'link.progress', ...at });
      assert.equal(b.count('open-link'), 1, `after ${second} s`);
    }
    network.advance(11_900);
    assert.equal(b.count('open-link'), 1);
    network.advance(200);
    assert.equal(b.count('open-link'), 2);
    b.feed({ type: 'link.progress', ...at });
    network.advance(12_100);
    assert.equal(b.count('open-link'), 3, 'progress of the old link fits nothing');
  });

  it('are offered by the user with the lower ID if a link has failed and the other side does not build it again', () => {
    const { network, a, b } = createTwoDevices({ media: true });
    a.send('c1', ['bob']);
    b.press('user.accept');
    const first = b.effects.find((e) => e.type === 'open-link');
    assert.ok(first?.type === 'open-link' && first.initiator);
    const data = { sdp: 'offer' };
    const there = { callID: 'c1', user: 'alice', device: 'alice-1', link: first.link };
    b.feed({ type: 'link.signal', ...there, data });
    const here = { callID: 'c1', user: 'bob', device: 'bob-2', link: first.link };
    a.feed({ type: 'link.up', ...here });
    a.feed({ type: 'link.failed', ...here });
    const offers = () => a.effects.filter((e) => e.type === 'open-link' && e.initiator).length;
    network.advance(11_000);
    assert.equal(offers(), 0);
    network.advance(2_000);
    assert.equal(offers(), 1);
  });

  it('end as media-failed at once, and are not rebuilt, when the only link may be intercepted', () => {
    const { network, a, b } = createTwoDevices({ media: true });
    a.send('c1', ['bob']);
    b.press('user.accept');
    const first = b.effects.find((e) => e.type === 'open-link');
    assert.ok(first?.type === 'open-link');
    const at = { callID: 'c1', user: 'alice', device: 'alice-1', link: first.link };
    b.feed({ type: 'link.up', ...at });
    b.feed({ type: 'link.failed', ...at, isIntercepted: true });
    assert.equal(b.snapshot.endReason, 'media-failed');
    network.advance(60_000);
    assert.equal(b.count('open-link'), 1);
    assert.equal(a.status, 'idle');
  });

  it('that may be intercepted before the device is selected end the call as well', () => {
    const { network, a, b } = createTwoDevices({ media: true });
    a.send('c1', ['bob']);
    network.isPaused = true;
    b.press('user.accept');
    const first = b.effects.find((e) => e.type === 'open-link');
    assert.ok(first?.type === 'open-link');
    const at = { callID: 'c1', user: 'alice', device: 'alice-1', link: first.link };
    b.feed({ type: 'link.up', ...at });
    b.feed({ type: 'link.failed', ...at, isIntercepted: true });
    network.isPaused = false;
    network.deliver();
    network.advance(40_000);
    assert.match(b.status, /^(ended|idle)/);
    assert.equal(b.count('open-link'), 1);
  });

  it('end as media-failed when the other side answers and no link is established', () => {
    const { network, a, b } = createTwoDevices({ media: true });
    a.send('c1', ['bob']);
    b.press('user.accept');
    network.advance(36_000);
    assert.deepEqual([a.snapshot.endReason, b.snapshot.endReason].sort(), [
      'media-failed',
      'media-failed',
    ]);
  });

  it('end as connection-lost when the other side is lost while this device is disconnected, and cannot be asked', () => {
    const { network, a, b } = createTwoDevices({ media: true });
    a.send('c1', ['bob']);
    b.press('user.accept');
    const link = b.effects.find((effect) => effect.type === 'open-link');
    assert.ok(link?.type === 'open-link');
    b.feed({
      type: 'link.failed',
      callID: 'c1',
      user: 'alice',
      device: 'alice-1',
      link: link.link,
    });
    network.advance(20_000);
    b.disconnect();
    a.disconnect();
    network.advance(13_000);
    b.connect();
    network.advance(6_000);
    assert.equal(b.snapshot.endReason, 'connection-lost');
  });

  /** Both are in a call, with media. */
  function inACall() {
    const { network, a, b } = createTwoDevices({ media: true });
    a.send('c1', ['bob']);
    b.press('user.accept');
    const link = b.effects.find((effect) => effect.type === 'open-link');
    assert.ok(link?.type === 'open-link');
    const at = { callID: 'c1', device: 'alice-1', user: 'alice', link: link.link };
    b.feed({ type: 'link.signal', ...at, data: { type: 'offer', sdp: 'offer' } });
    a.linksUp();
    b.linksUp();
    assert.deepEqual([a.status, b.status], ['active', 'active']);
    return { network, a, b, at };
  }

  it('end as connection-lost after thirty seconds without them, if they have flowed and the other side answers', () => {
    const { network, b, at } = inACall();
    b.feed({ type: 'link.down', ...at });
    network.advance(29_999);
    assert.equal(b.status, 'reconnecting');
    network.advance(1);
    assert.equal(b.status, 'ended: connection-lost');
  });

  it('end as connection-lost after thirty seconds without them and without the server', () => {
    const { network, b, at } = inACall();
    b.feed({ type: 'transport.offline' });
    b.feed({ type: 'link.down', ...at });
    network.advance(29_999);
    assert.equal(b.status, 'reconnecting');
    network.advance(1);
    assert.equal(b.status, 'ended: connection-lost');
  });

  it('have thirty seconds again after each interruption', () => {
    const { network, b, at } = inACall();
    for (let time = 0; time < 3; time += 1) {
      b.feed({ type: 'link.down', ...at });
      network.advance(11_000);
      const built = b.effects.findLast((effect) => effect.type === 'open-link');
      assert.ok(built?.type === 'open-link');
      b.feed({ type: 'link.up', ...at, link: built.link });
      assert.equal(b.status, 'active');
      network.advance(60_000);
      assert.equal(b.status, 'active');
    }
  });

  it('are waited for when the answer of the other side is lost with the connection of this device', () => {
    const { network, a, b } = createTwoDevices({ media: true });
    a.send('c1', ['bob']);
    b.press('user.accept');
    network.advance(29_900);
    network.isPaused = true;
    network.advance(200);
    network.deliver(({ to }) => to === b);
    b.disconnect();
    network.advance(5_000);
    b.connect();
    network.advance(2_000);
    assert.equal(b.status, 'connecting');
    network.deliver();
    assert.equal(b.status, 'ended: media-failed');
  });
});
