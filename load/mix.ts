import { between, pick, type Random } from '../test/simulation/random.js';

/** The outcome of a call. */
export type Outcome =
  'answered' | 'group' | 'unanswered' | 'declined' | 'canceled' | 'busy' | 'offline';

interface Kind {
  readonly outcome: Outcome;
  /** Percentage of calls. */
  readonly share: number;
  /** Average number of signed-in users in the call. */
  readonly people: number;
}

/** A realistic mix of calls. */
export const MIX: readonly Kind[] = [
  { outcome: 'answered', share: 54, people: 2 },
  // Three to five users, some of whom do not accept.
  { outcome: 'group', share: 6, people: 4 },
  { outcome: 'unanswered', share: 15, people: 2 },
  { outcome: 'declined', share: 10, people: 2 },
  { outcome: 'canceled', share: 10, people: 2 },
  // The callee is in a call with another user.
  { outcome: 'busy', share: 3, people: 3 },
  // The callee signs in later, and gets a missed call.
  { outcome: 'offline', share: 2, people: 1 },
];

/** How long users take at `--pace 1`, as ranges in seconds. */
export const HABITS = {
  answer: [1, 4],
  giveUp: [2, 6],
  talk: [5, 20],
  ringOut: [10, 10],
} as const;

/** The reaction of an invitee. In a group call, the first invitee always accepts. */
export type Reaction = 'accept' | 'decline' | 'nothing';
const REACTIONS: readonly Reaction[] = [
  ...(['accept', 'accept', 'accept', 'accept'] as const),
  ...(['decline', 'nothing'] as const),
];

/** A call that is planned before it is placed. Times are in ms. */
export interface Plan {
  readonly outcome: Outcome;
  /** Time since the previous call was placed. */
  readonly pauseMs: number;
  readonly callType: 'voice' | 'video';
  /** Reaction of each invitee; several in a group call. */
  readonly reactions: readonly Reaction[];
  /** Time from ringing until each invitee reacts, or the caller gives up. */
  readonly afterMs: readonly number[];
  readonly talkMs: number;
  readonly timeoutSeconds: number;
  readonly hangsUp: 'caller' | 'callee';
}

/** Number of signed-in users that a plan needs. */
export function peopleOf({ outcome, reactions }: Plan): number {
  if (outcome === 'offline') return 1;
  return outcome === 'busy' ? 3 : 1 + reactions.length;
}

/**
 * Generates plans without end. The same seed gives the same plans.
 * @param pace factor by which users act faster
 */
export function* plans(draw: Random, callsPerSecond: number, pace: number): Generator<Plan> {
  const ms = ([from, to]: readonly [number, number]): number =>
    Math.round(between(draw, [from * 1_000, to * 1_000]) / pace);
  for (;;) {
    const outcome = drawOutcome(draw);
    const invitees = outcome === 'group' ? between(draw, [2, 4]) : 1;
    const reactions = Array.from({ length: invitees }, (_, index) =>
      index === 0 ? 'accept' : pick(draw, REACTIONS),
    );
    yield {
      outcome,
      // Calls are independent of each other (a Poisson process), so the intervals are exponentially distributed.
      pauseMs: (-Math.log(1 - draw()) / callsPerSecond) * 1_000,
      callType: draw() < 0.5 ? 'voice' : 'video',
      reactions,
      afterMs: reactions.map(() => ms(outcome === 'canceled' ? HABITS.giveUp : HABITS.answer)),
      talkMs: ms(HABITS.talk),
      timeoutSeconds: Math.max(1, Math.round(ms(HABITS.ringOut) / 1_000)),
      hangsUp: draw() < 0.5 ? 'caller' : 'callee',
    };
  }
}

function drawOutcome(draw: Random): Outcome {
  let left = draw() * MIX.reduce((sum, { share }) => sum + share, 0);
  for (const { outcome, share } of MIX) {
    left -= share;
    if (left < 0) return outcome;
  }
  return 'answered';
}

/** Average number of users who are in calls at the same time. */
export function peopleInCalls(callsPerSecond: number, pace: number): number {
  const mean = ([from, to]: readonly [number, number]): number => (from + to) / 2 / pace;
  const ringOut = Math.max(1, mean(HABITS.ringOut));
  const lasts: Readonly<Record<Outcome, number>> = {
    answered: mean(HABITS.answer) + mean(HABITS.talk),
    group: ringOut + mean(HABITS.talk),
    unanswered: ringOut,
    declined: mean(HABITS.answer),
    canceled: mean(HABITS.giveUp),
    busy: 2 * mean(HABITS.answer),
    offline: ringOut,
  };
  return MIX.reduce(
    (sum, { outcome, share, people }) =>
      sum + (callsPerSecond * share * people * lasts[outcome]) / 100,
    0,
  );
}
