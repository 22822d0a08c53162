import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SendOutcome } from '../ports/signal-transport.js';
import type { Message } from '../protocol/messages.js';
import { createRecordingMedia } from '../../../test/support/recording-media.js';
import {
  createLogger,
  createServiceHarness,
  type Phone,
  type ServiceHarness,
} from '../../../test/support/service-harness.js';

const ring = async (harness: ServiceHarness, alice: Phone): Promise<void> => {
  await harness.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'voice', callID: 'c' });
  await harness.settle();
};

test('a command calls its callback before it sends its message and before it opens media', async () => {
  const harness = createServiceHarness();
  const media = createRecordingMedia((call) => harness.log.push(`bob media ${call}`));
  const alice = harness.phone('alice');
  const bob = harness.phone('bob', { media });
  bob.events.onIncomingCallAcceptButtonPressed = () => void harness.log.push('bob function');
  await ring(harness, alice);
  harness.log.length = 0;
  void bob.service.accept();
  assert.deepEqual(harness.log.slice(0, 5), [
    'bob function',
    'bob onIncomingCallAcceptButtonPressed',
    'bob onCallStateChanged',
    'bob sends accept',
    'bob media open c {"microphone":true,"camera":false,"callType":"voice"}',
  ]);
});

test('a callee does not use media before it accepts', async () => {
  const harness = createServiceHarness();
  const media = createRecordingMedia();
  const alice = harness.phone('alice');
  harness.phone('bob', { media });
  await ring(harness, alice);
  await harness.clock.advance(59_000);
  assert.deepEqual(media.calls, ['listen']);
});

test('the stores have changed when the callback for the change is called', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  const seen: string[] = [];
  bob.events.onIncomingCallReceived = () => seen.push(bob.status());
  alice.events.onOutgoingCallDeclined = () => seen.push(alice.status());
  await ring(harness, alice);
  await bob.service.decline();
  await harness.settle();
  assert.deepEqual(seen, ['incoming', 'ended: declined']);
});

test('an error of a callback is passed to onError, and the call goes on', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  const errors: unknown[] = [];
  bob.events.onIncomingCallReceived = () => {
    throw new Error('thrown');
  };
  bob.events.onIncomingCallAcceptButtonPressed = () => Promise.reject(new Error('rejected'));
  bob.events.onError = (error) => {
    errors.push((error as Error).message);
    throw new Error('not again');
  };
  await ring(harness, alice);
  await bob.service.accept();
  await harness.settle();
  assert.deepEqual(errors, ['thrown', 'rejected']);
  assert.equal(bob.callbackNames().filter((name) => name === 'onError').length, 2);
  assert.equal(alice.status(), 'active');
});

test('a callback for the end of a call can place the next call', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  const carol = harness.phone('carol');
  let sent: Promise<unknown> | undefined;
  alice.events.onOutgoingCallDeclined = () => {
    sent = alice.service.send({ invitees: ['carol'], callType: 'voice', callID: 'again' });
  };
  await ring(harness, alice);
  await bob.service.decline();
  await harness.settle();
  assert.deepEqual(await sent, { callID: 'again', unreachable: [] });
  assert.equal(alice.service.$call.get().callID, 'again');
  assert.equal(alice.status(), 'ringing-out');
  assert.equal(carol.status(), 'incoming');
});

test('a command in a callback runs after the current event', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  let hungUp: Promise<boolean> | undefined;
  bob.events.onIncomingCallAcceptButtonPressed = () => {
    hungUp = bob.service.hangUp();
    harness.log.push('pressed');
  };
  await ring(harness, alice);
  harness.log.length = 0;
  await bob.service.accept();
  await harness.settle();
  assert.equal(await hungUp, true);
  const order = harness.log.filter((line) => /pressed|bob sends/.test(line));
  assert.deepEqual(order.slice(0, 3), ['pressed', 'bob sends accept', 'bob sends decline']);
  assert.equal(bob.status(), 'ended: hung-up');
});

test('a callback that destroys the service ends the call, and the other side is notified', async () => {
  for (const end of ['stop', 'destroy'] as const) {
    const harness = createServiceHarness();
    const media = createRecordingMedia();
    const alice = harness.phone('alice', { media });
    const bob = harness.phone('bob');
    alice.events.onOutgoingCallCancelButtonPressed = () => alice.service[end]();
    await ring(harness, alice);
    const before = alice.callbacks.length;
    assert.equal(await alice.service.cancel(), true);
    await harness.settle();
    assert.equal(bob.status(), 'ended: canceled');
    assert.equal(alice.status(), 'idle');
    assert.equal(alice.service.$connection.get(), 'offline');
    assert.deepEqual(alice.callbacks.slice(before), [['onOutgoingCallCancelButtonPressed']]);
    assert.equal(media.calls.includes('close c'), true);
    assert.equal(media.calls.at(-1), end === 'destroy' ? 'destroy' : 'close c');
  }
});

test('an accept whose callback destroys the service does not open media', async () => {
  const harness = createServiceHarness();
  const media = createRecordingMedia();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob', { media });
  bob.events.onIncomingCallAcceptButtonPressed = () => bob.service.destroy();
  await ring(harness, alice);
  await bob.service.accept();
  await harness.settle();
  assert.deepEqual(
    media.calls.filter((call) => call.startsWith('open')),
    [],
  );
  assert.deepEqual(media.calls.slice(-2), ['close c', 'destroy']);
  const sent = harness.log.filter((line) => line.startsWith('bob sends'));
  assert.deepEqual(sent.slice(-3), ['bob sends accept', 'bob sends decline', 'bob sends leave']);
});

test('a callback can sign another user in: the call of the previous user does not move to them', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  bob.events.onIncomingCallReceived = () => bob.start({ user: 'carol' });
  await ring(harness, alice);
  assert.deepEqual(bob.service.user, { userID: 'carol', userName: 'carol' });
  assert.equal(bob.service.$connection.get(), 'connected');
  assert.equal(bob.status(), 'idle');
  assert.equal(await bob.service.accept(), false);
  bob.events.onIncomingCallReceived = () => {};
  await alice.service.cancel();
  await harness.clock.advance(3_000);
  await alice.service.send({ invitees: ['carol'], callType: 'voice' });
  await harness.settle();
  assert.equal(bob.status(), 'incoming');
  assert.equal(harness.log.filter((line) => line === 'bob onIncomingCallReceived').length, 2);
});

test('a subscriber of a store can destroy the service: the other subscribers still see the end of the call', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  alice.service.$call.listen(({ status }) => {
    if (status === 'ended') alice.service.destroy();
  });
  await ring(harness, alice);
  void alice.service.cancel().catch(() => assert.fail('it was cancelled'));
  await harness.settle();
  assert.equal(bob.status(), 'ended: canceled');
  assert.equal(alice.status(), 'idle');
  assert.deepEqual(alice.callbackNames(), []);
});

test('stopping the service ends the call for the callee, and calls no callback', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  await ring(harness, alice);
  const before = alice.callbacks.length;
  alice.service.stop();
  assert.equal(alice.status(), 'idle');
  assert.equal(alice.service.$connection.get(), 'offline');
  assert.equal(alice.service.user, undefined);
  await harness.settle();
  assert.equal(bob.status(), 'ended: canceled');
  assert.equal(alice.callbacks.length, before);
});

test('a call that rings on a device that stops continues to ring on the user’s other device', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const bobs = [harness.phone('bob'), harness.phone('bob')] as const;
  await ring(harness, alice);
  bobs[0].service.stop();
  await harness.settle();
  assert.equal(alice.status(), 'ringing-out');
  assert.equal(bobs[1].status(), 'incoming');
});

test('after a stop no timer runs and no callback is called; a new start has a new device ID', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  await ring(harness, alice);
  const { $call } = bob.service;
  const first = bob.service.deviceID;
  alice.service.stop();
  bob.service.stop();
  assert.equal(harness.clock.timers, 0);
  bob.start();
  await harness.settle();
  assert.notEqual(bob.service.deviceID, first);
  assert.equal(bob.service.$call, $call);
  assert.equal(bob.service.$connection.get(), 'connected');
  alice.start({ user: 'carol' });
  await harness.settle();
  assert.deepEqual(alice.service.user, { userID: 'carol', userName: 'carol' });
  await alice.service.send({ invitees: ['bob'], callType: 'voice', callID: 'd' });
  await harness.settle();
  assert.equal(bob.status(), 'incoming');
  assert.deepEqual(bob.service.$call.get().inviter, { userID: 'carol', userName: 'carol' });
});

test('messages for a stopped session are ignored', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  await harness.settle();
  let acknowledge = (_: SendOutcome): void => assert.fail('nothing was sent');
  alice.transport.send = () => new Promise((resolve) => (acknowledge = resolve));
  const sent = alice.service.send({ invitees: ['bob'], callType: 'voice' });
  const rejected = assert.rejects(sent, { code: 'not-connected' });
  await harness.settle();
  const answer = acknowledge;
  alice.service.stop();
  await rejected;
  const before = alice.callbacks.length;
  answer({ type: 'refused', code: 'unavailable' });
  await harness.clock.advance(60_000);
  assert.equal(alice.status(), 'idle');
  assert.equal(alice.callbacks.length, before);
});

test('$connection follows the events of the transport', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice', { start: false });
  const seen: string[] = [];
  alice.service.$connection.subscribe((connection) => seen.push(connection));
  alice.start();
  await harness.settle();
  harness.network.disconnect(alice.transport);
  await harness.settle();
  harness.network.reconnect(alice.transport);
  await harness.settle();
  harness.network.refuse(alice.transport, 'bad token');
  await harness.settle();
  assert.deepEqual(seen, ['offline', 'connecting', 'connected', 'offline', 'connected', 'refused']);
});

test('an exception of the transport is reported, and leaves the service offline', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice', { start: false });
  alice.transport.open = () => {
    throw new Error('no socket');
  };
  alice.start();
  assert.equal(alice.service.$connection.get(), 'offline');
  assert.deepEqual(alice.callbackNames(), ['onError']);
  await assert.rejects(alice.service.send({ invitees: ['bob'], callType: 'voice' }), {
    code: 'not-connected',
  });
});

test('malformed messages are ignored, counted, and logged once for each reason', async () => {
  const harness = createServiceHarness();
  const logger = createLogger();
  const alice = harness.phone('alice', { logger });
  const bob = harness.phone('bob');
  await harness.settle();
  const circle: Record<string, unknown> = {};
  circle.circle = circle;
  const stamp = { from: { userID: 'bob', userName: 'Bob', deviceID: 'x' }, at: 1 };
  const envelope = { v: 1, id: 'm1', callID: 'c', to: ['alice'], ...stamp };
  const junk: unknown[] = [
    ...[undefined, null, 0, 'ringing', [], {}, circle, Symbol.iterator, () => 1],
    { ...envelope, type: 'unheard-of' },
    { ...envelope, type: 'ringing' },
    { ...envelope, type: 'ringing', round: 1, from: undefined },
    { ...envelope, type: 'signal', link: 1, data: { sdp: 'x'.repeat(70_000) } },
    { ...envelope, v: 2, type: 'ringing', round: 1 },
    { ...envelope, type: 'constructor' },
    { ...envelope, type: 'ringing', round: 1, to: 'alice' },
  ];
  for (const message of junk) harness.network.inject(alice.transport, message);
  await harness.settle();
  assert.equal(alice.service.ignoredMessages, junk.length);
  assert.equal(logger.lines.filter((line) => line.startsWith('debug')).length, 1);
  assert.equal(alice.callbacks.length, 0);
  await bob.service.send({ invitees: ['alice'], callType: 'voice', customData: 'secret' });
  await harness.settle();
  assert.equal(alice.status(), 'incoming');
  assert.equal(
    logger.lines.some((line) => line.includes('secret')),
    false,
  );
});

test('messages without authority are ignored and counted', async () => {
  const harness = createServiceHarness();
  const logger = createLogger();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob', { logger });
  const mallory = harness.phone('mallory');
  await ring(harness, alice);
  const forged: Message = {
    ...{ v: 1, id: 'forged', callID: 'c', to: ['bob'], records: [], names: [], remaining: [] },
    ...{ type: 'cancel', user: 'bob', reason: 'canceled', customData: '' },
  };
  const { ignoredMessages } = bob.service;
  await mallory.transport.send(forged);
  await harness.settle();
  assert.equal(bob.status(), 'incoming');
  assert.equal(bob.service.ignoredMessages, ignoredMessages + 1);
  assert.equal(logger.lines.filter((line) => line.startsWith('debug')).length, 1);
});

test('an invite of another protocol version is answered as unsupported, and does not ring', async () => {
  const harness = createServiceHarness();
  harness.phone('alice');
  const bob = harness.phone('bob');
  await harness.settle();
  const from = { userID: 'alice', userName: 'Alice', deviceID: 'new' };
  const invite = { v: 9, type: 'invite', id: 'm', callID: 'c', to: ['bob'], from, at: 1 };
  harness.network.inject(bob.transport, invite);
  await harness.settle();
  assert.deepEqual(harness.log, ['bob sends decline']);
  assert.equal(bob.status(), 'idle');
});

test('a repeated message causes one callback', async () => {
  const harness = createServiceHarness({ route: () => 'repeat' });
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  await ring(harness, alice);
  await bob.service.accept();
  await harness.settle();
  await alice.service.hangUp();
  await harness.settle();
  assert.deepEqual(alice.callbackNames(), ['onOutgoingCallAccepted']);
  assert.deepEqual(bob.callbackNames(), [
    'onIncomingCallReceived',
    'onIncomingCallAcceptButtonPressed',
  ]);
  assert.equal(bob.status(), 'ended: hung-up');
});

test('each change of the call status is logged in one line', async () => {
  const harness = createServiceHarness();
  const logger = createLogger();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob', { logger });
  await ring(harness, alice);
  await bob.service.decline();
  await harness.clock.advance(2_000);
  assert.deepEqual(logger.lines, [
    'info call {"callID":"c","status":"incoming"}',
    'info call {"callID":"c","status":"ended","endReason":"declined"}',
    'info call {"callID":"","status":"idle"}',
  ]);
});
