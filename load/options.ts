import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LoadError } from './load-error.js';
import { peopleInCalls } from './mix.js';

export interface LoadOptions {
  readonly users: number;
  readonly callsPerSecond: number;
  /** How long calls are placed; then those that run are waited for. */
  readonly seconds: number;
  /** Servers to call at; none: one is started. */
  readonly nodes: readonly string[];
  /** What tokens are signed with; undefined: users name themselves. */
  readonly tokenSecret: string | undefined;
  readonly seed: number;
  /** People act so many times faster. */
  readonly pace: number;
  /** Processes that the users are in. */
  readonly workers: number;
}

export const USAGE = `Usage: npm run load -- --users N --calls-per-second R [options]

  --users <number>              users who sign in
  --calls-per-second <number>   calls that are placed, with the outcomes of a day (load/mix.ts)
  --seconds <number>            for so long; then the calls that run are waited for (60)
  --nodes <url,url>             servers on this machine; without it, one is started
  --token-secret <text>         signs tokens (HS256, 32 bytes at least); without it, users name themselves
  --seed <number>               the same seed plans the same calls (1)
  --pace <number>               people act so many times faster (1)
  --workers <number>            processes that the users are in (one for 2,500 users)
`;

/** One process of the generator can do so much, and not be what is measured. */
const USERS_PER_WORKER = 2_500;
/** Of all users at most this part is in calls, so that there is always somebody to call. */
const MOST_IN_CALLS = 0.7;
/** Files that a process has open without any connection. */
const OTHER_FILES = 200;
const LEAST_SECRET_BYTES = 32;

/**
 * @returns nothing when the usage was asked for
 * @throws {LoadError}
 */
export function readOptions(args: readonly string[]): LoadOptions | undefined {
  const given = parse(args);
  if (given.help) return undefined;
  const users = readNumber('users', given.users, 4, 100_000, true);
  const defaultWorkers = String(Math.ceil(users / USERS_PER_WORKER));
  const options = {
    users,
    callsPerSecond: readNumber('calls-per-second', given['calls-per-second'], 0.01, 10_000),
    seconds: readNumber('seconds', given.seconds ?? '60', 1, 86_400),
    nodes: readNodes(given.nodes),
    tokenSecret: readSecret(given['token-secret']),
    seed: readNumber('seed', given.seed ?? '1', 0, 2 ** 32 - 1, true),
    pace: readNumber('pace', given.pace ?? '1', 0.1, 100),
    workers: readNumber('workers', given.workers ?? defaultWorkers, 1, 64, true),
  };
  checkCrowd(options);
  checkOpenFiles(options);
  return options;
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    ...{ users: text, 'calls-per-second': text, seconds: text, nodes: text },
    ...{ 'token-secret': text, seed: text, pace: text, workers: text },
    help: { type: 'boolean', default: false },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new LoadError(`${(error as Error).message.split('\n')[0] ?? ''}. Try --help.`);
  }
}

function readNumber(
  name: string,
  text: string | undefined,
  least: number,
  most: number,
  whole = false,
): number {
  if (text === undefined) throw new LoadError(`--${name} is missing: try --help.`);
  const number = Number(text);
  const fits = text.trim() !== '' && number >= least && number <= most;
  if (!fits || (whole && !Number.isInteger(number))) {
    const kind = whole ? 'a whole number' : 'a number';
    throw new LoadError(`--${name} must be ${kind} from ${least} to ${most}, not "${text}".`);
  }
  return number;
}

/** Load is for one's own servers: others are not to be hurt by a slip of the pen. */
function readNodes(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  return text.split(',').map((part) => {
    const node = part.trim();
    const url = URL.canParse(node) ? new URL(node) : undefined;
    if (!url || !/^(http|ws)s?:$/.test(url.protocol)) {
      throw new LoadError(`--nodes must be addresses like http://127.0.0.1:8787, not "${node}".`);
    }
    if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) {
      throw new LoadError(`--nodes may name this machine alone (127.0.0.1, [::1]), not "${node}".`);
    }
    return url.href;
  });
}

function readSecret(secret: string | undefined): string | undefined {
  if (secret !== undefined && Buffer.byteLength(secret) < LEAST_SECRET_BYTES) {
    throw new LoadError(`--token-secret must have at least ${LEAST_SECRET_BYTES} bytes.`);
  }
  return secret;
}

function checkCrowd({ users, callsPerSecond, pace, workers }: LoadOptions): void {
  const needed = Math.ceil(peopleInCalls(callsPerSecond, pace) / MOST_IN_CALLS);
  if (users < needed) {
    throw new LoadError(
      `${callsPerSecond} calls a second need about ${needed} users, not ${users}: there would be nobody to call.`,
    );
  }
  if (users / workers < 4)
    throw new LoadError(`${users} users are too few for ${workers} workers.`);
}

function checkOpenFiles({ users, nodes, workers }: LoadOptions): void {
  const most = openFiles();
  // A server that this starts has all of them; a worker has its share.
  const needed = (nodes.length === 0 ? users : Math.ceil(users / workers)) + OTHER_FILES;
  if (most !== undefined && needed > most) {
    throw new LoadError(
      `${users} users need ${needed} open files, and ${most} are allowed (ulimit -n).`,
    );
  }
}

/** How many files a process may have open; undefined where that can't be told. */
function openFiles(): number | undefined {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const most = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1]);
    return Number.isNaN(most) ? undefined : most;
  } catch {
    // Not Linux.
    return undefined;
  }
}
