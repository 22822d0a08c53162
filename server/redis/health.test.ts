import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.js';
import { withoutRedis } from '../../test/support/redis-server.js';
import { useRedis } from '../../test/support/redis-stage.js';
import { authenticateDemo, createCallServer } from '../index.js';

describe('a server with Redis', { skip: withoutRedis }, () => {
  const redis = useRedis();

  it('lives without it, and is ready only while it is there', async () => {
    const server = await createCallServer({
      authenticate: authenticateDemo,
      port: 0,
      redis: redis.url,
    });
    const get = async (path: string) => (await fetch(new URL(path, server.url))).status;
    const becomes = (status: number) =>
      eventually(async () => (await get('readyz')) === status, `readyz says ${String(status)}`);
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
});
