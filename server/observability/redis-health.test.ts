import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.js';
import { withoutRedis } from '../../test/support/redis-server.js';
import { useRedis } from '../../test/support/redis-fixture.js';
import { authenticateDemo, createCallServer } from '../index.js';

describe('the readiness of a server with Redis', { skip: withoutRedis }, () => {
  const redis = useRedis();

  it('answers 503 on /readyz, and 200 on /healthz, while Redis is unreachable', async () => {
    const server = await createCallServer({
      authenticate: authenticateDemo,
      port: 0,
      redis: redis.url,
    });
    const get = async (path: string) => (await fetch(new URL(path, server.url))).status;
    const becomes = (status: number) =>
      eventually(async () => (await get('readyz')) === status, `/readyz answers ${String(status)}`);
    try {
      assert.equal(await get('readyz'), 200);
      await redis.kill();
      await becomes(503);
      assert.equal(await get('healthz'), 200);
      await redis.startAgain();
      await becomes(200);
    } finally {
      await server.close();
    }
  });

  it('answers 503 on /readyz while Redis rejects writes because its memory is full', async () => {
    const server = await createCallServer({
      authenticate: authenticateDemo,
      port: 0,
      redis: redis.url,
    });
    const becomes = (status: number) =>
      eventually(
        async () => (await fetch(new URL('readyz', server.url))).status === status,
        `/readyz answers ${String(status)}`,
      );
    const { commands } = await redis.newFixture().store();
    try {
      await becomes(200);
      await commands.config('SET', 'maxmemory', '1');
      await becomes(503);
      assert.match(await server.metrics(), /^ringkit_store_ready 0$/m);
      await commands.config('SET', 'maxmemory', '0');
      await becomes(200);
    } finally {
      await commands.config('SET', 'maxmemory', '0');
      await server.close();
    }
  });
});
