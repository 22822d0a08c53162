import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { acknowledgementSchema, parseDelivered } from '../../src/core/protocol/messages.js';
import { check } from '../../src/core/protocol/shapes.js';
import { inviteBy, ringing, say } from '../../test/support/wire-client.js';
import { UNLIMITED } from '../../test/support/unlimited.js';
import { createMemoryBus } from '../routing/bus.js';
import { Contacts } from '../routing/contacts.js';
import { MessageRouter } from '../routing/message-router.js';
import { silentLogger } from '../observability/logger.js';
import { MemoryInbox } from '../inbox/memory-inbox.js';
import { MemoryPresence } from '../presence/memory-presence.js';
import { Quotas } from '../limits/quotas.js';
import { ReturnWait } from '../presence/return-wait.js';

const RUNS = 50_000;
const sender = { userID: 'eve', userName: 'Eve', deviceID: 'eve-1' };

/** A server without a network: Eve sends, Bob hears. */
async function setUp() {
  const bus = createMemoryBus();
  const returnWait = new ReturnWait({ vanishAfterMs: 1_000, restartWaitMs: 1_000 });
  const presence = new MemoryPresence(returnWait);
  const heard: unknown[] = [];
  const refused: string[] = [];
  let time = 0;
  const exchange = new MessageRouter({
    bus,
    presence,
    returnWait,
    inbox: new MemoryInbox(),
    stamp: () => (time += 1),
    contacts: new Contacts(),
    quotas: new Quotas(UNLIMITED),
    metrics: { delivered() {}, decided() {} },
    logger: silentLogger,
  });
  for (const userID of ['eve', 'bob']) {
    const device = { userID, userName: userID, deviceID: `${userID}-1` };
    await presence.connect(device, userID);
    await bus.subscribe(userID, device.deviceID, (message) => heard.push(message));
  }
  const peer = {
    sender,
    deliver: (message: unknown) => heard.push(message),
    reject: (cause: string) => refused.push(cause),
  };
  return { exchange, presence, peer, heard, refused };
}

const messages = [
  inviteBy(sender, 'c', ['bob']),
  inviteBy(sender, 'd', ['bob']),
  ringing('c', ['bob']),
  say('select', 'c', ['bob'], { user: 'bob' }),
  say('cancel', 'c', ['bob'], { user: 'bob', reason: 'canceled', customData: '' }),
  say('sync', 'c', ['bob'], { phase: 'in', round: 1 }),
  say('seen', 'c', ['bob'], { callIDs: ['c'] }),
  say('leave', 'c', ['bob'], { reason: 'hung-up' }),
];
const keys = [...new Set(messages.flatMap((message) => Object.keys(message)))];
const key = fc.constantFrom(...keys, 'from', 'at', 'replay', 'lost', '__proto__', 'constructor');
const json = fc.jsonValue({ maxDepth: 4 });
/** A message with some of its fields made into something else: it comes close to what is taken. */
const spoilt = fc
  .tuple(fc.constantFrom(...messages), fc.dictionary(key, json, { maxKeys: 3 }))
  .map(([message, changes]): unknown => {
    // As it comes from the wire: `__proto__` is a key like any other.
    const fields = [...Object.entries(message), ...Object.entries(changes)];
    return JSON.parse(
      `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`,
    );
  });

describe('whatever JSON a client sends', () => {
  it('nothing is passed on that a browser would refuse, or that speaks for somebody else', async () => {
    const { exchange, presence, peer, heard, refused } = await setUp();
    let answered = 0;
    let passed = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(json, spoilt, spoilt), async (input) => {
        heard.length = 0;
        const before = refused.length;
        const answer = await exchange.message(peer, input);
        await exchange.hello(peer, input);
        answered += 1;
        passed += heard.length > 0 ? 1 : 0;
        assert.ok(check(acknowledgementSchema, answer));
        if (answer.error) assert.ok(refused.length > before);
        for (const message of heard) {
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
    assert.ok(passed > 1_000, `only ${String(passed)} were taken`);
    assert.ok(refused.length > 1_000, `only ${String(refused.length)} were refused`);
  });
});
