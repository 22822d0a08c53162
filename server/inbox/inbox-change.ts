import type { Handled, Invitation, Missed, Settled } from './inbox.js';

export type How = keyof Handled;

export interface OpenEntry {
  readonly invitation: Invitation;
  /** A device of the user has said something about it: it will know whether it was missed. */
  readonly known?: boolean;
  /** A device said so of a call that is not over here yet. */
  readonly handled?: How | undefined;
}
export interface MissedEntry extends Omit<Missed, 'invitation'> {
  readonly round: number;
  /** Not of one that was dismissed. */
  readonly invitation?: Invitation | undefined;
  readonly handled?: How | undefined;
  /** Of one that was dismissed: else the invitation says it. */
  readonly senderID?: string | undefined;
}
interface SettledEntry extends Settled {
  readonly at: number;
  /** None: it was decided before its invitation came. */
  readonly senderID?: string | undefined;
}

/** What one callID has in one inbox, by kind. */
export interface Entries {
  readonly open: OpenEntry;
  readonly missed: MissedEntry;
  readonly settled: SettledEntry;
}
export type Kind = keyof Entries;

/** An entry as it is now; without `entry` there is none any more. Plain JSON. */
export type InboxChange = {
  [K in Kind]: {
    readonly kind: K;
    readonly userID: string;
    readonly callID: string;
    readonly entry?: Entries[K] | undefined;
  };
}[Kind];

/** Whether it was not handled so far, or seen alone and is dismissed now. */
export const isNews = ({ handled }: { readonly handled?: How | undefined }, how: How): boolean =>
  handled === undefined || (handled === 'seen' && how === 'dismissed');

/** Handled; of one that was dismissed the invitation is forgotten. */
export function withMark(entry: MissedEntry, handled: How): MissedEntry {
  const { invitation, ...rest } = entry;
  const { userID: senderID } = invitation?.message.from ?? { userID: entry.senderID };
  return {
    ...rest,
    ...(handled === 'seen' ? { invitation } : { senderID }),
    fresh: false,
    handled,
  };
}
