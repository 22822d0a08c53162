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

/** @returns an invitation from Alice to Bob, as the server stores it */
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

/** Bob's device, whose time of day is `ahead` ms ahead of the server's. The test plays the server. */
async function setUp(aheadMs: number, storage = createMemoryStorage()) {
  const clock = createFakeClock();
  clock.setWall(aheadMs);
  /** The time that the device's monotonic clock has not counted, in ms. */
  let asleep = 0;
  const { addSleep } = clock;
  clock.addSleep = (ms) => {
    asleep -= ms;
    addSleep(ms);
  };
  const serverNow = (): number => clock.now() + asleep;
  const notifier = createFakeNotifier();
  let emit: (event: TransportEvent) => void = () => {};
  let inbox: InboxReport = { missed: [], settled: [] };
  const transport: SignalTransport = {
    open: (_identity, handle) => void (emit = handle),
    hello: () => emit({ type: 'drained', inbox }),
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
    /** Connects; the server reports calls that were missed the given times ago. */
    async connect(...agoMs: number[]) {
      const missed = agoMs.map((ago, index) => {
        const at = serverNow() - ago;
        const message = invite(`call-${String(index)}`, at - 10_000);
        return { invite: message, reason: 'timeout' as const, at, fresh: true };
      });
      inbox = { missed, settled: [] };
      emit({ type: 'online' });
      await clock.settle();
    },
    /** The system sleeps, and loses its connection. */
    sleep(ms: number) {
      clock.sleep(ms);
      asleep += ms;
      emit({ type: 'offline' });
    },
    message: (message: unknown) => emit({ type: 'message', message }),
    /** @returns how long ago the missed calls were, as displayed, in minutes, newest first */
    reads: () =>
      service.$missedCalls.get().map(({ at }) => Math.round((clock.epoch() - at) / MINUTE)),
  };
}

describe('the time of a missed call', () => {
  for (const hours of [0, 2, -2]) {
    it(`is correct on a device whose clock is ${hours} hours off`, async () => {
      const { connect, reads, notifier, clock } = await setUp(hours * HOUR);
      await connect(3 * MINUTE, 90 * MINUTE);
      assert.deepEqual(reads(), [3, 90]);
      const [first] = notifier.notices;
      assert.equal(first?.at, clock.epoch() - 3 * MINUTE);
    });

    it(`is correct for a call that a device with a clock ${hours} hours off has missed itself`, async () => {
      const { connect, reads, message, clock, serverNow } = await setUp(hours * HOUR);
      await connect();
      message(invite('ringing', serverNow()));
      await clock.advance(30_000);
      await clock.advance(5 * MINUTE);
      assert.deepEqual(reads(), [5]);
    });
  }

  it('is corrected when the time of day is set, also in a page that stays connected', async () => {
    const { connect, reads, clock } = await setUp(0);
    await connect(3 * MINUTE);
    for (const hours of [3, -7]) {
      clock.setWall(hours * HOUR);
      await clock.advance(MINUTE);
    }
    assert.deepEqual(reads(), [5]);
  });

  it('is correct after the device has slept', async () => {
    const { connect, reads, sleep, message, clock, serverNow } = await setUp(2 * HOUR);
    await connect(3 * MINUTE);
    sleep(3 * HOUR);
    assert.deepEqual(reads(), [183]);
    await connect(3 * HOUR + 3 * MINUTE);
    message(invite('ringing', serverNow()));
    await clock.advance(30_000);
    assert.deepEqual(reads(), [0, 184]);
  });

  it('is correct at the next page load, also if the clock was corrected meanwhile', async () => {
    const first = await setUp(2 * HOUR);
    await first.connect(3 * MINUTE);
    first.service.stop();
    const second = await setUp(0, first.storage);
    await second.connect();
    assert.deepEqual(second.reads(), [3]);
  });

  it('is stored for 30 days by the server’s time', async () => {
    const { connect, reads } = await setUp(-40 * 24 * HOUR);
    await connect(29 * 24 * HOUR, 31 * 24 * HOUR);
    assert.deepEqual(reads(), [29 * 24 * 60]);
  });
});
