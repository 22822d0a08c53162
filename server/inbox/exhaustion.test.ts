import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { CallServerProcess } from '../../test/support/call-server.js';
import { useClients } from '../../test/support/clients.js';
import { eventually } from '../../test/support/eventually.js';
import { invite, record, ringing, createMessage } from '../../test/support/wire-client.js';
import { createMemoryBus } from '../routing/bus.js';
import { Contacts } from '../routing/contacts.js';
import { MessageRouter } from '../routing/message-router.js';
import { InboxEntries } from './inbox-entries.js';
import { DEFAULT_LIMITS, MAX_ENTRIES } from '../limits/limits.js';
import { silentLogger } from '../observability/logger.js';
import { MemoryInbox } from './memory-inbox.js';
import { MemoryPreferences } from '../preferences/memory-preferences.js';
import { MemoryPresence } from '../presence/memory-presence.js';
import { Quotas } from '../limits/quotas.js';
import { ReturnWait } from '../presence/return-wait.js';
import type { CreateLimiter } from '../limits/rate-limiter.js';
import { createStamp } from '../messages/stamp.js';

/** Well-formed records that make an invitation as large as a message may be. */
const LARGE_RECORDS = Array.from({ length: 50 }, (_, index) =>
  record(`user-${String(index)}`, 'declined', { customData: 'x'.repeat(1_000) }),
);
/** A field that this version of the protocol does not know. */
const JUNK = { junk: 'x'.repeat(55_000) };

/** An invitation with a time-out of one second. The inviter is the only device in the call. */
function inviteBy(userID: string, callID: string, to: string, isLarge = false, timeoutMs = 1_000) {
  const own = { device: `${userID}-1`, inviter: userID };
  const records = [record(userID, 'in', own), record(to, 'inviting', { inviter: userID })];
  return invite(callID, [to], {
    initiator: userID,
    records: isLarge ? [...records, ...LARGE_RECORDS] : records,
    remaining: [{ user: to, ms: timeoutMs }],
    remainingMs: timeoutMs,
    timeoutMs,
  });
}

describe('two hundred accounts that use up their rate limits for minutes', () => {
  const ACCOUNTS = 200;
  /** Simulated seconds. `ATTACK_SECONDS=600` takes one or two minutes. */
  const SECONDS = Number(process.env['ATTACK_SECONDS'] ?? 60);
  const START = 1_800_000_000_000;

  /** A server without a network, with a simulated clock and the limits of a server with 256 MB of memory. */
  function setUp() {
    let now = START;
    const time = () => now;
    /** Fixed time windows, as in the limiter in memory. */
    const createLimiter: CreateLimiter = (_, { points, seconds }) => {
      const windows = new Map<string, { end: number; taken: number }>();
      return {
        take: async (key, count = 1) => {
          const known = windows.get(key);
          const window =
            known && known.end > now ? known : { end: now + seconds * 1_000, taken: 0 };
          windows.set(key, window);
          window.taken += count;
          return window.taken > points ? window.end - now : 0;
        },
      };
    };
    const limits = { ...DEFAULT_LIMITS, storeBytes: 32 * 2 ** 20 };
    const entries = new InboxEntries(undefined, limits);
    const returnWait = new ReturnWait({ vanishAfterMs: 8_000, restartWaitMs: 8_000 });
    const presence = new MemoryPresence(returnWait, time);
    const router = new MessageRouter({
      bus: createMemoryBus(),
      presence,
      returnWait,
      inbox: new MemoryInbox(time, { entries }),
      preferences: new MemoryPreferences(),
      stamp: createStamp(time),
      contacts: new Contacts(),
      quotas: new Quotas(limits, createLimiter),
      metrics: { delivered() {}, decided() {} },
      logger: silentLogger,
    });
    const rejections: string[] = [];
    const peer = (userID: string) => ({
      sender: { userID, userName: userID, deviceID: `${userID}-1` },
      deliver() {},
      reject: (cause: string) => rejections.push(cause),
    });
    const advance = async (ms: number) => {
      now += ms;
      await router.sweep();
    };
    return { router, presence, entries, limits, peer, rejections, advance };
  }

  it('do not exceed the budget of the store, or displace missed calls from honest callers', async () => {
    const {
      router: router,
      presence,
      entries,
      limits,
      peer,
      rejections: rejections,
      advance,
    } = setUp();
    const honest: string[] = [];
    const call = async (friend: number) => {
      const userID = `friend-${String(friend)}`;
      const callID = `real-${String(honest.length)}`;
      const sent = inviteBy(userID, callID, 'victim', false, 20_000);
      const answer = await router.message(peer(userID), { ...sent, customData: 'It is me' });
      assert.ok(answer.reached);
      honest.push(callID);
    };
    // Ten friends call before the attack starts.
    for (let friend = 0; friend < 10; friend += 1) await call(friend);
    for (let index = 0; index < 30; index += 1) await advance(1_000);
    let sent = 0;
    for (let second = 0; second < SECONDS; second += 1) {
      await advance(1_000);
      // Each account sends its maximum of two invitations per second; a quarter of them go to the victim.
      for (let account = 0; account < ACCOUNTS; account += 1) {
        const userID = `eve-${String(account)}`;
        for (const half of [0, 1]) {
          const number = 2 * second + half;
          const to = number % 4 === 0 ? 'victim' : `other-${String((number + account) % 5_000)}`;
          const callID = `junk-${userID}-${String(number)}`;
          const message = inviteBy(userID, callID, to, number % 8 === 0);
          await router.message(peer(userID), { ...message, ...JUNK });
          sent += 1;
        }
      }
      if (second % Math.ceil(SECONDS / 15) === 2) await call(second % 30);
      assert.ok(entries.bytes <= limits.storeBytes);
    }
    for (let index = 0; index < 30; index += 1) await advance(1_000);
    assert.equal(sent, ACCOUNTS * 2 * SECONDS);
    assert.deepEqual(rejections, [], 'the attackers stay within their rate limits');
    const received: unknown[] = [];
    const victim = {
      ...peer('victim'),
      deliver: (message: unknown) => void received.push(message),
    };
    const initialSync = await router.hello(victim, { over: [], missed: [] });
    assert.ok(initialSync);
    const { missed } = initialSync.inboxReport;
    const missedIDs = new Set(missed.map(({ invite: { callID } }) => callID));
    assert.ok(honest.length >= 25);
    assert.deepEqual(
      honest.filter((callID) => !missedIDs.has(callID)),
      [],
      'all missed calls from honest callers are in the inbox',
    );
    assert.ok(missed.length <= MAX_ENTRIES.missed);
    const bytes = JSON.stringify([initialSync, received]).length;
    assert.ok(bytes <= limits.inboxBytes, `${String(bytes)} bytes to download`);
    await presence.close();
  });
});

describe('a server that receives as much as the limits allow', () => {
  let server: CallServerProcess;
  const clients = useClients();
  afterEach(() => server.stop());
  const ready = (deviceID: string) => clients.ready(server.url, deviceID);

  it('survives with a heap of 128 MB when 31 accounts send a minute’s invitations of maximum size', async () => {
    const points = DEFAULT_LIMITS.invitationsPerCaller.points;
    server = await CallServerProcess.start({
      maxHeapMB: 128,
      // All invitations of a minute arrive at once in this test.
      limits: { bytesPerUser: { points: 1_000_000_000, seconds: 1 } },
    });
    const friend = await ready('friend-1');
    await friend.send(inviteBy('friend', 'real', 'victim', false, 60_000));
    await friend.send(
      createMessage('cancel', 'real', ['victim'], {
        user: 'victim',
        reason: 'timeout',
        customData: '',
      }),
    );
    const flood = async (account: number) => {
      const userID = `eve${String(account)}`;
      const client = await ready(`${userID}-1`);
      for (let index = 0; index < points; index += 1) {
        const to = index % 4 === 0 ? 'victim' : `other-${userID}-${String(index)}`;
        const message = inviteBy(userID, `${userID}-${String(index)}`, to, true);
        await client.send(message);
      }
    };
    await Promise.all(Array.from({ length: 31 }, (_, account) => flood(account)));
    const victim = await clients.connect(server.url, 'victim-1');
    const report = await victim.hello();
    assert.ok(report.missed.some(({ invite: { callID } }) => callID === 'real'));
    assert.ok(JSON.stringify([report, victim.received]).length <= DEFAULT_LIMITS.inboxBytes);
    assert.equal((await server.report()).refused['too-many-invitations'], undefined);
  });

  it('lets other users connect while five devices of one account send messages that take long to parse, and reads only as many as the limit on bytes permits', async () => {
    const { points } = DEFAULT_LIMITS.bytesPerUser;
    // The default number of bytes, in a period that is longer than this test.
    server = await CallServerProcess.start({ limits: { bytesPerUser: { points, seconds: 600 } } });
    const [alice, bob] = [await ready('alice-1'), await ready('bob-1')];
    await alice.send(invite('call', ['bob']));
    await bob.next('invite');
    await bob.send(createMessage('accept', 'call', ['alice'], { round: 1, customData: '' }));
    // Encoded before they are sent: this takes seconds on a busy machine, in which the test could receive nothing.
    const packets = Array.from({ length: 40 }, (_, message) => {
      const keys = Array.from({ length: 5_000 }, (_, key) => [
        `${String(message)}-${String(key)}`,
        1,
      ]);
      const junk: unknown = Object.fromEntries(keys);
      return `2${JSON.stringify(['message', { ...ringing('call', ['bob']), ...(junk as object) }])}`;
    });
    const eves = await Promise.all([1, 2, 3, 4, 5].map((device) => ready(`eve-${String(device)}`)));
    // The server finds all messages together when it goes on, and Bob's connection behind them.
    server.freeze();
    for (const { socket } of eves) for (const packet of packets) socket.io.engine.write(packet);
    const connecting = clients.connect(server.url, 'bob-1');
    server.thaw();
    const again = await connecting;
    await again.hello({ current: { callID: 'call', phase: 'in', round: 1 } });
    await eventually(
      async () => eves.every(({ socket }) => !socket.connected),
      'the devices are disconnected',
    );
    // Each message is malformed, because it has too many values.
    const { malformed = 0 } = (await server.report()).refused;
    const withinLimit = points / (packets[0]?.length ?? 0);
    assert.ok(malformed > 0);
    // Bytes are counted after each second message, and a connection ends a message later.
    assert.ok(
      malformed <= withinLimit + 3 * eves.length,
      `${String(malformed)} messages were read`,
    );
  });
});
