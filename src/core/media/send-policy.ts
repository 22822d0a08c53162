import type { LinkStatistics } from './link-statistics.js';
import { climb, newLadder } from './send-ladder.js';
import type { Ladder, Verdict } from './send-ladder.js';
import type { LinkInput, SendInput, SendParameters } from './send-parameters.js';
import {
  CPU_TOP,
  LEVELS,
  levelNeeded,
  parametersOf,
  planOf,
  shareProcessor,
  TOP,
} from './send-plan.js';
import { LEAST_FRACTION } from './send-steps.js';

interface LinkMemory {
  readonly ladder: Ladder;
  /** Moving average of the fraction of lost packets. */
  readonly loss: number;
  /** The newest round-trip times on this route, in ms. The least of them is that without a queue. */
  readonly roundTripsMs: readonly number[];
  readonly route: string | undefined;
  /** The level that the pictures of the last step needed. */
  readonly used: number;
  readonly openedAt: number;
}

/** What the policy remembers from one step to the next. */
export interface SendState {
  readonly links: ReadonlyMap<string, LinkMemory>;
  /** Level of the processor: each level below the highest halves the pixels that are encoded. */
  readonly cpu: Ladder;
}

/** The level with which a link begins. */
const START_LEVEL = 2;

/** How long links that are opening hold back the pictures of the others, in ms. */
const OPENING_LIMIT_MS = 15_000;

/** Sound with headers, in kbit/s: reserved before any picture. */
const SOUND_RESERVE_KBPS = 40;
const LOSS = { good: 0.07, bad: 0.12, severe: 0.3, hopeless: 0.25 } as const;
/**
 * Steps for which a round-trip time is remembered. One that stays longer after all falls is no queue of this link: the
 * route has become longer, or others fill it.
 */
const ROUND_TRIPS = 20;
/** Round-trip time above the least one, in ms: packets wait in queues. */
const QUEUE_MS = { good: 200, bad: 400, severe: 1_500, hopeless: 1_000 } as const;
/** Seconds of encoding per second, of all links together. */
const ENCODE_LOAD = { good: 0.4, bad: 0.8 } as const;
const LOSS_SMOOTHING = 0.4;

export function newSendState(): SendState {
  return { links: new Map(), cpu: { ...newLadder(CPU_TOP), isStarting: false } };
}

/**
 * Decides what is sent on each link. A pure function: equal arguments give equal results.
 *
 * Sound comes first: it has a reserve, is always active, and has the highest priority. Pictures take a level of the
 * bitrate ladder for each link, which falls fast and rises slowly; at level 0 they are paused. The number of links, the
 * size at which the receiver shows a picture, the processor, and the page's limits lower them further.
 */
export function decideSending(
  state: SendState,
  input: SendInput,
): { readonly state: SendState; readonly links: ReadonlyMap<string, SendParameters> } {
  const cpu = stepCpu(state.cpu, input);
  // Pictures stay small while another link comes up: both would compete for the processor and the network.
  const isHeld = [...input.links].some(([key, link]) => {
    const { openedAt = input.now } = state.links.get(key) ?? {};
    return link.state === 'opening' && input.now - openedAt < OPENING_LIMIT_MS;
  });
  const links = [...input.links].map(([key, link]) => {
    const memory = stepLink(state.links.get(key), link, input, isHeld);
    return { key, link, memory, plan: planOf(memory.ladder.level, link, input) };
  });
  shareProcessor(links, input, cpu.level);
  return {
    state: {
      cpu,
      links: new Map(
        links.map(({ key, memory, plan, link }) => [
          key,
          { ...memory, used: levelNeeded(plan, link, input) },
        ]),
      ),
    },
    links: new Map(
      links.map(({ key, link, memory, plan }) => [
        key,
        parametersOf(plan, memory.ladder.level, link, input),
      ]),
    ),
  };
}

function stepLink(
  before: LinkMemory | undefined,
  link: LinkInput,
  input: SendInput,
  isHeld: boolean,
): LinkMemory {
  const memory = before ?? {
    ladder: newLadder(START_LEVEL),
    loss: 0,
    roundTripsMs: [],
    route: undefined,
    used: START_LEVEL,
    openedAt: input.now,
  };
  const { statistics } = link;
  if (link.state !== 'up' || !statistics) return memory;
  const { roundTripMs, route } = statistics;
  const isRerouted = memory.route !== undefined && route !== undefined && route !== memory.route;
  const loss = memory.loss + LOSS_SMOOTHING * ((statistics.lossOut ?? memory.loss) - memory.loss);
  const roundTripsMs = [...(isRerouted ? [] : memory.roundTripsMs), roundTripMs ?? []]
    .flat()
    .slice(-ROUND_TRIPS);
  const next = { ...memory, loss, roundTripsMs, route: route ?? memory.route };
  const queueMs = roundTripMs === undefined ? 0 : roundTripMs - Math.min(...roundTripsMs);
  const conditions = { loss, queueMs, kbps: availableKbps(statistics) };
  // A new route has its own capacity: what failed on the old one may be tried again.
  const ladder = isRerouted ? { ...newLadder(memory.ladder.level) } : memory.ladder;
  const used = Math.max(1, Math.min(memory.used, ladder.level));
  // While other links come up, this one does not rise.
  const ceiling = isHeld ? 0 : ceilingOf(link, input);
  return {
    ...next,
    ladder: climb(ladder, {
      now: input.now,
      verdict: verdictOf(conditions, ladder.level === 0 ? 0 : used, statistics),
      ceiling,
      floor: isHopeless(conditions) ? 0 : Math.min(1, ladder.level),
      used,
      fits: conditions.kbps === undefined ? undefined : levelWithin(conditions.kbps),
    }),
  };
}

interface Conditions {
  readonly loss: number;
  readonly queueMs: number;
  /** What is available for pictures; undefined if the browser does not tell. */
  readonly kbps: number | undefined;
}

const availableKbps = ({ availableOutgoingKbps }: LinkStatistics): number | undefined =>
  availableOutgoingKbps === undefined ? undefined : availableOutgoingKbps - SOUND_RESERVE_KBPS;

function levelWithin(kbps: number): number {
  return Math.max(
    0,
    LEVELS.findLastIndex((limit) => limit * LEAST_FRACTION <= kbps),
  );
}

function verdictOf(
  { loss, queueMs, kbps }: Conditions,
  level: number,
  { limitation }: LinkStatistics,
): Verdict {
  const needed = (LEVELS[level] ?? 0) * LEAST_FRACTION;
  if (level === 0) {
    // The estimate of the bitrate does not grow while only sound is sent.
    return loss < LOSS.bad && queueMs < QUEUE_MS.good ? 'good' : 'neutral';
  }
  if (loss > LOSS.severe || queueMs > QUEUE_MS.severe || (kbps ?? Infinity) < needed / 2) {
    return 'severe';
  }
  if (loss > LOSS.bad || queueMs > QUEUE_MS.bad || (kbps ?? Infinity) < needed) return 'bad';
  // Browsers also call it a limitation by the bandwidth that this policy allows no more. Only their estimate tells.
  const isLimited = limitation === 'bandwidth' && (kbps ?? Infinity) < (LEVELS[level] ?? 0);
  const isGood = loss < LOSS.good && queueMs < QUEUE_MS.good && !isLimited;
  return isGood ? 'good' : 'neutral';
}

function isHopeless({ loss, queueMs, kbps }: Conditions): boolean {
  const needed = (LEVELS[1] ?? 0) * LEAST_FRACTION;
  return loss > LOSS.hopeless || queueMs > QUEUE_MS.hopeless || (kbps ?? Infinity) < needed;
}

/** The highest level that the pictures of a link could use. */
function ceilingOf(link: LinkInput, input: SendInput): number {
  const all = [...input.links.values()].map((other) => ({
    link: other,
    plan: planOf(TOP, other, input),
  }));
  shareProcessor(all, input, CPU_TOP);
  const plan = all.find((other) => other.link === link)?.plan ?? { camera: 0, screen: 0 };
  return levelNeeded(plan, link, input);
}

function stepCpu(ladder: Ladder, { now, links }: SendInput): Ladder {
  const samples = [...links.values()].flatMap(({ statistics }) => statistics ?? []);
  if (samples.length === 0) return ladder;
  const load = samples.reduce((sum, { encodeLoad }) => sum + (encodeLoad ?? 0), 0);
  const isLimited = samples.some(({ limitation }) => limitation === 'cpu');
  const verdict =
    isLimited || load > ENCODE_LOAD.bad ? 'bad' : load < ENCODE_LOAD.good ? 'good' : 'neutral';
  return climb(ladder, { now, verdict, ceiling: CPU_TOP, floor: 0, used: ladder.level });
}
