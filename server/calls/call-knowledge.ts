import type { MemberRecord, MessageOf, Sender } from '../../src/core/protocol/messages.js';
import { oneOf } from '../../src/core/protocol/one-of.js';

/*
 * The server's state of a call, on which authority.ts bases its decisions.
 */

/** As in a record of the protocol. `withheld`: the user blocks the inviter, and has not received the invitation. */
export type MemberState = MemberRecord['state'] | 'withheld';

/** The latest round of a user in a call, and its state. */
export interface CallMember {
  readonly round: number;
  readonly state: MemberState;
  readonly inviter: string;
  /** The device that is, or was, in the call. */
  readonly device?: string | undefined;
  /** The reason for which the device has left, if it has. */
  readonly reason?: MemberRecord['reason'];
}

/** What a device reports of its own state in a call. */
export type StatedPhase = Pick<MessageOf<'sync'>, 'phase' | 'join'>;

/** How a call began. */
export interface CallOrigin {
  readonly initiator: string;
  readonly endWithInitiator: boolean;
  /** Whether the server has seen all messages of the call since the first invitation, so that all members are known. */
  readonly isComplete: boolean;
}

/** A device that is in the call. It is connected, or the server waits for it. */
export interface DeviceInCall {
  readonly device: Sender;
  readonly connected: boolean;
}

export interface CallKnowledge {
  /** Undefined if the server has seen no invitation to the call. */
  readonly origin: CallOrigin | undefined;
  /** By userID. Only invitations add members. */
  readonly members: ReadonlyMap<string, CallMember>;
  /**
   * For a call that was not seen completely: by user, the users whom that user's devices have named as participants. After a
   * restart, this is the only information about the call.
   */
  readonly named: ReadonlyMap<string, ReadonlySet<string>>;
  readonly devices: readonly DeviceInCall[];
  /** Known owners of devices that the current message names and that are not in the call. */
  readonly owners?: readonly Pick<Sender, 'userID' | 'deviceID'>[] | undefined;
  /** Last display names of the requested users, by userID. */
  readonly userNames: ReadonlyMap<string, string>;
}

/** A change of the state of a call. Changes are commutative and idempotent. */
export interface CallChange {
  /** Ignored if the call has an origin already. */
  readonly origin?: CallOrigin | undefined;
  readonly members?: ReadonlyMap<string, CallMember> | undefined;
  readonly named?: ReadonlyMap<string, Iterable<string>> | undefined;
}

/** The result of applying a change. */
export type NoteResult =
  /** The change was applied. */
  | 'noted'
  /** Not applied: the call has another initiator. */
  | 'other-initiator'
  /** Not applied: the call would have too many users. */
  | 'too-many';

/** Maximum number of users that one user's devices may name in a call. */
export const MAX_NAMED = 64;

export const NOTHING_KNOWN: CallKnowledge = {
  origin: undefined,
  members: new Map(),
  named: new Map(),
  devices: [],
  userNames: new Map(),
};

/** The order of the protocol's states within a round. */
const RANK: Readonly<Record<MemberState, number>> = {
  withheld: 0,
  inviting: 1,
  ringing: 2,
  unsupported: 3,
  glare: 4,
  unreachable: 5,
  timeout: 6,
  canceled: 7,
  busy: 8,
  declined: 9,
  in: 10,
  left: 11,
};
export const rankOf = (state: MemberState): number => RANK[state];

/** Whether the invitation was delivered and is not settled. */
export const isOpen = (member: CallMember | undefined): boolean =>
  member?.state === 'inviting' || member?.state === 'ringing';
/** Whether the invitation is not settled; it may have been withheld. */
export const isInvited = (member: CallMember): boolean =>
  isOpen(member) || member.state === 'withheld';
/** Whether the invitation ended without an acceptance. */
export const isRejected = (state: MemberState): boolean => RANK[state] > 2 && RANK[state] < 10;

/** Whether the user may join (again): the user was invited, and the invitation was not cancelled. */
export const mayJoin = (member: CallMember | undefined): boolean =>
  member !== undefined && !isTakenOut(member.state);
const isTakenOut = oneOf<MemberState>('withheld', 'canceled', 'glare');

/** Whether the user is invited or in the call now, and may therefore receive its state. */
export const isParticipating = (member: CallMember | undefined): boolean =>
  isOpen(member) || member?.state === 'in';

/** The users whom a device of this user names as participants. */
export const namedBy = (userID: string, records: readonly MemberRecord[]): string[] =>
  records.flatMap(({ user, state }) =>
    user !== userID && (state === 'in' || state === 'inviting' || state === 'ringing')
      ? [user]
      : [],
  );

/**
 * Whether a report of a device states that it is in the call: by its phase, or by its own record. A device that learns from a
 * message that it is selected still has the phase `accepting` in its reply to that message.
 */
export const statesToBeIn = (
  { userID, deviceID }: Pick<Sender, 'userID' | 'deviceID'>,
  { phase, records }: Pick<MessageOf<'sync' | 'state'>, 'phase' | 'records'>,
): boolean =>
  phase === 'in' ||
  records.some(
    ({ user, state, device }) => user === userID && state === 'in' && device === deviceID,
  );

/**
 * Whether a report of a device answers the invitation of its round. A join does not: it answers an invitation only once a
 * member has let the user in.
 */
export const statesToHaveAnswered = ({ phase, join = false }: StatedPhase): boolean =>
  !join && (phase === 'in' || phase === 'accepting');

/**
 * Merges two states of a member, as clients merge records, except that the first inviter of a round remains its inviter, so
 * that a second one can't take the invitation over.
 */
export function mergeMember(known: CallMember, added: CallMember): CallMember {
  if (added.round < known.round) return known;
  if (added.round > known.round) return added;
  const difference = RANK[added.state] - RANK[known.state];
  const isHigher = difference > 0 || (difference === 0 && isLower(added.device, known.device));
  if (!isHigher) return known;
  const { inviter } = known.state === 'withheld' ? added : known;
  return added.inviter === inviter ? added : { ...added, inviter };
}

const isLower = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a < b;
