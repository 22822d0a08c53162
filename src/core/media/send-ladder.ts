/** How the conditions look: `severe` and `bad` lower the level, `good` raises it after a while, `neutral` keeps it. */
export type Verdict = 'severe' | 'bad' | 'neutral' | 'good';

/** A level that falls quickly and rises slowly. */
export interface Ladder {
  readonly level: number;
  /** Whether the level has never fallen: until then it rises without waiting. */
  readonly isStarting: boolean;
  /** Since when all verdicts have been `good`, in ms; undefined if the last one was not. */
  readonly goodSince: number | undefined;
  /** Since when all verdicts have been `bad` or `severe`, in ms; undefined if the last one was not. */
  readonly badSince: number | undefined;
  /** Since when level 0 has been allowed and all verdicts have been bad, in ms; undefined if it was not at the last one. */
  readonly zeroSince: number | undefined;
  /** When the level last fell, and when it last rose, in ms. */
  readonly fellAt: number | undefined;
  readonly roseAt: number | undefined;
  /** The level to which the last failed rise led; undefined if there is none, or if that level has held since. */
  readonly failedLevel: number | undefined;
  /** How long the conditions must be good before a rise to that level, in ms. Each rise that fails makes it longer. */
  readonly waitMs: number;
}

/** How long the conditions must be good in the start phase, before each rise. */
const START_RISE_AFTER_MS = 1_000;
/** The same afterwards: at first, and at most. */
export const RISE_AFTER_MS = 10_000;
export const MAX_RISE_AFTER_MS = 240_000;
/** How long the conditions must be bad before the level falls, and how long level 0 must be allowed before it falls to 0. */
const FALL_AFTER_MS = 2_000;
const FALL_TO_ZERO_AFTER_MS = 4_000;
/** Verdicts that follow a fall within this time may still measure the conditions before it. */
const SETTLING_MS = 3_000;
/** A rise is on trial for this long, and until the conditions have been good for a while. If the level falls before, it has failed. */
export const TRIAL_MS = 60_000;

/** @returns a ladder in its start phase */
export function newLadder(level: number): Ladder {
  return {
    level,
    isStarting: true,
    goodSince: undefined,
    badSince: undefined,
    zeroSince: undefined,
    fellAt: undefined,
    roseAt: undefined,
    failedLevel: undefined,
    waitMs: RISE_AFTER_MS,
  };
}

export interface LadderStep {
  readonly now: number;
  readonly verdict: Verdict;
  /** The level does not rise above it; it may be above it already. */
  readonly ceiling: number;
  /** The level does not fall below it. */
  readonly floor: number;
  /** The level from which it falls, if that is lower than the current one: what is really used. */
  readonly used: number;
  /** The highest level that the conditions allow, as far as they are known. A fall ends at or below it. */
  readonly fits?: number | undefined;
}

/** @returns the ladder after one more verdict. The level rises by one at a time */
export function climb(ladder: Ladder, step: LadderStep): Ladder {
  const { now, verdict } = step;
  const isBad = verdict === 'bad' || verdict === 'severe';
  const isSettling = ladder.fellAt !== undefined && now - ladder.fellAt < SETTLING_MS;
  const next: Ladder = {
    ...ladder,
    goodSince: verdict === 'good' ? (ladder.goodSince ?? now) : undefined,
    badSince: isBad && !isSettling ? (ladder.badSince ?? now) : undefined,
    zeroSince: isBad && !isSettling && step.floor < 1 ? (ladder.zeroSince ?? now) : undefined,
  };
  return isBad ? fall(next, step) : verdict === 'good' ? rise(next, step) : next;
}

function fall(ladder: Ladder, { now, verdict, used, floor, fits }: LadderStep): Ladder {
  const from = Math.min(ladder.level, used);
  const mayBeZero =
    ladder.zeroSince !== undefined && now - ladder.zeroSince >= FALL_TO_ZERO_AFTER_MS;
  const least = Math.max(floor, mayBeZero ? 0 : 1);
  const to = Math.max(least, Math.min(from - (verdict === 'severe' ? 2 : 1), fits ?? from));
  if (ladder.badSince === undefined || to >= ladder.level) return ladder;
  const neededMs = verdict === 'severe' ? 0 : FALL_AFTER_MS;
  if (now - ladder.badSince < neededMs) return ladder;
  // The rises of the start phase are no trials: their end is what the start phase is to find.
  // A picture that disappears again disturbs more than one that becomes smaller again: at most three times in five minutes.
  const factor = to === 0 ? 6 : 2;
  const hasFailed = !ladder.isStarting && ladder.roseAt !== undefined;
  return {
    level: to,
    isStarting: false,
    goodSince: undefined,
    badSince: undefined,
    zeroSince: undefined,
    fellAt: now,
    roseAt: undefined,
    failedLevel: hasFailed ? ladder.level : ladder.failedLevel,
    waitMs: hasFailed ? Math.min(MAX_RISE_AFTER_MS, ladder.waitMs * factor) : ladder.waitMs,
  };
}

function rise(ladder: Ladder, { now, ceiling }: LadderStep): Ladder {
  const goodMs = ladder.goodSince === undefined ? 0 : now - ladder.goodSince;
  const isTrialOver = ladder.roseAt !== undefined && now - ladder.roseAt >= TRIAL_MS;
  const held = isTrialOver && goodMs >= RISE_AFTER_MS ? hold(ladder) : ladder;
  const hasFailed = held.failedLevel !== undefined && held.level + 1 >= held.failedLevel;
  const steadyMs = hasFailed ? held.waitMs : RISE_AFTER_MS;
  const neededMs = held.isStarting ? START_RISE_AFTER_MS : steadyMs;
  if (held.level >= ceiling || held.goodSince === undefined) return held;
  if (now - held.goodSince < neededMs) return held;
  return { ...held, level: held.level + 1, goodSince: now, roseAt: now };
}

/** The last rise has succeeded. If it led to the level that failed before, the next one waits less. */
function hold(ladder: Ladder): Ladder {
  const { failedLevel, level } = ladder;
  if (failedLevel === undefined || level < failedLevel) return { ...ladder, roseAt: undefined };
  const waitMs = Math.max(RISE_AFTER_MS, ladder.waitMs / 2);
  const isForgotten = waitMs === RISE_AFTER_MS;
  return {
    ...ladder,
    roseAt: undefined,
    waitMs,
    failedLevel: isForgotten ? undefined : failedLevel,
  };
}
