import type { Plugin, PreviewServer, ViteDevServer } from 'vite';
import { authenticateDemo, createCallServer } from '../server/index.js';
import { demoUsers } from './demo-users.js';

/**
 * For the demo alone: mounts the signalling server, in demo mode, into Vite's own dev and preview servers: same process, same port, at
 * the path `/`. Vite's own sockets are left alone.
 */
export function ringkitSignaling(): Plugin {
  return { name: 'ringkit-signaling', configureServer: mount, configurePreviewServer: mount };
}

async function mount({ httpServer, middlewares, config }: ViteDevServer | PreviewServer) {
  if (!httpServer) {
    config.logger.warn('ringkit: without a server of its own, Vite has no place for signalling.');
    return;
  }
  config.logger.warn(
    '  ringkit: DEMO signalling. Anybody who reaches this server can be any user.',
  );
  // Who tries out calls, and who tests them, calls the same user again and again.
  const often = { points: 100_000, seconds: 60 };
  const server = await createCallServer({
    authenticate: authenticateDemo,
    server: httpServer,
    limits: { attemptsPerUser: often, invitationsPerCaller: often, invitationsPerPair: often },
  });
  httpServer.once('close', () => void server.close());
  middlewares.use(demoUsers(server));
}
