/**
 * `npm run bench`: compares the speed of the kit with minimal implementations and with PeerJS.
 *
 * npm run bench -- --rounds 15     rounds that count, for each contestant (default: 9, for groups 5); few rounds prove nothing
 * npm run bench -- --only dialog   first-frame: from accept to the first frame; dialog: from send to the dialog;
 *                                  mesh: calls of two to eight; idle: work of a call of four while nothing happens;
 *                                  load: CPU and kbit/s of calls of two to eight, with and without the send policy
 * npm run bench -- --sizes 3,8     members of the calls of mesh and load (default: 2,3,4,5,6,7,8)
 * npm run bench -- --only server   compares the signalling server with a bare Socket.IO relay, with 5 rounds and without
 *                                  browsers; skipped without --only, because it needs the machine for itself for minutes
 *                                  --connections 19000: number of connections for the memory measurement (5,000)
 * npm run bench -- --compare path  also measures another build of the kit, from its folder dist (first-frame and mesh)
 * npm run bench -- --trace         also prints the events in the last round of each contestant, in ms from the accept
 *
 * Times are not tests: a missed goal is marked, but the command succeeds. It fails if a round has failed.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inTime, startBrowsers } from './browsers.js';
import { callLoadOf } from './call-load.js';
import { callLoadRows } from './call-load-rows.js';
import { dialogOf, openInvitationPages } from './dialog.js';
import { dialogRows } from './dialog-rows.js';
import { firstFrameOf } from './first-frame.js';
import { firstFrameRows } from './first-frame-rows.js';
import { idleOf } from './idle.js';
import { idleRows } from './idle-rows.js';
import { meshOf } from './mesh.js';
import { meshRows } from './mesh-rows.js';
import type { Mark } from './pages/page.js';
import { takeTurns, type Series } from './rounds.js';
import { benchServer } from './server/bench.js';
import {
  ONE_WAY_DELAY_MS,
  startBareSignaling,
  startKitSignaling,
  startPeerSignaling,
} from './servers.js';
import { ensureKit, startSite } from './site.js';
import { formatTable, type Row } from './table.js';

const KINDS = ['first-frame', 'dialog', 'mesh', 'idle', 'load', 'server'] as const;
const ROUNDS = 9;
const GROUP_ROUNDS = 5;
const LOAD_ROUNDS = 3;
const SERVER_ROUNDS = 5;
const CONNECTIONS = 5_000;
const SIZES = [2, 3, 4, 5, 6, 7, 8];
/** Sizes that are also measured without the send policy. */
const UNLIMITED_SIZES = [4, 8];

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string' },
    only: { type: 'string' },
    connections: { type: 'string' },
    sizes: { type: 'string' },
    compare: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});
const whole = (name: 'rounds' | 'connections'): number | undefined => {
  const text = options[name];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${name} ${text}: must be a positive integer.`);
};
const requestedRounds = whole('rounds');
const connections = whole('connections') ?? CONNECTIONS;
const sizes = options.sizes?.split(',').map(Number) ?? SIZES;
if (!sizes.every((size) => Number.isInteger(size) && size > 1)) {
  throw new Error(`--sizes ${options.sizes}: must be integers of at least 2, separated by commas.`);
}
const { only } = options;
if (only !== undefined && !KINDS.some((kind) => kind === only)) {
  throw new Error(`--only ${only}: must be one of ${KINDS.join(', ')}.`);
}
const wanted = (kind: (typeof KINDS)[number]): boolean => only === undefined || only === kind;

const print = (line: string): void => console.log(line);
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => process.exit(code));
}
if (only === 'server') {
  // The rest measures pages.
  const rounds = requestedRounds ?? SERVER_ROUNDS;
  process.exit((await benchServer({ rounds, connections }, print)) ? 0 : 1);
}
/** Everything that was started. Closed in the reverse order. */
const started: { close(): Promise<void> }[] = [];
const start = async <T extends { close(): Promise<void> }>(what: Promise<T>): Promise<T> => {
  const running = await what;
  started.push(running);
  return running;
};

ensureKit();
try {
  const site = await start(startSite(options.compare));
  const kit = await start(startKitSignaling());
  const bare = await start(startBareSignaling());
  const peer = await start(startPeerSignaling());
  const browsers = await start(startBrowsers(new URL(site.url).origin));
  const rows: Row[] = [];
  const failures: string[] = [];
  const collectFailures = (series: readonly Series<unknown>[]): void =>
    void failures.push(...series.flatMap((one) => one.failures));

  const other =
    options.compare === undefined ? [] : [{ name: 'ringkit, other build', isOther: true }];

  const traces = new Map<string, readonly Mark[]>();
  const trace = options.trace
    ? (name: string, marks: readonly Mark[]): void => void traces.set(name, marks)
    : undefined;

  if (wanted('first-frame')) {
    print('from accept to the first frame');
    const entries = [
      { name: 'bare WebRTC', page: 'bare', signaling: bare.url },
      { name: 'ringkit', page: 'ringkit', signaling: kit.url },
      { name: 'ringkit, no elements', page: 'ringkit', way: 'plain', signaling: kit.url },
      ...other.map((more) => ({ ...more, page: 'ringkit', signaling: kit.url })),
      { name: 'PeerJS, call first', page: 'peerjs', way: 'call-first', signaling: peer.url },
      { name: 'PeerJS, accept first', page: 'peerjs', way: 'accept-first', signaling: peer.url },
    ];
    const contestants = entries.map((entry) => firstFrameOf(entry, site.url, browsers, trace));
    const series = await takeTurns(contestants, requestedRounds ?? ROUNDS, print);
    collectFailures(series);
    rows.push(...firstFrameRows(series));
  }
  if (wanted('dialog')) {
    print('from send to the dialog');
    const pair = await openInvitationPages(site.url, browsers, { kit: kit.url, bare: bare.url });
    const contestants = [
      dialogOf('bare', 'bare Socket.IO', pair),
      dialogOf('ringkit', 'ringkit', pair),
    ];
    const series = await takeTurns(contestants, requestedRounds ?? ROUNDS, print);
    collectFailures(series);
    rows.push(...dialogRows(series));
    await pair.close();
  }
  const group = [
    { name: 'bare simple-peer, same policy', way: 'bare', signaling: bare.url },
    { name: 'ringkit', way: 'ringkit', signaling: kit.url },
  ] as const;
  const plain = { name: 'ringkit, no elements', way: 'plain', signaling: kit.url } as const;
  if (wanted('mesh')) {
    print(
      'from the last accept to pictures on all links; without elements, the page shows the pictures itself',
    );
    const others = other.map((more) => ({ ...more, way: 'ringkit', signaling: kit.url }) as const);
    const contestants = sizes.flatMap((size) =>
      [...group, plain, ...others].map((entry) => meshOf(entry, size, site.url, browsers, trace)),
    );
    const series = await takeTurns(contestants, requestedRounds ?? GROUP_ROUNDS, print, 0);
    collectFailures(series);
    rows.push(...meshRows(series, sizes));
  }
  if (wanted('idle')) {
    print('idle call of four');
    const contestants = [...group, plain].map((entry) => idleOf(entry, site.url, browsers));
    const series = await takeTurns(contestants, requestedRounds ?? GROUP_ROUNDS, print, 0);
    collectFailures(series);
    rows.push(...idleRows(series));
  }
  if (wanted('load')) {
    print('calls with large pictures');
    const limited = { name: 'ringkit', way: 'ringkit', signaling: kit.url } as const;
    const unlimited = { ...limited, name: 'ringkit, no policy', isUnlimited: true };
    const entries = sizes.flatMap((size) => [
      { entry: limited, size },
      ...(UNLIMITED_SIZES.includes(size) ? [{ entry: unlimited, size }] : []),
    ]);
    const contestants = entries.map(({ entry, size }) =>
      callLoadOf(entry, size, site.url, browsers),
    );
    const series = await takeTurns(contestants, requestedRounds ?? LOAD_ROUNDS, print, 0);
    collectFailures(series);
    const pairs = sizes.flatMap((size) => {
      const [with_, without] = series.filter((_, index) => entries[index]?.size === size);
      return with_ ? [without ? ([with_, without] as const) : ([with_] as const)] : [];
    });
    rows.push(...callLoadRows(pairs));
  }
  for (const [name, marks] of traces) {
    print(`\n${name}, last round`);
    for (const { at, what } of marks) print(`${at.toFixed(1).padStart(9)}  ${what}`);
  }
  print(`\nMedians; ${ONE_WAY_DELAY_MS} ms of added delay one way for every signalling message.\n`);
  print(formatTable(rows));
  if (failures.length > 0) {
    print(`\n${failures.length} rounds failed:\n${failures.join('\n')}`);
    process.exitCode = 1;
  }
} finally {
  for (const running of started.reverse()) {
    await inTime('closing', running.close()).catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    });
  }
}

print('\nBytes, gzip\n');
spawnSync(process.execPath, [join(import.meta.dirname, '../node_modules/size-limit/bin.js')], {
  cwd: join(import.meta.dirname, '..'),
  stdio: 'inherit',
});
