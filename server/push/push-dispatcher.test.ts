import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PushRegistration } from '../../src/core/protocol/push.js';
import { createFakeClock } from '../../test/support/fake-clock.js';
import { invite } from '../../test/support/wire-client.js';
import type { Invitation } from '../inbox/inbox.js';
import { lineLogger } from '../observability/logger.js';
import { UnavailableError } from '../storage/unavailable-error.js';
import { PUSH_READ_AGAIN_MS as READ_AGAIN_MS } from '../limits/limits.js';
import { PushDispatcher } from './push-dispatcher.js';
import type { Push } from './push-sender.js';

const REMAINING_MS = 10_000;

/** A dispatcher whose stores fail as often as the test says. Bob has one browser, without a page. */
function create({
  failures = 0,
  error = new UnavailableError('Redis is away.'),
}: { failures?: number; error?: Error } = {}) {
  const clock = createFakeClock();
  const log: string[] = [];
  const sent: Push[] = [];
  const answer = { mayDisturb: true, failures, unreadable: 0 };
  const registration: PushRegistration = {
    ...{ account: 'account', page: 'https://example.org/', server: 'https://example.org' },
    ...{ lang: 'en', missed: true, dialBack: true, endpoint: 'https://push.example.org/bob' },
    keys: { p256dh: 'key', auth: 'secret' },
  };
  const dispatcher = new PushDispatcher({
    clock,
    subscriptions: {
      of: () => (answer.unreadable-- > 0 ? Promise.reject(error) : Promise.resolve([registration])),
    } as unknown as ConstructorParameters<typeof PushDispatcher>[0]['subscriptions'],
    connected: { has: () => Promise.resolve(false) } as never,
    mayDisturb: () => {
      if (answer.failures > 0) {
        answer.failures -= 1;
        return Promise.reject(error);
      }
      return Promise.resolve(answer.mayDisturb);
    },
    isBusy: () => Promise.resolve(false),
    logger: lineLogger((line) => log.push(line)),
    sender: {
      send: (push) => {
        sent.push(push);
        return { outcome: Promise.resolve('sent'), cancel: () => {} };
      },
    },
    tickets: { issue: () => 'ticket' },
  });
  const message = invite('c1', ['bob'], { remainingMs: REMAINING_MS });
  const from = { userID: 'alice', userName: 'Alice', deviceID: 'alice-1' };
  const invitation: Invitation = {
    ...{ userID: 'bob', callID: 'c1', round: 1, invite: message },
    message: { ...message, from, at: clock.now() },
    receivedAt: clock.now(),
    expiresAt: clock.now() + REMAINING_MS,
  };
  return { clock, log, sent, answer, dispatcher, invitation };
}

describe('pushes while a store is unavailable', () => {
  it('are sent once it is available again, and still ring for the time that is left', async () => {
    const { clock, sent, dispatcher, invitation } = create({ failures: 3 });
    dispatcher.incoming(invitation);
    await clock.advance(2 * READ_AGAIN_MS);
    assert.equal(sent.length, 0);
    await clock.advance(READ_AGAIN_MS);
    assert.equal(sent.length, 1);
    assert.equal(sent[0]?.expiresAt, invitation.expiresAt);
    const payload = sent[0]?.payload(clock.now());
    assert.ok(payload?.kind === 'incoming');
    assert.equal(payload.remainingMs, REMAINING_MS - 3 * READ_AGAIN_MS);
    assert.equal(clock.timers, 0);
  });

  it('are not sent when it tells that the user does not want them', async () => {
    const { clock, sent, answer, dispatcher, invitation } = create({ failures: 1 });
    answer.mayDisturb = false;
    dispatcher.incoming(invitation);
    await clock.advance(REMAINING_MS);
    assert.equal(sent.length, 0);
  });

  it('are given up with one warning when the invitation expires', async () => {
    const { clock, log, sent, dispatcher, invitation } = create({ failures: Infinity });
    dispatcher.incoming(invitation);
    await clock.advance(REMAINING_MS);
    assert.equal(sent.length, 0);
    assert.equal(log.length, 1);
    assert.equal(clock.timers, 0);
  });

  it('are given up when the invitation ends: a missed call is pushed instead', async () => {
    const { clock, sent, answer, dispatcher, invitation } = create({ failures: Infinity });
    dispatcher.incoming(invitation);
    await clock.advance(2 * READ_AGAIN_MS);
    dispatcher.missed(invitation, clock.now());
    answer.failures = 1;
    await clock.advance(3 * READ_AGAIN_MS);
    assert.deepEqual(
      sent.map((push) => push.payload(clock.now()).kind),
      ['missed'],
    );
    assert.equal(clock.timers, 0);
  });

  it('tell that the call was answered, once the registrations can be read again', async () => {
    const { clock, sent, answer, dispatcher, invitation } = create();
    dispatcher.incoming(invitation);
    await clock.settle();
    answer.unreadable = 2;
    dispatcher.answered('bob', 'c1', 1);
    await clock.advance(2 * READ_AGAIN_MS);
    assert.deepEqual(
      sent.map((push) => push.payload(clock.now()).kind),
      ['incoming', 'answered'],
    );
  });

  it('are given up at once after another error, and when the server closes', async () => {
    const broken = create({ failures: 1, error: new TypeError('A fault of the store.') });
    broken.dispatcher.incoming(broken.invitation);
    await broken.clock.advance(REMAINING_MS);
    assert.deepEqual([broken.sent.length, broken.log.length], [0, 1]);

    const closed = create({ failures: 1 });
    closed.dispatcher.incoming(closed.invitation);
    await closed.clock.settle();
    closed.dispatcher.close();
    assert.equal(closed.clock.timers, 0);
    await closed.clock.advance(REMAINING_MS);
    assert.equal(closed.sent.length, 0);
  });
});
