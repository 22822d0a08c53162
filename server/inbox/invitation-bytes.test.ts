import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { invite, record } from '../../test/support/wire-client.js';
import { invitationBytes } from './invitation-bytes.js';

const id = fc.string({
  unit: fc.constantFrom('a', 'b', '-', '7', 'ü'),
  minLength: 1,
  maxLength: 128,
});
const text = fc.string({ unit: fc.constantFrom('a', ' ', '7', '漢'), maxLength: 400 });

describe('invitationBytes', () => {
  it('estimates at least two bytes for each character of the JSON, and not many more', () => {
    fc.assert(
      fc.property(
        fc.array(id, { minLength: 1, maxLength: 64 }),
        fc.array(fc.tuple(id, id, fc.option(text, { nil: undefined })), { maxLength: 64 }),
        text,
        (to, others, customData) => {
          const more = others.map(([user, inviter, data]) =>
            record(user, 'unsupported', {
              inviter,
              device: user,
              reason: 'declined-elsewhere',
              round: 1_000_000,
              ...(data !== undefined && { customData: data }),
            }),
          );
          const names = others.map(([userID, userName]) => ({ userID, userName }));
          const sent = invite('c', to, { records: more, customData, names, timeoutMs: 600_000 });
          const from = { userID: 'alice', userName: 'Alice', deviceID: 'alice-1' };
          const message = { ...sent, toDevice: to[0], from, at: 1_800_000_000_000 };
          const invitation = { userID: 'bob', callID: 'c', round: 1, invite: sent, message };
          const bytes = invitationBytes({ ...invitation, receivedAt: 0, expiresAt: 0 });
          const { length } = JSON.stringify(message);
          assert.ok(bytes >= 2 * (length - (to[0]?.length ?? 0)), `${bytes} for ${length}`);
          assert.ok(bytes <= 4 * length + 2_000, `${bytes} for ${length}`);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
