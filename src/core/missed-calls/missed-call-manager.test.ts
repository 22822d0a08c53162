import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createMissedCallsHarness,
  type MissedCallsPhone,
} from '../../../test/support/missed-calls-harness.js';
import type { MissedCallStorage } from '../ports/missed-call-storage.js';
import { createMemoryStorage } from '../storage/memory-storage.js';

const inShort = (phone: MissedCallsPhone): string[] =>
  phone.missed().map(({ callID, reason, seen }) => `${callID} ${reason}${seen ? ' seen' : ''}`);

async function aliceAndBob(storage?: MissedCallStorage) {
  const harness = createMissedCallsHarness();
  const alice = harness.missedCallsPhone('alice');
  const bob = harness.missedCallsPhone('bob', storage && { storage });
  await harness.settle();
  return { ...harness, harness, alice, bob };
}

describe('a missed call', () => {
  it('is recorded with all fields of the invitation, and shown by one notification', async () => {
    const { ring, alice, bob, clock } = await aliceAndBob();
    const before = clock.now();
    const callID = await ring(alice, ['bob'], {
      customData: 'x',
      callType: 'video',
      resourceID: 'r',
    });
    const [missed] = bob.missed();
    assert.ok(missed && missed.at >= before + 10_000 && missed.at < before + 13_000);
    assert.deepEqual(missed, {
      ...{ callID, callType: 'video', customData: 'x', reason: 'timeout', seen: false },
      caller: { userID: 'alice', userName: 'Alice' },
      callees: [{ userID: 'bob', userName: 'Bob' }],
      at: missed.at,
    });
    assert.equal(bob.notifier.notices.length, 1);
    assert.deepEqual(bob.notifier.shown.get(callID), {
      ...{ kind: 'missed', callID, callType: 'video', group: false, at: missed.at },
      caller: { userID: 'alice', userName: 'Alice' },
      ...{ dialBack: true, resourceID: 'r', title: undefined, message: undefined },
    });
    assert.equal(bob.notifier.badges.at(-1), 1);
    assert.deepEqual(alice.missed(), []);
  });

  it('is recorded also when the missed-call code loads only later; the load failure is reported once', async () => {
    const { ring, missedCallsPhone, settle, clock } = createMissedCallsHarness();
    const alice = missedCallsPhone('alice');
    let loads = false;
    const fault = new Error('offline');
    const load = (): Promise<void> => (loads ? Promise.resolve() : Promise.reject(fault));
    const bob = missedCallsPhone('bob', { load });
    await settle();
    const callID = await ring(alice, ['bob']);
    await clock.advance(60_000);
    assert.deepEqual(inShort(bob), []);
    const errors = bob.callbacks.filter(([name]) => name === 'onError');
    assert.deepEqual(errors, [['onError', fault]]);
    loads = true;
    await clock.advance(10_000);
    assert.deepEqual(inShort(bob), [`${callID} timeout`]);
    bob.service.destroy();
    alice.service.destroy();
    await settle();
    assert.equal(clock.timers, 0);
  });

  it('is recorded when the caller has cancelled, but not when it was declined or answered', async () => {
    const { harness, alice, bob, clock } = await aliceAndBob();
    for (const end of ['cancel', 'decline', 'accept'] as const) {
      const { callID } = await alice.service.send({
        invitees: ['bob'],
        callType: 'voice',
        callID: end,
      });
      await harness.settle();
      if (end === 'cancel') await alice.service.cancel();
      else await bob.service[end]();
      await harness.settle();
      if (end === 'accept') await bob.service.hangUp();
      await clock.advance(20_000);
      assert.equal(callID, end);
    }
    assert.deepEqual(inShort(bob), ['cancel canceled']);
  });

  it('is recorded when it was answered as busy', async () => {
    const { ring, harness, alice, bob, clock } = await aliceAndBob();
    const carol = harness.phone('carol');
    await harness.settle();
    await carol.service.send({ invitees: ['bob'], callType: 'voice' });
    await harness.settle();
    await bob.service.accept();
    await clock.advance(3_000);
    const callID = await ring(alice, ['bob']);
    assert.deepEqual(inShort(bob), [`${callID} busy`]);
  });

  it('is removed when it turns out to be answered on another device', async () => {
    const { ring, alice, bob, harness } = await aliceAndBob();
    const callID = await ring(alice, ['bob']);
    assert.equal(bob.notifier.shown.size, 1);
    harness.network.inject(bob.transport, {
      ...{ v: 1, id: 'late', type: 'accept', callID, to: ['alice', 'bob'], round: 1 },
      ...{ customData: '', records: [], names: [], remaining: [] },
      from: { userID: 'bob', userName: 'Bob', deviceID: 'another' },
      at: harness.clock.now(),
    });
    await harness.settle();
    assert.deepEqual(bob.missed(), []);
    assert.equal(bob.notifier.shown.size, 0);
    assert.equal(bob.notifier.badges.at(-1), 0);
  });

  it('has its own record, notification and click, for each of ten calls', async () => {
    const { ring, alice, bob, harness } = await aliceAndBob();
    const ids: string[] = [];
    for (let count = 0; count < 10; count++) ids.push(await ring(alice, ['bob']));
    assert.deepEqual(
      bob.missed().map(({ callID }) => callID),
      ids.toReversed(),
    );
    assert.equal(bob.notifier.notices.length, 10);
    assert.deepEqual([...bob.notifier.shown.keys()], ids);
    bob.events.onIncomingMissedCallClicked = () => {};
    bob.notifier.click({ kind: 'missed', callID: ids[4] ?? '', action: 'open' });
    await harness.settle();
    const clicked = bob.callbacks.filter(([name]) => name === 'onIncomingMissedCallClicked');
    assert.deepEqual(
      clicked.map(([, callID]) => callID),
      [ids[4]],
    );
    assert.deepEqual(
      bob
        .missed()
        .map(({ seen }) => seen)
        .indexOf(true),
      5,
    );
    assert.equal(bob.notifier.shown.size, 9);
  });

  it('is shown in one notification for all pages of a browser', async () => {
    const { ring, harness, alice, bob } = await aliceAndBob();
    const second = harness.missedCallsPhone('bob', { storage: bob.storage });
    await harness.settle();
    await ring(alice, ['bob']);
    assert.equal(bob.missed().length, 1);
    assert.equal(second.missed().length, 1);
    assert.equal(bob.notifier.notices.length + second.notifier.notices.length, 1);
  });

  it('is listed again after a reload, without another notification', async () => {
    const { ring, harness, alice, bob } = await aliceAndBob();
    const callID = await ring(alice, ['bob']);
    const after = harness.missedCallsPhone('bob', { storage: bob.storage });
    await harness.settle();
    assert.deepEqual(inShort(after), [`${callID} timeout`]);
    assert.equal(after.notifier.notices.length, 0);
    assert.equal(after.notifier.badges.at(-1), 1);
  });

  it('lasts until the page is closed if storage fails', async () => {
    const refuse = () => Promise.reject(new Error('no storage'));
    const storage: MissedCallStorage = {
      ...{ load: refuse, add: refuse, put: refuse, remove: refuse, takeClick: refuse },
      ...{ hasPush: refuse, setPush: refuse, claim: refuse },
    };
    const { ring, alice, bob } = await aliceAndBob(storage);
    const callID = await ring(alice, ['bob']);
    assert.deepEqual(inShort(bob), [`${callID} timeout`]);
    assert.equal(bob.notifier.notices.length, 1);
    assert.equal(await bob.service.dismissMissedCall(callID), true);
    assert.deepEqual(bob.missed(), []);
    assert.ok(!bob.callbackNames().includes('onError'));
  });

  it('is removed after 30 days; of more than 200, the oldest are removed', async () => {
    const storage = createMemoryStorage();
    const { harness, alice, clock, ring } = await aliceAndBob(storage);
    const day = 24 * 3_600_000;
    const caller = { userID: 'alice', userName: 'Alice' };
    const record = (callID: string, at: number) => ({
      ...{ callID, caller, callType: 'voice', callees: [], customData: '', at, seen: true },
      ...{ reason: 'timeout', group: false, round: 1, resourceID: undefined },
    });
    await storage.put([
      record('old', clock.now() - 30 * day) as never,
      ...Array.from(
        { length: 200 },
        (_, index) => record(`${index}`, clock.now() - index) as never,
      ),
    ]);
    const bob = harness.missedCallsPhone('bob', { storage });
    await harness.settle();
    assert.equal(bob.missed().length, 200);
    assert.equal((await storage.load()).length, 200);
    const callID = await ring(alice, ['bob']);
    assert.equal(bob.missed().length, 200);
    assert.equal(bob.missed()[0]?.callID, callID);
    assert.ok(!bob.missed().some((missed) => missed.callID === '199'));
  });

  it('of the previous user is not shown to the next one', async () => {
    const { ring, alice, bob, harness } = await aliceAndBob();
    await ring(alice, ['bob']);
    bob.service.stop();
    await harness.settle();
    assert.deepEqual(bob.missed(), []);
    assert.equal(bob.notifier.shown.size, 0);
    assert.equal(bob.notifier.badges.at(-1), 0);
  });
});

describe('the notification of a missed call', () => {
  it('has the page’s texts, or the localized ones if the page returns nothing or throws', async () => {
    const { ring, alice, bob } = await aliceAndBob();
    bob.config.missedCall = {
      notificationTitle: ({ caller }) => `From ${caller.userName}`,
      notificationMessage: () => {
        throw new Error('no words');
      },
      resourceID: 'bell',
      enableDialBack: false,
    };
    const callID = await ring(alice, ['bob']);
    const notice = bob.notifier.shown.get(callID);
    assert.equal(notice?.title, 'From Alice');
    assert.equal(notice.message, undefined);
    assert.equal(notice.resourceID, 'bell');
    assert.equal(notice.dialBack, false);
    assert.equal(bob.callbackNames().filter((name) => name === 'onError').length, 1);
  });

  it('is not shown if the page has disabled it, but the call is recorded', async () => {
    const { ring, alice, bob } = await aliceAndBob();
    bob.config.missedCall = { enabled: false };
    await ring(alice, ['bob']);
    assert.equal(bob.missed().length, 1);
    assert.equal(bob.notifier.notices.length, 0);
  });

  it('is not shown without permission, also if that is revoked between two calls', async () => {
    const { ring, alice, bob } = await aliceAndBob();
    await ring(alice, ['bob']);
    bob.notifier.permission = 'denied';
    await ring(alice, ['bob']);
    assert.equal(bob.missed().length, 2);
    assert.equal(bob.notifier.notices.length, 1);
    assert.equal(await bob.service.enableNotifications(), false);
  });
});

describe('an incoming call', () => {
  it('is shown by a notification if no page is visible; that of the missed call replaces it', async () => {
    const { harness, alice, bob, clock } = await aliceAndBob();
    bob.notifier.seen = false;
    const { callID } = await alice.service.send({
      ...{ invitees: ['bob'], callType: 'video', timeoutSeconds: 10, resourceID: 'r' },
    });
    await harness.settle();
    assert.deepEqual(bob.notifier.shown.get(callID), {
      ...{ kind: 'incoming', callID, callType: 'video', group: false, resourceID: 'r' },
      ...{ caller: { userID: 'alice', userName: 'Alice' }, dialBack: false },
    });
    await clock.advance(20_000);
    assert.equal(bob.notifier.shown.get(callID)?.kind, 'missed');
    assert.deepEqual(
      bob.notifier.notices.map(({ kind }) => kind),
      ['incoming', 'missed'],
    );
  });

  it('is shown when the page is hidden while it rings, until the page is visible again', async () => {
    const { harness, alice, bob } = await aliceAndBob();
    await alice.service.send({ invitees: ['bob'], callType: 'video' });
    await harness.settle();
    assert.equal(bob.notifier.shown.size, 0);
    bob.notifier.seen = false;
    bob.notifier.changeVisibility();
    await harness.settle();
    assert.equal(bob.notifier.shown.size, 1);
    bob.notifier.seen = true;
    bob.notifier.changeVisibility();
    await harness.settle();
    assert.equal(bob.notifier.shown.size, 0);
    bob.notifier.seen = false;
    bob.notifier.changeVisibility();
    await harness.settle();
    assert.equal(bob.notifier.shown.size, 1);
  });

  for (const action of ['accept', 'decline'] as const)
    it(`can be answered by the notification, which then closes: ${action}`, async () => {
      const { harness, alice, bob } = await aliceAndBob();
      bob.notifier.seen = false;
      const { callID } = await alice.service.send({ invitees: ['bob'], callType: 'voice' });
      await harness.settle();
      bob.notifier.click({ kind: 'incoming', callID: 'another', action });
      bob.notifier.click({ kind: 'incoming', callID, action });
      await harness.settle();
      const accepted = action === 'accept';
      assert.equal(bob.status(), accepted ? 'active' : 'ended: declined');
      const pressed = `onIncomingCall${accepted ? 'Accept' : 'Decline'}ButtonPressed`;
      assert.equal(bob.callbackNames().filter((name) => name === pressed).length, 1);
      assert.equal(bob.notifier.shown.size, 0);
    });

  it('waits after the notification was accepted until the page enters it, if the page wants that', async () => {
    const { harness, alice, bob } = await aliceAndBob();
    bob.config.offline = { autoEnterAcceptedOfflineCall: false };
    bob.notifier.seen = false;
    const { callID } = await alice.service.send({ invitees: ['bob'], callType: 'voice' });
    await harness.settle();
    const early = bob.service.enterAcceptedCall();
    bob.notifier.click({ kind: 'incoming', callID, action: 'accept' });
    await harness.settle();
    assert.equal(await early, true);
    await harness.settle();
    assert.equal(bob.status(), 'active');
  });

  it('rings on without a ringtone after the notification was accepted, until the page enters it', async () => {
    const { harness, alice, bob } = await aliceAndBob();
    bob.config.offline = { autoEnterAcceptedOfflineCall: false };
    bob.notifier.seen = false;
    const { callID } = await alice.service.send({ invitees: ['bob'], callType: 'voice' });
    await harness.settle();
    bob.notifier.click({ kind: 'incoming', callID, action: 'accept' });
    await harness.settle();
    assert.equal(bob.status(), 'incoming');
    assert.equal(bob.service.$call.get().silenced, true);
    await alice.service.hangUp();
    await harness.settle();
    const entered = bob.service.enterAcceptedCall();
    await harness.clock.advance(5_000);
    assert.equal(await entered, false);
  });

  it("has the caller's texts, and the caller's name in any case", async () => {
    const { harness, alice, bob } = await aliceAndBob();
    bob.notifier.seen = false;
    await alice.service.send({
      ...{ invitees: ['bob'], callType: 'video' },
      ...{ notificationTitle: 'Support', notificationMessage: 'Your ticket' },
    });
    await harness.settle();
    const [notice] = bob.notifier.shown.values();
    assert.deepEqual([notice?.title, notice?.message], ['Support', 'Your ticket']);
  });

  it('has no notification any more when another device of the user answers', async () => {
    const { harness, alice, bob } = await aliceAndBob();
    const laptop = harness.missedCallsPhone('bob');
    await harness.settle();
    bob.notifier.seen = false;
    await alice.service.send({ invitees: ['bob'], callType: 'voice' });
    await harness.settle();
    assert.equal(bob.notifier.shown.size, 1);
    await laptop.service.accept();
    await harness.settle();
    assert.equal(bob.notifier.shown.size, 0);
  });
});
