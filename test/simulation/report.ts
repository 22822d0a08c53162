import type { Machine } from './device.js';
import { run, type Counts } from './run.js';
import { generate, presets, type PresetName } from './schedule.js';
import { shrink } from './shrink.js';

/** What many schedules came to. */
export interface Tally {
  schedules: number;
  failed: number;
  readonly counts: Counts;
  /** By invariant: how many schedules broke it, and the seeds of the first. */
  readonly kinds: Record<string, { schedules: number; seeds: number[] }>;
  readonly pairs: Record<string, { calls: number; seeds: number[] }>;
}

const SEEDS_KEPT = 8;

export function emptyTally(): Tally {
  return {
    schedules: 0,
    failed: 0,
    counts: { steps: 0, rings: 0, sends: 0, entered: 0, glares: 0, messages: 0 },
    kinds: {},
    pairs: {},
  };
}

/** Runs the schedules of these seeds. */
export function tally(preset: PresetName, from: number, count: number, machine: Machine): Tally {
  const total = emptyTally();
  for (let seed = from; seed < from + count; seed++) {
    const { violations, counts, pairs } = run(generate(seed, presets[preset]), machine);
    total.schedules++;
    if (violations.length) total.failed++;
    addCounts(total.counts, counts);
    for (const kind of new Set(violations.map((violation) => violation.kind))) {
      const entry = (total.kinds[kind] ??= { schedules: 0, seeds: [] });
      entry.schedules++;
      if (entry.seeds.length < SEEDS_KEPT) entry.seeds.push(seed);
    }
    for (const pair of pairs) {
      const entry = (total.pairs[pair] ??= { calls: 0, seeds: [] });
      entry.calls++;
      if (entry.seeds.length < SEEDS_KEPT) entry.seeds.push(seed);
    }
  }
  return total;
}

export function addCounts(to: Counts, from: Counts): void {
  to.steps += from.steps;
  to.rings += from.rings;
  to.sends += from.sends;
  to.entered += from.entered;
  to.glares += from.glares;
  to.messages += from.messages;
}

/** The smallest schedule found that breaks the same invariant as this seed's, with its log, to be read. */
export function explain(preset: PresetName, seed: number, machine: Machine, kind?: string): string {
  const schedule = generate(seed, presets[preset]);
  const broken = kind ?? run(schedule, machine).violations[0]?.kind;
  const smallest = broken === undefined ? schedule : shrink(schedule, broken, machine);
  const { violations, log } = run(smallest, machine, { trace: true });
  const { actions, phones, ...rest } = smallest;
  return [
    `preset ${preset}, seed ${seed}: ${broken ?? 'no invariant is broken'}`,
    `${JSON.stringify(rest)} phones ${phones.map(({ name }) => name).join()}`,
    ...actions.map((action) => JSON.stringify(action)),
    ...log,
    ...violations.map((violation) => `${violation.kind}: ${violation.detail}`),
  ].join('\n');
}
