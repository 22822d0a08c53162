import { TOKEN_SECRET, tokenFor } from '../support/tokens.js';
import type { Person } from './person.js';
import { expect, test, type Open } from './fixtures.js';

/* Token functions that expire, hang or fail must not lose calls of the user. */

test.use({ serverOptions: { jwt: { secret: TOKEN_SECRET } } });

const EXPIRED = -600;

const openAlice = (open: Open, ...tokens: string[]): Promise<Person> =>
  open('alice', { parameters: { tokens: tokens.join(' ') }, isOffline: true });

const setToken = (person: Person, token: string): Promise<void> =>
  person.page.evaluate((value) => {
    document.querySelector('call-invitation-provider')!.token = value;
  }, token);

const is = (person: Person, connection: string, timeout = 15_000): Promise<void> =>
  expect.poll(() => person.connection(), { timeout }).toBe(connection);

test('an expired token is reported to the page, and the next one is used', async ({ open }) => {
  const alice = await openAlice(open, await tokenFor('alice', EXPIRED), await tokenFor('alice'));
  await is(alice, 'connected');
  expect(await alice.argumentsOf('onError')).toEqual([['CallError: The token has expired.']]);
});

test('an expired token at a reconnection does not end the session', async ({ open, server }) => {
  const good = await tokenFor('alice');
  const alice = await openAlice(open, good, await tokenFor('alice', EXPIRED), good);
  await is(alice, 'connected');
  await server.restart();
  await expect.poll(() => alice.argumentsOf('onError')).toHaveLength(1);
  await is(alice, 'connected');
});

test('a token function that hangs once is called again', async ({ open }) => {
  const alice = await openAlice(open, 'hang', await tokenFor('alice'));
  await is(alice, 'connected', 20_000);
  expect(await alice.argumentsOf('onError')).toHaveLength(1);
});

test('a token function that hangs is reported, and a new token of the page is used immediately', async ({
  open,
}) => {
  const alice = await openAlice(open, 'hang');
  await is(alice, 'connecting');
  await is(alice, 'offline');
  expect(await alice.argumentsOf('onError')).toEqual([
    ['CallError: The token function has not settled within 10 seconds.'],
  ]);
  await setToken(alice, await tokenFor('alice'));
  await is(alice, 'connected', 2_000);
});

test('a token of another user is rejected, and a new token of the page is used immediately', async ({
  open,
}) => {
  const alice = await openAlice(open, await tokenFor('bob'));
  await is(alice, 'refused');
  await setToken(alice, await tokenFor('carol'));
  await is(alice, 'refused');
  await setToken(alice, await tokenFor('alice'));
  await is(alice, 'connected', 3_000);
});
