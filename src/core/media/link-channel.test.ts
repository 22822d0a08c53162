import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createFakeClock } from '../../../test/support/fake-clock.js';
import {
  DELIVERY_WINDOW_MS,
  LinkChannel,
  MAX_DELIVERIES,
  MAX_MESSAGE_LENGTH,
  readLinkMessage,
} from './link-channel.js';
import type { LinkMessage } from './link-channel.js';

const FLAGS = { microphone: true, camera: false, screen: false };

describe('messages of a link', () => {
  it('have the source flags at the top level, as the first builds send and expect them', () => {
    assert.deepEqual(readLinkMessage(JSON.stringify(FLAGS)), { sources: FLAGS });
    const { sent, channel } = opened();
    channel.set('sources', FLAGS);
    assert.deepEqual(sent.map(parse), [FLAGS]);
    // The first builds accept at most 256 characters.
    assert.ok(sent.every((message) => message.length <= 256));
  });

  it('may have several topics, and unknown fields', () => {
    const message = { ...FLAGS, verification: { nonce: 'x' }, later: 1 };
    assert.deepEqual(readLinkMessage(JSON.stringify(message)), {
      sources: FLAGS,
      verification: { nonce: 'x' },
    });
    assert.equal(readLinkMessage('{"later":{"a":1}}'), undefined);
  });

  it('are ignored if they are malformed or too long; a malformed topic does not affect the others', () => {
    const padded = (length: number): string => {
      const text = JSON.stringify({ ...FLAGS, padding: '' });
      return text.replace('""', `"${'x'.repeat(length - text.length)}"`);
    };
    assert.deepEqual(readLinkMessage(padded(MAX_MESSAGE_LENGTH)), { sources: FLAGS });
    assert.equal(readLinkMessage(padded(MAX_MESSAGE_LENGTH + 1)), undefined);
    for (const data of [undefined, 7, new ArrayBuffer(4), '', '{', 'null', '7', '[]', '[true]']) {
      assert.equal(readLinkMessage(data), undefined);
    }
    assert.deepEqual(readLinkMessage('{"microphone":true,"verification":{}}'), {
      verification: {},
    });
    assert.deepEqual(readLinkMessage(JSON.stringify({ ...FLAGS, verification: [] })), {
      sources: FLAGS,
    });
  });

  it('describe a shared screen, also one of a kind that is not known', () => {
    const read = (share: unknown) => readLinkMessage(JSON.stringify({ share }))?.share;
    const share = { surface: 'window', sound: true, paused: false };
    assert.deepEqual(read(share), share);
    assert.deepEqual(read({ ...share, surface: 'hologram' }), { ...share, surface: undefined });
    for (const wrong of [true, {}, { ...share, paused: 1 }, [share]])
      assert.equal(read(wrong), undefined);
    // The flag of the same source is another topic.
    assert.deepEqual(readLinkMessage(JSON.stringify(FLAGS)), { sources: FLAGS });
  });

  it('never make the reader throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.anything()), (data) => {
        readLinkMessage(data);
      }),
    );
  });
});

describe('LinkChannel', () => {
  it('sends the newest values and then the queued messages when it opens', () => {
    const { sent, channel } = created();
    channel.post('verification', { step: 1 });
    channel.set('sources', { ...FLAGS, camera: true });
    channel.set('sources', FLAGS);
    channel.post('verification', { step: 2 });
    assert.deepEqual(sent, []);
    channel.open();
    const all = [FLAGS, { verification: { step: 1 } }, { verification: { step: 2 } }];
    assert.deepEqual(sent.map(parse), all);
    channel.open();
    assert.equal(sent.length, all.length);
  });

  it('sends a value only when it has changed, and each posted message', () => {
    const { sent, channel } = opened();
    for (const camera of [true, true, false]) channel.set('sources', { ...FLAGS, camera });
    for (let times = 0; times < 2; times++) channel.post('verification', {});
    assert.deepEqual(sent.map(parse), [
      { ...FLAGS, camera: true },
      FLAGS,
      { verification: {} },
      { verification: {} },
    ]);
  });

  it('keeps no more than 64 messages while it is not open', () => {
    const { sent, channel } = created();
    for (let step = 0; step < 100; step++) channel.post('verification', { step });
    channel.open();
    assert.equal(sent.length, 64);
  });

  it('sends no message that the other side would ignore, and survives a channel that is closing', () => {
    const { sent, channel } = opened();
    channel.post('verification', { text: 'x'.repeat(MAX_MESSAGE_LENGTH) });
    assert.deepEqual(sent, []);
    const closing = new LinkChannel({
      transmit: () => {
        throw new Error('closing');
      },
      onMessage: () => {},
      clock: createFakeClock(),
      logger: undefined,
    });
    closing.set('sources', FLAGS);
    closing.open();
  });

  it('reports the newest value of each topic at most eight times in a window, however many arrive', async () => {
    const { received, channel, clock } = opened();
    const view = (camera: number): string => JSON.stringify({ view: { camera } });
    channel.receive(view(1));
    assert.deepEqual(received, [{ view: { camera: 1, screen: undefined } }], 'the first at once');
    const paused = { camera: false, screen: true };
    const share = { surface: 'window', sound: true, paused: false };
    for (let lines = 2; lines <= 1_000; lines++) {
      channel.receive(view(lines));
      channel.receive(JSON.stringify({ ...FLAGS, camera: lines % 2 > 0 }));
      channel.receive(JSON.stringify({ paused, share, connection: lines % 2 ? 'poor' : 'good' }));
    }
    assert.equal(received.length, MAX_DELIVERIES);
    await clock.advance(DELIVERY_WINDOW_MS - 1);
    assert.equal(received.length, MAX_DELIVERIES);
    await clock.advance(1);
    const newest = { sources: FLAGS, paused, share, connection: 'good' };
    assert.deepEqual(received.slice(MAX_DELIVERIES), [
      { ...newest, view: { camera: 1_000, screen: undefined } },
    ]);
    await clock.advance(10 * DELIVERY_WINDOW_MS);
    assert.equal(received.length, MAX_DELIVERIES + 1, 'nothing twice');
    assert.equal(clock.timers, 0);
    channel.receive(view(7));
    assert.equal(received.length, MAX_DELIVERIES + 2);
  });

  it('reports each message of the verification at once, and no value that waits when it is closed', async () => {
    const { received, channel, clock } = opened();
    for (let step = 0; step < 2 * MAX_DELIVERIES; step++) {
      channel.receive(JSON.stringify({ view: { camera: step }, verification: { step } }));
    }
    assert.deepEqual(
      received.flatMap(({ verification }) => (verification ? [verification] : [])),
      Array.from({ length: 2 * MAX_DELIVERIES }, (_, step) => ({ step })),
    );
    const { length } = received;
    channel.close();
    await clock.advance(DELIVERY_WINDOW_MS);
    assert.equal(received.length, length);
  });

  it('reports messages until it is closed', () => {
    const { received, sent, channel } = opened();
    channel.receive('{"verification":{"a":1}}');
    channel.receive('{"other":1}');
    channel.close();
    channel.receive('{"verification":{"a":2}}');
    channel.set('sources', FLAGS);
    channel.post('verification', {});
    channel.open();
    assert.deepEqual(received, [{ verification: { a: 1 } }]);
    assert.deepEqual(sent, []);
  });
});

const parse = (message: string): unknown => JSON.parse(message);

function created() {
  const sent: string[] = [];
  const received: LinkMessage[] = [];
  const clock = createFakeClock();
  const channel = new LinkChannel({
    transmit: (message) => sent.push(message),
    onMessage: (message) => received.push(message),
    clock,
    logger: undefined,
  });
  return { sent, received, channel, clock };
}

function opened() {
  const all = created();
  all.channel.open();
  return all;
}
