import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createMissedCallsHarness,
  type MissedCallsPhone,
} from '../../../test/support/missed-calls-harness.js';

const CLICKED = 'onIncomingMissedCallClicked';
const FAILED = 'onIncomingMissedCallDialBackFailed';
const count = (phone: MissedCallsPhone, name: string): number =>
  phone.callbackNames().filter((fact) => fact === name).length;

async function missedByBob() {
  const harness = createMissedCallsHarness();
  const alice = harness.missedCallsPhone('alice');
  const bob = harness.missedCallsPhone('bob');
  await harness.settle();
  const callID = await harness.ring(alice, ['bob'], { callType: 'video', customData: 'x' });
  return { harness, alice, bob, callID };
}

/** Alice and Bob are in a group call; Alice had invited Carol as well, who has missed it. */
async function missedByCarol() {
  const harness = createMissedCallsHarness();
  const alice = harness.missedCallsPhone('alice');
  const bob = harness.missedCallsPhone('bob');
  const carol = harness.missedCallsPhone('carol');
  await harness.settle();
  const { callID } = await alice.service.send({
    ...{ invitees: ['bob', 'carol'], callType: 'video', timeoutSeconds: 10 },
  });
  await harness.settle();
  await bob.service.accept();
  await harness.clock.advance(20_000);
  assert.deepEqual(
    carol.missed().map((missed) => missed.callID),
    [callID],
  );
  return { harness, alice, bob, carol, callID };
}

describe('a click on a missed call', () => {
  it('calls the caller back, with the same call type and custom data and a time-out of 30 seconds', async () => {
    const { harness, alice, bob, callID } = await missedByBob();
    bob.config.missedCall = { resourceID: 'bell' };
    bob.notifier.click({ kind: 'missed', callID, action: 'open' });
    await harness.settle();
    const call = bob.service.$call.get();
    assert.equal(call.status, 'ringing-out');
    assert.notEqual(call.callID, callID);
    assert.equal(call.callType, 'video');
    const [received] = alice.callbacks.filter(([name]) => name === 'onIncomingCallReceived');
    assert.deepEqual(received?.slice(1), [
      ...[call.callID, { userID: 'bob', userName: 'Bob' }, 'video'],
      ...[[{ userID: 'alice', userName: 'Alice' }], 'x'],
    ]);
    assert.equal(bob.missed()[0]?.seen, true);
    assert.equal(bob.notifier.shown.size, 0);
    await harness.clock.advance(29_000);
    assert.equal(bob.status(), 'ringing-out');
    await harness.clock.advance(4_000);
    assert.equal(bob.status(), 'ended: timeout');
    await harness.clock.advance(4_000);
    assert.equal(alice.missed().length, 1);
    assert.equal(count(bob, FAILED), 0);
  });

  it("uses the time-out of the page's configuration", async () => {
    const { harness, bob, callID } = await missedByBob();
    bob.config.missedCall = { timeoutSeconds: 5 };
    await bob.service.clickMissedCall(callID);
    await harness.clock.advance(8_000);
    assert.equal(bob.status(), 'ended: timeout');
  });

  it('calls the page’s callback, which can run the default action, at most once', async () => {
    const { harness, bob, callID } = await missedByBob();
    let run: () => Promise<void> = () => Promise.reject(new Error('not given'));
    bob.events.onIncomingMissedCallClicked = (...args) => {
      assert.deepEqual(args.slice(0, 5), [
        ...[callID, { userID: 'alice', userName: 'Alice' }, 'video'],
        ...[[{ userID: 'bob', userName: 'Bob' }], 'x'],
      ]);
      run = args[5];
    };
    assert.equal(await bob.service.clickMissedCall(callID), true);
    assert.equal(bob.status(), 'idle');
    await Promise.all([run(), run()]);
    await harness.settle();
    assert.equal(bob.status(), 'ringing-out');
    await bob.service.cancel();
    await harness.clock.advance(3_000);
    await run();
    assert.equal(bob.status(), 'idle');
    assert.equal(count(bob, FAILED), 0);
  });

  it('does not call back when a listener prevents it', async () => {
    const { bob, callID } = await missedByBob();
    bob.service.listen(CLICKED, () => false);
    await bob.service.clickMissedCall(callID);
    assert.equal(bob.status(), 'idle');
  });

  it('does not call back with enableDialBack false, but calls the page’s callback', async () => {
    const { harness, bob, callID } = await missedByBob();
    bob.config.missedCall = { enableDialBack: false };
    let done = false;
    bob.events.onIncomingMissedCallClicked = async (...args) => {
      await args[5]();
      done = true;
    };
    await bob.service.clickMissedCall(callID);
    await harness.settle();
    assert.equal(done, true);
    assert.equal(bob.status(), 'idle');
    assert.equal(count(bob, FAILED), 0);
    // The page can still call dialBack itself.
    assert.equal(await bob.service.dialBack(callID), true);
    assert.equal(bob.status(), 'ringing-out');
  });

  it('reports once, after waiting, that a call is not known on this device', async () => {
    const { harness, bob } = await missedByBob();
    bob.notifier.click({ kind: 'missed', callID: 'unknown', action: 'open' });
    await harness.clock.advance(4_000);
    assert.equal(count(bob, FAILED), 0);
    await harness.clock.advance(2_000);
    assert.equal(count(bob, FAILED), 1);
    assert.equal(count(bob, CLICKED), 0);
    assert.equal(await bob.service.clickMissedCall('unknown'), false);
  });

  it('that has opened the page is handled once, when the page is connected and knows the call', async () => {
    const { harness, bob, callID } = await missedByBob();
    let clicks = 1;
    const takeClick = () =>
      Promise.resolve(
        clicks-- > 0 ? ({ kind: 'missed', callID, action: 'open' } as const) : undefined,
      );
    const opened = harness.missedCallsPhone('bob', { storage: { ...bob.storage, takeClick } });
    await harness.settle();
    assert.equal(count(opened, CLICKED), 1);
    assert.equal(opened.service.$call.get().status, 'ringing-out');
    await opened.service.cancel();
    harness.network.disconnect(opened.transport);
    harness.network.reconnect(opened.transport);
    await harness.settle();
    assert.equal(count(opened, CLICKED), 1);
  });
});

describe('a dial-back that fails', () => {
  it('is reported once, for any cause, and the default action does not reject', async () => {
    const { harness, bob, callID } = await missedByBob();
    harness.network.disconnect(bob.transport);
    await harness.settle();
    let settled = 0;
    bob.events.onIncomingMissedCallClicked = async (...args) => {
      await args[5]();
      await args[5]();
      settled++;
    };
    await bob.service.clickMissedCall(callID);
    await harness.settle();
    assert.equal(settled, 1);
    assert.equal(count(bob, FAILED), 1);
    await assert.rejects(bob.service.dialBack(callID), { code: 'not-connected' });
    assert.equal(count(bob, FAILED), 2);
    assert.ok(!bob.callbackNames().includes('onError'));
  });

  it('includes a dial-back during a call', async () => {
    const { harness, bob, callID } = await missedByBob();
    await bob.service.send({ invitees: ['dave'], callType: 'voice' });
    await bob.service.clickMissedCall(callID);
    await harness.settle();
    assert.equal(count(bob, FAILED), 1);
  });

  it('includes a dial-back of an unknown missed call', async () => {
    const { bob } = await missedByBob();
    await assert.rejects(bob.service.dialBack('unknown'), { code: 'call-over' });
    assert.equal(count(bob, FAILED), 1);
  });
});

describe('a missed group call', () => {
  it('is joined while it is ongoing', async () => {
    const { harness, carol, callID } = await missedByCarol();
    await carol.service.clickMissedCall(callID);
    await harness.settle();
    const call = carol.service.$call.get();
    assert.equal(call.status, 'active');
    assert.equal(call.callID, callID);
    assert.equal(count(carol, FAILED), 0);
  });

  it('that has ended can’t be joined: the failure is reported once, and the default action settles', async () => {
    const { harness, alice, bob, carol, callID } = await missedByCarol();
    await alice.service.hangUp();
    await bob.service.hangUp();
    await harness.clock.advance(3_000);
    let settled = false;
    carol.events.onIncomingMissedCallClicked = async (...args) => {
      await args[5]();
      settled = true;
    };
    await carol.service.clickMissedCall(callID);
    await harness.clock.advance(12_000);
    assert.equal(settled, true);
    assert.equal(count(carol, FAILED), 1);
    assert.equal(carol.status(), 'idle');
  });

  it('that has ended makes dialBack reject, and the failure is reported once', async () => {
    const { harness, alice, bob, carol, callID } = await missedByCarol();
    await alice.service.hangUp();
    await bob.service.hangUp();
    await harness.clock.advance(3_000);
    await assert.rejects(carol.service.dialBack(callID), { code: 'call-over' });
    assert.equal(count(carol, FAILED), 1);
    await harness.clock.advance(12_000);
    assert.equal(count(carol, FAILED), 1);
  });

  it('whose members have all crashed makes dialBack reject after eight seconds', async () => {
    const { harness, alice, bob, carol, callID } = await missedByCarol();
    for (const { transport } of [alice, bob]) harness.network.disconnect(transport);
    const rejected = assert.rejects(carol.service.dialBack(callID), { code: 'call-over' });
    await harness.clock.advance(8_000);
    await rejected;
    assert.equal(count(carol, FAILED), 1);
  });

  it('is joined by dialBack, which resolves when a member has admitted the user', async () => {
    const { carol, callID } = await missedByCarol();
    assert.equal(await carol.service.dialBack(callID), true);
    assert.equal(carol.status(), 'active');
    assert.equal(count(carol, FAILED), 0);
  });

  it('is not joined, and no failure is reported, when the user hangs up before an answer', async () => {
    const { harness, alice, bob, carol, callID } = await missedByCarol();
    for (const { transport } of [alice, bob]) harness.network.disconnect(transport);
    const dialed = carol.service.dialBack(callID);
    await harness.settle();
    assert.equal(carol.status(), 'connecting');
    await carol.service.hangUp();
    assert.equal(await dialed, false);
    assert.equal(count(carol, FAILED), 0);
  });
});
