import { initialState, transition } from '../../src/core/machine/machine.js';
import { heldCall, savedCall, snapshot } from '../../src/core/machine/snapshot.js';
import type { Machine } from './device.js';

/** The machine of the product, without changes. */
export const machine: Machine = { initialState, transition, snapshot, heldCall, savedCall };
