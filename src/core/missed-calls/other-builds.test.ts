import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createMissedCallsHarness,
  type MissedCallsPhone,
  type MissedCallsHarness,
} from '../../../test/support/missed-calls-harness.js';
import type { Message } from '../protocol/messages.js';

/** Simulates a phone of a later build: it adds fields to each message, and sends messages of unknown types. */
function renew(
  harness: MissedCallsHarness,
  phone: MissedCallsPhone,
  others: readonly MissedCallsPhone[],
) {
  const send = phone.transport.send.bind(phone.transport);
  let serial = 0;
  phone.transport.send = (message) => {
    const newer = {
      ...message,
      hologram: { depth: 3 },
      records: message.records.map((record) => ({ ...record, mood: 'calm' })),
    } as unknown as Message;
    for (const other of others) {
      harness.network.inject(other.transport, {
        ...newer,
        ...{ id: `newer-${++serial}`, type: 'teleport', at: harness.clock.now() },
        from: { userID: phone.service.user?.userID, userName: 'Newer', deviceID: 'newer' },
      });
    }
    return send(newer);
  };
}

describe('phones with other builds and settings', () => {
  for (const [what, dialBack] of [
    ['calls back', true],
    ['calls nobody back', false],
  ] as const)
    it(`call each other in both directions, and call back a phone that ${what}`, async () => {
      const harness = createMissedCallsHarness();
      const newer = harness.missedCallsPhone('newer');
      const current = harness.missedCallsPhone('current');
      renew(harness, newer, [current]);
      current.config.missedCall = { enableDialBack: dialBack };
      newer.config.missedCall = { enableDialBack: !dialBack };
      await harness.settle();
      for (const [from, to] of [
        [newer, current],
        [current, newer],
      ] as const) {
        const callee = to.service.user?.userID ?? '';
        const { callID } = await from.service.send({ invitees: [callee], callType: 'video' });
        await harness.settle();
        assert.equal(to.status(), 'incoming');
        await to.service.accept();
        await harness.settle();
        assert.deepEqual([from.status(), to.status()], ['active', 'active']);
        await from.service.hangUp();
        await harness.clock.advance(5_000);
        const missed = await harness.ring(from, [callee]);
        assert.notEqual(missed, callID);
        assert.equal(to.missed()[0]?.callID, missed);
        await to.service.clickMissedCall(missed);
        await harness.settle();
        const calls = to.config.missedCall?.enableDialBack;
        assert.deepEqual(
          [to.status(), from.status()],
          calls ? ['ringing-out', 'incoming'] : ['idle', 'idle'],
        );
        await to.service.hangUp();
        await harness.clock.advance(10_000);
      }
      assert.ok(
        !newer.callbackNames().includes('onError') && !current.callbackNames().includes('onError'),
      );
    });
});
