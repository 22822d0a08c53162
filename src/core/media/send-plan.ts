import type { LinkInput, PictureParameters, SendInput, SendParameters } from './send-parameters.js';
import {
  CAMERA_STEPS,
  pixelsPerSecond,
  SCREEN_STEPS,
  stepShowing,
  stepWithin,
} from './send-steps.js';
import type { PictureStep } from './send-steps.js';

/**
 * Bitrates of all pictures of a link, by level, in kbit/s. Level 0: pictures are paused. The levels are those of the
 * camera; a screen takes its share of the same bitrate.
 */
export const LEVELS: readonly number[] = [0, ...CAMERA_STEPS.map(({ kbps }) => kbps)];
export const TOP = LEVELS.length - 1;

/** Pixels per second that all cameras together may encode: one picture of 720 lines. */
const PIXEL_BUDGET = 30_000_000;
/** Highest level of the processor: each level below it halves the pixels that are encoded. */
export const CPU_TOP = 3;
/** Bitrate of all screens together, in kbit/s. */
const SCREEN_BUDGET_KBPS = 2_500;
/** Highest camera step beside a shared screen. */
const CAMERA_STEP_BESIDE_SCREEN = 2;
/** Bitrate of the sound while pictures are at the lowest step or paused, in kbit/s. Clear for speech (RFC 6716). */
const LEAST_SOUND_KBPS = 24;

/** Steps of both pictures of a link, counted from 1; 0: not sent. */
export interface Plan {
  camera: number;
  screen: number;
}

const isWanted = (source: 'camera' | 'screen', link: LinkInput, input: SendInput): boolean =>
  input[source] !== undefined && link.shows[source] !== 0;

function countWanted(source: 'camera' | 'screen', input: SendInput): number {
  return [...input.links.values()].filter((link) => isWanted(source, link, input)).length;
}

/** The steps of a link without regard to the processor: at this level, or without any limit of the network. */
export function planOf(level: number, link: LinkInput, input: SendInput): Plan {
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
export function levelNeeded(plan: Plan, link: LinkInput, input: SendInput): number {
  if (plan.camera === 0 && plan.screen === 0) return 0;
  const kbps = kbpsOf(CAMERA_STEPS, plan.camera, input) + kbpsOf(SCREEN_STEPS, plan.screen, input);
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
export function shareProcessor(
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

export function parametersOf(
  plan: Plan,
  level: number,
  link: LinkInput,
  input: SendInput,
): SendParameters {
  const { maxAudioBitrateKbps } = input.limits;
  const isTight = link.state !== 'opening' && level <= 1;
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
      degradationPreference: input.screen?.isMotion ? 'balanced' : 'maintain-resolution',
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
): Pick<PictureParameters, 'active' | 'maxBitrate' | 'maxFramerate' | 'scaleResolutionDownBy'> {
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
