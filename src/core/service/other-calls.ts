import { changedCalls, IDLE, otherCalls, snapshot } from '../machine/snapshot.js';
import type { MachineState } from '../machine/types.js';
import type { MachineSnapshot } from '../machine/snapshot-types.js';
import { isOver } from './in-calling.js';

/** Follows the calls of a session that the page does not show: they wait, or are on hold. */
export class OtherCalls {
  #others: readonly MachineSnapshot[] = [];
  #shown: MachineSnapshot = IDLE;
  /** Calls that have ended in the last step without being shown. */
  #ended: readonly string[] = [];

  /** @returns the calls that have begun to wait, have another status now, or have ended without being shown */
  update(state: MachineState): readonly MachineSnapshot[] {
    const shown = snapshot(state);
    const isReplaced = this.#shown.callID !== shown.callID && !isOver(this.#shown.status);
    const before = isReplaced ? [...this.#others, this.#shown] : this.#others;
    const others = otherCalls(state);
    const changes = changedCalls(before, others, state);
    this.#ended = changes.filter(({ status }) => status === 'ended').map(({ callID }) => callID);
    this.#shown = shown;
    this.#others = others;
    return changes;
  }

  /** IDs of these calls, with those that have just ended. */
  get ids(): readonly string[] {
    return [...this.#ended, ...this.#others.map(({ callID }) => callID)];
  }
}
