import type { Load } from './load.js';
import { MIX } from './mix.js';
import type { LoadOptions } from './options.js';
import { percentile } from './percentile.js';

/** Limits beyond which the generator itself distorts the latencies. */
const MOST_LAG_MS = 50;
const MOST_BUSY = 0.8;

/** Whether all calls had the planned outcome. */
export function hasPlannedOutcomes({ counts }: Load): boolean {
  const outcomes = Object.values(counts.outcomes);
  return (
    counts.notPlaced === 0 &&
    Object.keys(counts.errors).length === 0 &&
    outcomes.every(({ planned, met }) => planned === met) &&
    outcomes.some(({ met }) => met > 0)
  );
}

export function formatReport(load: Load, options: LoadOptions): string {
  return [
    ...latencyLines(load),
    '',
    ...outcomeLines(load),
    '',
    errorLine(load),
    ...serverLines(load, options),
    ...generatorLines(load),
  ].join('\n');
}

function latencyLines({ counts: { latencies } }: Load): string[] {
  const line = (what: string, values: readonly number[]): string => {
    const cells = [50, 95, 99].map((percent) => `${percentile(values, percent).toFixed(1)} ms`);
    return row(what, ...(values.length > 0 ? cells : ['–', '–', '–']), String(values.length));
  };
  return [
    row('latency', 'median', 'p95', 'p99', 'samples'),
    line('send() to ringing', latencies.rings),
    line('accept() to both in', latencies.accepts),
    // The time that users take between the two is not included.
    line('set-up: sum of both', latencies.setUps),
  ];
}

function outcomeLines({ counts, callMs }: Load): string[] {
  const all = Object.values(counts.outcomes);
  const sum = (read: (one: (typeof all)[number]) => number): number =>
    all.reduce((total, one) => total + read(one), 0);
  const lines = MIX.map(({ outcome }) => {
    const { planned, met, instead } = counts.outcomes[outcome];
    const others = Object.entries(instead).map(([what, times]) => `${what} ${times}`);
    return `${row(outcome, String(planned), String(met))}  ${others.join(', ')}`.trimEnd();
  });
  const notPlaced = `${counts.notPlaced} calls were not placed because too few users were free: use more --users.`;
  return [
    `${row('calls', 'planned', 'as planned')}  instead`,
    ...lines,
    row('all', String(sum(({ planned }) => planned)), String(sum(({ met }) => met))),
    ...(counts.notPlaced > 0 ? [notPlaced] : []),
    ...(all.every(({ planned }) => planned === 0)
      ? ['No call was placed: use more --seconds.']
      : []),
    `from the first call to the end of the last one: ${(callMs / 1_000).toFixed(1)} s`,
  ];
}

function errorLine({ counts: { errors } }: Load): string {
  const all = Object.entries(errors).map(([code, times]) => `${code} ${times}`);
  return `errors: ${all.length > 0 ? all.join(', ') : 'none'}`;
}

function serverLines({ usage, signInMs, callMs }: Load, { users }: LoadOptions): string[] {
  if (!usage)
    return ['server: memory and CPU are unknown, because the server does not report them'];
  const { before, signedIn, called } = usage;
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  const perThousand = (1_000 / users) * (signedIn.memory - before.memory);
  const share = (ms: number, of: number): number => (ms / of) * 100;
  const calling = share(called.cpuMs - signedIn.cpuMs, callMs);
  const signing = share(signedIn.cpuMs - before.cpuMs, signInMs);
  return [
    `server, memory: ${mb(before.memory)} before anybody signed in, ${mb(signedIn.memory)} with ${users} connections, ` +
      `${mb(called.memory)} after the calls; ${mb(perThousand)} per 1,000 connections`,
    `server, CPU: ${calling.toFixed(1)} % of one core while calling, ` +
      `${((calling * 1_000) / users).toFixed(2)} % per 1,000 connections; ${signing.toFixed(1)} % while signing in`,
  ];
}

function generatorLines({ strain }: Load): string[] {
  const most = (read: (one: (typeof strain)[number]) => number): number =>
    Math.max(...strain.map(read));
  const lag = most(({ lagP99Ms }) => lagP99Ms);
  const busy = most(({ busy: part }) => part);
  const line =
    `generator: event loop delay ${lag.toFixed(1)} ms (p99), ${most(({ lagMaxMs }) => lagMaxMs).toFixed(1)} ms at most; ` +
    `${(busy * 100).toFixed(0)} % busy, ${strain.length} ${strain.length === 1 ? 'process' : 'processes'}`;
  return lag > MOST_LAG_MS || busy > MOST_BUSY
    ? [
        line,
        'The generator was overloaded, so the latencies include its own delays. Use more --workers, or more cores.',
      ]
    : [line];
}

function row(name: string, ...cells: readonly string[]): string {
  return name.padEnd(22) + cells.map((cell) => cell.padStart(12)).join('');
}
