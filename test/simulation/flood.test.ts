import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EventInput } from '../../src/core/machine/events.js';
import type { MachineState, Self } from '../../src/core/machine/types.js';
import { parseDelivered, type MemberRecord } from '../../src/core/protocol/messages.js';
import { machine } from './machine.js';
import { countCopies, countEntries } from './measure.js';
import { pick, random } from './random.js';
import { bodyOf, TYPES } from './random-message.js';

/** Number of false messages that one device receives. */
const FALSE_MESSAGES = 10_000;
/** Maximum number of entries in maps, sets and lists that one device may store, whatever it receives. */
const MAX_ENTRIES = 1_500;
/** Maximum number of entries that may be copied for one event. */
const MAX_COPIED = 1_000;
/** Maximum ratio of the entries after all false messages to those after half of them. */
const MAX_GROWTH = 1.1;

const SELF: Self = { userID: 'B', userName: 'B', deviceID: 'B1', media: true, canTakeCalls: true };
const CALLER = { userID: 'A', userName: 'A', deviceID: 'A1' };
const LIAR = { userID: 'Z', userName: 'Z', deviceID: 'Z1' };
const USERS = ['A', 'B', 'Z', 'C'];

/** One device in a call with A. */
class Device {
  state: MachineState = machine.initialState(SELF);
  copied = 0;
  #now = 1_000_000;

  feed(input: EventInput): void {
    this.#now += 10;
    const event = { ...input, now: this.#now };
    this.copied = countCopies(() => {
      [this.state] = machine.transition(this.state, event);
    });
  }

  receive(from: typeof CALLER, message: object): void {
    const stamped = { v: 1, to: ['B'], records: [], ...message, from, at: this.#now };
    const delivered = parseDelivered(stamped);
    assert.ok(delivered, JSON.stringify(stamped));
    this.feed({ type: 'transport.message', message: delivered });
  }
}

function inCall(): Device {
  const device = new Device();
  device.feed({ type: 'transport.online' });
  device.feed({ type: 'transport.synced', inbox: { missed: [], settled: [] } });
  const caller = { user: 'A', round: 1, state: 'in', device: 'A1', inviter: 'A' };
  const own = { user: 'B', round: 1, state: 'inviting', inviter: 'A' };
  device.receive(CALLER, {
    ...{ type: 'invite', id: 'A1-1', callID: 'c', callType: 'voice', initiator: 'A' },
    ...{ remainingMs: 60_000, timeoutMs: 60_000, customData: '', records: [caller, own] },
  });
  device.feed({ type: 'user.accept', request: 1, customData: '' });
  const records = [caller, { ...own, state: 'in', device: 'B1' }];
  device.receive(CALLER, { type: 'select', id: 'A1-2', callID: 'c', user: 'B', records });
  assert.equal(device.state.calls.get('c')?.phase, 'in');
  return device;
}

/** All message types except invitations to new calls, which every user may send. The server limits their number. */
const SENT_TYPES = TYPES.filter((type) => type !== 'invite');

function lieTo(device: Device, number: number, draw: () => number): void {
  const user = pick(draw, USERS);
  const state = pick(draw, ['inviting', 'ringing', 'in', 'left', 'declined'] as const);
  const round = 1 + Math.floor(draw() * 900_000);
  const record: MemberRecord = { user, round, state, inviter: pick(draw, USERS) };
  if (draw() < 0.5) record.device = `Z${number}`;
  device.receive(
    { ...LIAR, deviceID: draw() < 0.5 ? 'Z1' : `Z${number}` },
    {
      ...bodyOf(draw, pick(draw, SENT_TYPES), { user, round, device: 'Z1' }),
      id: `lie-${number}`,
      callID: draw() < 0.3 ? 'c' : `x${Math.floor(draw() * 5_000)}`,
      records: draw() < 0.7 ? [record] : [],
      names: [{ userID: `Z${number}`, userName: 'Somebody' }],
    },
  );
}

describe('a device that receives ten thousand false messages', () => {
  it('stores and copies no more than before', () => {
    const device = inCall();
    const draw = random(1);
    let half = 0;
    for (let number = 1; number <= FALSE_MESSAGES; number++) {
      lieTo(device, number, draw);
      if (number === FALSE_MESSAGES / 2) half = countEntries(device.state);
    }
    const entries = countEntries(device.state);
    const summary = `${half} entries after half of the lies, ${entries} after all, ${device.copied} copied for the last`;
    assert.ok(entries <= MAX_ENTRIES, summary);
    assert.ok(entries <= half * MAX_GROWTH, summary);
    assert.ok(device.copied <= MAX_COPIED, summary);
    assert.equal(device.state.calls.get('c')?.phase, 'in', 'the call is still active');
  });
});
