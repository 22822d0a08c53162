import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../../test/support/fake-clock.js';
import { NO_CALL, incoming, ongoing, outgoing } from '../../../test/support/fake-service.js';
import type { EndReason } from '../protocol/vocabulary.js';
import { CallError } from './call-error.js';
import { EndedCall } from './ended-call.js';
import { createStores } from './stores.js';
import type { CallSnapshot } from './snapshots.js';

function setUp() {
  const clock = createFakeClock();
  const stores = createStores((error) => {
    throw error;
  });
  const log: string[] = [];
  const group = { isOver: false };
  const options: { seconds?: number } = {};
  const service: ConstructorParameters<typeof EndedCall>[2] = {
    send({ invitees, callType, customData }) {
      const users = invitees.map((one) => (typeof one === 'string' ? one : one.userID));
      log.push(`send ${users.join(' ')} ${callType} ${customData}`);
      return Promise.resolve({ callID: 'next', unreachable: [] });
    },
    join(callID) {
      log.push(`join ${callID}`);
      return group.isOver ? Promise.reject(new CallError('call-over')) : Promise.resolve(true);
    },
  };
  const hideEnd = (): void => {
    log.push('hide end');
    if (stores.$call.get().status === 'ended') stores.$call.set(NO_CALL);
  };
  const lost = new EndedCall(clock, stores, service, () => options.seconds, hideEnd);
  const show = (call: Partial<CallSnapshot>): void =>
    stores.$call.set({ ...NO_CALL, callID: 'c1', ...ongoing(call) });
  const end = (more: Partial<CallSnapshot> = {}): void => {
    show({ status: 'active', ...more, endReason: undefined });
    show({ status: 'ended', endReason: 'connection-lost', customData: 'desk', ...more });
    stores.$call.set(NO_CALL);
  };
  return {
    clock,
    stores,
    log,
    group,
    lost,
    show,
    end,
    options,
    offered: () => stores.$lostCall.get()?.callID,
    ended: () => stores.$endedCall.get()?.callID,
  };
}

describe('EndedCall', () => {
  it('calls the other member again, with the type and the custom data', async () => {
    const { lost, log, end, offered } = setUp();
    assert.equal(await lost.again(), false);
    end();
    assert.equal(offered(), 'c1');
    assert.equal(await lost.again(), true);
    assert.deepEqual(log, ['send ben voice desk']);
  });

  it('joins a group again, and calls its members if it is over', async () => {
    const { lost, log, group, end } = setUp();
    end({ group: true });
    assert.equal(await lost.again(), true);
    assert.deepEqual(log, ['join c1']);
    group.isOver = true;
    assert.equal(await lost.again(), true);
    assert.deepEqual(log.slice(1), ['join c1', 'send ben voice desk']);
  });

  it('is a lost call only if it was running and lost its connection', async () => {
    const { end, lost, offered, ended } = setUp();
    end({ endReason: 'everyone-left' });
    assert.deepEqual([offered(), ended()], [undefined, 'c1']);
    end({ startedAt: undefined });
    assert.deepEqual([offered(), ended()], [undefined, 'c1']);
    assert.equal(await lost.again(), true);
  });

  it('remembers calls that this user has placed and nobody has answered', () => {
    const { stores, ended } = setUp();
    for (const endReason of [
      'declined',
      'busy',
      'timeout',
      'unreachable',
      'unsupported',
    ] as const) {
      const call = { ...NO_CALL, ...outgoing('ringing'), callID: endReason };
      stores.$call.set(call);
      assert.equal(ended(), undefined);
      stores.$call.set({ ...call, status: 'ended', endReason });
      assert.equal(ended(), endReason);
    }
  });

  it('forgets calls that this user has cancelled, has not answered, or has at another device', () => {
    const { stores, ended } = setUp();
    const end = (call: Partial<CallSnapshot>, endReason: EndReason): void => {
      stores.$call.set({ ...NO_CALL, callID: 'c1', ...call });
      stores.$call.set({ ...NO_CALL, callID: 'c1', ...call, status: 'ended', endReason });
      assert.equal(ended(), undefined, endReason);
    };
    end(outgoing('ringing'), 'canceled');
    end(incoming(), 'timeout');
    end(incoming(), 'canceled');
    end(ongoing(), 'answered-elsewhere');
    end(ongoing(), 'declined-elsewhere');
  });

  it('is shown for eight seconds, for two after this user has hung up, and as configured', async () => {
    const { clock, options, end, ended } = setUp();
    const lastsMs = async (ms: number): Promise<void> => {
      assert.equal(ended(), 'c1');
      await clock.advance(ms - 1);
      assert.equal(ended(), 'c1');
      await clock.advance(1);
      assert.equal(ended(), undefined);
    };
    const [self, other] = ongoing().members ?? [];
    const left = { members: [self!, { ...other!, state: 'left' as const }] };
    end({ endReason: 'hung-up', ...left });
    await lastsMs(8_000);
    end({ endReason: 'hung-up' });
    await lastsMs(2_000);
    options.seconds = 30;
    end({ endReason: 'hung-up', ...left });
    await lastsMs(30_000);
    end({ endReason: 'hung-up' });
    await lastsMs(2_000);
    end();
    await lastsMs(60_000);
    options.seconds = Number.NaN;
    end({ endReason: 'everyone-left' });
    await lastsMs(8_000);
    options.seconds = 0;
    end({ endReason: 'everyone-left' });
    assert.equal(ended(), undefined);
    end();
    await lastsMs(60_000);
    assert.equal(clock.timers, 0);
  });

  it('is kept on demand, and then shown for the whole time again', async () => {
    const { clock, lost, end, ended } = setUp();
    lost.keep()();
    assert.equal(clock.timers, 0);
    end({ endReason: 'everyone-left' });
    await clock.advance(7_000);
    const release = lost.keep();
    await clock.advance(600_000);
    assert.equal(ended(), 'c1');
    release();
    await clock.advance(7_999);
    assert.equal(ended(), 'c1');
    await clock.advance(1);
    assert.equal(ended(), undefined);
    end({ endReason: 'everyone-left' });
    const releaseOld = lost.keep();
    end({ callID: 'c2', endReason: 'everyone-left' });
    await clock.advance(7_000);
    releaseOld();
    await clock.advance(1_000);
    assert.equal(ended(), undefined, 'the next call is not kept, and its time does not start anew');
  });

  it('is kept until everybody who keeps it has released it', async () => {
    const { clock, lost, end, ended } = setUp();
    end({ endReason: 'everyone-left' });
    const [first, second] = [lost.keep(), lost.keep()];
    first();
    first();
    await clock.advance(600_000);
    assert.equal(ended(), 'c1');
    second();
    await clock.advance(7_000);
    first();
    await clock.advance(1_000);
    assert.equal(ended(), undefined);
    assert.equal(clock.timers, 0);
  });

  it('is cleared at once with $call if it is dismissed while $call has ended', () => {
    const { lost, log, show, stores, ended } = setUp();
    show({ status: 'active' });
    assert.equal(lost.dismiss(), false);
    show({ status: 'ended', endReason: 'everyone-left' });
    const states: unknown[] = [];
    stores.$call.listen(({ status }) => states.push(status));
    assert.equal(lost.dismiss(), true);
    assert.deepEqual([states, ended()], [['idle'], undefined]);
    show({ status: 'active' });
    show({ status: 'ended', endReason: 'everyone-left' });
    assert.equal(ended(), 'c1', 'the same group call, which has ended again');
    assert.deepEqual(log, ['hide end', 'hide end']);
  });

  it('is cleared by a subscriber of its store', async () => {
    const { clock, lost, stores, end, ended } = setUp();
    const stop = stores.$endedCall.listen((call) => {
      if (call) lost.dismiss();
    });
    end({ endReason: 'everyone-left' });
    assert.deepEqual([ended(), clock.timers], [undefined, 0]);
    stop();
  });

  it('ends the offer when the lost call is joined again, and offers it again if it is lost again', async () => {
    const { clock, show, stores, end, offered } = setUp();
    end({ group: true });
    show({ status: 'active', group: true });
    assert.equal(offered(), undefined);
    show({ status: 'ended', endReason: 'hung-up', group: true });
    stores.$call.set(NO_CALL);
    assert.equal(offered(), undefined);
    end({ group: true });
    await clock.advance(59_000);
    assert.equal(offered(), 'c1');
  });

  it('is not offered again when an ended call is published again', () => {
    const { lost, show, offered } = setUp();
    show({ status: 'active' });
    show({ status: 'ended', endReason: 'connection-lost' });
    lost.dismiss();
    show({ status: 'ended', endReason: 'connection-lost', members: [] });
    assert.equal(offered(), undefined);
  });

  it('ends the offer after a minute, with a new call, and on demand', async () => {
    const { clock, stores, lost, end, offered } = setUp();
    end();
    await clock.advance(59_999);
    assert.equal(offered(), 'c1');
    await clock.advance(1);
    assert.equal(offered(), undefined);
    end();
    stores.$call.set({ ...NO_CALL, callID: 'c2', status: 'incoming' });
    assert.equal(offered(), undefined);
    end();
    assert.equal(lost.dismiss(), true);
    assert.equal(lost.dismiss(), false);
    assert.equal(offered(), undefined);
    assert.equal(clock.timers, 0);
  });
});
