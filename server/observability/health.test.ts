import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { CancelReason } from '../../src/core/protocol/vocabulary.js';
import { useClients } from '../../test/support/clients.js';
import { invite, record, createMessage } from '../../test/support/wire-client.js';
import { authenticateDemo, createCallServer } from '../index.js';
import type { CallServer, CallServerOptions } from '../index.js';
import { pinoLogger } from './pino-logger.js';

describe('the monitoring of a server', () => {
  const clients = useClients();
  let server: CallServer;
  const started: CallServer[] = [];
  afterEach(() => Promise.all(started.splice(0).map((one) => one.close())));
  const start = async (options: Partial<CallServerOptions> = {}) => {
    server = await createCallServer({ authenticate: authenticateDemo, port: 0, ...options });
    started.push(server);
  };
  const ready = (deviceID: string) => clients.ready(server.url, deviceID);

  it('answers on /healthz and /readyz', async () => {
    await start();
    const get = async (path: string, method = 'GET') => {
      const response = await fetch(new URL(path, server.url), { method });
      return [response.status, await response.text()];
    };
    assert.deepEqual(await get('healthz'), [200, 'ok\n']);
    assert.deepEqual(await get('readyz?x'), [200, 'ok\n']);
    assert.deepEqual(await get('readyz', 'HEAD'), [200, '']);
    assert.deepEqual(await get('metrics', 'POST'), [405, '']);
    assert.equal((await get(''))[0], 404);
  });

  it('counts messages without naming users', async () => {
    await start();
    const [alice, bob] = [await ready('alice-1'), await ready('bob-1')];
    await alice.send(invite('c', ['bob']));
    await bob.send(
      createMessage('decline', 'c', ['alice'], { round: 1, reason: 'busy', customData: 'private' }),
    );
    await bob.send('junk');
    const text = await (await fetch(new URL('metrics', server.url))).text();
    for (const line of [
      'ringkit_connections 2',
      'ringkit_users 2',
      'ringkit_messages_total{type="invite"} 1',
      'ringkit_messages_total{type="decline"} 1',
      'ringkit_refused_total{cause="malformed"} 1',
      'ringkit_delivery_seconds_count 2',
    ]) {
      assert.ok(text.split('\n').includes(line), line);
    }
    assert.doesNotMatch(text, /alice|bob|private/);
    const known = (metrics: string) => metrics.replaceAll(/^process_.*$/gm, '');
    assert.equal(known(await server.metrics()), known(text));
    assert.match(text, /^process_resident_memory_bytes [1-9]\d*$/m);
    assert.match(text, /^process_cpu_seconds_total \d+(\.\d+)?$/m);
  });

  it('counts each invitation once, by outcome', async () => {
    await start({ vanishAfterMs: 10 });
    const alice = await ready('alice-1');
    const bobs = [await ready('bob-1'), await ready('bob-2')];
    const outcomes = async () =>
      (await server.metrics())
        .split('\n')
        .flatMap((line) => /^ringkit_invitations_total\{outcome="(\w+)"\} (\d+)/.exec(line) ?? [])
        .filter((part) => !part.startsWith('ringkit'))
        .join(' ');
    const cancel = (callID: string, reason: CancelReason, user = 'bob') =>
      alice.send(createMessage('cancel', callID, [user], { user, reason, customData: '' }));

    await alice.send(invite('answered', ['bob']));
    for (const bob of bobs) {
      await bob.send(createMessage('accept', 'answered', ['alice'], { round: 1, customData: '' }));
    }
    const records = [record('bob', 'in', { device: 'bob-1' })];
    await alice.send(createMessage('select', 'answered', ['bob'], { user: 'bob', records }));
    await cancel('answered', 'canceled');
    assert.equal(await outcomes(), 'answered 1');

    const decline = (callID: string, reason: 'declined' | 'busy') =>
      createMessage('decline', callID, ['alice'], { round: 1, reason, customData: '' });
    await alice.send(invite('declined', ['bob', 'carol']));
    for (const bob of bobs) await bob.send(decline('declined', 'declined'));
    await cancel('declined', 'timeout', 'carol');
    assert.equal(await outcomes(), 'answered 1 declined 1 timeout 1');

    // The caller decides whether a busy device ends the invitation.
    await alice.send(invite('busy', ['bob']));
    for (const bob of bobs) await bob.send(decline('busy', 'busy'));
    assert.equal(await outcomes(), 'answered 1 declined 1 timeout 1');
    for (const callID of ['busy', 'busy', 'unknown']) await cancel(callID, 'busy');
    await alice.send(invite('canceled', ['bob']));
    await cancel('canceled', 'canceled');
    await alice.send(invite('crossed', ['bob']));
    await cancel('crossed', 'glare');
    assert.equal(await outcomes(), 'answered 1 declined 1 timeout 1 busy 1 canceled 1');

    await alice.send(invite('lost', ['bob']));
    alice.close();
    await bobs[0]?.next('cancel', ({ reason }) => reason === 'lost');
    assert.equal(await outcomes(), 'answered 1 declined 1 timeout 1 busy 1 canceled 1 lost 1');
  });

  it('answers pending messages before it disconnects its clients on close, and accepts no more connections', async () => {
    const [mayCallRequested, onMayCall] = deferred();
    const [released, release] = deferred();
    await start({
      mayCall: async () => {
        onMayCall();
        await released;
        return true;
      },
    });
    const [alice, bob] = [await ready('alice-1'), await ready('bob-1')];
    const [aliceClosed, bobClosed] = [alice.once('disconnect'), bob.once('disconnect')];
    const answer = alice.send(invite('c', ['bob']));
    await mayCallRequested;
    const closed = server.close(5_000);
    await assert.rejects(clients.connect(server.url, 'carol-1'));
    assert.equal(await bobClosed, 'transport close');
    release();
    assert.deepEqual(await answer, { reached: [{ user: 'bob', devices: 0 }] });
    assert.equal(await aliceClosed, 'transport close');
    await closed;
  });
});

describe('structured logs', () => {
  it('are one JSON object per line, for entries of the level and above', () => {
    const lines: string[] = [];
    const logger = pinoLogger('info', { write: (line: string) => void lines.push(line) });
    logger.debug('left out');
    logger.info('kept', { count: 1 });
    logger.warn('so is this');
    const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(lines.length, 2);
    assert.match(String(first?.['time']), /^\d{4}-\d\d-\d\dT.*Z$/);
    assert.deepEqual({ ...first, time: '' }, { level: 'info', time: '', count: 1, msg: 'kept' });
    assert.equal(second?.['level'], 'warn');
  });
});

/** A promise, and the function that resolves it. */
function deferred(): [happened: Promise<void>, happens: () => void] {
  let resolveIt = () => {};
  const happened = new Promise<void>((resolve) => (resolveIt = resolve));
  return [happened, () => resolveIt()];
}
