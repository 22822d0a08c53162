import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accept, hangUp } from './missed.js';
import { expect, test } from './fixtures.js';
import type { Person } from './person.js';

/* All calls of a user, on all devices: two users, one of them with two browsers, and a server with a data folder. */

const dataDir = await mkdtemp(join(tmpdir(), 'ringkit-e2e-history-'));
test.use({ serverOptions: { dataDir, vanishAfterMs: 500 } });
test.afterAll(() => rm(dataDir, { recursive: true, force: true }));

/** The calls as the service has them, newest first: direction, outcome, and with whom. */
const history = (person: Person): Promise<string[]> =>
  person.page.evaluate(() => {
    const { service } = document.querySelector('call-invitation-provider')!;
    return service.$callHistory.get().map(({ direction, outcome, caller, callees, durationMs }) => {
      const people = `${caller.userID}>${callees.map(({ userID }) => userID).join('+')}`;
      return `${direction} ${outcome} ${people}${durationMs === undefined ? '' : ' with duration'}`;
    });
  });
const rows = (person: Person) => person.page.locator('call-history li');
const is = (person: Person, expected: string[]) =>
  expect.poll(() => history(person), { message: person.userID, timeout: 60_000 }).toEqual(expected);

test('calls are in the history of both users and on all devices; deletions too, also after a reload and a restart', async ({
  open,
  server,
}) => {
  const parameters = { history: '' };
  const alice = await open('alice', { parameters });
  const bob = await open('bob', { parameters });
  const laptop = await open('bob', { parameters, beside: 'carol' });

  await alice.send(['bob'], { callType: 'voice' });
  await accept(alice, bob);
  await hangUp(alice, bob);
  await is(alice, ['outgoing answered alice>bob with duration']);
  for (const device of [bob, laptop]) {
    await is(device, ['incoming answered alice>bob with duration']);
    await expect(rows(device)).toHaveCount(1);
    await expect(rows(device)).toContainText('Incoming');
    await expect(rows(device)).toContainText('ALICE');
  }

  // A call that is declined on one device.
  await alice.send(['bob'], { callType: 'video' });
  await bob.is('incoming');
  await bob.ask('decline');
  const both = ['incoming declined alice>bob', 'incoming answered alice>bob with duration'];
  for (const device of [bob, laptop]) await is(device, both);
  await alice.is('idle');

  // Deleted on one device, gone on the other; undone; and deleted again.
  await rows(bob).first().locator('[part=delete-button]').click();
  await is(laptop, both.slice(1));
  await bob.press('undo-button');
  for (const device of [bob, laptop]) await is(device, both);
  await rows(laptop).first().locator('[part=delete-button]').click();
  await is(bob, both.slice(1));
  await expect(rows(bob)).toHaveCount(1);

  await bob.page.reload();
  await is(bob, both.slice(1));
  await server.restart();
  await laptop.page.reload();
  await laptop.connected();
  await is(laptop, both.slice(1));
  // A browser that has never been used by Bob gets it from the server.
  const fresh = await open('bob', { parameters, beside: 'dora' });
  await is(fresh, both.slice(1));

  // Called again from the list: the same people, with the same type.
  await rows(fresh).first().locator('[part=call-again-button]').click();
  await alice.is('incoming');
  expect(
    await alice.page.evaluate(
      () => document.querySelector('call-invitation-provider')!.service.$call.get().callType,
    ),
  ).toBe('voice');
  await alice.press('accept-button');
  await fresh.is('active');
  await hangUp(fresh, alice);
  await is(bob, ['outgoing answered bob>alice with duration', ...both.slice(1)]);

  await bob.press('delete-all-button');
  for (const device of [bob, laptop, fresh]) await is(device, []);
  await is(alice, [
    'incoming answered bob>alice with duration',
    'outgoing declined alice>bob',
    'outgoing answered alice>bob with duration',
  ]);
});

test.describe('with a browser process for each user', () => {
  test.use({ separateProcesses: true });

  test('a device that crashes during a call leaves a complete entry @extended', async ({
    open,
  }) => {
    const parameters = { history: '' };
    const erin = await open('erin', { parameters });
    const frank = await open('frank', { parameters });
    const laptop = await open('frank', { parameters, beside: 'carol' });
    await erin.send(['frank'], { callType: 'voice' });
    await accept(erin, frank);
    await is(laptop, ['incoming answered erin>frank']);
    await frank.crash();
    await is(laptop, ['incoming answered erin>frank with duration']);
  });
});

test('the calls that are shown can be downloaded @extended', async ({ open }) => {
  const parameters = { history: '' };
  const gina = await open('gina', { parameters });
  const hugo = await open('hugo', { parameters });
  await gina.send(['hugo'], { callType: 'voice' });
  await hugo.is('incoming');
  await hugo.ask('decline');
  await is(gina, ['outgoing declined gina>hugo']);
  const started = gina.page.waitForEvent('download');
  await gina.page.locator('call-history [part=export-button]').last().click();
  const file = await started;
  expect(file.suggestedFilename()).toMatch(/^calls-.*\.json$/);
  const stream = await file.createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const [call] = JSON.parse(Buffer.concat(chunks).toString()) as { outcome: string }[];
  expect(call?.outcome).toBe('declined');
});
