import type { MissedCallEntry } from '../../core/ports/missed-calls.js';
import { startOfDay } from '../shared/start-of-day.js';

/** The missed calls of one row: those of one person, or of one group of people, on one day. */
export interface MissedCallGroup<Call extends MissedCallEntry = MissedCallEntry> {
  /** Identifies the row while calls are added to it or removed. */
  readonly key: string;
  /** The newest call of the row. */
  readonly newest: Call;
  /** Newest first, with `newest`. */
  readonly calls: readonly Call[];
  /** Names of the other invited users of a group call. */
  readonly others: readonly string[];
}

/**
 * Groups missed calls by the caller, the other invited users and the day, by the time zone of this device.
 * @param calls newest first
 * @param self ID of this user
 */
export function groupMissedCalls<Call extends MissedCallEntry>(
  calls: readonly Call[],
  self: string | undefined,
): readonly MissedCallGroup<Call>[] {
  const groups = new Map<string, MissedCallGroup<Call> & { readonly calls: Call[] }>();
  for (const call of calls) {
    const others = call.callees.filter(({ userID }) => userID !== self);
    const otherIDs = others.map(({ userID }) => userID).sort();
    // No two lists of people have the same JSON, whatever characters are in their IDs.
    const key = JSON.stringify([startOfDay(call.at), call.caller.userID, ...otherIDs]);
    const group = groups.get(key);
    if (group) group.calls.push(call);
    else {
      const names = others.map(({ userName }) => userName);
      groups.set(key, { key, newest: call, calls: [call], others: names });
    }
  }
  return [...groups.values()];
}
