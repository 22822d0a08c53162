import { asksMembers, type Sender } from '../../src/core/protocol/messages.js';
import type { CallMessage } from './authority.js';
import {
  isOpen,
  mayJoin,
  isParticipating,
  type CallKnowledge,
  type CallMember,
} from './call-knowledge.js';
import { isSenderIn } from './membership.js';

/** The part of a message that a recipient gets. */
export type Share =
  | 'all'
  /** Only the recipient's own record, and whether the sender has left: the state of the call is for participants. */
  | 'own-record'
  | 'none';

/**
 * Determines which recipients get a message that is not an invitation: the members whom it concerns. It is not delivered to
 * other users, and so reveals nothing about them.
 */
export class Audience {
  readonly #sender: Sender;
  readonly #message: CallMessage;
  readonly #before: CallKnowledge;
  readonly #after: ReadonlyMap<string, CallMember>;

  /** @param changes the changes that the message makes */
  constructor(
    sender: Sender,
    message: CallMessage,
    before: CallKnowledge,
    changes: ReadonlyMap<string, CallMember>,
  ) {
    this.#sender = sender;
    this.#message = message;
    this.#before = before;
    this.#after = changes;
  }

  shareOf(user: string): Share {
    const { userID } = this.#sender;
    if (user === userID) return 'all';
    const { members } = this.#before;
    if (members.has(user) && members.has(userID)) return this.#shareOfMember(user);
    return this.#areConnected(user) ? 'all' : 'none';
  }

  /**
   * Whether the message is delivered to this user even if the user blocks the sender: the user is in the call, was invited by
   * somebody else, or has invited the sender.
   */
  isBound(user: string): boolean {
    const { userID } = this.#sender;
    const { members, named } = this.#before;
    if (user === userID || named.get(user)?.has(userID)) return true;
    return [members.get(user), this.#after.get(user)].some(
      (member) =>
        member?.state === 'in' ||
        (isOpen(member) && member?.inviter !== userID) ||
        (isParticipating(member) && members.get(userID)?.inviter === user),
    );
  }

  #shareOfMember(user: string): Share {
    const { type } = this.#message;
    const sender = this.#statesOf(this.#sender.userID);
    const share = this.#statesOf(user).some(isParticipating) ? 'all' : 'own-record';
    if (this.#statesOf(user).every((member) => member?.state === 'withheld')) return 'none';
    if (sender.every((member) => member?.state === 'withheld')) return 'none';
    if (sender.some(isParticipating)) return type === 'signal' && share !== 'all' ? 'none' : share;
    // A sender who is not participating may send a late answer, report the end, or ask to join, but gets no information.
    if (share !== 'all' || type === 'signal') return 'none';
    const isJoin =
      asksMembers(this.#message) || ('join' in this.#message && (this.#message.join ?? false));
    if (type !== 'sync' && !isJoin) return 'all';
    return isJoin && sender.every(mayJoin) ? 'all' : 'none';
  }

  /**
   * For a call that is not known completely, as after a restart: whether the recipient's device, a user named by it, or the
   * user who has invited the recipient has named the sender; or one of the two has invited the other.
   */
  #areConnected(user: string): boolean {
    const { userID } = this.#sender;
    const { origin, members, named } = this.#before;
    const invited = members.get(user);
    const inviters = invited && isParticipating(invited) ? [invited.inviter] : [];
    const peers = [user, ...(named.get(user) ?? []), ...inviters];
    if (peers.some((peer) => peer !== userID && named.get(peer)?.has(userID))) return true;
    if (origin?.isComplete) return false;
    const isInvited = (invitee: string, inviter: string) =>
      isParticipating(members.get(invitee)) && members.get(invitee)?.inviter === inviter;
    if (isInvited(userID, user)) return true;
    return isInvited(user, userID) && isSenderIn(this.#sender, this.#before);
  }

  #statesOf(user: string): (CallMember | undefined)[] {
    const before = this.#before.members.get(user);
    return [before, this.#after.get(user) ?? before];
  }
}
