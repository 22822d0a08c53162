import type { PresetName } from './schedule.js';

/** A rule that the tests can turn off: a change of one place of the machine's source. */
export interface Switch {
  readonly name: string;
  /** The rule of the protocol that it belongs to. */
  readonly rule: string;
  /** In `src/core/machine`. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Where the simulation notices soon that the rule is off. */
  readonly noticed: { readonly preset: PresetName; readonly from: number; readonly count: number };
}

export const switches: readonly Switch[] = [];
