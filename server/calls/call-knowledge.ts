import type { MemberRecord, Sender } from '../../src/core/protocol/messages.js';
import { oneOf } from '../../src/core/protocol/one-of.js';

/*
 * What the server knows of a call, by which it decides who may say what in it: see authority.ts.
 */

/** As in a record of the protocol. `withheld`: the inviter may not call this user, who has heard nothing. */
export type MemberState = MemberRecord['state'] | 'withheld';

/** The newest invitation of one user to one call, and what became of it. */
export interface CallMember {
  readonly round: number;
  readonly state: MemberState;
  readonly inviter: string;
  /** The device that is, or was, in the call. */
  readonly device?: string | undefined;
  /** Why it has left, as it said itself. */
  readonly reason?: MemberRecord['reason'];
}

/** How a call began. */
export interface CallOrigin {
  readonly initiator: string;
  readonly endWithInitiator: boolean;
  /** This system has seen all messages of the call from the first invitation on: nobody else is a member. */
  readonly isComplete: boolean;
}

/** A device that is in the call, connected or waited for. */
export interface DeviceInCall {
  readonly device: Sender;
  readonly connected: boolean;
}

export interface CallKnowledge {
  /** None: no invitation to the call was seen. */
  readonly origin: CallOrigin | undefined;
  /** By userID. Only invitations add to it. */
  readonly members: ReadonlyMap<string, CallMember>;
  /**
   * Where not all of the call was seen: whom the devices of each user have named as taking part. After a restart that is
   * all there is to go by.
   */
  readonly named: ReadonlyMap<string, ReadonlySet<string>>;
  readonly devices: readonly DeviceInCall[];
  /** Whose devices those are that a message names and that are not in the call, as far as that is known. */
  readonly owners?: readonly Pick<Sender, 'userID' | 'deviceID'>[] | undefined;
  /** The names that users were last connected with, as the server stamps them; of those that were asked for. */
  readonly userNames: ReadonlyMap<string, string>;
}

/** What a message adds. Adding it twice, or late, comes to the same. */
export interface CallChange {
  /** Counts when the call has none yet. */
  readonly origin?: CallOrigin | undefined;
  readonly members?: ReadonlyMap<string, CallMember> | undefined;
  readonly named?: ReadonlyMap<string, Iterable<string>> | undefined;
}

/** What became of a change: except for the first, nothing has changed. */
export type NoteResult =
  | 'noted'
  /** Somebody else has begun the call. */
  | 'other-initiator'
  /** A call can not have so many users. */
  | 'too-many';

/** Most users that one user's devices may name in a call. */
export const MAX_NAMED = 64;

export const NOTHING_KNOWN: CallKnowledge = {
  origin: undefined,
  members: new Map(),
  named: new Map(),
  devices: [],
  userNames: new Map(),
};

/** The order of the protocol's records within a round; of two refusals, the earlier of its list is higher. */
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

/** The invitation is open: the user has heard of it, and nobody has decided it. */
export const isOpen = (member: CallMember | undefined): boolean =>
  member?.state === 'inviting' || member?.state === 'ringing';
/** Invited, and not decided; also where the invitee has heard nothing of it. */
export const isInvited = (member: CallMember): boolean =>
  isOpen(member) || member.state === 'withheld';
export const isRefused = (state: MemberState): boolean => RANK[state] > 2 && RANK[state] < 10;

/** The user may come (back) in: invited, and not taken out by the one who decides about the invitation. */
export const mayJoin = (member: CallMember | undefined): boolean =>
  member !== undefined && !isTakenOut(member.state);
const isTakenOut = oneOf<MemberState>('withheld', 'canceled', 'glare');

/** The call concerns the user now: how it stands may be told. */
export const takesPart = (member: CallMember | undefined): boolean =>
  isOpen(member) || member?.state === 'in';

/** Whom a device of this user names as taking part. */
export const namedBy = (userID: string, records: readonly MemberRecord[]): string[] =>
  records.flatMap(({ user, state }) =>
    user !== userID && (state === 'in' || state === 'inviting' || state === 'ringing')
      ? [user]
      : [],
  );

/**
 * What is known after both. As the devices merge records, but the first inviter of a round stays its inviter: a second
 * one does not take its invitation over.
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
