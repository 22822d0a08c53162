import type { MessageOf } from '../../src/core/protocol/messages.js';
import type { Stamped } from '../messages/stamp.js';

/** An open invitation of one user to one call. Each round of a call is a separate invitation. */
export interface Invitation {
  readonly userID: string;
  readonly callID: string;
  readonly round: number;
  /** The parsed message. */
  readonly invite: MessageOf<'invite'>;
  /** The message as it is delivered, with its stamp. */
  readonly message: Stamped;
  /** Server time, in ms since the epoch. */
  readonly receivedAt: number;
  /** When the time-out of the invitation is over, in ms since the epoch. */
  readonly expiresAt: number;
}

/** An invitation that ended unanswered. */
export interface Missed {
  readonly invitation: Invitation;
  readonly reason: 'canceled' | 'timeout';
  /** When it ended, in ms since the epoch. */
  readonly at: number;
  /** Whether no device of the user knows of the call: none was connected or had the invitation, and none was informed since. */
  readonly fresh: boolean;
}

/** Missed calls that a user has handled, by callID. */
export interface Handled {
  /** Seen calls: devices still get them, marked as seen. */
  readonly seen: readonly string[];
  /** Dismissed calls: devices don't get them any more. They are stored so that devices remove their own copies. */
  readonly dismissed: readonly string[];
}

/** An invitation that was answered or has ended. */
export interface Settled {
  readonly callID: string;
  readonly round: number;
  readonly how: 'answered' | 'ended';
}

/**
 * The server's store of calls for each user: open invitations until their time-out, missed calls (handled or not) for 30
 * days, and settled invitations for 10 minutes. Each method is atomic, and resolves when its changes are stored. The store
 * may survive a restart of the server. While it is unavailable, `put` and `seen` reject with `UnavailableError`; the other
 * methods either work and store their changes later, or reject with `UnavailableError` as well.
 */
export interface Inbox {
  /**
   * Stores an open invitation. Replaces one of an earlier round, open or missed.
   * @returns `kept` if it was stored; `known` if this or a later round is open; `settled` if this or a later round is settled
   */
  put(invitation: Invitation): Promise<'kept' | 'known' | 'settled'>;
  /**
   * Records that the user answered this round, which is then neither open nor missed. It also answers an open invitation of
   * an earlier round, but a missed one stays missed: the user has joined the call later, in a round of its own.
   * @returns whether this settled an open invitation
   */
  answer(userID: string, callID: string, round: number): Promise<boolean>;
  /** Records that the user is in the call by this round. Settles also an invitation that arrives later. @returns as `answer` */
  select(userID: string, callID: string, round: number): Promise<boolean>;
  /**
   * Records that an open invitation ended unanswered, as a missed call. It is marked as fresh also if no device has reported
   * it as known, because a device that seems connected may be lost.
   * @returns the invitation, or undefined if none was open
   */
  end(
    userID: string,
    callID: string,
    missed: Omit<Missed, 'invitation'>,
  ): Promise<Invitation | undefined>;
  /** Removes an invitation, its missed call and the note of its end. The note of an answer stays. */
  drop(userID: string, callID: string): Promise<void>;
  /** Open invitations of a user. */
  openFor(userID: string): Promise<readonly Invitation[]>;
  /** Open invitations to a call. */
  openIn(callID: string): Promise<readonly Invitation[]>;
  /** Open invitations of all users whose time-out is over at `time` (ms since the epoch); all of them for `Infinity`. */
  dueBy(time: number): Promise<readonly Invitation[]>;
  /**
   * The missed calls to report to a device that connects: fresh ones, and those from before `settledBefore` (ms since the
   * epoch). Includes seen calls, but no dismissed ones. The returned calls are not fresh any more.
   */
  tell(userID: string, settledBefore: number): Promise<readonly Missed[]>;
  /** Settled invitations of a user. */
  settled(userID: string): Promise<readonly Settled[]>;
  /**
   * Records that a device of the user knows these calls: open ones, which it rings or rejects, and missed ones. They are
   * not fresh, now or when they become missed.
   */
  known(userID: string, callIDs: readonly string[]): Promise<void>;
  /**
   * Records that the user has handled these missed calls. A dismissed call stays dismissed. For a call that is still open
   * here (a device may know first that it has ended), the mark is stored and applied when it ends. Other calls are ignored.
   */
  seen(userID: string, callIDs: readonly string[], dismissed: boolean): Promise<void>;
  /** Missed calls that the user has handled, oldest first. */
  handled(userID: string): Promise<Handled>;
}

/** The stored form of an invitation. It omits `invite`, which is `message` without its stamp. */
export type WrittenInvitation = Omit<Invitation, 'invite'>;

export function written({ invite: _, ...rest }: Invitation): WrittenInvitation {
  return rest;
}

export function unwritten(stored: WrittenInvitation): Invitation {
  const { from: _, at: __, ...invite } = stored.message;
  return { ...stored, invite: invite as unknown as MessageOf<'invite'> };
}
