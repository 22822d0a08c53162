import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { machineWithout, turnOff } from './bundle.js';
import { generate } from './generate.js';
import { machine } from './machine.js';
import { examine } from './examine.js';
import { scenario, scenarios, type ScenarioName } from './scenarios.js';
import { presets, type PresetName, type Schedule } from './schedule.js';
import { switches } from './switches.js';

const isScenario = (name: PresetName | ScenarioName): name is ScenarioName =>
  Object.hasOwn(scenarios, name);

function scheduleOf(preset: PresetName | ScenarioName, seed: number): Schedule {
  return isScenario(preset) ? scenario(preset, seed) : generate(seed, presets[preset]);
}

describe('a rule that is turned off', () => {
  for (const each of switches) {
    const { preset, from, count, without: other } = each.noticed;
    it(`is detected: ${each.name} (${each.rule})`, async () => {
      const others = switches.filter(({ name }) => name === other);
      const without = await machineWithout([each, ...others]);
      const whole = others.length > 0 ? await machineWithout(others) : machine;
      for (let seed = from; seed < from + count; seed++) {
        const schedule = scheduleOf(preset, seed);
        // A violation with the rule turned on does not show that it is off.
        if (
          examine(schedule, without).violations.length &&
          !examine(schedule, whole).violations.length
        ) {
          return;
        }
      }
      assert.fail(
        `${preset}, seeds ${from} to ${from + count - 1}: no invariant detects that it is off`,
      );
    });
  }

  it('has a text that occurs exactly once in the source', () => {
    const [first] = switches;
    assert.ok(first);
    assert.throws(() => turnOff('', first), /0 times/);
    assert.throws(() => turnOff(first.find + first.find, first), /2 times/);
    assert.equal(turnOff(`a${first.find}b`, first), `a${first.replace}b`);
  });

  it('has a unique name', () => {
    assert.equal(new Set(switches.map(({ name }) => name)).size, switches.length);
  });
});

describe('scenarios', () => {
  for (const name of Object.keys(scenarios) as ScenarioName[]) {
    it(`keep every invariant: ${name}`, () => {
      for (let seed = 1; seed <= 40; seed++) {
        const { violations } = examine(scenario(name, seed), machine);
        assert.deepEqual(violations, [], `seed ${seed}`);
      }
    });
  }
});
