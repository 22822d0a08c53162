import type { MessageOf } from '../../src/core/protocol/messages.js';
import type { Stamped } from '../messages/stamp.js';

/** One user's open invitation to one call. Each round is an invitation of its own. */
export interface Invitation {
  readonly userID: string;
  readonly callID: string;
  readonly round: number;
  /** As it was checked. */
  readonly invite: MessageOf<'invite'>;
  /** As it went out. */
  readonly message: Stamped;
  /** Server's time, ms since the epoch. */
  readonly receivedAt: number;
  /** When its time-out is over. */
  readonly expiresAt: number;
}

/** An invitation that ended unanswered. */
export interface Missed {
  readonly invitation: Invitation;
  readonly reason: 'canceled' | 'timeout';
  readonly at: number;
  /** No device of the user could tell of it: none was connected, or none of those knew. And none has been told since. */
  readonly fresh: boolean;
}

/** Missed calls that a user has dealt with, by callID. */
export interface Handled {
  /** Looked at: still told, and known as seen. */
  readonly seen: readonly string[];
  /** Put away: not told any more, and remembered only so that no device keeps them. */
  readonly dismissed: readonly string[];
}

/** An invitation that is decided. */
export interface Settled {
  readonly callID: string;
  readonly round: number;
  readonly how: 'answered' | 'ended';
}

/**
 * What is kept for users: open invitations with their time-out, missed ones (handled or not) for thirty days, and for
 * ten minutes decided ones. Each method is one step that no other interrupts, and resolves when what it did is kept.
 * It may outlive the server. While its store fails, `put` and `seen` throw `UnavailableError`; the rest either goes on
 * and is kept when the store is back, or throws it, too.
 */
export interface Inbox {
  /**
   * Keeps an open invitation; one of an earlier round, open or missed, goes.
   * @returns `settled` when this round, or a later one, is decided already: nothing is kept then
   */
  put(invitation: Invitation): Promise<'kept' | 'known' | 'settled'>;
  /**
   * The user answered this round: it is neither open nor missed any more.
   * @returns whether an open invitation was decided by this
   */
  answer(userID: string, callID: string, round: number): Promise<boolean>;
  /** The user is in by this round: an invitation to it that is still on its way is decided, too. @returns the same */
  select(userID: string, callID: string, round: number): Promise<boolean>;
  /**
   * An open invitation ended unanswered: it is missed. It is fresh also when no device is known to have it: one that
   * seems connected may be gone, which shows only after a while.
   * @returns the invitation, or nothing when none was open
   */
  end(
    userID: string,
    callID: string,
    missed: Omit<Missed, 'invitation'>,
  ): Promise<Invitation | undefined>;
  /** It never was: neither missed nor decided. */
  drop(userID: string, callID: string): Promise<void>;
  openFor(userID: string): Promise<readonly Invitation[]>;
  openIn(callID: string): Promise<readonly Invitation[]>;
  /** Open invitations of anybody whose time-out is over at `time`; all of them for `Infinity`. */
  dueBy(time: number): Promise<readonly Invitation[]>;
  /**
   * What a device is told when it connects: missed calls, fresh ones and those from before `settledBefore`, also seen
   * ones, and none that was dismissed. What was fresh is not any more after this.
   */
  tell(userID: string, settledBefore: number): Promise<readonly Missed[]>;
  settled(userID: string): Promise<readonly Settled[]>;
  /**
   * A device of the user has these calls: open ones, which it rings or refuses, and missed ones. They are not fresh
   * when they are, or were, missed.
   */
  known(userID: string, callIDs: readonly string[]): Promise<void>;
  /**
   * The user has handled these missed calls; what was dismissed stays so. Of one that is open here still (a device may
   * know first that it is over) it is remembered until it ends: it is handled then. Of others nothing is.
   */
  seen(userID: string, callIDs: readonly string[], dismissed: boolean): Promise<void>;
  /** Missed calls that the user has handled, oldest first; no more than are kept of missed calls. */
  handled(userID: string): Promise<Handled>;
}

/** An invitation as it is written down: `invite` is `message` without its stamp. */
export type WrittenInvitation = Omit<Invitation, 'invite'>;

export function written({ invite: _, ...rest }: Invitation): WrittenInvitation {
  return rest;
}

export function unwritten(kept: WrittenInvitation): Invitation {
  const { from: _, at: __, ...invite } = kept.message;
  return { ...kept, invite: invite as unknown as MessageOf<'invite'> };
}
