#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import {
  authenticateDemo,
  authenticateJwt,
  createCallServer,
  DataError,
  type Authenticate,
  type CallServer,
  type CallServerOptions,
  type Logger,
} from './index.js';
import { DRAIN_MS } from './limits/limits.js';
import { silentLogger } from './observability/logger.js';
import { pinoLogger } from './observability/pino-logger.js';
import { readSettings, SettingsError, USAGE, type Settings } from './settings.js';

const IN_MEMORY =
  'Everything is kept in memory, until the server ends: --data-dir keeps it in a folder, --redis in Redis.';

/** How long the process may take to end when all clients were sent away, in ms. */
const END_MS = 5_000;

const WARNING = `
  ****************************************************************
  *  DEMO MODE: anybody who reaches this server can be any user. *
  *  Do not use it for anything but trying out.                  *
  ****************************************************************
`;

function readNumber(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d{1,9}$/.test(text) || number < least || number > most) {
    const range = `from ${String(least)} to ${String(most)}`;
    throw new SettingsError(`--${name} must be a number ${range}, not "${text}".`);
  }
  return number;
}

function chooseAuthentication(settings: Settings, logger: Logger): Promise<Authenticate> {
  const { demo, 'jwt-secret': secret, jwks } = settings;
  const { 'jwt-issuer': issuer, 'jwt-audience': audience } = settings;
  const claims = {
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
  if ([demo === true, secret !== undefined, jwks !== undefined].filter(Boolean).length > 1) {
    throw new SettingsError('Choose one of --demo, --jwt-secret and --jwks.');
  }
  if (secret !== undefined) return authenticateJwt({ secret, ...claims });
  if (jwks !== undefined) return authenticateJwt({ jwks, logger, ...claims });
  if (demo === true) return Promise.resolve(authenticateDemo);
  throw new SettingsError(
    'It does not know how users prove who they are: name --jwt-secret or --jwks, or let them name themselves with --demo.',
  );
}

function readOrigins(origins: Settings['origin']): CallServerOptions['origins'] {
  if (origins?.includes('*')) return '*';
  return origins?.map((origin) => {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin.replace(/\/$/, '')) {
      throw new SettingsError(`--origin must be like https://example.org, not "${origin}".`);
    }
    return new URL(origin).origin;
  });
}

function readTurn(settings: Settings): CallServerOptions['turn'] {
  const { 'turn-url': urls, 'turn-secret': secret, 'turn-ttl': ttl } = settings;
  if (urls === undefined && secret === undefined) return undefined;
  if (urls === undefined || secret === undefined) {
    throw new SettingsError('--turn-url and --turn-secret are of use together only.');
  }
  const ttlMs = ttl === undefined ? undefined : readNumber('turn-ttl', ttl, 60, 31_536_000) * 1_000;
  return { urls, secret, ...(ttlMs !== undefined && { ttlMs }) };
}

function readTls(settings: Settings): CallServerOptions['tls'] {
  const { 'tls-cert': cert, 'tls-key': key } = settings;
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw new SettingsError('--tls-cert and --tls-key are of use together only.');
  }
  try {
    return { cert: readFileSync(cert), key: readFileSync(key) };
  } catch (error) {
    throw new SettingsError(`The certificate can not be read: ${(error as Error).message}.`);
  }
}

function readLevel({ verbose, 'log-level': level = 'info' }: Settings) {
  const levels = ['debug', 'info', 'warn', 'silent'] as const;
  const found = levels.find((one) => one === level);
  if (!found) throw new SettingsError(`--log-level must be one of ${levels.join(', ')}.`);
  return verbose === true ? 'debug' : found;
}

/** What is there of these. */
const present = <T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;

async function readOptions(settings: Settings, port: number, host: string) {
  if (settings.redis !== undefined && settings['data-dir'] !== undefined) {
    throw new SettingsError('--data-dir and --redis do not go together.');
  }
  const subject = settings['vapid-subject'];
  const logger = pinoLogger(readLevel(settings));
  const options: CallServerOptions = {
    authenticate: await chooseAuthentication(settings, logger),
    port,
    host,
    logger,
    trustedProxies: readNumber('trust-proxy', settings['trust-proxy'] ?? '0', 0, 10),
    ...present({
      origins: readOrigins(settings.origin),
      turn: readTurn(settings),
      tls: readTls(settings),
      dataDir: settings['data-dir'],
      redis: settings.redis,
      push: subject === undefined ? undefined : { vapid: { subject } },
      limits: settings.limits,
    }),
  };
  return options;
}

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2), process.env);
  if (settings.help === true) {
    process.stdout.write(USAGE);
    return;
  }
  const host = settings.host ?? '127.0.0.1';
  const port = readNumber('port', settings.port ?? '8787', 0, 65_535);
  const options = await readOptions(settings, port, host);
  if (settings.demo === true) process.stderr.write(WARNING);
  const server = await createCallServer(options).catch((error: unknown) => {
    if (error instanceof TypeError) throw error;
    throw new Error(explain(error, port, host), { cause: error });
  });
  const logger = options.logger ?? silentLogger;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void stop(server, logger));
  }
  if (options.dataDir === undefined && options.redis === undefined)
    process.stdout.write(`${IN_MEMORY}\n`);
  process.stdout.write(`ringkit-server listens on ${server.url}\n`);
}

/** Ends the process, whatever state the server, its disk or its network is in. */
async function stop(server: CallServer, logger: Logger): Promise<void> {
  const timer = setTimeout(() => {
    logger.warn('the server did not end in time');
    process.exit(1);
  }, DRAIN_MS + END_MS);
  timer.unref();
  try {
    await server.close(DRAIN_MS);
  } catch (error) {
    logger.warn('the server did not end cleanly', { error: String(error) });
    process.exitCode = 1;
  }
}

function explain(error: unknown, port: number, host: string): string {
  if (error instanceof DataError) return error.message;
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `Port ${port} is in use: choose another one with --port.`;
  if (code === 'EACCES')
    return `Port ${port} is not open to this user: choose a higher one with --port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `This computer has no address ${host}.`;
  if (code?.startsWith('ERR_OSSL') || code?.startsWith('ERR_TLS'))
    return `The certificate or its key can not be used: ${message}.`;
  const why = message.replace(/\.?$/, '.');
  return syscall === 'listen' || syscall === 'getaddrinfo'
    ? `It can not listen on ${host}:${port}: ${why}`
    : `It can not start: ${why}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`ringkit-server: ${(error as Error).message}\n`);
  // What was set wrong is told from what went wrong.
  process.exitCode = error instanceof SettingsError || error instanceof TypeError ? 2 : 1;
});
