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
import { parseOrigin } from './gateway/origins.js';
import { readSettings, SettingsError, USAGE, type Settings } from './settings.js';

const IN_MEMORY =
  'All data is in memory, and lost when the server stops: use --data-dir to store it in a folder, or --redis to store it in Redis.';

/** How long the process may take to exit after all clients are disconnected, in ms. */
const END_MS = 5_000;

const WARNING = `
  ****************************************************************
  *  DEMO MODE: clients can connect as any user.                 *
  *  Use it for trials only.                                     *
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
    'No authentication is configured: set --jwt-secret or --jwks, or use --demo to run without authentication.',
  );
}

function readOrigins(origins: Settings['origin']): CallServerOptions['origins'] {
  if (origins?.includes('*')) return '*';
  return origins?.map((text) => {
    const origin = parseOrigin(text);
    if (origin !== undefined) return origin;
    throw new SettingsError(
      `--origin must be like https://example.org, capacitor://localhost or null, not "${text}".`,
    );
  });
}

function readTurn(settings: Settings): CallServerOptions['turn'] {
  const { 'turn-url': urls, 'turn-secret': secret, 'turn-ttl': ttl } = settings;
  if (urls === undefined && secret === undefined) return undefined;
  if (urls === undefined || secret === undefined) {
    throw new SettingsError('--turn-url and --turn-secret must be set together.');
  }
  const ttlMs = ttl === undefined ? undefined : readNumber('turn-ttl', ttl, 60, 31_536_000) * 1_000;
  return { urls, secret, ...(ttlMs !== undefined && { ttlMs }) };
}

function readTls(settings: Settings): CallServerOptions['tls'] {
  const { 'tls-cert': cert, 'tls-key': key } = settings;
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw new SettingsError('--tls-cert and --tls-key must be set together.');
  }
  try {
    return { cert: readFileSync(cert), key: readFileSync(key) };
  } catch (error) {
    throw new SettingsError(`Cannot read the certificate or its key: ${(error as Error).message}.`);
  }
}

function readLevel({ verbose, 'log-level': level = 'info' }: Settings) {
  const levels = ['debug', 'info', 'warn', 'silent'] as const;
  const found = levels.find((one) => one === level);
  if (!found) throw new SettingsError(`--log-level must be one of ${levels.join(', ')}.`);
  return verbose === true ? 'debug' : found;
}

/** Omits properties whose value is undefined. */
const present = <T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;

async function readOptions(settings: Settings, port: number, host: string) {
  if (settings.redis !== undefined && settings['data-dir'] !== undefined) {
    throw new SettingsError('--data-dir and --redis cannot be combined.');
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
      history: settings.history === 'off' ? false : undefined,
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

/** Ends the process, even if the server hangs on its disk or its network. */
async function stop(server: CallServer, logger: Logger): Promise<void> {
  const timer = setTimeout(() => {
    logger.warn('the server did not stop in time');
    process.exit(1);
  }, DRAIN_MS + END_MS);
  timer.unref();
  try {
    await server.close(DRAIN_MS);
  } catch (error) {
    logger.warn('the server did not stop cleanly', { error: String(error) });
    process.exitCode = 1;
  }
}

function explain(error: unknown, port: number, host: string): string {
  if (error instanceof DataError) return error.message;
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `Port ${port} is in use: choose another one with --port.`;
  if (code === 'EACCES')
    return `This user may not listen on port ${port}: choose a higher one with --port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `This computer has no address ${host}.`;
  if (code?.startsWith('ERR_OSSL') || code?.startsWith('ERR_TLS'))
    return `The certificate or its key is invalid: ${message}.`;
  const why = message.replace(/\.?$/, '.');
  return syscall === 'listen' || syscall === 'getaddrinfo'
    ? `Cannot listen on ${host}:${port}: ${why}`
    : `Cannot start: ${why}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`ringkit-server: ${(error as Error).message}\n`);
  // Exit code 2: invalid settings. Exit code 1: any other failure.
  process.exitCode = error instanceof SettingsError || error instanceof TypeError ? 2 : 1;
});
