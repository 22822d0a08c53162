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

const ring = async (stage: ServiceHarness, alice: Phone): Promise<void> => {
  await stage.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'voice', callID: 'c' });
  await stage.settle();
};

test('a press fires its callback before its message goes out, and before any media', async () => {
  const stage = createServiceHarness();
  const media = createRecordingMedia((call) => stage.log.push(`bob media ${call}`));
  const alice = stage.phone('alice');
  const bob = stage.phone('bob', { media });
  bob.events.onIncomingCallAcceptButtonPressed = () => void stage.log.push('bob function');
  await ring(stage, alice);
  stage.log.length = 0;
  void bob.service.accept();
  assert.deepEqual(stage.log.slice(0, 5), [
    'bob function',
    'bob onIncomingCallAcceptButtonPressed',
    'bob onCallStateChanged',
    'bob sends accept',
    'bob media open c {"microphone":true,"camera":false,"callType":"voice"}',
  ]);
});

test('a callee asks nothing of the media before the accept', async () => {
  const stage = createServiceHarness();
  const media = createRecordingMedia();
  const alice = stage.phone('alice');
  stage.phone('bob', { media });
  await ring(stage, alice);
  await stage.clock.advance(59_000);
  assert.deepEqual(media.calls, ['listen']);
});

test('the stores show a change before the page is told of it', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob');
  const seen: string[] = [];
  bob.events.onIncomingCallReceived = () => seen.push(bob.status());
  alice.events.onOutgoingCallDeclined = () => seen.push(alice.status());
  await ring(stage, alice);
  await bob.service.decline();
  await stage.settle();
  assert.deepEqual(seen, ['incoming', 'ended: declined']);
});

test('a callback that throws or rejects reaches onError and breaks nothing', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob');
  const errors: unknown[] = [];
  bob.events.onIncomingCallReceived = () => {
    throw new Error('thrown');
  };
  bob.events.onIncomingCallAcceptButtonPressed = () => Promise.reject(new Error('rejected'));
  bob.events.onError = (error) => {
    errors.push((error as Error).message);
    throw new Error('not again');
  };
  await ring(stage, alice);
  await bob.service.accept();
  await stage.settle();
  assert.deepEqual(errors, ['thrown', 'rejected']);
  assert.equal(bob.callbackNames().filter((name) => name === 'onError').length, 2);
  assert.equal(alice.status(), 'active');
});

test('a callback that reports the end of a call may send again', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob');
  const carol = stage.phone('carol');
  let sent: Promise<unknown> | undefined;
  alice.events.onOutgoingCallDeclined = () => {
    sent = alice.service.send({ invitees: ['carol'], callType: 'voice', callID: 'again' });
  };
  await ring(stage, alice);
  await bob.service.decline();
  await stage.settle();
  assert.deepEqual(await sent, { callID: 'again', unreachable: [] });
  assert.equal(alice.service.$call.get().callID, 'again');
  assert.equal(alice.status(), 'ringing-out');
  assert.equal(carol.status(), 'incoming');
});

test('a callback that presses again waits for its turn', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob');
  let hungUp: Promise<boolean> | undefined;
  bob.events.onIncomingCallAcceptButtonPressed = () => {
    hungUp = bob.service.hangUp();
    stage.log.push('pressed');
  };
  await ring(stage, alice);
  stage.log.length = 0;
  await bob.service.accept();
  await stage.settle();
  assert.equal(await hungUp, true);
  const order = stage.log.filter((line) => /pressed|bob sends/.test(line));
  assert.deepEqual(order.slice(0, 3), ['pressed', 'bob sends accept', 'bob sends decline']);
  assert.equal(bob.status(), 'ended: hung-up');
});

test('a callback that destroys the service ends this side, and the other hears of it', async () => {
  for (const end of ['stop', 'destroy'] as const) {
    const stage = createServiceHarness();
    const media = createRecordingMedia();
    const alice = stage.phone('alice', { media });
    const bob = stage.phone('bob');
    alice.events.onOutgoingCallCancelButtonPressed = () => alice.service[end]();
    await ring(stage, alice);
    const before = alice.callbacks.length;
    assert.equal(await alice.service.cancel(), true);
    await stage.settle();
    assert.equal(bob.status(), 'ended: canceled');
    assert.equal(alice.status(), 'idle');
    assert.equal(alice.service.$connection.get(), 'offline');
    assert.deepEqual(alice.callbacks.slice(before), [['onOutgoingCallCancelButtonPressed']]);
    assert.equal(media.calls.includes('close c'), true);
    assert.equal(media.calls.at(-1), end === 'destroy' ? 'destroy' : 'close c');
  }
});

test('an accept whose callback destroys the service starts no media', async () => {
  const stage = createServiceHarness();
  const media = createRecordingMedia();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob', { media });
  bob.events.onIncomingCallAcceptButtonPressed = () => bob.service.destroy();
  await ring(stage, alice);
  await bob.service.accept();
  await stage.settle();
  assert.deepEqual(
    media.calls.filter((call) => call.startsWith('open')),
    [],
  );
  assert.deepEqual(media.calls.slice(-2), ['close c', 'destroy']);
  const sent = stage.log.filter((line) => line.startsWith('bob sends'));
  assert.deepEqual(sent.slice(-3), ['bob sends accept', 'bob sends decline', 'bob sends leave']);
});

test('a callback may sign another user in: the call stays with the user it was for', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob');
  bob.events.onIncomingCallReceived = () => bob.start({ user: 'carol' });
  await ring(stage, alice);
  assert.deepEqual(bob.service.user, { userID: 'carol', userName: 'carol' });
  assert.equal(bob.service.$connection.get(), 'connected');
  assert.equal(bob.status(), 'idle');
  assert.equal(await bob.service.accept(), false);
  bob.events.onIncomingCallReceived = () => {};
  await alice.service.cancel();
  await stage.clock.advance(3_000);
  await alice.service.send({ invitees: ['carol'], callType: 'voice' });
  await stage.settle();
  assert.equal(bob.status(), 'incoming');
  assert.equal(stage.log.filter((line) => line === 'bob onIncomingCallReceived').length, 2);
});

test('a subscriber of a store may destroy the service: the others still hear of the end', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob');
  alice.service.$call.listen(({ status }) => {
    if (status === 'ended') alice.service.destroy();
  });
  await ring(stage, alice);
  void alice.service.cancel().catch(() => assert.fail('it was cancelled'));
  await stage.settle();
  assert.equal(bob.status(), 'ended: canceled');
  assert.equal(alice.status(), 'idle');
  assert.deepEqual(alice.callbackNames(), []);
});

test('stopping ends the part of this device: the callee ends, no callback fires here', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob');
  await ring(stage, alice);
  const before = alice.callbacks.length;
  alice.service.stop();
  assert.equal(alice.status(), 'idle');
  assert.equal(alice.service.$connection.get(), 'offline');
  assert.equal(alice.service.user, undefined);
  await stage.settle();
  assert.equal(bob.status(), 'ended: canceled');
  assert.equal(alice.callbacks.length, before);
});

test('what rings at a device that stops goes on ringing at the user’s other device', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const bobs = [stage.phone('bob'), stage.phone('bob')] as const;
  await ring(stage, alice);
  bobs[0].service.stop();
  await stage.settle();
  assert.equal(alice.status(), 'ringing-out');
  assert.equal(bobs[1].status(), 'incoming');
});

test('after a stop no timer runs, nothing is heard, and a new start is a new device', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob');
  await ring(stage, alice);
  const { $call } = bob.service;
  const first = bob.service.deviceID;
  alice.service.stop();
  bob.service.stop();
  assert.equal(stage.clock.timers, 0);
  bob.start();
  await stage.settle();
  assert.notEqual(bob.service.deviceID, first);
  assert.equal(bob.service.$call, $call);
  assert.equal(bob.service.$connection.get(), 'connected');
  alice.start({ user: 'carol' });
  await stage.settle();
  assert.deepEqual(alice.service.user, { userID: 'carol', userName: 'carol' });
  await alice.service.send({ invitees: ['bob'], callType: 'voice', callID: 'd' });
  await stage.settle();
  assert.equal(bob.status(), 'incoming');
  assert.deepEqual(bob.service.$call.get().inviter, { userID: 'carol', userName: 'carol' });
});

test('what comes for a session that was stopped changes nothing any more', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  await stage.settle();
  let acknowledge = (_: SendOutcome): void => assert.fail('nothing was sent');
  alice.transport.send = () => new Promise((resolve) => (acknowledge = resolve));
  const sent = alice.service.send({ invitees: ['bob'], callType: 'voice' });
  const rejected = assert.rejects(sent, { code: 'not-connected' });
  await stage.settle();
  const answer = acknowledge;
  alice.service.stop();
  await rejected;
  const before = alice.callbacks.length;
  answer({ type: 'refused', code: 'unavailable' });
  await stage.clock.advance(60_000);
  assert.equal(alice.status(), 'idle');
  assert.equal(alice.callbacks.length, before);
});

test('the connection is shown as the transport tells it', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice', { start: false });
  const seen: string[] = [];
  alice.service.$connection.subscribe((connection) => seen.push(connection));
  alice.start();
  await stage.settle();
  stage.network.disconnect(alice.transport);
  await stage.settle();
  stage.network.reconnect(alice.transport);
  await stage.settle();
  stage.network.refuse(alice.transport, 'bad token');
  await stage.settle();
  assert.deepEqual(seen, ['offline', 'connecting', 'connected', 'offline', 'connected', 'refused']);
});

test('a transport that throws is reported, and leaves the service offline', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice', { start: false });
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

test('what is no message is ignored, counted, and logged once for each kind', async () => {
  const stage = createServiceHarness();
  const logger = createLogger();
  const alice = stage.phone('alice', { logger });
  const bob = stage.phone('bob');
  await stage.settle();
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
  for (const message of junk) stage.network.inject(alice.transport, message);
  await stage.settle();
  assert.equal(alice.service.ignoredMessages, junk.length);
  assert.equal(logger.lines.filter((line) => line.startsWith('debug')).length, 1);
  assert.equal(alice.callbacks.length, 0);
  await bob.service.send({ invitees: ['alice'], callType: 'voice', customData: 'secret' });
  await stage.settle();
  assert.equal(alice.status(), 'incoming');
  assert.equal(
    logger.lines.some((line) => line.includes('secret')),
    false,
  );
});

test('words that their sender may not say change nothing, and are counted', async () => {
  const stage = createServiceHarness();
  const logger = createLogger();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob', { logger });
  const mallory = stage.phone('mallory');
  await ring(stage, alice);
  const forged: Message = {
    ...{ v: 1, id: 'forged', callID: 'c', to: ['bob'], records: [], names: [], remaining: [] },
    ...{ type: 'cancel', user: 'bob', reason: 'canceled', customData: '' },
  };
  const { ignoredMessages } = bob.service;
  await mallory.transport.send(forged);
  await stage.settle();
  assert.equal(bob.status(), 'incoming');
  assert.equal(bob.service.ignoredMessages, ignoredMessages + 1);
  assert.equal(logger.lines.filter((line) => line.startsWith('debug')).length, 1);
});

test('an invite of another protocol version is answered, and never rings', async () => {
  const stage = createServiceHarness();
  stage.phone('alice');
  const bob = stage.phone('bob');
  await stage.settle();
  const from = { userID: 'alice', userName: 'Alice', deviceID: 'new' };
  const invite = { v: 9, type: 'invite', id: 'm', callID: 'c', to: ['bob'], from, at: 1 };
  stage.network.inject(bob.transport, invite);
  await stage.settle();
  assert.deepEqual(stage.log, ['bob sends decline']);
  assert.equal(bob.status(), 'idle');
});

test('a message that is said twice is told once', async () => {
  const stage = createServiceHarness({ route: () => 'repeat' });
  const alice = stage.phone('alice');
  const bob = stage.phone('bob');
  await ring(stage, alice);
  await bob.service.accept();
  await stage.settle();
  await alice.service.hangUp();
  await stage.settle();
  assert.deepEqual(alice.callbackNames(), ['onOutgoingCallAccepted']);
  assert.deepEqual(bob.callbackNames(), [
    'onIncomingCallReceived',
    'onIncomingCallAcceptButtonPressed',
  ]);
  assert.equal(bob.status(), 'ended: hung-up');
});

test('each step of a call is one line of the log', async () => {
  const stage = createServiceHarness();
  const logger = createLogger();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob', { logger });
  await ring(stage, alice);
  await bob.service.decline();
  await stage.clock.advance(2_000);
  assert.deepEqual(logger.lines, [
    'info call {"callID":"c","status":"incoming"}',
    'info call {"callID":"c","status":"ended","endReason":"declined"}',
    'info call {"callID":"","status":"idle"}',
  ]);
});
