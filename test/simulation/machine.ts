import { initialState, transition } from '../../src/core/machine/machine.js';
import { heldCall, savedCall, snapshot } from '../../src/core/machine/snapshot.js';
import type { Machine } from './device.js';

/** The machine as it is shipped. */
export const machine: Machine = { initialState, transition, snapshot, heldCall, savedCall };
