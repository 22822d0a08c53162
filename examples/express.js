/**
 * Calls in an Express application: pages, sessions and signalling on one port.
 *
 *   npm install express jose ./ringkit-0.1.0.tgz ./ringkit-server-0.1.0.tgz     (README.md describes how to create them)
 *   PORT=3000 node express.js
 *
 * In a checkout of ringkit, run `npm run build`, then `node examples/express.js`.
 */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { authenticateJwt, createCallServer } from 'ringkit-server';
import { secret, signIn, tokenFor, userOf } from './users.js';

const app = express();
app.use(express.static(fileURLToPath(new URL('page', import.meta.url))));
app.use(
  '/ringkit',
  express.static(fileURLToPath(new URL('dist', import.meta.resolve('ringkit/package.json')))),
);
app.post('/sign-in', express.json(), (request, response) => {
  const name = String(request.body?.name ?? '').trim();
  if (!/[\p{L}\p{N}]/u.test(name)) return response.status(400).end();
  response.set('Set-Cookie', signIn(name)).status(204).end();
});
app.get('/me', (request, response) => {
  const user = userOf(request);
  if (!user) return response.status(401).end();
  response.json(user);
});
app.get('/call-token', async (request, response) => {
  const user = userOf(request);
  if (!user) return response.status(401).end();
  response
    .set('Cache-Control', 'no-store')
    .type('text')
    .send(await tokenFor(user));
});

const server = createServer(app);
// After the application's own listener, so that requests for the signalling server do not reach it.
const calls = await createCallServer({
  server,
  path: '/calls',
  authenticate: await authenticateJwt({ secret }),
});
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});

process.once('SIGTERM', async () => {
  server.close();
  // Closes the connections of clients within ten seconds, so that they reconnect to another server.
  await calls.close(10_000);
  server.closeAllConnections();
});
