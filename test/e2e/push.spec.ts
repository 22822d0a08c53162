import type { CallServerProcess } from '../support/call-server.js';
import { FakePushService } from '../support/push-service.js';
import { accept, hangUp, leave, openNotified } from './missed.js';
import type { Person } from './person.js';
import { expect, test as base, type Open } from './fixtures.js';

/* Web Push without an open page: the server pushes to a fake push service, which decrypts the message; the test
   delivers it to the worker of the browser. */

const test = base.extend<{ pushService: FakePushService }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern which fixtures are wanted
  pushService: async ({}, use) => {
    const service = await FakePushService.start();
    await use(service);
    await service.close();
  },
  serverOptions: async ({ pushService }, use) => {
    const { origin, agent } = pushService;
    await use({ pushService: { origin, ca: String(agent.options.ca) } });
  },
});

/** Replaces the push service of the browser with the subscription in the URL. Runs in the page. */
function stubPush(): void {
  const given = new URLSearchParams(location.search).get('subscription') ?? '';
  const subscription = (): PushSubscription | null => {
    const key = localStorage.getItem(given);
    if (key === null) return null;
    const text = atob(key.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    return {
      options: { applicationServerKey: bytes.buffer },
      toJSON: () => JSON.parse(given) as PushSubscriptionJSON,
      unsubscribe: () => {
        localStorage.removeItem(given);
        return Promise.resolve(true);
      },
    } as never;
  };
  PushManager.prototype.getSubscription = () => Promise.resolve(subscription());
  PushManager.prototype.subscribe = (options) => {
    localStorage.setItem(given, options?.applicationServerKey as string);
    return Promise.resolve(subscription() as PushSubscription);
  };
}

/** Opens Bob's page, always in the same browser with the same subscription. */
function bobsBrowser(open: Open, pushService: FakePushService): () => Promise<Person> {
  const parameters = {
    subscription: JSON.stringify(pushService.subscribe()),
    ...{ 'notification-url': '/?calls', lang: 'de' },
  };
  return () => openNotified(open, 'bob', { prepare: stubPush, parameters });
}

/** Opens Bob's page and enables push. */
async function enabled(openBob: () => Promise<Person>, server: CallServerProcess) {
  const bob = await openBob();
  expect(await bob.ask('enablePush')).toBe(true);
  return { notices: bob.notices, close: () => leave(bob, server) };
}

test('a call is pushed and shown once; declining it in the notification opens no page', async ({
  open,
  pushService,
  server,
}) => {
  const openBob = bobsBrowser(open, pushService);
  const [alice, { notices, close }] = await Promise.all([open('alice'), enabled(openBob, server)]);
  await close();
  const { callID, unreachable } = await alice.send(['bob']);
  expect(unreachable.map(({ userID }) => userID)).toEqual(['bob']);
  const push = await pushService.next();
  expect(push.payload.kind).toBe('incoming');
  await notices.push(push.json);
  await notices.are(`incoming ${callID}`);
  await notices.push(push.json);
  expect(await notices.shown()).toMatchObject([
    {
      ...{ title: 'ALICE ruft an', body: 'Videoanruf', lang: 'de', tag: callID },
      actions: ['accept', 'decline'],
    },
  ]);
  expect(await notices.click(callID, 'decline'), 'windows').toEqual([]);
  await alice.is('ended: declined');
  expect(await alice.argumentsOf('onOutgoingCallDeclined')).toHaveLength(1);
  await notices.are();
  // Too late: the call is already declined.
  await notices.deliver(push.json);
  await notices.are();
});

test('accepting a call in its notification opens the page, which accepts it @extended', async ({
  open,
  site,
  pushService,
  server,
}) => {
  const openBob = bobsBrowser(open, pushService);
  const [alice, { notices, close }] = await Promise.all([open('alice'), enabled(openBob, server)]);
  await close();
  const { callID } = await alice.send(['bob']);
  await notices.push((await pushService.next()).json);
  await notices.are(`incoming ${callID}`);
  expect(await notices.click(callID, 'accept')).toEqual([site.address('/?calls')]);
  const bob = await openBob();
  for (const person of [alice, bob]) await person.is('active');
  await Promise.all([alice.seesPicture(), bob.seesPicture()]);
  expect(await bob.callbacks()).toEqual([
    ...['onIncomingCallReceived', 'onIncomingCallAcceptButtonPressed'],
  ]);
  await bob.notices.are();
  expect(await bob.argumentsOf('onError')).toEqual([]);
});

test('a pushed call without an answer becomes one missed call, which is called back from its notification', async ({
  open,
  site,
  pushService,
  server,
}) => {
  const openBob = bobsBrowser(open, pushService);
  const [alice, { notices, close }] = await Promise.all([open('alice'), enabled(openBob, server)]);
  await close();
  const { callID } = await alice.send(['bob'], { timeoutSeconds: 2, callType: 'voice' });
  await notices.push((await pushService.next()).json);
  await notices.are(`incoming ${callID}`);
  await alice.is('ended: unreachable');
  // Without another push, from the state of the call at the server.
  await notices.are(`missed ${callID}`);
  const missed = await pushService.next();
  expect(missed.payload.kind).toBe('missed');
  await notices.deliver(missed.json);
  expect(await notices.shown()).toMatchObject([
    { kind: 'missed', title: 'Verpasster Anruf', tag: callID, actions: ['call-back'] },
  ]);

  expect(await notices.click(callID)).toEqual([site.address('/?calls')]);
  const bob = await openBob();
  await accept(bob, alice);
  await Promise.all([alice, bob].map((person) => person.receives('sound', 1)));
  expect(await bob.missedCalls()).toMatchObject([{ callID, seen: true }]);
  expect(await bob.argumentsOf('onIncomingMissedCallClicked')).toHaveLength(1);
});

test('the notification of a pushed call closes when it is answered in another browser, also if the push is late @extended', async ({
  open,
  pushService,
  server,
}) => {
  const openBob = bobsBrowser(open, pushService);
  const [alice, other, { notices, close }] = await Promise.all([
    open('alice'),
    open('bob', { beside: 'carol' }),
    enabled(openBob, server),
  ]);
  await close();
  const { callID } = await alice.send(['bob'], { callType: 'voice' });
  const ringing = await pushService.next();
  await notices.push(ringing.json);
  await notices.are(`incoming ${callID}`);
  await accept(alice, other);
  const answered = await pushService.next();
  expect(answered.payload.kind).toBe('answered');
  await notices.push(answered.json);
  await notices.are();
  await notices.deliver(ringing.json);
  await notices.are();
  await hangUp(alice, other);

  const { callID: second } = await alice.send(['bob'], { callType: 'voice' });
  const late = await pushService.next();
  await other.is('incoming');
  await alice.ask('cancel');
  await alice.is('ended: canceled');
  await expect.poll(() => other.missedCalls()).toHaveLength(1);
  await notices.deliver(late.json);
  await notices.are(`missed ${second}`);
});

test('a push shows nothing if a connected page rings itself, or another user is signed in @extended', async ({
  open,
  pushService,
  server,
}) => {
  const openBob = bobsBrowser(open, pushService);
  const alice = await open('alice');
  const { notices, close } = await enabled(openBob, server);
  await close();
  const { callID } = await alice.send(['bob']);
  const { json } = await pushService.next();

  const bob = await openBob();
  await bob.is('incoming');
  await bob.notices.areHandledByPage();
  await notices.deliver(json);
  await notices.are();
  await leave(bob, server);

  const erin = await openNotified(open, 'erin', { beside: 'bob' });
  await erin.notices.areHandledByPage();
  await notices.deliver(json);
  await notices.are();
  expect(await erin.log()).toEqual([]);
  await erin.close();

  await notices.push(json);
  await notices.are(`incoming ${callID}`);
});
