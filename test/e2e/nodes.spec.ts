import { Balancer } from '../support/balancer.js';
import { CallServerProcess } from '../support/call-server.js';
import { RedisServer, withoutRedis } from '../support/redis-server.js';
import type { Person } from './person.js';
import { expect, test as base } from './fixtures.js';

/** Two servers with one Redis, with a balancer for each that uses the other server if its own is down. */
interface Nodes {
  readonly one: CallServerProcess;
  readonly two: CallServerProcess;
  /** URLs of pages that connect to the first server, and to the second one. */
  readonly doors: readonly [string, string];
}

const test = base.extend<{ nodes: Nodes }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern which fixtures are wanted
  nodes: async ({}, use) => {
    const redis = await RedisServer.start();
    const start = () => CallServerProcess.start({ redis: redis.url });
    const [one, two] = await Promise.all([start(), start()]);
    const balancers = await Promise.all([
      Balancer.start([one.url, two.url]),
      Balancer.start([two.url, one.url]),
    ]);
    await use({ one, two, doors: [balancers[0].url, balancers[1].url] });
    await Promise.all(balancers.map((balancer) => balancer.stop()));
    await Promise.all([one.stop(), two.stop()]);
    await redis.stop();
  },
});

interface Returning {
  /** Resolves after the page was disconnected and has reconnected. */
  returned: Promise<void>;
}

/** Starts watching now, because a page may reconnect before a poll notices that it was disconnected. */
const watchReturn = ({ page }: Person): Promise<void> =>
  page.evaluate(() => {
    const { $connection } = document.querySelector('call-invitation-provider')!.service;
    const returned = new Promise<void>((resolve) => {
      let wasLost = false;
      const stop = $connection.listen((state) => {
        if (state !== 'connected') wasLost = true;
        else if (wasLost) {
          stop();
          resolve();
        }
      });
    });
    Object.assign(window, { returned } satisfies Returning);
  });

const returned = ({ page }: Person): Promise<void> =>
  page.evaluate(() => (window as unknown as Returning).returned);

test.use({ separateProcesses: true });
test.skip(withoutRedis !== false, withoutRedis || '');

test('after a server crash, its users connect to the other server, ringing calls are answered, connected calls continue, and lost devices are reported @extended', async ({
  open,
  nodes: { one, doors },
}) => {
  const [first, second] = doors;
  const on = (userID: string, signaling: string, beside = signaling === first ? 'alice' : 'bob') =>
    open(userID, { signaling, beside });
  // Two ringing calls: in one, the caller loses the server, in the other, the callee.
  const [alice, bob] = await Promise.all([on('alice', first), on('bob', second)]);
  const [carol, dave] = await Promise.all([on('carol', second), on('dave', first)]);
  const [erin, frank] = await Promise.all([on('erin', first), on('frank', second)]);
  await erin.send(['frank'], { callType: 'voice' });
  await frank.is('incoming');
  await frank.ask('accept');
  for (const person of [erin, frank]) await person.receives('sound', 1);
  await alice.send(['bob'], { callType: 'voice', timeoutSeconds: 120 });
  await carol.send(['dave'], { callType: 'voice', timeoutSeconds: 120 });
  // A user whose browser is killed with the server.
  const [grace, heidi] = [await on('grace', first, 'grace'), await on('heidi', second)];
  await grace.send(['heidi'], { callType: 'voice', timeoutSeconds: 120 });
  for (const person of [bob, dave, heidi]) await person.is('incoming');
  for (const person of [alice, carol]) await person.is('ringing-out');

  const moved = [alice, dave, erin];
  await Promise.all(moved.map(watchReturn));
  await Promise.all([one.kill(), grace.crash()]);
  await Promise.all(moved.map(returned));

  for (const person of [erin, frank]) await person.receives('sound', 1);
  for (const person of [bob, dave]) {
    expect(await person.status()).toBe('incoming');
    await person.ask('accept');
  }
  for (const person of [alice, bob, carol, dave]) await person.receives('sound', 1);
  await heidi.is('ended: canceled', 30_000);
  // By now, all devices that did not return have been reported as lost.
  const everybody = [alice, bob, carol, dave, erin, frank];
  for (const person of everybody) expect(await person.status(), person.userID).toBe('active');

  for (const person of [bob, carol, erin]) await person.ask('hangUp');
  for (const person of everybody) await person.is('ended: hung-up');
  for (const caller of [alice, carol, erin])
    expect(await caller.callbacks(), caller.userID).toEqual(['onOutgoingCallAccepted']);
  for (const callee of [bob, dave, frank])
    expect(await callee.callbacks(), callee.userID).toEqual([
      'onIncomingCallReceived',
      'onIncomingCallAcceptButtonPressed',
    ]);
  expect(await heidi.callbacks()).toEqual(['onIncomingCallReceived', 'onIncomingCallCanceled']);
  await expect.poll(async () => (await heidi.missedCalls()).length).toBe(1);
});
