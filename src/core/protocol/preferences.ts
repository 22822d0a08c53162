import { boolean, callUser, id, time } from './fields.js';
import { MAX_BLOCKED } from './limits.js';
import type { CallUser } from './vocabulary.js';
import { list, object, optional, type Shaped } from './shapes.js';

/*
 * Which calls ring: do-not-disturb, and the people whom a user has blocked. The server keeps this for each user, and
 * relays changes to all of the user's devices; without a server, the browser keeps it.
 */

/** Most people who are blocked or unblocked by one message. */
export const MAX_BLOCKED_AT_ONCE = 50;

const doNotDisturb = object({
  on: boolean,
  /** When it ends, in ms since the epoch by the server's clock; absent: when it is switched off. */
  until: optional(time),
});
export type DoNotDisturbRecord = Shaped<typeof doNotDisturb>;

/** The fields of a change. Absent ones stay as they are. */
export const preferencesChange = {
  doNotDisturb: optional(doNotDisturb),
  block: optional(list(callUser, MAX_BLOCKED_AT_ONCE)),
  unblock: optional(list(id, MAX_BLOCKED_AT_ONCE)),
};
export interface PreferencesChange {
  readonly doNotDisturb?: DoNotDisturbRecord;
  readonly block?: CallUser[];
  readonly unblock?: string[];
}

/** All preferences of a user. */
export const preferencesShape = object({
  doNotDisturb: optional(doNotDisturb),
  /** In the order in which they were blocked. */
  blocked: list(callUser, MAX_BLOCKED),
});
export type PreferencesRecord = Shaped<typeof preferencesShape>;

export const NO_PREFERENCES: PreferencesRecord = { blocked: [] };

/** Whether do-not-disturb is on. @param now in ms since the epoch, by the clock of `until` */
export const isQuiet = ({ doNotDisturb: record }: PreferencesRecord, now: number): boolean =>
  record?.on === true && (record.until === undefined || record.until > now);

/** Whether this person is blocked. */
export const isBlocked = ({ blocked }: PreferencesRecord, user: string): boolean =>
  blocked.some(({ userID }) => userID === user);

/**
 * @returns whom a change blocks and unblocks, each person once. Who is in both lists is blocked. Devices may send lists with
 * repetitions, which would otherwise be counted several times
 */
export function peopleOf({ block = [], unblock = [] }: PreferencesChange): {
  readonly block: readonly CallUser[];
  readonly unblock: readonly string[];
} {
  const blocked = new Map(block.map((user) => [user.userID, user]));
  return {
    block: [...blocked.values()],
    unblock: [...new Set(unblock)].filter((userID) => !blocked.has(userID)),
  };
}

/** @returns the preferences after a change; `undefined` if more than `MAX_BLOCKED` people would be blocked */
export function changedPreferences(
  before: PreferencesRecord,
  change: PreferencesChange,
): PreferencesRecord | undefined {
  const { block, unblock } = peopleOf(change);
  const blocked = new Map(before.blocked.map((user) => [user.userID, user]));
  for (const userID of unblock) blocked.delete(userID);
  for (const user of block) blocked.set(user.userID, user);
  if (blocked.size > MAX_BLOCKED) return undefined;
  const record = change.doNotDisturb ?? before.doNotDisturb;
  return { blocked: [...blocked.values()], ...(record?.on && { doNotDisturb: record }) };
}

/** Whether a call by this person rings. @param now in ms since the epoch, by the clock of `until` */
export const mayRing = (record: PreferencesRecord, caller: string, now: number): boolean =>
  !isQuiet(record, now) && !isBlocked(record, caller);
