import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { useClients } from '../../test/support/clients.js';
import { Command, SENTENCE, ServerCommand } from '../../test/support/command.js';
import { eventually } from '../../test/support/eventually.js';
import { SmallDisk, withoutSmallDisk } from '../../test/support/small-disk.js';
import {
  invite,
  inviteBy,
  createMessage,
  type WireClient,
} from '../../test/support/wire-client.js';

describe('a server with a full disk', { skip: withoutSmallDisk }, () => {
  const clients = useClients();
  const disks: SmallDisk[] = [];
  afterEach(() => {
    Command.endAll();
    for (const disk of disks.splice(0)) disk.remove();
  });
  const newDisk = () => {
    const disk = new SmallDisk(2);
    disks.push(disk);
    return { disk, folder: join(disk.path, 'data') };
  };
  const start = async (folder: string) => {
    const command = new ServerCommand('--demo', '--port', '0', '--data-dir', folder);
    return { command, url: await command.listening() };
  };
  const ready = (url: string, deviceID: string) => clients.ready(url, deviceID);
  const status = async (url: string) => (await fetch(new URL('readyz', url))).status;
  const metric = async (url: string, name: string) => {
    const text = await (await fetch(new URL('metrics', url))).text();
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  };
  const isUnavailable = (answer: unknown) =>
    (answer as { error?: { code?: string } }).error?.code === 'unavailable';
  /**
   * Fills the disk, then writes until the existing files have no room left.
   * @returns the calls that were stored until then
   */
  const fillCompletely = async (disk: SmallDisk, caller: WireClient) => {
    await disk.fill();
    const stored: string[] = [];
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      const callID = `last-${String(attempt)}`;
      if (isUnavailable(await caller.send(invite(callID, ['dave'])))) return stored;
      stored.push(callID);
    }
    return assert.fail('the disk is not full');
  };

  it('continues calls, answers 503 on /readyz, and resumes writing when there is space again', async () => {
    const { disk, folder } = newDisk();
    const { command, url } = await start(folder);
    const [alice, bob] = [await ready(url, 'alice-1'), await ready(url, 'bob-1')];
    assert.equal(await status(url), 200);
    const toNobody = { reached: [{ user: 'carol', devices: 0 }] };
    assert.deepEqual(await alice.send(invite('before', ['carol'])), toNobody);
    // This invitation is answered while the disk is full.
    await alice.send(invite('running', ['bob']));
    await bob.next('invite');
    const stored = await fillCompletely(disk, alice);
    assert.equal(await status(url), 503);
    assert.equal(await metric(url, 'ringkit_store_ready'), 0);
    await command.prints('stderr', /No space left on device[^\n]*cannot be written/);

    // Connected devices can call each other, and devices can connect.
    const accept = createMessage('accept', 'running', ['alice'], { round: 1, customData: '' });
    assert.deepEqual(await bob.send(accept), { reached: [] });
    await alice.next('accept');
    const eve = await ready(url, 'eve-1');
    await ready(url, 'alice-2');
    assert.deepEqual(await eve.send(inviteBy(eve, 'full', ['bob'])), {
      reached: [{ user: 'bob', devices: 1 }],
    });
    await bob.next('invite', ({ callID }) => callID === 'full');
    const decline = { round: 1, reason: 'declined' as const, customData: '' };
    await bob.send(createMessage('decline', 'full', ['eve'], decline));
    await eve.next('decline');
    // An invitation for a user without devices is rejected, because it can't be stored.
    assert.ok(isUnavailable(await eve.send(inviteBy(eve, 'unkept', ['carol']))));
    assert.ok((await metric(url, 'ringkit_store_unwritten')) > 0);

    await disk.free();
    await eventually(async () => (await status(url)) === 200, '/readyz answers 200 again', 15_000);
    assert.equal(await metric(url, 'ringkit_store_ready'), 1);
    assert.equal(await metric(url, 'ringkit_store_unwritten'), 0);
    assert.deepEqual(await alice.send(invite('after', ['carol'])), toNobody);
    /** Calls of a device that are open or were missed. */
    const callsOf = async (deviceID: string, at: string) => {
      const client = await clients.connect(at, deviceID);
      const missed = (await client.hello()).missed.map(({ invite: { callID } }) => callID);
      const caller = await ready(at, 'frank-1');
      const received = await client.allFrom(caller);
      const open = received.flatMap(({ type, callID }) => (type === 'invite' ? [callID] : []));
      return new Set([...missed, ...open]);
    };
    assert.deepEqual(await callsOf('carol-1', url), new Set(['before', 'after']));

    // All changes are on disk.
    command.kill('SIGKILL');
    await command.ended();
    const again = await start(folder);
    await ready(again.url, 'alice-1');
    assert.deepEqual(await callsOf('carol-2', again.url), new Set(['before', 'after']));
    assert.deepEqual(await callsOf('dave-1', again.url), new Set(stored));
    const bobAgain = await clients.connect(again.url, 'bob-2');
    const { settled } = await bobAgain.hello();
    assert.deepEqual(
      settled.map(({ callID, how }) => `${callID} ${how}`),
      ['running answered'],
    );
  });

  it('stops cleanly, and explains the failure at its next start', async () => {
    const { disk, folder } = newDisk();
    const { command, url } = await start(folder);
    const alice = await ready(url, 'alice-1');
    await alice.send(invite('before', ['carol']));
    await fillCompletely(disk, alice);
    await ready(url, 'bob-1');
    command.kill('SIGTERM');
    assert.equal(await command.ended(), 0);
    assert.doesNotMatch(command.stderr, /LEVEL_|^ +at /m);
    assert.match(command.stderr, /latest changes could not be written/);

    const failed = new ServerCommand('--demo', '--port', '0', '--data-dir', folder);
    assert.equal(await failed.ended(), 1);
    const [sentence = ''] = failed.stderr.split('\n').slice(-2);
    assert.match(`${sentence}\n`, SENTENCE);
    assert.match(sentence, /no space left on the disk/);
    assert.ok(sentence.includes(folder));

    await disk.free();
    const again = await start(folder);
    const [carol, caller] = [
      await clients.connect(again.url, 'carol-1'),
      await ready(again.url, 'alice-1'),
    ];
    await carol.hello();
    const invites = (await carol.allFrom(caller)).filter(({ type }) => type === 'invite');
    assert.deepEqual(
      invites.map(({ callID }) => callID),
      ['before'],
    );
    again.command.kill('SIGTERM');
    assert.equal(await again.command.ended(), 0);
  });
});
