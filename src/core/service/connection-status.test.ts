import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { ConnectionLevel } from '../ports/media.js';
import { attribute, nextStatus, NO_STATUS } from './connection-status.js';
import type { ConnectionStatus, LinkObservation, Observations } from './connection-status.js';

type Report = NonNullable<LinkObservation['report']>;

const link = (quality: Report['quality'], more: Partial<Report> = {}): LinkObservation => ({
  state: 'up',
  report: { quality, loses: undefined, told: undefined, ...more },
});
const GOOD = link(3);
const FAIR = link(2);
const POOR = link(1);
const DOWN: LinkObservation = { state: 'down', report: undefined };
const OPENING: LinkObservation = { state: 'opening', report: undefined };

const seen = (
  links: Readonly<Record<string, LinkObservation>>,
  signalling = true,
): Observations => ({ signalling, links: new Map(Object.entries(links)) });

/** The levels as they are shown at once, without what happened before. */
function levels(observations: Observations): Record<string, ConnectionLevel | undefined> {
  const { own, others } = nextStatus(NO_STATUS, observations, 0).levels;
  return { own, ...Object.fromEntries(others) };
}

describe('whose connection it is', () => {
  it('nothing is known before a link was up', () => {
    assert.deepEqual(levels(seen({})), { own: undefined });
    assert.deepEqual(levels(seen({ bob: OPENING })), { own: undefined, bob: undefined });
    assert.deepEqual(levels(seen({ bob: OPENING, carol: GOOD })), {
      own: 'good',
      bob: undefined,
      carol: 'good',
    });
  });

  it('in a pair, a lost link is the own problem if the server can’t be reached either', () => {
    assert.deepEqual(levels(seen({ bob: DOWN })), { own: 'good', bob: 'lost' });
    assert.deepEqual(levels(seen({ bob: DOWN }, false)), { own: 'lost', bob: 'good' });
  });

  it('in a pair, a poor link is the problem of the end that loses what it sends', () => {
    assert.deepEqual(levels(seen({ bob: POOR })), { own: 'good', bob: 'poor' });
    assert.deepEqual(levels(seen({ bob: link(1, { loses: 'received' }) })), {
      own: 'good',
      bob: 'poor',
    });
    assert.deepEqual(levels(seen({ bob: link(1, { loses: 'sent' }) })), {
      own: 'poor',
      bob: 'good',
    });
  });

  it('what the other side tells of itself counts more than the direction', () => {
    const told = link(1, { loses: 'sent', told: 'poor' });
    assert.deepEqual(levels(seen({ bob: told })), { own: 'good', bob: 'poor' });
    // It tells of a smaller problem than there is.
    const less = link(1, { loses: 'sent', told: 'fair' });
    assert.deepEqual(levels(seen({ bob: less })), { own: 'poor', bob: 'good' });
  });

  it('a server that is away is no problem while media flow', () => {
    assert.deepEqual(levels(seen({ bob: GOOD }, false)), { own: 'good', bob: 'good' });
    assert.deepEqual(levels(seen({ bob: GOOD, carol: DOWN }, false)), {
      own: 'good',
      bob: 'good',
      carol: 'lost',
    });
  });

  it('in a group, one bad link is that member’s problem, and what all have in common the own one', () => {
    assert.deepEqual(levels(seen({ bob: DOWN, carol: GOOD, dan: GOOD })), {
      ...{ own: 'good', bob: 'lost' },
      ...{ carol: 'good', dan: 'good' },
    });
    assert.deepEqual(levels(seen({ bob: DOWN, carol: DOWN })), {
      ...{ own: 'lost', bob: 'good', carol: 'good' },
    });
    assert.deepEqual(levels(seen({ bob: DOWN, carol: POOR })), {
      ...{ own: 'poor', bob: 'lost', carol: 'good' },
    });
  });

  it('in a group, a member who tells of their own problem does not make it that of this device', () => {
    const told = link(1, { told: 'poor' });
    assert.deepEqual(levels(seen({ bob: told, carol: POOR })), {
      ...{ own: 'good', bob: 'poor', carol: 'poor' },
    });
    assert.deepEqual(levels(seen({ bob: told, carol: POOR, dan: FAIR })), {
      ...{ own: 'fair', bob: 'poor', carol: 'poor', dan: 'good' },
    });
  });
});

describe('when it is shown', () => {
  /** Feeds observations at times in ms. @returns the level of bob after each */
  function run(...steps: readonly (readonly [at: number, LinkObservation])[]) {
    let status: ConnectionStatus = NO_STATUS;
    return steps.map(([at, bob]) => {
      status = nextStatus(status, seen({ bob }), at);
      return status.levels.others.get('bob');
    });
  }

  it('a lost link after a second, and for a second', () => {
    assert.deepEqual(
      run([0, GOOD], [100, DOWN], [1_099, DOWN], [1_100, DOWN], [2_000, GOOD], [3_000, GOOD]),
      ['good', 'good', 'good', 'lost', 'lost', 'good'],
    );
  });

  it('a poor link after three seconds, and for five seconds', () => {
    assert.deepEqual(
      run([0, GOOD], [100, POOR], [3_099, POOR], [3_100, POOR], [4_000, GOOD], [8_999, GOOD]),
      ['good', 'good', 'good', 'poor', 'poor', 'poor'],
    );
    assert.deepEqual(run([0, POOR], [100, GOOD], [5_100, GOOD]), ['poor', 'poor', 'good']);
  });

  it('a spike shows nothing, and a moment of good quality hides nothing', () => {
    assert.deepEqual(
      run([0, GOOD], [100, POOR], [2_000, GOOD], [2_500, POOR], [5_000, POOR], [5_600, POOR]),
      ['good', 'good', 'good', 'good', 'good', 'poor'],
    );
    assert.deepEqual(run([0, POOR], [100, GOOD], [3_000, POOR], [4_000, GOOD], [8_999, GOOD]), [
      ...['poor', 'poor', 'poor', 'poor', 'poor'],
    ]);
  });

  it('a link that is back is rated anew, not as before', () => {
    assert.deepEqual(run([0, POOR], [100, DOWN], [1_100, DOWN], [9_000, GOOD], [10_000, GOOD]), [
      'poor',
      'poor',
      'lost',
      'lost',
      'good',
    ]);
  });
});

describe('rules for all observations', () => {
  const report = fc.record({
    quality: fc.constantFrom(undefined, 1 as const, 2 as const, 3 as const),
    loses: fc.constantFrom(undefined, 'sent' as const, 'received' as const),
    told: fc.constantFrom<(ConnectionLevel | undefined)[]>(
      ...[undefined, 'good' as const, 'fair' as const, 'poor' as const, 'lost' as const],
    ),
  });
  const observation: fc.Arbitrary<LinkObservation> = fc.record({
    state: fc.constantFrom('opening' as const, 'up' as const, 'down' as const),
    report: fc.option(report, { nil: undefined }),
  });
  const observations = fc.record({
    signalling: fc.boolean(),
    links: fc
      .dictionary(fc.constantFrom('a', 'b', 'c', 'd'), observation)
      .map((links) => new Map(Object.entries(links))),
  });
  const history = fc.array(fc.tuple(fc.integer({ min: 1, max: 4_000 }), observations), {
    minLength: 1,
    maxLength: 30,
  });

  it('a problem is never counted twice, and never lost: the two ends together explain each link', () => {
    fc.assert(
      fc.property(observations, (observed) => {
        const { own = 0, others } = attribute(observed);
        for (const [user, { state, report: read }] of observed.links) {
          const theirs = others.get(user);
          assert.equal(theirs === undefined, state === 'opening');
          if (theirs === undefined) continue;
          const rank = state === 'down' ? 3 : 3 - (read?.quality ?? 3);
          assert.equal(Math.max(own, theirs), Math.max(own, rank));
          assert.ok(theirs === 0 || theirs > own);
        }
        assert.ok(
          own === 0 || [...observed.links.values()].some(({ state }) => state !== 'opening'),
        );
      }),
    );
  });

  it('while one link is good, this device has no problem', () => {
    fc.assert(
      fc.property(observations, (observed) => {
        observed.links.set('z', GOOD);
        assert.equal(attribute(observed).own, 0);
      }),
    );
  });

  it('a level is shown or hidden only if that was right for a whole second, so that nothing flickers', () => {
    const ranks = fc.array(fc.tuple(fc.constantFrom(0, 1, 2, 3), fc.integer({ min: 1, max: 20 })));
    fc.assert(
      fc.property(ranks, (runs) => {
        const STEP_MS = 250;
        const past = runs.flatMap(([rank, times]) => Array<number>(times).fill(rank));
        let status: ConnectionStatus = NO_STATUS;
        let before: number | undefined;
        for (const [index, rank] of past.entries()) {
          const bob = [GOOD, FAIR, POOR, DOWN][rank] ?? GOOD;
          status = nextStatus(status, seen({ bob }), index * STEP_MS);
          const shown = ['good', 'fair', 'poor', 'lost'].indexOf(
            status.levels.others.get('bob') ?? '',
          );
          const second = past.slice(Math.max(0, index - 1_000 / STEP_MS), index + 1);
          if (before !== undefined && shown > before)
            assert.ok(second.every((one) => one > (before ?? 0)));
          if (before !== undefined && shown < before)
            assert.ok(second.every((one) => one < (before ?? 0)));
          before = shown;
        }
      }),
    );
  });

  it('what is observed for five seconds without change is shown', () => {
    fc.assert(
      fc.property(history, observations, (steps, final) => {
        let status: ConnectionStatus = NO_STATUS;
        let now = 0;
        for (const [wait, observed] of steps) status = nextStatus(status, observed, (now += wait));
        status = nextStatus(status, final, now);
        for (let turn = 0; status.changesAt !== undefined; turn += 1) {
          assert.ok(turn < 40 && status.changesAt <= now + 6_000);
          status = nextStatus(status, final, status.changesAt);
        }
        assert.deepEqual(status.levels, nextStatus(NO_STATUS, final, 0).levels);
      }),
    );
  });
});
