import { climb, newLadder } from './send-ladder.js';
import type { Ladder, Verdict } from './send-ladder.js';
import {
  CAMERA_STEPS,
  LEAST_FRACTION,
  pixelsPerSecond,
  SCREEN_STEPS,
  stepShowing,
  stepWithin,
} from './send-steps.js';
import type { PictureStep } from './send-steps.js';
import type { LinkStatistics } from './link-statistics.js';

/** The page's limits for what is sent. */
export interface SendLimits {
  readonly maxVideoBitrateKbps: number;
  readonly maxAudioBitrateKbps: number;
  readonly maxFrameHeight: number;
}

/** A picture of this device: camera or screen. */
export interface SourcePicture {
  /** Lines: the shorter side of the captured picture, in pixels; undefined while unknown. */
  readonly height: number | undefined;
}

export interface LinkInput {
  readonly state: 'opening' | 'up' | 'down';
  /** Lines at which the receiver shows each picture; 0: it does not show it; undefined: it has not told. */
  readonly shows: { readonly camera?: number | undefined; readonly screen?: number | undefined };
  /** A new measurement; undefined if there is none since the last step. */
  readonly statistics?: LinkStatistics | undefined;
}

export interface SendInput {
  readonly now: number;
  readonly limits: SendLimits;
  /** The pictures that this device has; undefined while the source is off. */
  readonly camera: SourcePicture | undefined;
  readonly screen: SourcePicture | undefined;
  /** All links of the call, by a key of the caller's. */
  readonly links: ReadonlyMap<string, LinkInput>;
}

/** Parameters of a picture's sender: those of `RTCRtpEncodingParameters`, and `degradationPreference`. */
export interface PictureParameters {
  readonly active: boolean;
  /** In bits per second. */
  readonly maxBitrate: number;
  readonly maxFramerate: number;
  readonly scaleResolutionDownBy: number;
  readonly priority: RTCPriorityType;
  readonly networkPriority: RTCPriorityType;
  readonly degradationPreference: RTCDegradationPreference;
}

export type SoundParameters = Pick<
  PictureParameters,
  'active' | 'maxBitrate' | 'priority' | 'networkPriority'
>;

/** What is sent on one link. */
export interface SendParameters {
  readonly microphone: SoundParameters;
  readonly camera: PictureParameters;
  readonly screen: PictureParameters;
  /** Pictures that are on and that the receiver would show, but that are not sent to keep the sound clear. */
  readonly paused: { readonly camera: boolean; readonly screen: boolean };
}

interface LinkMemory {
  readonly ladder: Ladder;
  /** Moving average of the fraction of lost packets. */
  readonly loss: number;
  /** Least round-trip time on this route, in ms. */
  readonly leastRoundTripMs: number;
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

/**
 * Bitrates of all pictures of a link, by level, in kbit/s. Level 0: pictures are paused. The levels are those of the
 * camera; a screen takes its share of the same bitrate.
 */
const LEVELS: readonly number[] = [0, ...CAMERA_STEPS.map(({ kbps }) => kbps)];
const TOP = LEVELS.length - 1;
/** The level with which a link begins. */
const START_LEVEL = 2;

/** Pixels per second that all cameras together may encode: one picture of 720 lines. */
const PIXEL_BUDGET = 30_000_000;
const CPU_TOP = 3;
/** Bitrate of all screens together, in kbit/s. */
const SCREEN_BUDGET_KBPS = 2_500;
/** Highest camera step beside a shared screen. */
const CAMERA_STEP_BESIDE_SCREEN = 2;
/** How long links that are opening hold back the pictures of the others, in ms. */
const OPENING_LIMIT_MS = 15_000;

/** Sound with headers, in kbit/s: reserved before any picture. */
const SOUND_RESERVE_KBPS = 40;
/** Bitrate of the sound while pictures are at the lowest step or paused, in kbit/s. Clear for speech (RFC 6716). */
const LEAST_SOUND_KBPS = 24;

const LOSS = { good: 0.07, bad: 0.12, severe: 0.3, hopeless: 0.25 } as const;
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

/** Steps of both pictures of a link, counted from 1; 0: not sent. */
interface Plan {
  camera: number;
  screen: number;
}

const isWanted = (source: 'camera' | 'screen', link: LinkInput, input: SendInput): boolean =>
  input[source] !== undefined && link.shows[source] !== 0;

function countWanted(source: 'camera' | 'screen', input: SendInput): number {
  return [...input.links.values()].filter((link) => isWanted(source, link, input)).length;
}

/** The steps of a link without regard to the processor: at this level, or without any limit of the network. */
function planOf(level: number, link: LinkInput, input: SendInput): Plan {
  const { maxVideoBitrateKbps, maxFrameHeight } = input.limits;
  let left = LEVELS[level] ?? 0;
  const plan: Plan = { camera: 0, screen: 0 };
  if (left <= 0) return plan;
  if (isWanted('screen', link, input)) {
    const share = SCREEN_BUDGET_KBPS / Math.max(1, countWanted('screen', input));
    const kbps = Math.min(left, maxVideoBitrateKbps, share);
    plan.screen = Math.max(1, stepWithin(SCREEN_STEPS, kbps));
    left -= Math.min(kbps, stepAt(SCREEN_STEPS, plan.screen).kbps);
  }
  if (isWanted('camera', link, input)) {
    const lines = Math.min(link.shows.camera ?? maxFrameHeight, maxFrameHeight);
    plan.camera = Math.min(
      stepShowing(CAMERA_STEPS, lines),
      stepWithin(CAMERA_STEPS, Math.max(Math.min(left, maxVideoBitrateKbps), 0)),
      plan.screen > 0 ? CAMERA_STEP_BESIDE_SCREEN : TOP,
    );
    // The page's limit may be below the lowest step; then its bitrate is lowered, but it is sent.
    if (plan.camera === 0 && plan.screen === 0) plan.camera = 1;
  }
  return plan;
}

/** The lowest level that gives all that the pictures of this plan may take. */
function levelNeeded(plan: Plan, link: LinkInput, input: SendInput): number {
  if (plan.camera === 0 && plan.screen === 0) return 0;
  const kbps =
    kbpsOf(CAMERA_STEPS, plan.camera, input) + kbpsOf(SCREEN_STEPS, plan.screen, input);
  const level = LEVELS.findIndex((limit) => limit >= kbps);
  return level < 0 ? TOP : level;
}

function kbpsOf(steps: readonly PictureStep[], step: number, { limits }: SendInput): number {
  return step === 0 ? 0 : Math.min(stepAt(steps, step).kbps, limits.maxVideoBitrateKbps);
}

function stepAt(steps: readonly PictureStep[], step: number): PictureStep {
  return steps[Math.min(step, steps.length) - 1] as PictureStep;
}

/** Lowers the largest cameras until all of them together fit the processor. */
function shareProcessor(
  links: readonly { readonly plan: Plan; readonly link: LinkInput }[],
  { limits }: SendInput,
  cpuLevel: number,
): void {
  const largest = stepAt(CAMERA_STEPS, stepShowing(CAMERA_STEPS, limits.maxFrameHeight));
  // A page that allows larger pictures expects processors that can encode one.
  const budget = Math.max(PIXEL_BUDGET, pixelsPerSecond(largest)) / 2 ** (CPU_TOP - cpuLevel);
  const cost = ({ plan }: { readonly plan: Plan }): number =>
    plan.camera === 0 ? 0 : pixelsPerSecond(stepAt(CAMERA_STEPS, plan.camera));
  for (;;) {
    const top = Math.max(0, ...links.map(({ plan }) => plan.camera));
    if (top <= 1 || links.reduce((sum, link) => sum + cost(link), 0) <= budget) return;
    for (const { plan } of links) if (plan.camera === top) plan.camera -= 1;
  }
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
    leastRoundTripMs: Infinity,
    route: undefined,
    used: START_LEVEL,
    openedAt: input.now,
  };
  const { statistics } = link;
  if (link.state !== 'up' || !statistics) return memory;
  const { roundTripMs, route } = statistics;
  const isRerouted = memory.route !== undefined && route !== undefined && route !== memory.route;
  const loss =
    memory.loss + LOSS_SMOOTHING * ((statistics.lossOut ?? memory.loss) - memory.loss);
  const leastRoundTripMs = Math.min(
    isRerouted ? Infinity : memory.leastRoundTripMs,
    roundTripMs ?? Infinity,
  );
  const next = { ...memory, loss, leastRoundTripMs, route: route ?? memory.route };
  const queueMs = roundTripMs === undefined ? 0 : roundTripMs - leastRoundTripMs;
  const conditions = { loss, queueMs, kbps: availableKbps(statistics) };
  // A new route has its own capacity: what failed on the old one may be tried again.
  const ladder = isRerouted ? { ...newLadder(memory.ladder.level) } : memory.ladder;
  const used = Math.max(1, Math.min(memory.used, ladder.level));
  const { ceiling, mayRise } = ceilingOf(link, memory, input, isHeld);
  return {
    ...next,
    ladder: climb(ladder, {
      now: input.now,
      verdict: verdictOf(conditions, ladder.level === 0 ? 0 : used, statistics, mayRise),
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
  return Math.max(0, LEVELS.findLastIndex((limit) => limit * LEAST_FRACTION <= kbps));
}

function verdictOf(
  { loss, queueMs, kbps }: Conditions,
  level: number,
  { limitation }: LinkStatistics,
  mayRise: boolean,
): Verdict {
  const needed = (LEVELS[level] ?? 0) * LEAST_FRACTION;
  if (level === 0) {
    // The estimate of the bitrate does not grow while only sound is sent.
    return loss < LOSS.bad && queueMs < QUEUE_MS.good && mayRise ? 'good' : 'neutral';
  }
  if (loss > LOSS.severe || queueMs > QUEUE_MS.severe || (kbps ?? Infinity) < needed / 2) {
    return 'severe';
  }
  if (loss > LOSS.bad || queueMs > QUEUE_MS.bad || (kbps ?? Infinity) < needed) return 'bad';
  const isLimited = limitation === 'bandwidth';
  const isGood = loss < LOSS.good && queueMs < QUEUE_MS.good && !isLimited && mayRise;
  return isGood ? 'good' : 'neutral';
}

function isHopeless({ loss, queueMs, kbps }: Conditions): boolean {
  const needed = (LEVELS[1] ?? 0) * LEAST_FRACTION;
  return loss > LOSS.hopeless || queueMs > QUEUE_MS.hopeless || (kbps ?? Infinity) < needed;
}

/** The highest level that the pictures of a link could use, and whether it may rise at present. */
function ceilingOf(
  link: LinkInput,
  { ladder }: LinkMemory,
  input: SendInput,
  isHeld: boolean,
): { readonly ceiling: number; readonly mayRise: boolean } {
  const all = [...input.links.values()].map((other) => ({
    link: other,
    plan: planOf(TOP, other, input),
  }));
  shareProcessor(all, input, CPU_TOP);
  const plan = all.find((other) => other.link === link)?.plan ?? { camera: 0, screen: 0 };
  const ceiling = levelNeeded(plan, link, input);
  return { ceiling, mayRise: ladder.level < ceiling && !isHeld };
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

function parametersOf(
  plan: Plan,
  level: number,
  link: LinkInput,
  input: SendInput,
): SendParameters {
  const { maxAudioBitrateKbps } = input.limits;
  const isTight = link.state === 'up' && level <= 1;
  const soundKbps = isTight ? Math.min(LEAST_SOUND_KBPS, maxAudioBitrateKbps) : maxAudioBitrateKbps;
  const isPaused = (source: 'camera' | 'screen'): boolean =>
    plan[source] === 0 && isWanted(source, link, input);
  return {
    microphone: {
      active: true,
      maxBitrate: soundKbps * 1_000,
      priority: 'high',
      networkPriority: 'high',
    },
    camera: {
      ...pictureOf('camera', CAMERA_STEPS, plan.camera, input, Infinity),
      priority: 'low',
      networkPriority: 'low',
      degradationPreference: 'balanced',
    },
    screen: {
      ...pictureOf('screen', SCREEN_STEPS, plan.screen, input, link.shows.screen ?? Infinity),
      priority: 'medium',
      networkPriority: 'low',
      degradationPreference: 'maintain-resolution',
    },
    paused: { camera: isPaused('camera'), screen: isPaused('screen') },
  };
}

function pictureOf(
  source: 'camera' | 'screen',
  steps: readonly PictureStep[],
  step: number,
  input: SendInput,
  shownLines: number,
): Pick<
  PictureParameters,
  'active' | 'maxBitrate' | 'maxFramerate' | 'scaleResolutionDownBy'
> {
  const { height, framerate } = stepAt(steps, Math.max(1, step));
  const limit = source === 'camera' ? input.limits.maxFrameHeight : Infinity;
  const lines = Math.min(height, limit, Math.max(shownLines, 1));
  const captured = input[source]?.height;
  return {
    active: step > 0,
    maxBitrate: kbpsOf(steps, Math.max(1, step), input) * 1_000,
    maxFramerate: framerate,
    scaleResolutionDownBy:
      captured === undefined ? 1 : Math.max(1, Math.round((captured / lines) * 100) / 100),
  };
}
