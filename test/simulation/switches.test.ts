import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { machineWithout } from './bundle.js';
import { generate } from './generate.js';
import { machine } from './machine.js';
import { run } from './run.js';
import { presets } from './schedule.js';
import { switches } from './switches.js';

describe('the simulation notices', () => {
  for (const rule of switches)
    it(`that ${rule.name} is off (rule ${rule.rule})`, async () => {
      const off = await machineWithout([rule]);
      const { preset, seeds } = rule.noticed;
      const noticed = seeds.filter((seed) => {
        const schedule = () => generate(seed, presets[preset]);
        assert.deepEqual(run(schedule(), machine).violations, [], `schedule ${seed} is sound`);
        return run(schedule(), off).violations.length > 0;
      });
      assert.notEqual(
        noticed.length,
        0,
        `${preset} ${seeds.join()} noticed nothing: look for a schedule that does, or for a rule that nobody needs`,
      );
    });
});
