import type { Machine } from './device.js';
import { examine } from './examine.js';
import type { Counts } from './run.js';
import { generate } from './generate.js';
import { presets, type PresetName, type Schedule } from './schedule.js';
import { shrink } from './shrink.js';

/** How often something occurred, and the first seeds with it. */
interface Occurrences {
  times: number;
  readonly seeds: number[];
}

/** The summary of many schedules. */
export interface Tally {
  schedules: number;
  failed: number;
  readonly counts: Counts;
  /** By invariant: number of schedules that violated it. */
  readonly kinds: Record<string, Occurrences>;
  /** By the end reasons of both sides of one-to-one calls: number of calls. */
  readonly pairs: Record<string, Occurrences>;
}

const SEEDS_KEPT = 8;

export function emptyTally(): Tally {
  const counts = { steps: 0, rings: 0, sends: 0, entered: 0, glares: 0, messages: 0 };
  return { schedules: 0, failed: 0, counts, kinds: {}, pairs: {} };
}

/** False messages that each violate an invariant on their own, without the others, as `<attack>: <invariant>`. */
function attacksOf(schedule: Schedule, machine: Machine): Set<string> {
  const found = new Set<string>();
  for (const lie of schedule.actions) {
    if (lie.kind !== 'lie') continue;
    const actions = schedule.actions.filter((each) => each === lie || each.kind !== 'lie');
    const { violations } = examine({ ...schedule, actions }, machine);
    const violation = violations.find(({ kind }) => !kind.startsWith('honest-'));
    if (violation) found.add(`${lie.attack}: ${violation.kind}`);
  }
  return found;
}

/**
 * Runs the schedules of these seeds. With `attacks`, finds single false messages that violate an invariant in
 * failing ones.
 */
export function tally(
  preset: PresetName,
  from: number,
  count: number,
  machine: Machine,
  attacks = false,
): Tally {
  const total = emptyTally();
  for (let seed = from; seed < from + count; seed++) {
    const schedule = generate(seed, presets[preset]);
    const { violations, counts, pairs } = examine(schedule, machine);
    const one: Tally = { ...emptyTally(), schedules: 1, failed: violations.length ? 1 : 0, counts };
    for (const { kind } of violations) one.kinds[kind] = { times: 1, seeds: [seed] };
    for (const attack of attacks && violations.length ? attacksOf(schedule, machine) : [])
      one.kinds[attack] = { times: 1, seeds: [seed] };
    for (const pair of pairs) addFound(one.pairs, pair, { times: 1, seeds: [seed] });
    addTally(total, one);
  }
  return total;
}

export function addTally(to: Tally, from: Tally): void {
  to.schedules += from.schedules;
  to.failed += from.failed;
  for (const name of Object.keys(to.counts) as (keyof Counts)[])
    to.counts[name] += from.counts[name];
  for (const [kind, found] of Object.entries(from.kinds)) addFound(to.kinds, kind, found);
  for (const [pair, found] of Object.entries(from.pairs)) addFound(to.pairs, pair, found);
}

function addFound(to: Record<string, Occurrences>, name: string, found: Occurrences): void {
  const { times, seeds } = to[name] ?? { times: 0, seeds: [] };
  to[name] = {
    times: times + found.times,
    seeds: [...seeds, ...found.seeds].slice(0, SEEDS_KEPT),
  };
}

/** The log of one schedule. */
export interface ScheduleLog {
  readonly text: string;
  readonly broken: boolean;
}

/** Logs the run of the schedule of this seed. */
export function replay(preset: PresetName, seed: number, machine: Machine): ScheduleLog {
  return logRun(`preset ${preset}, seed ${seed}`, generate(seed, presets[preset]), machine);
}

/**
 * Logs the smallest schedule found that violates the same invariant as the schedule of this seed: the invariant
 * `kind` or, without it, the first one that is violated.
 */
export function explain(
  preset: PresetName,
  seed: number,
  machine: Machine,
  kind?: string,
): ScheduleLog {
  const schedule = generate(seed, presets[preset]);
  const broken = kind ?? examine(schedule, machine).violations[0]?.kind;
  if (broken === undefined) return replay(preset, seed, machine);
  const title = `preset ${preset}, seed ${seed}, shrunk for ${broken}`;
  return logRun(title, shrink(schedule, broken, machine), machine);
}

function logRun(title: string, schedule: Schedule, machine: Machine): ScheduleLog {
  const { violations, log } = examine(schedule, machine, { trace: true });
  const { actions, phones, ...rest } = schedule;
  const text = [
    title,
    `${JSON.stringify(rest)} phones ${phones.map(({ name }) => name).join()}`,
    ...actions.map((action) => JSON.stringify(action)),
    ...log,
    violations.length ? 'violated:' : 'no invariant is violated',
    ...violations.map((violation) => `  ${violation.kind}: ${violation.detail}`),
  ].join('\n');
  return { text, broken: violations.length > 0 };
}
