import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { random } from '../test/simulation/random.js';
import { MIX, peopleInCalls, peopleOf, plans, type Plan } from './mix.js';

function first(count: number, seed: number, { callsPerSecond = 10, pace = 1 } = {}): Plan[] {
  const source = plans(random(seed), callsPerSecond, pace);
  return Array.from({ length: count }, () => source.next().value as Plan);
}

describe('the mix of calls', () => {
  it('has shares that add up to 100', () => {
    assert.equal(
      MIX.reduce((sum, { share }) => sum + share, 0),
      100,
    );
  });

  it('plans the same calls for the same seed, and different ones for another seed', () => {
    assert.deepEqual(first(50, 7), first(50, 7));
    assert.notDeepEqual(first(50, 7), first(50, 8));
  });

  it('plans each outcome according to its share, at the requested rate', () => {
    const count = 20_000;
    const planned = first(count, 1, { callsPerSecond: 25 });
    for (const { outcome, share, people } of MIX) {
      const of = planned.filter((plan) => plan.outcome === outcome);
      assert.ok(Math.abs((of.length / count) * 100 - share) < 1, outcome);
      const mean = of.reduce((sum, plan) => sum + peopleOf(plan), 0) / of.length;
      assert.ok(Math.abs(mean - people) < 0.1, outcome);
    }
    const seconds = planned.reduce((sum, { pauseMs }) => sum + pauseMs, 0) / 1_000;
    assert.ok(Math.abs(count / seconds - 25) < 1);
  });

  it('lets at least one invitee accept each group call', () => {
    for (const { outcome, reactions } of first(2_000, 2)) {
      assert.equal(reactions[0], 'accept');
      if (outcome !== 'group') assert.equal(reactions.length, 1);
    }
  });

  it('speeds up users with --pace, but keeps time-outs of at least a second', () => {
    const [calm, hasty] = [first(500, 3), first(500, 3, { pace: 100 })];
    for (const [index, plan] of hasty.entries()) {
      assert.ok(plan.talkMs < (calm[index]?.talkMs ?? 0) / 90);
      assert.equal(plan.timeoutSeconds, 1);
    }
    assert.ok(peopleInCalls(10, 100) < peopleInCalls(10, 1) / 4);
  });
});
