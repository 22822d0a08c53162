import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { random } from '../../../test/simulation/random.js';
import { ModelledLink } from '../../../test/support/modelled-link.js';
import type { LineModel } from '../../../test/support/modelled-link.js';
import type { LinkStatistics } from './link-statistics.js';
import { decideSending, newSendState } from './send-policy.js';

const LIMITS = { maxVideoBitrateKbps: 1_500, maxAudioBitrateKbps: 40, maxFrameHeight: 720 };
const MINUTE = 60;

/** Highest bitrate of the picture in each second of a call over this line, in kbit/s. 0: it is paused. */
function callOver(line: LineModel, seconds: number, seed: number): number[] {
  const link = new ModelledLink(line, random(seed));
  const history: number[] = [];
  let state = newSendState();
  let statistics: LinkStatistics | undefined;
  for (let second = 0; second < seconds; second++) {
    const decided = decideSending(state, {
      now: second * 1_000,
      limits: LIMITS,
      camera: { height: 720 },
      screen: undefined,
      links: new Map([['bob', { state: 'up', shows: {}, statistics }]]),
    });
    ({ state } = decided);
    const sent = decided.links.get('bob');
    assert.ok(sent);
    history.push(sent.camera.active ? sent.camera.maxBitrate / 1_000 : 0);
    statistics = link.second(sent);
  }
  return history;
}

const changes = (history: readonly number[]): number =>
  history.filter((kbps, at) => at > 0 && kbps !== history[at - 1]).length;
const pauses = (history: readonly number[]): number =>
  history.filter((kbps, at) => kbps === 0 && (history[at - 1] ?? 0) > 0).length;
const median = (history: readonly number[]): number =>
  [...history].sort((a, b) => a - b)[Math.floor(history.length / 2)] ?? 0;

const seed = fc.integer({ min: 1, max: 1_000_000 });
const lineWith = (
  capacity: { min: number; max: number },
  mostLoss: number,
): fc.Arbitrary<LineModel> =>
  fc.record({
    // Spread evenly over the steps, which are further apart the higher they are.
    capacityKbps: fc
      .double({ min: Math.log(capacity.min), max: Math.log(capacity.max), noNaN: true })
      .map(Math.exp),
    roundTripMs: fc.integer({ min: 10, max: 800 }),
    queueMs: fc.integer({ min: 100, max: 1_000 }),
    loss: fc.oneof(fc.constant(0), fc.double({ min: 0, max: mostLoss, noNaN: true })),
    demand: fc.oneof(fc.constant(1), fc.double({ min: 0.2, max: 1, noNaN: true })),
    hasEstimate: fc.boolean(),
  });

/** Lines on which the picture once came and went: each with the seed of its randomness. */
const DIFFICULT: [LineModel, number][] = [
  // Losses lie between good and bad, so that a rise neither fails at once nor ever succeeds.
  [
    {
      ...{ capacityKbps: 57.1, roundTripMs: 10, queueMs: 105, loss: 0, demand: 0.2 },
      hasEstimate: false,
    },
    8_532,
  ],
  // The estimate lies just above and below what the smallest picture needs.
  ...(
    [
      [85.06839706417846, 300, 999_859],
      [85.27375303381446, 174, 95_004],
    ] as const
  ).map(([capacityKbps, queueMs, number]): [LineModel, number] => [
    { capacityKbps, queueMs, roundTripMs: 10, loss: 0, demand: 1, hasEstimate: true },
    number,
  ]),
];

describe('the send policy on modelled networks', () => {
  it('changes the picture at most twice a minute in a steady state, and hardly ever pauses it', () => {
    const line = lineWith({ min: 40, max: 4_000 }, 0.6);
    fc.assert(
      fc.property(line, seed, (model, number) => {
        const steady = callOver(model, 15 * MINUTE, number).slice(-5 * MINUTE);
        assert.ok(changes(steady) <= 10, `${changes(steady)} changes in five minutes`);
        assert.ok(pauses(steady) <= 3, `${pauses(steady)} pauses in five minutes`);
      }),
      { numRuns: 150, examples: DIFFICULT },
    );
  });

  it('uses what the network carries', () => {
    // Voice takes up to 60 kbit/s, and the smallest picture about as much: with less, it may be paused most of the time.
    const line = lineWith({ min: 150, max: 4_000 }, 0.04);
    fc.assert(
      fc.property(line, seed, (model, number) => {
        const used = median(callOver(model, 15 * MINUTE, number).slice(-5 * MINUTE));
        const wanted = Math.min(1_500, (model.capacityKbps - 60) * 0.35);
        assert.ok(used >= wanted, `${used} kbit/s of ${model.capacityKbps}`);
      }),
      { numRuns: 150 },
    );
  });

  it('settles within a minute', () => {
    const line = lineWith({ min: 40, max: 4_000 }, 0.6);
    fc.assert(
      fc.property(line, seed, (model, number) => {
        const first = callOver(model, 3 * MINUTE, number);
        assert.ok(changes(first.slice(MINUTE)) <= 10, `${changes(first.slice(MINUTE))} changes`);
      }),
      { numRuns: 150 },
    );
  });
});
