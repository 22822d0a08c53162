import type { Handled, Invitation, Missed, Settled } from './inbox.js';

export type HandledHow = keyof Handled;

export interface OpenEntry {
  readonly invitation: Invitation;
  /** Whether a device of the user has reported the call, and will therefore know whether it was missed. */
  readonly known?: boolean;
  /** Set if a device has handled the call before the server knew that it had ended. */
  readonly handled?: HandledHow | undefined;
}
export interface MissedEntry extends Omit<Missed, 'invitation'> {
  readonly round: number;
  /** Undefined if the call was dismissed. */
  readonly invitation?: Invitation | undefined;
  readonly handled?: HandledHow | undefined;
  /** Set if the call was dismissed; otherwise the invitation contains the sender. */
  readonly senderID?: string | undefined;
}
interface SettledEntry extends Settled {
  readonly at: number;
  /** Undefined if the call was settled before its invitation arrived. */
  readonly senderID?: string | undefined;
}

/** The kinds of entry that a call can have in an inbox. */
export interface Entries {
  readonly open: OpenEntry;
  readonly missed: MissedEntry;
  readonly settled: SettledEntry;
}
export type Kind = keyof Entries;

/** The current state of an entry; without `entry`, it was removed. Plain JSON. */
export type InboxChange = {
  [K in Kind]: {
    readonly kind: K;
    readonly userID: string;
    readonly callID: string;
    readonly entry?: Entries[K] | undefined;
  };
}[Kind];

/** Whether a mark changes an entry: it was not handled before, or it was seen and is dismissed now. */
export const isNewMark = (
  { handled }: { readonly handled?: HandledHow | undefined },
  how: HandledHow,
): boolean => handled === undefined || (handled === 'seen' && how === 'dismissed');

/** The entry with a mark. A dismissed entry keeps its sender, but not its invitation. */
export function withMark(entry: MissedEntry, handled: HandledHow): MissedEntry {
  const { invitation, ...rest } = entry;
  const { userID: senderID } = invitation?.message.from ?? { userID: entry.senderID };
  return {
    ...rest,
    ...(handled === 'seen' ? { invitation } : { senderID }),
    fresh: false,
    handled,
  };
}
