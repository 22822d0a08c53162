import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServiceHarness } from '../../../test/support/service-harness.js';
import { CallError } from './call-error.js';
import { checkSend, checkUser } from './commands.js';
import { createInvitationService } from './create-invitation-service.js';
import { InvitationService } from './invitation-service.js';
import type { CallConfig } from './call-config.js';
import type { SendOptions } from './types.js';

const SELF = { userID: 'alice', userName: 'Alice' };
const fine = { invitees: ['bob'], callType: 'voice' } as const;
const codeOf = (options: unknown, config: CallConfig = {}): string => {
  try {
    checkSend(options as SendOptions, SELF, config);
    return 'fine';
  } catch (error) {
    assert.ok(error instanceof CallError);
    return error.code;
  }
};

test('send accepts valid options', () => {
  const valid: SendOptions[] = [
    fine,
    { ...fine, invitees: [{ userID: 'bob', userName: 'Bob' }, 'carol'] },
    { ...fine, callType: 'video', customData: 'ü'.repeat(512) },
    { ...fine, timeoutSeconds: 1 },
    { ...fine, timeoutSeconds: 600 },
    { ...fine, callID: 'x'.repeat(64), resourceID: 'r' },
    { ...fine, notificationTitle: 'x'.repeat(64), notificationMessage: 'x'.repeat(256) },
    { ...fine, invitees: ['x'.repeat(128)] },
    { ...fine, invitees: ['Bob', 'bob'] },
  ];
  for (const options of valid) assert.equal(codeOf(options), 'fine');
});

test('send rejects all other options', () => {
  const refused: unknown[] = [
    ...[undefined, null, 1, {}, [], 'bob'],
    ...[[], undefined, 'bob', ['alice'], ['bob', 'bob'], ['bob', { userID: 'bob' }]].map(
      (invitees) => ({ ...fine, invitees }),
    ),
    ...[[''], ['a b'], ['a\u0000'], ['x'.repeat(129)], [1], [null], [undefined], [{}]].map(
      (invitees) => ({ ...fine, invitees }),
    ),
    ...['audio', '', undefined, 1, 'voice '].map((callType) => ({ ...fine, callType })),
    ...[1, null, {}, 'x'.repeat(1_025), 'ü'.repeat(513)].map((customData) => ({
      ...fine,
      customData,
    })),
    ...[0, 0.9, 601, -1, NaN, Infinity, '30', {}].map((timeoutSeconds) => ({
      ...fine,
      timeoutSeconds,
    })),
    ...['', 'x'.repeat(65), 1, null].map((callID) => ({ ...fine, callID })),
    ...['', 'x'.repeat(129), 1, null].map((resourceID) => ({ ...fine, resourceID })),
    ...['', 'x'.repeat(65), 1].map((notificationTitle) => ({ ...fine, notificationTitle })),
    ...['', 'x'.repeat(257), 1].map((notificationMessage) => ({ ...fine, notificationMessage })),
  ];
  for (const options of refused) {
    assert.equal(codeOf(options), 'invalid-argument', JSON.stringify(options));
  }
});

test('a call has no more members than maxMembers', () => {
  const invitees = Array.from({ length: 8 }, (_, index) => `user${index}`);
  assert.equal(codeOf({ ...fine, invitees }), 'too-many-members');
  assert.equal(codeOf({ ...fine, invitees: invitees.slice(1) }), 'fine');
  assert.equal(codeOf({ ...fine, invitees }, { maxMembers: 9 }), 'fine');
  assert.equal(codeOf({ ...fine, invitees: ['b', 'c'] }, { maxMembers: 2 }), 'too-many-members');
});

test('defaults of send come from the configuration', () => {
  const checked = checkSend(fine, SELF, {
    invitationTimeoutSeconds: 7.5,
    endCallWhenInitiatorLeave: true,
  });
  assert.equal(checked.timeoutMs, 7_500);
  assert.equal(checked.endWithInitiator, true);
  assert.equal(checkSend(fine, SELF, {}).timeoutMs, 60_000);
  assert.equal(checkSend(fine, SELF, {}).endWithInitiator, false);
  assert.equal(codeOf(fine, { invitationTimeoutSeconds: 0 }), 'invalid-argument');
});

test('the name is that of the page, truncated to 128 characters, else the userID', () => {
  assert.deepEqual(checkUser('bob'), { userID: 'bob', userName: 'bob' });
  assert.deepEqual(checkUser({ userID: 'bob' }), { userID: 'bob', userName: 'bob' });
  assert.deepEqual(checkUser({ userID: 'bob', userName: '  ' }), {
    userID: 'bob',
    userName: 'bob',
  });
  const long = checkUser({ userID: 'bob', userName: 'n'.repeat(200) });
  assert.equal(long.userName, 'n'.repeat(128));
});

test('a rejected send sends no message and places no call', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  await harness.settle();
  const wrong = { invitees: ['alice'], callType: 'voice' } as const;
  await assert.rejects(alice.service.send(wrong), { name: 'CallError', code: 'invalid-argument' });
  await harness.settle();
  assert.deepEqual(harness.log, []);
  assert.equal(alice.status(), 'idle');
});

test('an answer with invalid custom data is rejected, and the call is not answered', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  await harness.settle();
  await alice.service.send(fine);
  await harness.settle();
  const customData = 'x'.repeat(1_025);
  const invalid = { code: 'invalid-argument' };
  await assert.rejects(bob.service.accept({ customData }), invalid);
  await assert.rejects(bob.service.decline({ customData }), invalid);
  await assert.rejects(alice.service.cancel({ customData }), invalid);
  assert.equal(alice.status(), 'ringing-out');
  assert.equal(bob.status(), 'incoming');
});

test('send rejects with busy during a call, or while one rings', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  await harness.settle();
  await alice.service.send(fine);
  await harness.settle();
  await assert.rejects(alice.service.send({ ...fine, invitees: ['carol'] }), { code: 'busy' });
  await assert.rejects(bob.service.send({ ...fine, invitees: ['carol'] }), { code: 'busy' });
});

test('two simultaneous sends place one call', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  await harness.settle();
  const first = alice.service.send(fine);
  await assert.rejects(alice.service.send(fine), { code: 'busy' });
  await first;
  assert.deepEqual(
    harness.log.filter((line) => line.includes('sends')),
    ['alice sends invite'],
  );
});

test('a callID can’t be used twice, also after the first call has ended', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  await harness.settle();
  const options = { ...fine, callID: 'once', timeoutSeconds: 1 };
  await alice.service.send(options);
  await harness.clock.advance(3_600_000);
  await alice.service.send({ ...options, callID: 'another' });
  await harness.clock.advance(60_000);
  await assert.rejects(alice.service.send(options), { code: 'invalid-argument' });
});

test('send waits for the connection for at most ten seconds', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  assert.equal(alice.service.$connection.get(), 'connecting');
  assert.deepEqual((await alice.service.send(fine)).unreachable, []);
  await harness.settle();
  assert.equal(bob.status(), 'incoming');

  const never = createServiceHarness({ schedule: () => {} });
  const carol = never.phone('carol');
  let code: unknown;
  carol.service.send(fine).catch((error: unknown) => (code = (error as CallError).code));
  await never.clock.advance(9_999);
  assert.equal(code, undefined);
  await never.clock.advance(1);
  assert.equal(code, 'not-connected');
});

test('send rejects without waiting while offline, refused or signed out', async () => {
  const harness = createServiceHarness();
  const notConnected = { code: 'not-connected' };
  const alice = harness.phone('alice');
  await harness.settle();
  harness.network.disconnect(alice.transport);
  await harness.settle();
  await assert.rejects(alice.service.send(fine), notConnected);
  harness.network.reconnect(alice.transport);
  await harness.settle();
  harness.network.refuse(alice.transport, 'bad token');
  await harness.settle();
  await assert.rejects(alice.service.send(fine), notConnected);
  alice.service.stop();
  await assert.rejects(alice.service.send(fine), notConnected);
  assert.deepEqual(harness.log, []);
});

test('a waiting send rejects when the service is stopped or destroyed', async () => {
  for (const [end, code] of [
    ['stop', 'not-connected'],
    ['destroy', 'destroyed'],
  ] as const) {
    for (const connected of [false, true]) {
      const harness = createServiceHarness(connected ? {} : { schedule: () => {} });
      const alice = harness.phone('alice');
      await harness.settle();
      if (connected) alice.transport.send = () => new Promise(() => {});
      const sent = alice.service.send(fine);
      const outcome = assert.rejects(sent, { name: 'CallError', code });
      await harness.settle();
      alice.service[end]();
      await outcome;
      assert.equal(alice.status(), 'idle');
      assert.equal(harness.clock.timers, 0);
    }
  }
});

test('a send that the server rejects has its error code, and leaves no call', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  await harness.settle();
  alice.transport.send = () =>
    Promise.resolve({ type: 'refused', code: 'rate-limited', retryAfterMs: 900 });
  await assert.rejects(alice.service.send(fine), {
    code: 'rate-limited',
    retryAfterMs: 900,
  });
  await harness.clock.advance(2_000);
  assert.equal(alice.status(), 'idle');
});

test('a browser without WebRTC can’t place calls, and answers invitations as unsupported', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob', { canTakeCalls: false });
  await harness.settle();
  await assert.rejects(bob.service.send({ ...fine, invitees: ['alice'] }), { code: 'unsupported' });
  await alice.service.send(fine);
  await harness.clock.advance(2_500);
  assert.equal(alice.status(), 'ended: unsupported');
  assert.equal(bob.callbacks.length, 0);
});

test('after destroy every command rejects, and start throws', async () => {
  const harness = createServiceHarness();
  const { service, transport } = harness.phone('alice');
  await harness.settle();
  service.destroy();
  service.destroy();
  const commands = [
    service.send(fine),
    ...[service.accept(), service.decline(), service.cancel(), service.hangUp()],
    ...[service.setMicrophone(true), service.setCamera(true), service.shareScreen(true)],
    ...[service.selectDevice('videoinput', 'x'), service.quality('bob'), service.audioLevels()],
    ...[service.preview(() => {}), service.flipCamera()],
  ];
  for (const command of commands) await assert.rejects(command, { code: 'destroyed' });
  assert.throws(() => service.start({ user: 'alice', transport }), { code: 'destroyed' });
});

test('start throws for an invalid userID', () => {
  const { network } = createServiceHarness();
  for (const user of ['', 'a b', { userID: '' }]) {
    const options = { user, transport: network.transport() };
    assert.throws(() => createInvitationService(options), { code: 'invalid-argument' });
    assert.throws(() => new InvitationService({}).start(options), { code: 'invalid-argument' });
  }
});
