import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../../test/support/fake-clock.js';
import { createFakeNotifier } from '../../../test/support/fake-notifier.js';
import type { SignalTransport, TransportEvent } from '../ports/signal-transport.js';
import type { Delivered, InboxReport, MessageOf } from '../protocol/messages.js';
import { CallError } from '../service/call-error.js';
import { InvitationService } from '../service/invitation-service.js';
import { createMemoryStorage } from '../storage/memory-storage.js';
import { createMissedCalls } from './missed-call-manager.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** An invitation of Alice's to Bob, as a server keeps it. */
const invite = (callID: string, at: number): Delivered<MessageOf<'invite'>> => ({
  ...{ v: 1, id: callID, type: 'invite', callID, to: ['bob'], callType: 'voice', at },
  ...{ initiator: 'alice', endWithInitiator: false, group: false, customData: '' },
  ...{ remainingMs: 10_000, timeoutMs: 10_000, names: [], remaining: [] },
  records: [
    { user: 'alice', round: 1, state: 'in', device: 'a-1', inviter: 'alice' },
    { user: 'bob', round: 1, state: 'inviting', inviter: 'alice' },
  ],
  from: { userID: 'alice', userName: 'Alice', deviceID: 'a-1' },
});

/** Bob's device, whose time of day is so far ahead of the server's; the test is the server. */
async function setUp(aheadMs: number, storage = createMemoryStorage()) {
  const clock = createFakeClock();
  clock.setWall(aheadMs);
  /** What the device's clock has not counted so far. */
  let asleep = 0;
  const { addSleep } = clock;
  clock.addSleep = (ms) => {
    asleep -= ms;
    addSleep(ms);
  };
  const serverNow = (): number => clock.now() + asleep;
  const notifier = createFakeNotifier();
  let tell: (event: TransportEvent) => void = () => {};
  let inbox: InboxReport = { missed: [], settled: [] };
  const transport: SignalTransport = {
    open: (_identity, handle) => void (tell = handle),
    hello: () => tell({ type: 'drained', inbox }),
    send: async () => ({ type: 'acknowledged', reached: [] }),
    serverTime: serverNow,
    close: () => {},
  };
  const service = new InvitationService({
    clock,
    missedCalls: (host) =>
      createMissedCalls(host, {
        ...{ storage, notifier, subscriptions: undefined, clock },
        fault: (code, message) => new CallError(code, message),
      }),
  });
  service.start({ user: { userID: 'bob' }, transport });
  return {
    ...{ clock, service, notifier, serverNow, storage },
    /** A connection is made, and the server tells of calls that were missed so long ago. */
    async connect(...agoMs: number[]) {
      const missed = agoMs.map((ago, index) => {
        const at = serverNow() - ago;
        const message = invite(`call-${String(index)}`, at - 10_000);
        return { invite: message, reason: 'timeout' as const, at, fresh: true };
      });
      inbox = { missed, settled: [] };
      tell({ type: 'online' });
      await clock.settle();
    },
    /** The system sleeps, and its connection is lost. */
    sleep(ms: number) {
      clock.sleep(ms);
      asleep += ms;
      tell({ type: 'offline' });
    },
    message: (message: unknown) => tell({ type: 'message', message }),
    /** How long ago the missed calls read, in minutes, newest first. */
    reads: () =>
      service.$missedCalls.get().map(({ at }) => Math.round((clock.epoch() - at) / MINUTE)),
  };
}

describe('the time of a missed call', () => {
  for (const hours of [0, 2, -2]) {
    it(`is right on a device whose clock is ${hours} hours off`, async () => {
      const { connect, reads, notifier, clock } = await setUp(hours * HOUR);
      await connect(3 * MINUTE, 90 * MINUTE);
      assert.deepEqual(reads(), [3, 90]);
      const [first] = notifier.notices;
      assert.equal(first?.at, clock.epoch() - 3 * MINUTE);
    });

    it(`is right where the device, ${hours} hours off, has noticed it itself`, async () => {
      const { connect, reads, message, clock, serverNow } = await setUp(hours * HOUR);
      await connect();
      message(invite('ringing', serverNow()));
      await clock.advance(30_000);
      await clock.advance(5 * MINUTE);
      assert.deepEqual(reads(), [5]);
    });
  }

  it('follows when the time of day is set, also on a page that stays connected', async () => {
    const { connect, reads, clock } = await setUp(0);
    await connect(3 * MINUTE);
    for (const hours of [3, -7]) {
      clock.setWall(hours * HOUR);
      await clock.advance(MINUTE);
    }
    assert.deepEqual(reads(), [5]);
  });

  it('is right after the device has slept', async () => {
    const { connect, reads, sleep, message, clock, serverNow } = await setUp(2 * HOUR);
    await connect(3 * MINUTE);
    sleep(3 * HOUR);
    assert.deepEqual(reads(), [183]);
    await connect(3 * HOUR + 3 * MINUTE);
    message(invite('ringing', serverNow()));
    await clock.advance(30_000);
    assert.deepEqual(reads(), [0, 184]);
  });

  it('is right at the next page load, also when the clock was set right meanwhile', async () => {
    const first = await setUp(2 * HOUR);
    await first.connect(3 * MINUTE);
    first.service.stop();
    const second = await setUp(0, first.storage);
    await second.connect();
    assert.deepEqual(second.reads(), [3]);
  });

  it('is kept for thirty days by the time of the server', async () => {
    const { connect, reads } = await setUp(-40 * 24 * HOUR);
    await connect(29 * 24 * HOUR, 31 * 24 * HOUR);
    assert.deepEqual(reads(), [29 * 24 * 60]);
  });
});
