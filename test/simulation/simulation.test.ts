import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { machine } from './machine.js';
import { explain } from './report.js';
import { examine } from './examine.js';
import { generate } from './generate.js';
import { presets, type Preset, type PresetName } from './schedule.js';

/**
 * Number of seeded schedules of each preset in an extended test run, of which others run half: one-to-one calls and groups, with
 * and without faults.
 */
const SCHEDULES: Partial<Record<PresetName, number>> = {
  small: 3_000,
  calm: 2_000,
  big: 1_000,
  bigcalm: 1_000,
  plain: 500,
  plaincalm: 500,
  liar: 1_200,
  'liar-group': 700,
  'liar-faults': 500,
  'liar-wild': 400,
  waiting: 700,
  'waiting-faults': 500,
  transfer: 500,
  'transfer-faults': 300,
  everywhere: 700,
  'everywhere-faults': 500,
  'everywhere-pairs': 500,
  'everywhere-waiting': 500,
};
const SHARE = process.env.EXTENDED_TESTS === undefined ? 0.5 : 1;
/** Every n-th schedule runs twice. */
const TWICE_EVERY = 100;

describe('the machines of two to five users with up to three devices each', () => {
  for (const [preset, most] of Object.entries(SCHEDULES) as [PresetName, number][]) {
    const count = most * SHARE;
    const { faults, liar }: Preset = presets[preset];
    const around = faults ? 'with faults of network, pages and server' : 'undisturbed';
    const what = liar ? `${around}, with an attacker` : around;
    it(`keep every invariant over ${count} schedules of ${preset}, ${what}`, () => {
      for (let seed = 1; seed <= count; seed++) {
        const { violations } = examine(generate(seed, presets[preset]), machine);
        if (violations.length) assert.fail(explain(preset, seed, machine).text);
      }
    });

    it(`give the same result again for the same schedule of ${preset}`, () => {
      for (let seed = TWICE_EVERY; seed <= count; seed += TWICE_EVERY) {
        const schedule = generate(seed, presets[preset]);
        const first = examine(schedule, machine, { trace: true });
        const again = examine(generate(seed, presets[preset]), machine, { trace: true });
        assert.ok(first.log.length > 0);
        assert.deepEqual(again.log, first.log);
      }
    });
  }
});
