/**
 * Calls in a Fastify application: its pages, its sessions and the signalling on one port.
 *
 *   npm install fastify @fastify/static jose ./ringkit-0.1.0.tgz ./ringkit-server-0.1.0.tgz     (README.md says how
 *   they are written)
 *   PORT=3000 node fastify.js
 *
 * In a checkout of ringkit everything is there after `npm run build`: `node examples/fastify.js`.
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

// Fastify listens to its server by now: what is for the signalling never reaches it.
await app.ready();
const calls = await createCallServer({
  server: app.server,
  path: '/calls',
  authenticate: await authenticateJwt({ secret }),
});
// Ten seconds for its clients to go, one after the other, to another server.
app.addHook('preClose', () => calls.close(10_000));
console.log(`${await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' })}/`);

process.once('SIGTERM', () => app.close());
