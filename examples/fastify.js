/**
 * Calls in a Fastify application: pages, sessions and signalling on one port.
 *
 *   npm install fastify @fastify/static jose ./ringkit-0.1.0.tgz ./ringkit-server-0.1.0.tgz     (README.md describes how
 *   to create them)
 *   PORT=3000 node fastify.js
 *
 * In a checkout of ringkit, run `npm run build`, then `node examples/fastify.js`.
 */
import { fileURLToPath } from 'node:url';
import files from '@fastify/static';
import fastify from 'fastify';
import { authenticateJwt, createCallServer } from 'ringkit-server';
import { secret, signIn, tokenFor, userOf } from './users.js';

const app = fastify();
await app.register(files, { root: fileURLToPath(new URL('page', import.meta.url)) });
await app.register(files, {
  root: fileURLToPath(new URL('dist', import.meta.resolve('ringkit/package.json'))),
  prefix: '/ringkit/',
  decorateReply: false,
});
app.post('/sign-in', (request, reply) => {
  const name = String(request.body?.name ?? '').trim();
  if (!/[\p{L}\p{N}]/u.test(name)) return reply.code(400).send();
  return reply.header('Set-Cookie', signIn(name)).code(204).send();
});
app.get('/me', (request, reply) => userOf(request) ?? reply.code(401).send());
app.get('/call-token', async (request, reply) => {
  const user = userOf(request);
  if (!user) return reply.code(401).send();
  return reply
    .header('Cache-Control', 'no-store')
    .type('text/plain')
    .send(await tokenFor(user));
});

// Fastify has added its own listener by now, so requests for the signalling server do not reach it.
await app.ready();
const calls = await createCallServer({
  server: app.server,
  path: '/calls',
  authenticate: await authenticateJwt({ secret }),
});
// Closes the connections of clients within ten seconds, so that they reconnect to another server.
app.addHook('preClose', () => calls.close(10_000));
console.log(`${await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' })}/`);

process.once('SIGTERM', () => app.close());
