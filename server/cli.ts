#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { authenticateDemo, createCallServer, DataError, lineLogger } from './index.js';

const USAGE = `Usage: ringkit-server --demo [--port 8787] [--host 127.0.0.1] [--data-dir folder | --redis url] [--verbose]

  --demo                    users name themselves, and nobody checks it: for trying out only
  --port <number>           where to listen; 0 takes any free port (default 8787)
  --host <name>             on which address; alone: on all of them (default 127.0.0.1, this computer alone)
  --data-dir <folder>       keeps missed calls, push subscriptions and the server's keys there; made when it is
                            missing (default: in memory, until the server ends)
  --redis <url>             redis:// or rediss://: all servers that name the same Redis (7 or later) are one system, and
                            keep everything there
  --vapid-subject <address> whom push services write to when something is wrong with pushes: mailto: or https:
                            (default mailto:nobody@example.com; some, as Apple's, refuse one that can not be
                            right, as mailto:nobody@localhost)
  --verbose                 log more
`;

const IN_MEMORY =
  'Everything is kept in memory, until the server ends: --data-dir keeps it in a folder, --redis in Redis.';

const WARNING = `
  ****************************************************************
  *  DEMO MODE: anybody who reaches this server can be any user. *
  *  Do not use it for anything but trying out.                  *
  ****************************************************************
`;

/** A sentence for the one who started it, and the exit code. */
class Failure extends Error {
  readonly code: number;
  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

function readArguments(args: readonly string[]) {
  // `--host` alone means all addresses.
  const spelled = args.map((arg, index) => {
    const next = args[index + 1];
    return arg === '--host' && (next === undefined || next.startsWith('-'))
      ? '--host=0.0.0.0'
      : arg;
  });
  try {
    return parseArgs({
      args: spelled,
      options: {
        demo: { type: 'boolean', default: false },
        port: { type: 'string', default: '8787' },
        host: { type: 'string', default: '127.0.0.1' },
        'data-dir': { type: 'string' },
        redis: { type: 'string' },
        'vapid-subject': { type: 'string' },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new Failure(`${(error as Error).message}. Try --help.`, 2);
  }
}

async function main(): Promise<void> {
  const given = readArguments(process.argv.slice(2));
  const { demo, port: givenPort, host, redis, verbose, help } = given;
  const { 'data-dir': dataDir, 'vapid-subject': subject } = given;
  if (help) {
    process.stdout.write(USAGE);
    return;
  }
  if (!demo) {
    throw new Failure(
      'It does not know how users prove who they are: --demo lets them name themselves.',
      2,
    );
  }
  const port = Number(givenPort);
  if (!/^\d{1,5}$/.test(givenPort) || port > 65_535) {
    throw new Failure(`--port must be a number from 0 to 65535, not "${givenPort}".`, 2);
  }
  if (dataDir === '') throw new Failure('--data-dir must name a folder.', 2);
  if (redis !== undefined && dataDir !== undefined) {
    throw new Failure('--data-dir and --redis do not go together.', 2);
  }
  process.stderr.write(WARNING);
  const logger = lineLogger((line) => process.stderr.write(line), verbose ? 'debug' : 'info');
  const server = await createCallServer({
    authenticate: authenticateDemo,
    port,
    host,
    logger,
    ...(dataDir !== undefined && { dataDir }),
    ...(redis !== undefined && { redis }),
    ...(subject !== undefined && { push: { vapid: { subject } } }),
  }).catch((error: unknown) => {
    if (error instanceof TypeError && subject !== undefined) throw new Failure(error.message, 2);
    throw new Failure(explain(error, port, host), 1);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void server.close());
  }
  if (dataDir === undefined && redis === undefined) process.stdout.write(`${IN_MEMORY}\n`);
  process.stdout.write(`ringkit-server listens on ${server.url}\n`);
}

function explain(error: unknown, port: number, host: string): string {
  if (error instanceof DataError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `Port ${port} is in use: choose another one with --port.`;
  if (code === 'EACCES')
    return `Port ${port} is not open to this user: choose a higher one with --port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `This computer has no address ${host}.`;
  return `It can not listen on ${host}:${port}: ${message}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`ringkit-server: ${(error as Error).message}\n`);
  process.exitCode = error instanceof Failure ? error.code : 1;
});
