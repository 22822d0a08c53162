import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MachineEvent } from '../../src/core/machine/events.js';
import type { MachineState } from '../../src/core/machine/types.js';
import { EventLoop } from './event-loop.js';
import { machine } from './machine.js';
import { copyOf, isSame, watchPurity } from './purity.js';
import type { Machine } from './device.js';

const state = machine.initialState({
  userID: 'alice',
  userName: 'Alice',
  deviceID: 'a1',
  media: true,
  canTakeCalls: true,
});
const event: MachineEvent = { type: 'transport.online', now: 1 };

/** What the check reports about a machine with this transition. */
function reported(transition: (state: MachineState) => MachineState): string[] {
  const loop = new EventLoop(false);
  const watched = { ...machine, transition: (given: MachineState) => [transition(given), []] };
  watchPurity(watched as unknown as Machine, loop, 1).transition(state, event);
  return loop.violations.map(({ detail }) => detail);
}

describe('the check of purity', () => {
  it('reports nothing about the machine of the product', () => {
    assert.deepEqual(
      reported((given) => machine.transition(given, event)[0]),
      [],
    );
  });

  it('reports a transition that changes its input', () => {
    let times = 0;
    const changes = reported((given) => {
      (given.lastMessageAt as Map<string, number>).set(`device ${++times}`, 1);
      return { ...given, calls: new Map() };
    });
    assert.match(changes.join(), /changes its input/);
    (state.lastMessageAt as Map<string, number>).clear();
  });

  it('reports a transition whose result is not always the same', () => {
    let times = 0;
    const results = reported((given) => ({ ...given, serial: ++times }));
    assert.match(results.join(), /is not deterministic/);
  });
});

describe('the comparison of values', () => {
  const values: readonly unknown[] = [
    undefined,
    null,
    0,
    '0',
    [],
    [undefined],
    {},
    { a: undefined },
    { a: [1, 2] },
    { a: [2, 1] },
    new Map(),
    new Map([['a', new Map([['b', 1]])]]),
    new Map([['a', new Map([['b', 2]])]]),
    new Map([
      ['a', 1],
      ['b', 1],
    ]),
    new Map([
      ['b', 1],
      ['a', 1],
    ]),
    new Set(),
    new Set([1]),
    new Set([1, 2]),
    new Set([2, 1]),
  ];

  it('regards each value as the same as its copy, and as no other one', () => {
    for (const [index, one] of values.entries()) {
      for (const [other, two] of values.entries()) {
        assert.equal(isSame(one, copyOf(two)), index === other, `${index} and ${other}`);
      }
    }
  });

  it('ignores the order of object keys', () => {
    assert.ok(isSame({ a: 1, b: 2 }, { b: 2, a: 1 }));
  });
});
