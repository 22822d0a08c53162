import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LoadError } from './load-error.js';
import { peopleInCalls } from './mix.js';

export interface LoadOptions {
  readonly users: number;
  readonly callsPerSecond: number;
  /** How long calls are placed, in seconds; after that, running calls may end. */
  readonly seconds: number;
  /** URLs of the servers. If empty, one is started. */
  readonly nodes: readonly string[];
  /** Secret that signs tokens (HS256). Undefined: the server does not check user IDs. */
  readonly tokenSecret: string | undefined;
  readonly seed: number;
  /** Factor by which users act faster. */
  readonly pace: number;
  /** Number of processes that simulate users. */
  readonly workers: number;
}

export const USAGE = `Usage: npm run load -- --users N --calls-per-second R [options]

  --users <number>              number of users who sign in
  --calls-per-second <number>   rate of calls, with the outcomes in load/mix.ts
  --seconds <number>            how long to place calls; running calls may then end (60)
  --nodes <url,url>             servers on this machine (default: start one)
  --token-secret <text>         signs tokens (HS256, 32 bytes or more; default: no tokens)
  --seed <number>               the same seed plans the same calls (1)
  --pace <number>               factor by which users act faster (1)
  --workers <number>            number of processes (one for 2,500 users)
`;

/** Users that one process can simulate without becoming the bottleneck. */
const USERS_PER_WORKER = 2_500;
/** Maximum share of users in calls, so that there are always free users. */
const MAX_SHARE_IN_CALLS = 0.7;
/** Open files of a process without any connections. */
const OTHER_FILES = 200;
const LEAST_SECRET_BYTES = 32;

/**
 * @returns undefined if the usage text was requested
 * @throws {LoadError} if an option is invalid
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

/** Parses --nodes. Accepts only servers on this machine, so that a typing error can't harm others. */
function readNodes(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  return text.split(',').map((part) => {
    const node = part.trim();
    const url = URL.canParse(node) ? new URL(node) : undefined;
    if (!url || !/^(http|ws)s?:$/.test(url.protocol)) {
      throw new LoadError(`--nodes must be URLs like http://127.0.0.1:8787, not "${node}".`);
    }
    if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) {
      throw new LoadError(`--nodes must be on this machine (127.0.0.1, [::1]), not "${node}".`);
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
  const needed = Math.ceil(peopleInCalls(callsPerSecond, pace) / MAX_SHARE_IN_CALLS);
  if (users < needed) {
    throw new LoadError(
      `${callsPerSecond} calls per second need about ${needed} users, not ${users}, so that enough of them are free.`,
    );
  }
  if (users / workers < 4)
    throw new LoadError(`${users} users are too few for ${workers} workers.`);
}

function checkOpenFiles({ users, nodes, workers }: LoadOptions): void {
  const most = openFiles();
  // A server that this process starts has all connections; a worker has its share.
  const needed = (nodes.length === 0 ? users : Math.ceil(users / workers)) + OTHER_FILES;
  if (most !== undefined && needed > most) {
    throw new LoadError(
      `${users} users need ${needed} open files, but the limit is ${most} (ulimit -n).`,
    );
  }
}

/** Maximum number of open files of a process; undefined if unknown. */
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
