import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createMissedCallsHarness,
  type MissedCallsPhone,
  type MissedCallsHarness,
} from '../../../test/support/missed-calls-harness.js';
import type { Message } from '../protocol/messages.js';

/** Makes a phone one of a later build: it says more in each message, and things that nobody knows yet. */
function renew(
  stage: MissedCallsHarness,
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
      stage.network.inject(other.transport, {
        ...newer,
        ...{ id: `newer-${++serial}`, type: 'teleport', at: stage.clock.now() },
        from: { userID: phone.service.user?.userID, userName: 'Newer', deviceID: 'newer' },
      });
    }
    return send(newer);
  };
}

describe('phones of other builds and other settings', () => {
  for (const [what, dialBack] of [
    ['calls back', true],
    ['calls nobody back', false],
  ] as const)
    it(`ring each other both ways, and one that ${what} on a click`, async () => {
      const stage = createMissedCallsHarness();
      const newer = stage.missedCallsPhone('newer');
      const current = stage.missedCallsPhone('current');
      renew(stage, newer, [current]);
      current.config.missedCall = { enableDialBack: dialBack };
      newer.config.missedCall = { enableDialBack: !dialBack };
      await stage.settle();
      for (const [from, to] of [
        [newer, current],
        [current, newer],
      ] as const) {
        const callee = to.service.user?.userID ?? '';
        const { callID } = await from.service.send({ invitees: [callee], callType: 'video' });
        await stage.settle();
        assert.equal(to.status(), 'incoming');
        await to.service.accept();
        await stage.settle();
        assert.deepEqual([from.status(), to.status()], ['active', 'active']);
        await from.service.hangUp();
        await stage.clock.advance(5_000);
        const missed = await stage.ring(from, [callee]);
        assert.notEqual(missed, callID);
        assert.equal(to.missed()[0]?.callID, missed);
        await to.service.clickMissedCall(missed);
        await stage.settle();
        const calls = to.config.missedCall?.enableDialBack;
        assert.deepEqual(
          [to.status(), from.status()],
          calls ? ['ringing-out', 'incoming'] : ['idle', 'idle'],
        );
        await to.service.hangUp();
        await stage.clock.advance(10_000);
      }
      assert.ok(
        !newer.callbackNames().includes('onError') && !current.callbackNames().includes('onError'),
      );
    });
});
