import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServiceHarness } from '../../../test/support/service-harness.js';
import { CallError } from './call-error.js';
import { checkSend, checkUser } from './commands.js';
import { createInvitationService, InvitationService } from './invitation-service.js';
import type { CallConfig, SendOptions } from './types.js';

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

test('send takes what the contract allows', () => {
  const allowed: SendOptions[] = [
    fine,
    { ...fine, invitees: [{ userID: 'bob', userName: 'Bob' }, 'carol'] },
    { ...fine, callType: 'video', customData: 'ü'.repeat(512) },
    { ...fine, timeoutSeconds: 1 },
    { ...fine, timeoutSeconds: 600 },
    { ...fine, callID: 'x'.repeat(64), resourceID: 'r' },
    { ...fine, invitees: ['x'.repeat(128)] },
    { ...fine, invitees: ['Bob', 'bob'] },
  ];
  for (const options of allowed) assert.equal(codeOf(options), 'fine');
});

test('send refuses everything else', () => {
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
  ];
  for (const options of refused) {
    assert.equal(codeOf(options), 'invalid-argument', JSON.stringify(options));
  }
});

test('a call has no more members than the configuration says', () => {
  const invitees = Array.from({ length: 8 }, (_, index) => `user${index}`);
  assert.equal(codeOf({ ...fine, invitees }), 'too-many-members');
  assert.equal(codeOf({ ...fine, invitees: invitees.slice(1) }), 'fine');
  assert.equal(codeOf({ ...fine, invitees }, { maxMembers: 9 }), 'fine');
  assert.equal(codeOf({ ...fine, invitees: ['b', 'c'] }, { maxMembers: 2 }), 'too-many-members');
});

test('what send leaves out comes from the configuration', () => {
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

test('a name is the page’s, cut at 128 characters, else the userID', () => {
  assert.deepEqual(checkUser('bob'), { userID: 'bob', userName: 'bob' });
  assert.deepEqual(checkUser({ userID: 'bob' }), { userID: 'bob', userName: 'bob' });
  assert.deepEqual(checkUser({ userID: 'bob', userName: '  ' }), {
    userID: 'bob',
    userName: 'bob',
  });
  const long = checkUser({ userID: 'bob', userName: 'n'.repeat(200) });
  assert.equal(long.userName, 'n'.repeat(128));
});

test('a refused send sends nothing and places nothing', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  await stage.settle();
  const wrong = { invitees: ['alice'], callType: 'voice' } as const;
  await assert.rejects(alice.service.send(wrong), { name: 'CallError', code: 'invalid-argument' });
  await stage.settle();
  assert.deepEqual(stage.log, []);
  assert.equal(alice.status(), 'idle');
});

test('custom data of an answer is checked too, and nothing is answered', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob');
  await stage.settle();
  await alice.service.send(fine);
  await stage.settle();
  const customData = 'x'.repeat(1_025);
  const invalid = { code: 'invalid-argument' };
  await assert.rejects(bob.service.accept({ customData }), invalid);
  await assert.rejects(bob.service.decline({ customData }), invalid);
  await assert.rejects(alice.service.cancel({ customData }), invalid);
  assert.equal(alice.status(), 'ringing-out');
  assert.equal(bob.status(), 'incoming');
});

test('send is busy while a call runs or rings', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob');
  await stage.settle();
  await alice.service.send(fine);
  await stage.settle();
  await assert.rejects(alice.service.send({ ...fine, invitees: ['carol'] }), { code: 'busy' });
  await assert.rejects(bob.service.send({ ...fine, invitees: ['carol'] }), { code: 'busy' });
});

test('a double press of send places one call', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  await stage.settle();
  const first = alice.service.send(fine);
  await assert.rejects(alice.service.send(fine), { code: 'busy' });
  await first;
  assert.deepEqual(
    stage.log.filter((line) => line.includes('sends')),
    ['alice sends invite'],
  );
});

test('a callID can’t be used again, however long ago it was', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  await stage.settle();
  const options = { ...fine, callID: 'once', timeoutSeconds: 1 };
  await alice.service.send(options);
  await stage.clock.advance(3_600_000);
  await alice.service.send({ ...options, callID: 'another' });
  await stage.clock.advance(60_000);
  await assert.rejects(alice.service.send(options), { code: 'invalid-argument' });
});

test('send waits for a connection that is being made, ten seconds at most', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob');
  assert.equal(alice.service.$connection.get(), 'connecting');
  assert.deepEqual((await alice.service.send(fine)).unreachable, []);
  await stage.settle();
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

test('send rejects at once while offline, refused or signed out', async () => {
  const stage = createServiceHarness();
  const notConnected = { code: 'not-connected' };
  const alice = stage.phone('alice');
  await stage.settle();
  stage.network.disconnect(alice.transport);
  await stage.settle();
  await assert.rejects(alice.service.send(fine), notConnected);
  stage.network.reconnect(alice.transport);
  await stage.settle();
  stage.network.refuse(alice.transport, 'bad token');
  await stage.settle();
  await assert.rejects(alice.service.send(fine), notConnected);
  alice.service.stop();
  await assert.rejects(alice.service.send(fine), notConnected);
  assert.deepEqual(stage.log, []);
});

test('a send that waits rejects when the service is stopped or destroyed', async () => {
  for (const [end, code] of [
    ['stop', 'not-connected'],
    ['destroy', 'destroyed'],
  ] as const) {
    for (const connected of [false, true]) {
      const stage = createServiceHarness(connected ? {} : { schedule: () => {} });
      const alice = stage.phone('alice');
      await stage.settle();
      if (connected) alice.transport.send = () => new Promise(() => {});
      const sent = alice.service.send(fine);
      const outcome = assert.rejects(sent, { name: 'CallError', code });
      await stage.settle();
      alice.service[end]();
      await outcome;
      assert.equal(alice.status(), 'idle');
      assert.equal(stage.clock.timers, 0);
    }
  }
});

test('a send that the server refuses rejects with its reason, and the call is gone', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  await stage.settle();
  alice.transport.send = () =>
    Promise.resolve({ type: 'refused', code: 'rate-limited', retryAfterMs: 900 });
  await assert.rejects(alice.service.send(fine), {
    code: 'rate-limited',
    retryAfterMs: 900,
  });
  await stage.clock.advance(2_000);
  assert.equal(alice.status(), 'idle');
});

test('a browser without WebRTC can’t call, and answers that it can’t', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob', { canTakeCalls: false });
  await stage.settle();
  await assert.rejects(bob.service.send({ ...fine, invitees: ['alice'] }), { code: 'unsupported' });
  await alice.service.send(fine);
  await stage.clock.advance(2_500);
  assert.equal(alice.status(), 'ended: unsupported');
  assert.equal(bob.callbacks.length, 0);
});

test('after destroy every command rejects, and start throws', async () => {
  const stage = createServiceHarness();
  const { service, transport } = stage.phone('alice');
  await stage.settle();
  service.destroy();
  service.destroy();
  const commands = [
    service.send(fine),
    ...[service.accept(), service.decline(), service.cancel(), service.hangUp()],
    ...[service.setMicrophone(true), service.setCamera(true), service.shareScreen(true)],
    ...[service.selectDevice('videoinput', 'x'), service.quality('bob'), service.audioLevels()],
  ];
  for (const command of commands) await assert.rejects(command, { code: 'destroyed' });
  assert.throws(() => service.start({ user: 'alice', transport }), { code: 'destroyed' });
});

test('a bad userID is refused at the start', () => {
  const { network } = createServiceHarness();
  for (const user of ['', 'a b', { userID: '' }]) {
    const options = { user, transport: network.transport() };
    assert.throws(() => createInvitationService(options), { code: 'invalid-argument' });
    assert.throws(() => new InvitationService({}).start(options), { code: 'invalid-argument' });
  }
});
