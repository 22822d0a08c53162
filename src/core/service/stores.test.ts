import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MachineSnapshot } from '../machine/snapshot-types.js';
import { createStores } from './stores.js';

const snapshot = (status: MachineSnapshot['status'] = 'active'): MachineSnapshot => ({
  status,
  callID: 'c',
  callType: 'voice',
  customData: '',
  group: false,
  initiator: { userID: 'alice', userName: 'Alice' },
  inviter: undefined,
  members: [
    { userID: 'alice', userName: 'Alice', state: 'accepted', self: true, customData: '' },
    { userID: 'bob', userName: 'Bob', state: 'accepted', self: false, customData: '' },
  ],
  endReason: undefined,
  startedAt: 1,
});

const failed = (error: unknown): void => assert.fail(String(error));

function watched() {
  const stores = createStores(failed);
  const changes: string[] = [];
  stores.$call.listen(() => changes.push('call'));
  stores.$localMedia.listen(() => changes.push('local'));
  stores.$remoteMedia.listen(() => changes.push('remote'));
  stores.$connection.listen(() => changes.push('connection'));
  return { stores, changes };
}

test('a store is set only if its value has changed', () => {
  const { stores, changes } = watched();
  stores.show();
  stores.set(stores.$connection, 'offline');
  assert.deepEqual(changes, []);
  stores.show(snapshot());
  stores.show(snapshot());
  assert.deepEqual(changes, ['call']);
  const media = {
    stream: undefined,
    screen: undefined,
    microphone: 'on',
    camera: 'off',
  } as const;
  stores.showLocal(media);
  stores.showLocal({ ...media });
  assert.deepEqual(changes, ['call', 'local', 'call']);
  const remote = { stream: undefined, screen: undefined, microphone: true, camera: false };
  stores.showRemote('bob', remote);
  stores.showRemote('bob', { ...remote });
  assert.deepEqual(changes, ['call', 'local', 'call', 'remote', 'call']);
});

test('unchanged objects keep their identity', () => {
  const { stores } = watched();
  stores.show(snapshot());
  const before = stores.$call.get();
  stores.show({ ...snapshot(), status: 'reconnecting' });
  const after = stores.$call.get();
  assert.notEqual(after, before);
  assert.equal(after.members, before.members);
  assert.equal(after.initiator, before.initiator);
  stores.showRemote('bob', {
    stream: undefined,
    screen: undefined,
    microphone: true,
    camera: false,
  });
  const { members } = stores.$call.get();
  assert.notEqual(members, before.members);
  assert.equal(members[0], before.members[0]);
  assert.notEqual(members[1], before.members[1]);
});

test('$remoteMedia changes with a stream, but not when a member mutes', () => {
  const { stores, changes } = watched();
  stores.show(snapshot());
  const remote = { stream: undefined, screen: undefined, microphone: true, camera: false };
  stores.showRemote('bob', remote);
  const map = stores.$remoteMedia.get();
  stores.showRemote('bob', { ...remote, microphone: false });
  assert.equal(stores.$remoteMedia.get(), map);
  stores.showRemote('bob', undefined);
  assert.equal(stores.$remoteMedia.get().size, 0);
  assert.equal(changes.filter((change) => change === 'remote').length, 2);
});

test('the streams are removed before the end of the call is published', () => {
  const { stores, changes } = watched();
  const stream = {} as unknown as MediaStream;
  stores.show(snapshot());
  stores.showLocal({ stream, screen: undefined, microphone: 'on', camera: 'on' });
  stores.showRemote('bob', { stream, screen: undefined, microphone: true, camera: true });
  changes.length = 0;
  stores.show({ ...snapshot(), status: 'ended', endReason: 'hung-up' });
  assert.deepEqual(changes, ['local', 'remote', 'call']);
  assert.equal(stores.$localMedia.get().stream, undefined);
  assert.equal(stores.$remoteMedia.get().size, 0);
});

test('an error of a subscriber is reported, and the other subscribers are called', () => {
  const errors: unknown[] = [];
  const stores = createStores((error) => errors.push(error));
  const error = new Error('subscriber');
  const seen: string[] = [];
  stores.$call.listen(() => {
    throw error;
  });
  stores.$call.listen(({ status }) => seen.push(status));
  stores.show(snapshot());
  assert.deepEqual(errors, [error]);
  assert.deepEqual(seen, ['active']);
});

test('a call is silenced until it stops ringing, and a later invitation to it rings', () => {
  const { stores } = watched();
  const isSilenced = () => stores.$call.get().silenced;
  // Another page may tell before the invitation arrives here.
  stores.silence('c');
  assert.equal(isSilenced(), false);
  stores.show(snapshot('incoming'));
  assert.equal(isSilenced(), true);
  stores.show(snapshot('ended'));
  assert.equal(isSilenced(), false);
  stores.show(snapshot('incoming'));
  assert.equal(isSilenced(), false);
});

test('a waiting call that is silenced and stops ringing is heard when it rings again', () => {
  const { stores } = watched();
  stores.show(snapshot('active'));
  const waiting = { ...snapshot('incoming'), callID: 'second' };
  stores.showOthers(waiting);
  stores.silence('second');
  assert.equal(stores.$waitingCall.get()?.silenced, true);
  // It becomes the only call, and still rings.
  stores.showOthers();
  stores.show(waiting);
  assert.equal(stores.$call.get().silenced, true);
  stores.show({ ...waiting, status: 'ended' });
  assert.equal(stores.isSilenced(), false);
  stores.show(waiting);
  assert.equal(stores.isSilenced(), false);
});

test('the verification of a call is kept after its end, and forgotten when the call is joined again', () => {
  const { stores } = watched();
  stores.show(snapshot());
  stores.showVerification('bob', { state: 'failed', emoji: [] });
  stores.show(snapshot('ended'));
  assert.equal(stores.$verification.get().size, 1);
  stores.show(snapshot('connecting'));
  assert.equal(stores.$verification.get().size, 0);
});
