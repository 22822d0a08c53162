import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { invite, say, WireClient } from '../test/support/wire-client.js';
import { authenticateDemo, createCallServer } from './index.js';
import { pinoLogger } from './pino-logger.js';

describe('a server that is watched', () => {
  it('says that it lives, and that it takes connections', async () => {
    const server = await createCallServer({ authenticate: authenticateDemo, port: 0 });
    const get = async (path: string, method = 'GET') => {
      const response = await fetch(new URL(path, server.url), { method });
      return [response.status, await response.text()];
    };
    assert.deepEqual(await get('healthz'), [200, 'ok\n']);
    assert.deepEqual(await get('readyz?x'), [200, 'ok\n']);
    assert.deepEqual(await get('readyz', 'HEAD'), [200, '']);
    assert.deepEqual(await get('metrics', 'POST'), [405, '']);
    assert.equal((await get(''))[0], 404);
    await server.close();
  });

  it('counts what passes, and names nobody', async () => {
    const server = await createCallServer({ authenticate: authenticateDemo, port: 0 });
    const [alice, bob] = [
      await WireClient.ready(server.url, 'alice-1'),
      await WireClient.ready(server.url, 'bob-1'),
    ];
    await alice.send(invite('c', ['bob']));
    await bob.send(
      say('decline', 'c', ['alice'], { round: 1, reason: 'busy', customData: 'private' }),
    );
    await bob.send('junk');
    const text = await (await fetch(new URL('metrics', server.url))).text();
    for (const line of [
      'ringkit_connections 2',
      'ringkit_users 2',
      'ringkit_messages_total{type="invite"} 1',
      'ringkit_messages_total{type="decline"} 1',
      'ringkit_invitations_total{outcome="busy"} 1',
      'ringkit_refused_total{cause="malformed"} 1',
      'ringkit_delivery_seconds_count 2',
    ]) {
      assert.ok(text.split('\n').includes(line), line);
    }
    assert.doesNotMatch(text, /alice|bob|private/);
    assert.equal(await server.metrics(), text);
    alice.close();
    bob.close();
    await server.close();
  });

  it('answers what it was sent before it sends its clients away, and takes no more', async () => {
    const server = await createCallServer({ authenticate: authenticateDemo, port: 0 });
    const [alice, bob] = [
      await WireClient.ready(server.url, 'alice-1'),
      await WireClient.ready(server.url, 'bob-1'),
    ];
    const gone = Promise.all([alice.once('disconnect'), bob.once('disconnect')]);
    const closed = server.close(5_000);
    await assert.rejects(WireClient.connect(server.url, 'carol-1'));
    assert.deepEqual(await gone, ['transport close', 'transport close']);
    await closed;
  });
});

describe('structured logs', () => {
  it('are one JSON object a line, from the level on', () => {
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
