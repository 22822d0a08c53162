import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { KEEP_SETTLED_MS, MAX_TICKET_BYTES } from '../limits/limits.js';
import { Tickets } from './ticket.js';

describe('a ticket', () => {
  const secret = randomBytes(32).toString('base64url');
  let now = 1_000_000;
  const tickets = new Tickets(
    () => secret,
    () => now,
  );
  const claim = { userID: 'bob', callID: 'a call "ö"', round: 2 };
  const issue = (other: Partial<typeof claim> = {}) =>
    tickets.issue({ ...claim, ...other, expiresAt: now + 60_000 });

  it('is valid until ten minutes after the time-out of its invitation', () => {
    const ticket = issue();
    assert.match(ticket, /^[\w-]+\.[\w-]{43}$/);
    assert.deepEqual(tickets.read(ticket), claim);
    now += 60_000 + KEEP_SETTLED_MS - 1;
    assert.deepEqual(tickets.read(ticket), claim);
    now += 1;
    assert.equal(tickets.read(ticket), undefined);
  });

  it('is rejected if it was changed, truncated or made with another secret', () => {
    const [mine = '', mac = ''] = issue().split('.');
    const [other = ''] = issue({ callID: 'another' }).split('.');
    const otherSecret = randomBytes(32).toString('base64url');
    const foreign = new Tickets(
      () => otherSecret,
      () => now,
    );
    const invalid = [
      `${other}.${mac}`,
      `${mine}.${mac.slice(0, -2)}`,
      `${mine}.${mac}.${mac}`,
      `${mine}.`,
      mine,
      `.${mac}`,
      '',
      '.',
      'nonsense',
      foreign.issue({ ...claim, expiresAt: now + 60_000 }),
    ];
    for (const ticket of invalid) assert.equal(tickets.read(ticket), undefined, ticket);
  });

  it('fits into MAX_TICKET_BYTES for the longest IDs', () => {
    const ticket = issue({ userID: '漢'.repeat(128), callID: '\u0001'.repeat(64) });
    assert.ok(ticket.length <= MAX_TICKET_BYTES);
  });
});
