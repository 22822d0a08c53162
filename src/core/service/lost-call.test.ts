import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../../test/support/fake-clock.js';
import { NO_CALL, ongoing } from '../../../test/support/fake-service.js';
import { CallError } from './call-error.js';
import { LostCall } from './lost-call.js';
import { createStores } from './stores.js';
import type { CallSnapshot } from './snapshots.js';

function setUp() {
  const clock = createFakeClock();
  const stores = createStores((error) => {
    throw error;
  });
  const log: string[] = [];
  const group = { isOver: false };
  const lost = new LostCall(clock, stores, {
    send({ invitees, callType, customData }) {
      const users = invitees.map((one) => (typeof one === 'string' ? one : one.userID));
      log.push(`send ${users.join(' ')} ${callType} ${customData}`);
      return Promise.resolve({ callID: 'next', unreachable: [] });
    },
    join(callID) {
      log.push(`join ${callID}`);
      return group.isOver ? Promise.reject(new CallError('call-over')) : Promise.resolve(true);
    },
  });
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
    offered: () => stores.$lostCall.get()?.callID,
  };
}

describe('LostCall', () => {
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

  it('offers only calls that were running and lost their connection', () => {
    const { end, offered } = setUp();
    end({ endReason: 'hung-up' });
    end({ startedAt: undefined });
    assert.equal(offered(), undefined);
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
