/**
 * `npm start`: runs the demo with the signalling server in the same process.
 *
 * npm start                 only for this machine, over http
 * npm start -- --host       also for other devices, over https with a self-signed certificate, because browsers give
 *                           pages of another machine camera access only over https
 * npm start -- --port 8080
 *
 * Only pages of this server and of this machine may connect to the signalling server.
 */
import { parseArgs } from 'node:util';
import {
  ensureDependencies,
  messageOf,
  requireNode,
  root,
  runScript,
  SetupError,
} from './dependencies.mjs';

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { host: { type: 'boolean', default: false }, port: { type: 'string' } },
    });
    return values;
  } catch (error) {
    throw new SetupError(`${messageOf(error)}. The options are --host and --port.`, {
      cause: error,
    });
  }
}

/** @param {string | undefined} text */
function readPort(text) {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new SetupError(`--port must be a number from 1 to 65535, not ${text}.`);
}

/**
 * @param {import('vite').ViteDevServer} server
 * @param {number | undefined} port
 */
async function listen(server, port) {
  try {
    await server.listen();
  } catch (error) {
    await server.close();
    // Without --port, Vite chooses the next free port.
    if (port === undefined) throw error;
    throw new SetupError(`Can not listen on port ${String(port)}: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

await runScript(async () => {
  requireNode();
  const { host, port: portText } = readOptions();
  const port = readPort(portText);
  ensureDependencies();

  const { createServer } = await import('vite');
  const plugins = host ? [(await import('@vitejs/plugin-basic-ssl')).default()] : [];
  const server = await createServer({
    root,
    plugins,
    logLevel: 'warn',
    server: {
      host: host ? true : '127.0.0.1',
      ...(port === undefined ? {} : { port, strictPort: true }),
    },
  });
  await listen(server, port);
  const { local, network } = server.resolvedUrls ?? { local: [], network: [] };
  for (const address of [...local, ...network]) console.log(`Open ${address}`);
  if (host) console.log('The certificate is self-signed: each browser shows a warning once.');

  const stop = () => void server.close().then(() => process.exit());
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
});

// After a failed start, open handles must not keep the process running.
if (process.exitCode === 1) process.exit();
