import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import {
  createServiceHarness,
  type Phone,
  type ServiceHarness,
} from '../../../test/support/service-harness.js';
import type { CallHistoryStorage } from '../ports/call-history.js';
import { createMemoryHistoryStorage } from '../storage/history-storage.js';
import { createCallHistory } from './history-manager.js';

/* The history of whole calls between phones, without a server: as with `local:`, only the devices keep it. */

let harness: ServiceHarness;
let storages: Map<Phone, CallHistoryStorage>;

beforeEach(() => {
  harness = createServiceHarness();
  storages = new Map();
});

const phoneOf = (name: string, storage = createMemoryHistoryStorage()): Phone => {
  const phone = harness.phone(name, {
    callHistory: (host) => createCallHistory(host, { storage, clock: harness.clock }),
  });
  storages.set(phone, storage);
  return phone;
};
const trio = async () => {
  const phones = [phoneOf('alice'), phoneOf('bob'), phoneOf('carol')] as const;
  await harness.settle();
  return phones;
};
const call = async (from: Phone, invitees: string[], callType: 'voice' | 'video' = 'voice') => {
  const { callID } = await from.service.send({ invitees, callType, timeoutSeconds: 10 });
  await harness.settle();
  return callID;
};
/** The calls as short texts, newest first. */
const shown = ({ service }: Phone): string[] =>
  service.$callHistory.get().map((entry) => {
    const { direction, outcome, callType, caller, callees, missed, durationMs } = entry;
    const people = `${caller.userID}>${callees.map(({ userID }) => userID).join('+')}`;
    const duration = durationMs === undefined ? '' : ` ${durationMs}`;
    return `${direction} ${outcome}${missed ? ' missed' : ''} ${callType} ${people}${duration}`;
  });

describe('the call history', () => {
  it('records an answered call with its duration at both ends', async () => {
    const [alice, bob] = await trio();
    await call(alice, ['bob'], 'video');
    assert.deepEqual(shown(bob), []);
    await harness.clock.advance(4_000);
    await bob.service.accept();
    await harness.settle();
    assert.deepEqual(shown(bob), ['incoming answered video alice>bob']);
    await harness.clock.advance(61_000);
    await alice.service.hangUp();
    await harness.settle();
    assert.deepEqual(shown(alice), ['outgoing answered video alice>bob 61000']);
    assert.deepEqual(shown(bob), ['incoming answered video alice>bob 61000']);
    const [entry] = bob.service.$callHistory.get();
    assert.equal((entry?.answeredAt ?? 0) - (entry?.at ?? 0), 4_000);
    assert.equal(bob.service.$callHistoryState.get(), 'ready');
  });

  it('records how a call was not answered', async () => {
    const [alice, bob] = await trio();
    await call(alice, ['bob']);
    await bob.service.decline();
    await harness.clock.advance(5_000);
    await call(alice, ['bob']);
    await alice.service.cancel();
    await harness.clock.advance(20_000);
    await call(alice, ['bob']);
    await harness.clock.advance(30_000);
    assert.deepEqual(shown(alice), [
      'outgoing timeout voice alice>bob',
      'outgoing canceled voice alice>bob',
      'outgoing declined voice alice>bob',
    ]);
    assert.deepEqual(shown(bob), [
      'incoming timeout missed voice alice>bob',
      'incoming canceled missed voice alice>bob',
      'incoming declined voice alice>bob',
    ]);
  });

  it('records a call that does not ring, because the user is busy', async () => {
    const [alice, bob, carol] = await trio();
    await call(alice, ['bob']);
    await bob.service.accept();
    await harness.settle();
    await call(carol, ['bob']);
    await harness.clock.advance(20_000);
    assert.deepEqual(shown(carol), ['outgoing busy voice carol>bob']);
    assert.deepEqual(shown(bob)[0], 'incoming busy missed voice carol>bob');
  });

  it('records a group call once, with all members', async () => {
    const [alice, bob, carol] = await trio();
    await call(alice, ['bob', 'carol']);
    await bob.service.accept();
    await harness.clock.advance(10_000);
    await carol.service.accept();
    await harness.clock.advance(10_000);
    await alice.service.hangUp();
    await bob.service.hangUp();
    await harness.settle();
    assert.deepEqual(
      shown(bob).map((text) => text.split(' ').slice(0, 4).join(' ')),
      ['incoming answered voice alice>bob+carol'],
    );
    assert.equal(bob.service.$callHistory.get()[0]?.group, true);
  });

  it('shows one entry on all devices of the user: answered on one, not missed on the other', async () => {
    const [alice, bob] = await trio();
    const other = phoneOf('bob');
    await harness.settle();
    await call(alice, ['bob']);
    await bob.service.accept();
    await harness.clock.advance(7_000);
    await bob.service.hangUp();
    await harness.clock.advance(20_000);
    assert.deepEqual(shown(other), ['incoming answered voice alice>bob 7000']);
    assert.deepEqual(shown(other), shown(bob));
  });

  it('records one call after a glare', async () => {
    const [alice, bob] = await trio();
    await Promise.all([
      alice.service.send({ invitees: ['bob'], callType: 'voice' }),
      bob.service.send({ invitees: ['alice'], callType: 'voice' }),
    ]);
    await harness.clock.advance(10_000);
    await alice.service.hangUp();
    await harness.clock.advance(20_000);
    for (const phone of [alice, bob]) {
      const [only, ...others] = shown(phone);
      assert.deepEqual(others, []);
      assert.match(only ?? '', /^outgoing answered voice/);
    }
  });

  it('adds up the durations of a user who leaves a group call and joins it again', async () => {
    const [alice, bob, carol] = await trio();
    const callID = await call(alice, ['bob', 'carol']);
    await bob.service.accept();
    await carol.service.accept();
    await harness.clock.advance(10_000);
    await bob.service.hangUp();
    await harness.clock.advance(60_000);
    await bob.service.join(callID);
    await harness.clock.advance(5_000);
    await bob.service.hangUp();
    await harness.settle();
    const [entry, ...others] = bob.service.$callHistory.get();
    assert.deepEqual(others, []);
    assert.ok(Math.abs((entry?.durationMs ?? 0) - 15_000) < 1_000, String(entry?.durationMs));
  });

  it('deletes a call on all devices, also from the storage, and restores it', async () => {
    const [alice, bob] = await trio();
    const other = phoneOf('bob');
    await harness.settle();
    const first = await call(alice, ['bob']);
    await bob.service.decline();
    await harness.clock.advance(5_000);
    await call(alice, ['bob']);
    await bob.service.decline();
    await harness.clock.advance(5_000);
    assert.equal(shown(other).length, 2);
    assert.equal(await bob.service.deleteHistory([first]), true);
    await harness.settle();
    assert.equal(shown(other).length, 1);
    await bob.service.deleteHistory('all');
    await harness.settle();
    for (const phone of [bob, other]) {
      assert.deepEqual(shown(phone), []);
      // Not even its members, or that there was a call.
      assert.doesNotMatch(JSON.stringify(await storages.get(phone)?.load()), /alice/);
    }
    assert.equal(await bob.service.deleteHistory('all'), false);
    assert.equal(await bob.service.restoreHistory([first]), false);
    await harness.clock.advance(1_000);
    const second = await call(alice, ['bob']);
    await bob.service.decline();
    await harness.settle();
    await bob.service.deleteHistory([second]);
    await harness.settle();
    assert.deepEqual(shown(other), []);
    assert.equal(await bob.service.restoreHistory([second]), true);
    await harness.settle();
    assert.deepEqual(shown(other), ['incoming declined voice alice>bob']);
    assert.equal(shown(alice).length, 3);
  });

  it('does not bring back a running call that the user has deleted when it ends', async () => {
    const [alice, bob] = await trio();
    const callID = await call(alice, ['bob']);
    await bob.service.accept();
    await harness.clock.advance(10_000);
    await bob.service.deleteHistory([callID]);
    await harness.clock.advance(60_000);
    await bob.service.hangUp();
    await harness.clock.advance(5_000);
    assert.deepEqual(shown(bob), []);
    assert.equal(shown(alice).length, 1);
  });

  it('calls again: the same people, with the same type', async () => {
    const [alice, bob, carol] = await trio();
    const callID = await call(alice, ['bob', 'carol'], 'video');
    await bob.service.decline();
    await harness.clock.advance(30_000);
    await bob.service.callAgain(callID);
    await harness.settle();
    for (const phone of [alice, carol]) {
      const { status, callType, inviter } = phone.service.$call.get();
      assert.deepEqual([status, callType, inviter?.userID], ['incoming', 'video', 'bob']);
    }
    await assert.rejects(bob.service.callAgain('unknown'), { code: 'call-over' });
  });

  it('keeps what it has over a reload, and stores the duration of a running call for a crash', async () => {
    const storage = createMemoryHistoryStorage();
    const alice = phoneOf('alice');
    const bob = phoneOf('bob', storage);
    await harness.settle();
    await call(alice, ['bob']);
    await bob.service.accept();
    await harness.clock.advance(95_000);
    // The page crashes: nothing of it runs any more.
    const again = phoneOf('bob', storage);
    await harness.settle();
    assert.deepEqual(shown(again), ['incoming answered voice alice>bob 90000']);
  });

  it('records the running call when the user signs out', async () => {
    const storage = createMemoryHistoryStorage();
    const alice = phoneOf('alice');
    const bob = phoneOf('bob', storage);
    await harness.settle();
    await call(alice, ['bob']);
    await bob.service.accept();
    await harness.clock.advance(12_000);
    bob.service.stop();
    await harness.settle();
    assert.deepEqual(shown(bob), []);
    assert.equal((await storage.load()).entries[0]?.entry?.durationMs, 12_000);
  });

  it('keeps nothing while config.history is false, and deletes what was stored', async () => {
    const [alice, bob] = await trio();
    await call(alice, ['bob']);
    await bob.service.decline();
    await harness.clock.advance(5_000);
    assert.equal(shown(bob).length, 1);
    bob.config.history = false;
    await call(alice, ['bob']);
    await bob.service.decline();
    await harness.clock.advance(5_000);
    assert.deepEqual(shown(bob), []);
    assert.equal(bob.service.$callHistoryState.get(), 'off');
    assert.deepEqual((await storages.get(bob)?.load())?.entries, []);
  });

  it('works while the storage fails', async () => {
    const failing: CallHistoryStorage = {
      load: () => Promise.reject(new Error('denied')),
      update: () => Promise.reject(new Error('full')),
    };
    const alice = phoneOf('alice');
    const bob = phoneOf('bob', failing);
    await harness.settle();
    await call(alice, ['bob']);
    await bob.service.decline();
    await harness.clock.advance(5_000);
    assert.deepEqual(shown(bob), ['incoming declined voice alice>bob']);
    await bob.service.deleteHistory('all');
    assert.deepEqual(shown(bob), []);
    assert.deepEqual(
      bob.callbackNames().filter((name) => name === 'onError'),
      [],
    );
  });

  it('is empty after the user has changed', async () => {
    const [alice, bob] = await trio();
    await call(alice, ['bob']);
    await bob.service.decline();
    await harness.clock.advance(5_000);
    bob.start({ user: 'dora' });
    assert.deepEqual(shown(bob), []);
  });
});
