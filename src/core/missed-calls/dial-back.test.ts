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
  const stage = createMissedCallsHarness();
  const alice = stage.missedCallsPhone('alice');
  const bob = stage.missedCallsPhone('bob');
  await stage.settle();
  const callID = await stage.ring(alice, ['bob'], { callType: 'video', customData: 'x' });
  return { stage, alice, bob, callID };
}

/** Alice and Bob talk; Carol, whom Alice had rung as well, has missed it. */
async function missedByCarol() {
  const stage = createMissedCallsHarness();
  const alice = stage.missedCallsPhone('alice');
  const bob = stage.missedCallsPhone('bob');
  const carol = stage.missedCallsPhone('carol');
  await stage.settle();
  const { callID } = await alice.service.send({
    ...{ invitees: ['bob', 'carol'], callType: 'video', timeoutSeconds: 10 },
  });
  await stage.settle();
  await bob.service.accept();
  await stage.clock.advance(20_000);
  assert.deepEqual(
    carol.missed().map((missed) => missed.callID),
    [callID],
  );
  return { stage, alice, bob, carol, callID };
}

describe('a click on a missed call', () => {
  it('calls back: the caller, by the same type and custom data, for half a minute', async () => {
    const { stage, alice, bob, callID } = await missedByBob();
    bob.config.missedCall = { resourceID: 'bell' };
    bob.notifier.click({ kind: 'missed', callID, action: 'open' });
    await stage.settle();
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
    await stage.clock.advance(29_000);
    assert.equal(bob.status(), 'ringing-out');
    await stage.clock.advance(4_000);
    assert.equal(bob.status(), 'ended: timeout');
    await stage.clock.advance(4_000);
    assert.equal(alice.missed().length, 1);
    assert.equal(count(bob, FAILED), 0);
  });

  it("rings as long as the page's configuration says", async () => {
    const { stage, bob, callID } = await missedByBob();
    bob.config.missedCall = { timeoutSeconds: 5 };
    await bob.service.clickMissedCall(callID);
    await stage.clock.advance(8_000);
    assert.equal(bob.status(), 'ended: timeout');
  });

  it('tells the page, which then decides: the default runs when it says so, once', async () => {
    const { stage, bob, callID } = await missedByBob();
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
    await stage.settle();
    assert.equal(bob.status(), 'ringing-out');
    await bob.service.cancel();
    await stage.clock.advance(3_000);
    await run();
    assert.equal(bob.status(), 'idle');
    assert.equal(count(bob, FAILED), 0);
  });

  it('calls nobody back when a listener prevents it', async () => {
    const { bob, callID } = await missedByBob();
    bob.service.listen(CLICKED, () => false);
    await bob.service.clickMissedCall(callID);
    assert.equal(bob.status(), 'idle');
  });

  it('calls nobody back where the page wants no dial-back, and is told all the same', async () => {
    const { stage, bob, callID } = await missedByBob();
    bob.config.missedCall = { enableDialBack: false };
    let done = false;
    bob.events.onIncomingMissedCallClicked = async (...args) => {
      await args[5]();
      done = true;
    };
    await bob.service.clickMissedCall(callID);
    await stage.settle();
    assert.equal(done, true);
    assert.equal(bob.status(), 'idle');
    assert.equal(count(bob, FAILED), 0);
    // What the page asks for itself works.
    assert.equal(await bob.service.dialBack(callID), true);
    assert.equal(bob.status(), 'ringing-out');
  });

  it('of a call that is not known here says so, once, when it has waited for it', async () => {
    const { stage, bob } = await missedByBob();
    bob.notifier.click({ kind: 'missed', callID: 'unknown', action: 'open' });
    await stage.clock.advance(4_000);
    assert.equal(count(bob, FAILED), 0);
    await stage.clock.advance(2_000);
    assert.equal(count(bob, FAILED), 1);
    assert.equal(count(bob, CLICKED), 0);
    assert.equal(await bob.service.clickMissedCall('unknown'), false);
  });

  it('that has opened the page is heard once, when the page is connected and knows the call', async () => {
    const { stage, bob, callID } = await missedByBob();
    let clicks = 1;
    const takeClick = () =>
      Promise.resolve(
        clicks-- > 0 ? ({ kind: 'missed', callID, action: 'open' } as const) : undefined,
      );
    const opened = stage.missedCallsPhone('bob', { storage: { ...bob.storage, takeClick } });
    await stage.settle();
    assert.equal(count(opened, CLICKED), 1);
    assert.equal(opened.service.$call.get().status, 'ringing-out');
    await opened.service.cancel();
    stage.network.disconnect(opened.transport);
    stage.network.reconnect(opened.transport);
    await stage.settle();
    assert.equal(count(opened, CLICKED), 1);
  });
});

describe('a dial-back that can not be placed', () => {
  it('is told once, whatever the cause, and never rejects by itself', async () => {
    const { stage, bob, callID } = await missedByBob();
    stage.network.disconnect(bob.transport);
    await stage.settle();
    let settled = 0;
    bob.events.onIncomingMissedCallClicked = async (...args) => {
      await args[5]();
      await args[5]();
      settled++;
    };
    await bob.service.clickMissedCall(callID);
    await stage.settle();
    assert.equal(settled, 1);
    assert.equal(count(bob, FAILED), 1);
    await assert.rejects(bob.service.dialBack(callID), { code: 'not-connected' });
    assert.equal(count(bob, FAILED), 2);
    assert.ok(!bob.callbackNames().includes('onError'));
  });

  it('is one that is asked for during a call', async () => {
    const { stage, bob, callID } = await missedByBob();
    await bob.service.send({ invitees: ['dave'], callType: 'voice' });
    await bob.service.clickMissedCall(callID);
    await stage.settle();
    assert.equal(count(bob, FAILED), 1);
  });

  it('is one of a call that nobody has missed', async () => {
    const { bob } = await missedByBob();
    await assert.rejects(bob.service.dialBack('unknown'), { code: 'call-over' });
    assert.equal(count(bob, FAILED), 1);
  });
});

describe('a missed group call', () => {
  it('is joined while it runs', async () => {
    const { stage, carol, callID } = await missedByCarol();
    await carol.service.clickMissedCall(callID);
    await stage.settle();
    const call = carol.service.$call.get();
    assert.equal(call.status, 'active');
    assert.equal(call.callID, callID);
    assert.equal(count(carol, FAILED), 0);
  });

  it('that is over can not be joined: told once, and the default settles', async () => {
    const { stage, alice, bob, carol, callID } = await missedByCarol();
    await alice.service.hangUp();
    await bob.service.hangUp();
    await stage.clock.advance(3_000);
    let settled = false;
    carol.events.onIncomingMissedCallClicked = async (...args) => {
      await args[5]();
      settled = true;
    };
    await carol.service.clickMissedCall(callID);
    await stage.clock.advance(12_000);
    assert.equal(settled, true);
    assert.equal(count(carol, FAILED), 1);
    assert.equal(carol.status(), 'idle');
  });

  it('that is over makes a dial-back reject, and is told once', async () => {
    const { stage, alice, bob, carol, callID } = await missedByCarol();
    await alice.service.hangUp();
    await bob.service.hangUp();
    await stage.clock.advance(3_000);
    await assert.rejects(carol.service.dialBack(callID), { code: 'call-over' });
    assert.equal(count(carol, FAILED), 1);
    await stage.clock.advance(12_000);
    assert.equal(count(carol, FAILED), 1);
  });

  it('whose members are all gone without a word makes a dial-back reject after eight seconds', async () => {
    const { stage, alice, bob, carol, callID } = await missedByCarol();
    for (const { transport } of [alice, bob]) stage.network.disconnect(transport);
    const rejected = assert.rejects(carol.service.dialBack(callID), { code: 'call-over' });
    await stage.clock.advance(8_000);
    await rejected;
    assert.equal(count(carol, FAILED), 1);
  });

  it('is joined by a dial-back, which resolves when its members have let the user in', async () => {
    const { carol, callID } = await missedByCarol();
    assert.equal(await carol.service.dialBack(callID), true);
    assert.equal(carol.status(), 'active');
    assert.equal(count(carol, FAILED), 0);
  });

  it('is not joined, and no fault is told, when the user hangs up before an answer', async () => {
    const { stage, alice, bob, carol, callID } = await missedByCarol();
    for (const { transport } of [alice, bob]) stage.network.disconnect(transport);
    const dialed = carol.service.dialBack(callID);
    await stage.settle();
    assert.equal(carol.status(), 'connecting');
    await carol.service.hangUp();
    assert.equal(await dialed, false);
    assert.equal(count(carol, FAILED), 0);
  });
});
