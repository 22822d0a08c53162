import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { change, entryAt, user } from '../../test/contract/history.js';
import { CallServerProcess } from '../../test/support/call-server.js';
import { useClients } from '../../test/support/clients.js';
import { eventually } from '../../test/support/eventually.js';
import type { ServeOptions } from '../../test/support/serve.js';
import { createMessage, invite, record, type WireClient } from '../../test/support/wire-client.js';
import type { HistoryChange, HistoryPage } from '../../src/core/protocol/history.js';

/* The call history of users on a real server. */
describe('the call history on the server', () => {
  let server: CallServerProcess;
  const folders: string[] = [];
  const clients = useClients();
  afterEach(() => server.stop());
  after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

  const start = async (options: ServeOptions = {}) => {
    server = await CallServerProcess.start({ vanishAfterMs: 200, ...options });
  };
  const connect = (deviceID: string) => clients.ready(server.url, deviceID);
  const state = (client: WireClient, part: Partial<HistoryChange>, to = [client.userID]) =>
    client.send(createMessage('history', 'c', to, change(part)));
  const read = (client: WireClient, after = 0) =>
    client.socket.timeout(8_000).emitWithAck('history', { after }) as Promise<HistoryPage>;
  const callsOf = async (client: WireClient) =>
    (await read(client)).entries.map(({ callID, outcome }) => `${callID} ${outcome}`);

  it('stores what a device states about its own user, and sends it to the other devices of this user alone', async () => {
    await start();
    const [bob, laptop] = [await connect('bob-1'), await connect('bob-2')];
    const alice = await connect('alice-1');
    const entry = entryAt(Date.now(), 'c');
    assert.deepEqual(await state(bob, { entries: [entry] }, ['bob', 'alice']), { reached: [] });
    const received = await laptop.next('history');
    assert.deepEqual([received.entries, received.from.userID], [[entry], 'bob']);
    assert.deepEqual((await read(bob)).entries, [entry]);
    assert.deepEqual(await alice.allFrom(bob), []);
    assert.deepEqual((await read(alice)).entries, []);
    // The device that has sent it does not get it back.
    assert.deepEqual(await bob.allFrom(laptop), []);
  });

  it('reports when the history has changed last, and returns only what is newer', async () => {
    await start();
    const first = await clients.connect(server.url, 'bob-1');
    assert.equal((await first.hello()).history, 0);
    await state(first, { entries: [entryAt(Date.now(), 'old')] });
    const second = await clients.connect(server.url, 'bob-2');
    const { history } = await second.hello();
    const { changed, more } = await read(second);
    assert.deepEqual([changed, more], [history, false]);
    await state(first, {
      entries: [entryAt(Date.now(), 'new')],
      deleted: [{ callID: 'old', at: Date.now() }],
    });
    const page = await read(second, changed);
    assert.deepEqual(
      page.entries.map(({ callID }) => callID),
      ['new'],
    );
    assert.deepEqual(
      page.deleted.map(({ callID }) => callID),
      ['old'],
    );
    assert.ok(page.changed > changed);
  });

  it('rejects malformed requests and changes', async () => {
    await start();
    const bob = await connect('bob-1');
    const error = { error: { code: 'invalid-argument' } };
    for (const query of [{}, { after: -1 }, { after: 'x' }, [], 'x'] as never[]) {
      assert.deepEqual(await bob.socket.timeout(8_000).emitWithAck('history', query), error);
    }
    const forged = createMessage('history', 'c', ['bob'], change({}));
    assert.deepEqual(await bob.send({ ...forged, entries: [{ callID: 'c' }] }), error);
    assert.deepEqual((await read(bob)).entries, []);
  });

  it('records that an invitation was declined, although no device has reported it', async () => {
    await start();
    const [alice, bob, laptop] = [
      await connect('alice-1'),
      await connect('bob-1'),
      await connect('bob-2'),
    ];
    const names = [user('bob')];
    await alice.send({ ...invite('call', ['bob'], { callType: 'video' }), names });
    await bob.next('invite');
    const fields = { round: 1, reason: 'declined', customData: '' } as const;
    const records = [record('bob', 'declined')];
    await bob.send(createMessage('decline', 'call', ['alice'], { ...fields, records }));
    const { entries } = await laptop.next('history');
    const [entry] = entries;
    assert.deepEqual(
      [entry?.callID, entry?.outcome, entry?.callType, entry?.direction, entry?.caller.userID],
      ['call', 'declined', 'video', 'incoming', 'alice'],
    );
    assert.deepEqual(await callsOf(bob), ['call declined']);
    assert.deepEqual(await callsOf(alice), []);
  });

  it('completes the call of a device that was lost', async () => {
    await start();
    const [alice, bob, laptop] = [
      await connect('alice-1'),
      await connect('bob-1'),
      await connect('bob-2'),
    ];
    await alice.send(invite('call', ['bob']));
    await bob.next('invite');
    await bob.send(
      createMessage('accept', 'call', ['alice'], {
        round: 1,
        customData: '',
        records: [record('bob', 'ringing')],
      }),
    );
    const chosen = record('bob', 'in', { device: 'bob-1' });
    await alice.send(createMessage('select', 'call', ['bob'], { user: 'bob', records: [chosen] }));
    await bob.next('select');
    const answeredAt = Date.now() - 60_000;
    const running = entryAt(answeredAt - 5, 'call', { outcome: 'answered', answeredAt });
    await state(bob, { entries: [running] });
    bob.close();
    const completed = await laptop.next(
      'history',
      ({ entries }) => entries[0]?.durationMs !== undefined,
    );
    const duration = completed.entries[0]?.durationMs ?? 0;
    assert.ok(duration >= 59_000 && duration <= Date.now() - answeredAt, String(duration));
    // A device that was told the end itself is not corrected.
    assert.equal((await read(laptop)).entries[0]?.durationMs, duration);
  });

  it('survives a restart with a data folder: entries, deletions, and what was never deleted', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'ringkit-history-server-'));
    folders.push(dataDir);
    await start({ dataDir });
    const bob = await connect('bob-1');
    await state(bob, { entries: [entryAt(Date.now(), 'a'), entryAt(Date.now(), 'b')] });
    await state(bob, { deleted: [{ callID: 'a', at: Date.now() }] });
    await server.restart();
    const again = await connect('bob-2');
    assert.deepEqual(await callsOf(again), ['b timeout']);
    await state(again, { entries: [entryAt(Date.now(), 'a')] });
    assert.deepEqual(await callsOf(again), ['b timeout']);
  });

  it('keeps nothing with `history: false`', async () => {
    await start({ history: false });
    const bob = await clients.connect(server.url, 'bob-1');
    assert.equal((await bob.hello()).history, false);
    const laptop = await connect('bob-2');
    const answer = await state(bob, { entries: [entryAt(Date.now(), 'c')] });
    assert.deepEqual(answer, { error: { code: 'not-allowed' } });
    assert.deepEqual(await read(bob), { error: { code: 'unsupported' } });
    assert.deepEqual(await laptop.allFrom(bob), []);
  });

  it('limits what one user can store', async () => {
    await start({ limits: { historyBytes: 5_000 } });
    const bob = await connect('bob-1');
    for (let index = 0; index < 60; index++) {
      await state(bob, { entries: [entryAt(Date.now() + index, `c${index}`)] });
    }
    await eventually(async () => (await read(bob)).entries.length > 3, 'entries are stored');
    const page = await read(bob);
    assert.ok(page.entries.length < 30, String(page.entries.length));
  });
});
