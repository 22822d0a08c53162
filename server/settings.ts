import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DEFAULT_LIMITS, type Limits } from './limits/limits.js';

/** An invalid setting. The message is one sentence for the administrator, and never contains a secret. */
export class SettingsError extends Error {}

interface Option {
  /** A `switch` is `on` or `off`; in the environment also 1 or 0, in the file also true or false. */
  readonly kind: 'flag' | 'text' | 'list' | 'switch';
  /** The value of an option that is given without one. */
  readonly alone?: string;
  /** Placeholder of the value in the usage text. Flags have none. */
  readonly value?: string;
  readonly help: string;
}

/** All options. Each one is also an environment variable (`variableOf`) and a key of the configuration file. */
export const OPTIONS = {
  demo: { kind: 'flag', help: 'no authentication: clients choose any user ID (trials only)' },
  'jwt-secret': { kind: 'text', value: 'text', help: 'HS256 secret of tokens, 32 bytes or more' },
  jwks: { kind: 'text', value: 'URL|file', help: 'public keys of tokens: RS256, ES256, EdDSA' },
  'jwt-issuer': { kind: 'text', value: 'text', help: 'required issuer (iss) of tokens' },
  'jwt-audience': { kind: 'text', value: 'text', help: 'required audience (aud) of tokens' },
  origin: {
    kind: 'list',
    value: 'origin',
    help: "allowed origin of pages, or '*' (own host; --demo: local)",
  },
  port: { kind: 'text', value: 'number', help: 'port to listen on; 0: any free port (8787)' },
  host: {
    kind: 'text',
    value: 'name',
    alone: '0.0.0.0',
    help: 'address to listen on; no value: all IPv4 (127.0.0.1)',
  },
  'data-dir': { kind: 'text', value: 'folder', help: 'for missed calls, push subscriptions, keys' },
  redis: {
    kind: 'text',
    value: 'url',
    help: 'all data; servers with the same Redis are one system',
  },
  history: { kind: 'switch', value: 'on|off', help: 'keep the calls of each user, 30 days (on)' },
  'vapid-subject': { kind: 'text', value: 'address', help: 'contact address for push services' },
  'turn-url': { kind: 'list', value: 'turn:…', help: 'a TURN server for all devices; repeatable' },
  'turn-secret': { kind: 'text', value: 'text', help: 'secret shared with the TURN server' },
  'turn-ttl': { kind: 'text', value: 'seconds', help: 'lifetime of TURN credentials (3600)' },
  'tls-cert': { kind: 'text', value: 'file', help: 'certificate chain (PEM), for https and wss' },
  'tls-key': { kind: 'text', value: 'file', help: 'private key of the certificate (PEM)' },
  'trust-proxy': { kind: 'text', value: 'hops', alone: '1', help: 'number of trusted proxies (0)' },
  'log-level': { kind: 'text', value: 'level', help: 'debug, info, warn or silent (info)' },
  verbose: { kind: 'flag', help: 'same as --log-level debug' },
  config: { kind: 'text', value: 'file', help: 'JSON file with options and "limits"' },
  help: { kind: 'flag', help: 'show this text' },
} as const satisfies Readonly<Record<string, Option>>;

export type Name = keyof typeof OPTIONS;
type Value<N extends Name> = (typeof OPTIONS)[N]['kind'] extends 'flag'
  ? boolean
  : (typeof OPTIONS)[N]['kind'] extends 'list'
    ? readonly string[]
    : string;
export type Settings = { readonly [N in Name]?: Value<N> } & { readonly limits?: Partial<Limits> };

type Values = Record<string, unknown>;
const entries = Object.entries(OPTIONS) as [Name, Option][];

/** The environment variable of an option: `turn-url` is `RINGKIT_TURN_URL`. */
export const variableOf = (name: string): string =>
  `RINGKIT_${name.toUpperCase().replaceAll('-', '_')}`;

export const USAGE = `Usage: ringkit-server --demo | --jwt-secret <text> | --jwks <URL|file> [options]

${entries
  .map(([name, { value, help }]) => {
    const option = value === undefined ? `--${name}` : `--${name} <${value}>`;
    return `  ${option.padEnd(26)} ${help}`;
  })
  .join('\n')}

Each option can also be set as an environment variable (RINGKIT_JWT_SECRET; lists separated by commas) or in the
--config file ({ "jwt-secret": "…" }). The command line overrides the environment; the environment overrides the file.
`;

/**
 * Reads the settings from the command line, the environment and the configuration file, in this order of precedence.
 * @throws {SettingsError} if an option is unknown, or its value is invalid
 */
export function readSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  const given = fromArguments(args);
  const fromEnv = fromEnvironment(env);
  const file = given['config'] ?? fromEnv['config'];
  const configured = typeof file === 'string' ? fromFile(file) : {};
  const settings = { ...configured, ...fromEnv, ...given };
  for (const [name, { kind }] of entries) {
    if (kind !== 'flag' && [settings[name]].flat().includes('')) {
      throw new SettingsError(`--${name} must not be empty.`);
    }
  }
  return settings;
}

function fromArguments(args: readonly string[]): Values {
  const spelled = args.map((arg, index) => {
    const next = args[index + 1];
    const alone = entries.find(([name]) => arg === `--${name}`)?.[1].alone;
    const isAlone = next === undefined || next.startsWith('-');
    return alone !== undefined && isAlone ? `${arg}=${alone}` : arg;
  });
  const options = Object.fromEntries(
    entries.map(([name, { kind }]) => [
      name,
      {
        type: kind === 'flag' ? ('boolean' as const) : ('string' as const),
        multiple: kind === 'list',
      },
    ]),
  );
  let values: Values;
  try {
    values = { ...parseArgs({ args: spelled, options }).values };
  } catch (error) {
    throw new SettingsError(`${(error as Error).message.split('\n')[0] ?? ''}. Try --help.`);
  }
  for (const [name, { kind }] of entries) {
    const value = values[name];
    if (kind === 'switch' && value !== undefined) values[name] = readSwitch(`--${name}`, value);
  }
  return values;
}

function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Values {
  const values: Values = {};
  for (const [name, { kind }] of entries) {
    const text = env[variableOf(name)];
    if (text === undefined || text === '') continue;
    if (kind === 'list') values[name] = text.split(/[\s,]+/).filter((part) => part !== '');
    else if (kind === 'switch') values[name] = readSwitch(variableOf(name), text);
    else if (kind === 'text') values[name] = text;
    else if (/^(1|true|0|false)$/.test(text)) values[name] = text === '1' || text === 'true';
    else throw new SettingsError(`${variableOf(name)} must be 1 or 0, not "${text}".`);
  }
  return values;
}

function fromFile(file: string): Values {
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    // The parser's message may quote the file, which may contain a secret.
    const why = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    throw new SettingsError(`Cannot read the configuration ${file}: ${why}.`);
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    throw new SettingsError(`The configuration ${file} must be a JSON object.`);
  }
  const values: Values = {};
  for (const [key, value] of Object.entries(read)) {
    if (key === 'limits') {
      values[key] = readLimits(value);
      continue;
    }
    const option = entries.find(([name]) => name === key && name !== 'config' && name !== 'help');
    if (!option) throw new SettingsError(`The configuration contains an unknown option "${key}".`);
    values[key] = readValue(key, option[1].kind, value);
  }
  return values;
}

/** @returns `on` or `off` */
function readSwitch(name: string, value: unknown): string {
  if (value === true || /^(on|1|true)$/.test(String(value))) return 'on';
  if (value === false || /^(off|0|false)$/.test(String(value))) return 'off';
  throw new SettingsError(`${name} must be on or off, not "${String(value)}".`);
}

function readValue(name: string, kind: Option['kind'], value: unknown): unknown {
  if (kind === 'switch') return readSwitch(`The configuration's "${name}"`, value);
  const isText = typeof value === 'string' || (typeof value === 'number' && kind === 'text');
  if (kind === 'flag' ? typeof value === 'boolean' : kind === 'text' && isText) {
    return kind === 'text' ? String(value) : value;
  }
  if (kind === 'list' && [value].flat().every((item) => typeof item === 'string')) {
    return [value].flat();
  }
  const what = { flag: 'true or false', text: 'a string', list: 'a list of strings' }[kind];
  throw new SettingsError(`The configuration's "${name}" must be ${what}.`);
}

function readLimits(given: unknown): Partial<Limits> {
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;
  for (const [name, value] of Object.entries(given ?? {})) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) {
      throw new SettingsError(`The configuration contains an unknown limit "${name}".`);
    }
    const known = DEFAULT_LIMITS[name as keyof Limits];
    const { points, seconds } = (value ?? {}) as { points?: unknown; seconds?: unknown };
    const fits = typeof known === 'number' ? isCount(value) : isCount(points) && isCount(seconds);
    const what = typeof known === 'number' ? 'a positive integer' : '{ "points": …, "seconds": … }';
    if (!fits) throw new SettingsError(`The configuration's limit "${name}" must be ${what}.`);
  }
  return given as Partial<Limits>;
}
