import type { Plugin, PreviewServer, ViteDevServer } from 'vite';
import { authenticateDemo, createCallServer } from '../server/index.js';
import { demoUsers } from './demo-users.js';

/**
 * Only for the demo: mounts the signalling server in demo mode into Vite's dev and preview servers (same process, same
 * port, path `/`). Vite's own WebSockets are not affected.
 */
export function ringkitSignaling(): Plugin {
  return { name: 'ringkit-signaling', configureServer: mount, configurePreviewServer: mount };
}

async function mount({ httpServer, middlewares, config }: ViteDevServer | PreviewServer) {
  if (!httpServer) {
    config.logger.warn(
      'ringkit: Vite runs in middleware mode, so the signalling server can not be mounted.',
    );
    return;
  }
  config.logger.warn('  ringkit: DEMO signalling. Every client can choose any user ID.');
  // Users of the demo and its tests call the same user many times.
  const often = { points: 100_000, seconds: 60 };
  const server = await createCallServer({
    authenticate: authenticateDemo,
    server: httpServer,
    limits: { attemptsPerUser: often, invitationsPerCaller: often, invitationsPerPair: often },
  });
  httpServer.once('close', () => void server.close());
  middlewares.use(demoUsers(server));
}
