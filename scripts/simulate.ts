/*
 * Runs random schedules of the simulation on all cores.
 *
 *   npm run simulate -- --schedules 100000 [--from 1] [--preset small|calm|storm|crossing|big|bigcalm|waiting|waiting-faults|transfer|transfer-faults|liar|liar-group|liar-faults|liar-checked|liar-wild] [--off switch,switch] [--pairs] [--attacks]
 *   npm run simulate -- --preset small --seed 17 [--strict] [--kind invariant] [--off switch]
 *
 * With --attacks, each failing schedule of a `liar` preset is examined for single false statements that alone violate an
 * invariant.
 *
 * With --seed, one schedule is run and its log is printed. With --strict, it is first reduced to the smallest schedule that
 * violates the same invariant. The exit code is 1 if an invariant was violated.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { machineWithout, withModule } from '../test/simulation/bundle.js';
import { addTally, emptyTally, explain, replay, type Tally } from '../test/simulation/report.js';
import { isPresetName, type PresetName } from '../test/simulation/schedule.js';
import { switches } from '../test/simulation/switches.js';
import type { Share } from '../test/simulation/worker.js';

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '5000' },
    from: { type: 'string', default: '1' },
    preset: { type: 'string', default: 'small' },
    seed: { type: 'string' },
    strict: { type: 'boolean', default: false },
    kind: { type: 'string' },
    off: { type: 'string', default: '' },
    pairs: { type: 'boolean', default: false },
    attacks: { type: 'boolean', default: false },
  },
});

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

function whole(name: string, text: string): number {
  const number = Number(text);
  return Number.isInteger(number) && number > 0
    ? number
    : fail(`--${name} must be a positive integer`);
}

const preset: PresetName = isPresetName(values.preset)
  ? values.preset
  : fail(`There is no preset ${values.preset}`);
const off = values.off
  .split(',')
  .filter(Boolean)
  .map((name) => switches.find((each) => each.name === name) ?? fail(`There is no switch ${name}`));

/** Schedules in one share: small enough that all cores finish at about the same time. */
const SHARE = 1_000;

async function runAll(from: number, count: number): Promise<Tally> {
  const shares: Share[] = [];
  const end = from + count;
  for (let next = from; next < end; next += SHARE) {
    const count = Math.min(SHARE, end - next);
    shares.push({ preset, from: next, count, attacks: values.attacks });
  }
  const total = emptyTally();
  await withModule('worker.ts', off, async (module) => {
    const work = async () => {
      for (let share = shares.shift(); share; share = shares.shift()) {
        const worker = new Worker(module, {
          workerData: share,
          // It creates many short-lived objects, which are collected less often with more memory.
          resourceLimits: { maxYoungGenerationSizeMb: 96 },
        });
        const part = await new Promise<Tally>((resolve, reject) => {
          worker.once('message', resolve).once('error', reject);
        });
        addTally(total, part);
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
  });
  return total;
}

function print(total: Tally, ms: number): void {
  const { counts } = total;
  const speed = Math.round(total.schedules / (ms / 1_000));
  console.log(
    `${preset}: ${total.schedules} schedules, ${total.failed} failed, ${speed} per second`,
  );
  console.log(
    `${counts.sends} calls placed, ${counts.rings} rings, ${counts.entered} times in a call, ${counts.glares} glares, ${counts.messages} messages, ${counts.steps} steps`,
  );
  const kinds = Object.entries(total.kinds).sort(([, a], [, b]) => b.times - a.times);
  for (const [kind, { times, seeds }] of kinds) {
    console.log(`  ${kind.padEnd(28)} ${String(times).padStart(7)}  seeds ${seeds.join(' ')}`);
  }
  if (!values.pairs) return;
  for (const [pair, { times, seeds }] of Object.entries(total.pairs).sort()) {
    console.log(`  ${pair.padEnd(50)} ${String(times).padStart(7)}  seeds ${seeds.join(' ')}`);
  }
}

if (values.seed !== undefined) {
  const seed = whole('seed', values.seed);
  const machine = await machineWithout(off);
  const explained = values.strict
    ? explain(preset, seed, machine, values.kind)
    : replay(preset, seed, machine);
  console.log(explained.text);
  process.exitCode = explained.broken ? 1 : 0;
} else {
  const start = performance.now();
  const total = await runAll(whole('from', values.from), whole('schedules', values.schedules));
  print(total, performance.now() - start);
  process.exitCode = total.failed ? 1 : 0;
}
