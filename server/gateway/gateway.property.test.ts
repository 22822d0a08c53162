import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { acknowledgementSchema, parseDelivered } from '../../src/core/protocol/messages.js';
import { check } from '../../src/core/protocol/shapes.js';
import { inviteBy, ringing, createMessage } from '../../test/support/wire-client.js';
import { UNLIMITED } from '../../test/support/unlimited.js';
import { createMemoryBus } from '../routing/bus.js';
import { Contacts } from '../routing/contacts.js';
import { MessageRouter } from '../routing/message-router.js';
import { silentLogger } from '../observability/logger.js';
import { MemoryInbox } from '../inbox/memory-inbox.js';
import { MemoryPreferences } from '../preferences/memory-preferences.js';
import { MemoryPresence } from '../presence/memory-presence.js';
import { Quotas } from '../limits/quotas.js';
import { ReturnWait } from '../presence/return-wait.js';

const RUNS = 50_000;
const sender = { userID: 'eve', userName: 'Eve', deviceID: 'eve-1' };

/** A server without a network: Eve sends messages, Bob receives them. */
async function setUp() {
  const bus = createMemoryBus();
  const returnWait = new ReturnWait({ vanishAfterMs: 1_000, restartWaitMs: 1_000 });
  const presence = new MemoryPresence(returnWait);
  const received: unknown[] = [];
  const rejections: string[] = [];
  let time = 0;
  const router = new MessageRouter({
    bus,
    presence,
    returnWait,
    inbox: new MemoryInbox(),
    preferences: new MemoryPreferences(),
    stamp: () => (time += 1),
    contacts: new Contacts(),
    quotas: new Quotas(UNLIMITED),
    metrics: { delivered() {}, decided() {} },
    logger: silentLogger,
  });
  for (const userID of ['eve', 'bob']) {
    const device = { userID, userName: userID, deviceID: `${userID}-1` };
    await presence.connect(device, userID);
    await bus.subscribe(userID, device.deviceID, (message) => received.push(message));
  }
  const peer = {
    sender,
    deliver: (message: unknown) => received.push(message),
    reject: (cause: string) => rejections.push(cause),
  };
  return { router, presence, peer, received, rejections };
}

const messages = [
  inviteBy(sender, 'c', ['bob']),
  inviteBy(sender, 'd', ['bob']),
  ringing('c', ['bob']),
  createMessage('select', 'c', ['bob'], { user: 'bob' }),
  createMessage('cancel', 'c', ['bob'], { user: 'bob', reason: 'canceled', customData: '' }),
  createMessage('sync', 'c', ['bob'], { phase: 'in', round: 1 }),
  createMessage('seen', 'c', ['bob'], { callIDs: ['c'] }),
  createMessage('leave', 'c', ['bob'], { reason: 'hung-up' }),
];
const keys = [...new Set(messages.flatMap((message) => Object.keys(message)))];
const key = fc.constantFrom(...keys, 'from', 'at', 'replay', 'lost', '__proto__', 'constructor');
const json = fc.jsonValue({ maxDepth: 4 });
/** A valid message with some fields changed, so that many inputs are nearly valid. */
const mutated = fc
  .tuple(fc.constantFrom(...messages), fc.dictionary(key, json, { maxKeys: 3 }))
  .map(([message, changes]): unknown => {
    // JSON.parse, as for input from the wire, so that `__proto__` is an ordinary key.
    const fields = [...Object.entries(message), ...Object.entries(changes)];
    return JSON.parse(
      `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`,
    );
  });

describe('the message router with arbitrary JSON input', () => {
  it('delivers only messages that a browser accepts, from the sender or the server', async () => {
    const {
      router: router,
      presence,
      peer,
      received: received,
      rejections: rejections,
    } = await setUp();
    let answered = 0;
    let delivered = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(json, mutated, mutated), async (input) => {
        received.length = 0;
        const before = rejections.length;
        const answer = await router.message(peer, input);
        await router.hello(peer, input);
        answered += 1;
        delivered += received.length > 0 ? 1 : 0;
        assert.ok(check(acknowledgementSchema, answer));
        if (answer.error) assert.ok(rejections.length > before);
        for (const message of received) {
          const delivered = parseDelivered(message);
          assert.ok(delivered, JSON.stringify(message));
          assert.ok(['eve', 'bob'].includes(delivered.from.userID));
          if (delivered.from.userID === 'bob') assert.equal(delivered.from.deviceID, '@server');
        }
        assert.equal(({} as { polluted?: unknown }).polluted, undefined);
      }),
      { numRuns: RUNS },
    );
    await presence.close();
    assert.equal(answered, RUNS);
    assert.ok(delivered > 1_000, `only ${String(delivered)} were delivered`);
    assert.ok(rejections.length > 1_000, `only ${String(rejections.length)} were rejected`);
  });
});
