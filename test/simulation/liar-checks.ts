/*
 * What the machine does not keep yet when somebody lies. Each entry is turned on as soon as it holds; then this file
 * goes.
 */
export const LIAR_CHECKS_HOLD = {
  /** The presets with a liar keep every invariant: `simulation.test.ts`. */
  presets: false,
  /** What a device remembers has a bound, and what one event costs: `flood.test.ts`. */
  flood: false,
} as const;
