/**
 * `npm run bench`: how fast the kit is, side by side with the least that would do, and with PeerJS.
 *
 * npm run bench -- --rounds 15     rounds that count, for each contestant (at least 7; default 9)
 * npm run bench -- --only a        a: from accept to the first frame; b: from send to the dialog
 * npm run bench -- --trace         also what happened in the last round of each contestant, in ms from the accept
 *
 * Times are no tests: a goal that is missed is marked, and the command succeeds. It fails when a round has failed.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inTime, startBrowsers } from './browsers.js';
import { dialogOf, openInvitationPages } from './dialog.js';
import { dialogRows } from './dialog-rows.js';
import { firstFrameOf } from './first-frame.js';
import { firstFrameRows } from './first-frame-rows.js';
import type { Mark } from './pages/page.js';
import { takeTurns, type Series } from './rounds.js';
import {
  ONE_WAY_DELAY_MS,
  startBareSignaling,
  startKitSignaling,
  startPeerSignaling,
} from './servers.js';
import { ensureKit, startSite } from './site.js';
import { formatTable, type Row } from './table.js';

const LEAST_ROUNDS = 7;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    only: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < LEAST_ROUNDS) {
  throw new Error(`--rounds ${options.rounds}: give a whole number, ${LEAST_ROUNDS} at least.`);
}
if (options.only !== undefined && !['a', 'b'].includes(options.only)) {
  throw new Error(`--only ${options.only}: known are a and b.`);
}

const tell = (line: string): void => console.log(line);
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => process.exit(code));
}
/** What was started, to be ended in the opposite order. */
const started: { close(): Promise<void> }[] = [];
const start = async <T extends { close(): Promise<void> }>(what: Promise<T>): Promise<T> => {
  const running = await what;
  started.push(running);
  return running;
};

ensureKit();
try {
  const site = await start(startSite());
  const kit = await start(startKitSignaling());
  const bare = await start(startBareSignaling());
  const peer = await start(startPeerSignaling());
  const browsers = await start(startBrowsers(new URL(site.url).origin));
  const rows: Row[] = [];
  const failures: string[] = [];
  const keep = (series: readonly Series<unknown>[]): void =>
    void failures.push(...series.flatMap((one) => one.failures));

  if (options.only !== 'b') {
    tell('(a) from accept to the first frame');
    const traces = new Map<string, readonly Mark[]>();
    const trace = options.trace
      ? (name: string, marks: readonly Mark[]): void => void traces.set(name, marks)
      : undefined;
    const entries = [
      { name: 'bare WebRTC', page: 'bare', signaling: bare.url },
      { name: 'ringkit', page: 'ringkit', signaling: kit.url },
      { name: 'ringkit, no elements', page: 'ringkit', way: 'plain', signaling: kit.url },
      { name: 'PeerJS, call first', page: 'peerjs', way: 'call-first', signaling: peer.url },
      { name: 'PeerJS, accept first', page: 'peerjs', way: 'accept-first', signaling: peer.url },
    ];
    const contestants = entries.map((entry) => firstFrameOf(entry, site.url, browsers, trace));
    const series = await takeTurns(contestants, rounds, tell);
    keep(series);
    rows.push(...firstFrameRows(series));
    for (const [name, marks] of traces) {
      tell(`\n${name}, last round`);
      for (const { at, what } of marks) tell(`${at.toFixed(1).padStart(9)}  ${what}`);
    }
  }
  if (options.only !== 'a') {
    tell('(b) from send to the dialog');
    const pair = await openInvitationPages(site.url, browsers, { kit: kit.url, bare: bare.url });
    const contestants = [
      dialogOf('bare', 'bare Socket.IO', pair),
      dialogOf('ringkit', 'ringkit', pair),
    ];
    const series = await takeTurns(contestants, rounds, tell);
    keep(series);
    rows.push(...dialogRows(series));
    await pair.close();
  }
  tell(`\nMedians; ${ONE_WAY_DELAY_MS} ms of added delay one way for every signalling message.\n`);
  tell(formatTable(rows));
  if (failures.length > 0) {
    tell(`\n${failures.length} rounds failed:\n${failures.join('\n')}`);
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

tell('\nBytes, gzip\n');
spawnSync(process.execPath, [join(import.meta.dirname, '../scripts/size.mjs')], {
  stdio: 'inherit',
});
