import { asksMembers, type Sender } from '../../src/core/protocol/messages.js';
import type { CallMessage } from './authority.js';
import {
  isOpen,
  mayJoin,
  takesPart,
  type CallKnowledge,
  type CallMember,
} from './call-knowledge.js';
import { isSenderIn } from './membership.js';

/** How much of a message one addressee hears. */
export type Share =
  | 'all'
  /** Their own record, and that the sender is not in the call: how it stands is told to members only. */
  | 'own-record'
  | 'none';

/**
 * Who hears a message that is no invitation: members, as far as it concerns them. It reaches nobody else, and so says
 * nothing about them.
 */
export class Audience {
  readonly #sender: Sender;
  readonly #message: CallMessage;
  readonly #before: CallKnowledge;
  readonly #after: ReadonlyMap<string, CallMember>;

  /** @param changes what the message has changed */
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
    return this.#areAcquainted(user) ? 'all' : 'none';
  }

  /**
   * The call goes on for this user whatever contact list the sender is on: the user takes part by the own answer, or by
   * somebody else's invitation, or has invited the sender.
   */
  isBound(user: string): boolean {
    const { userID } = this.#sender;
    const { members, named } = this.#before;
    if (user === userID || named.get(user)?.has(userID)) return true;
    return [members.get(user), this.#after.get(user)].some(
      (member) =>
        member?.state === 'in' ||
        (isOpen(member) && member?.inviter !== userID) ||
        (takesPart(member) && members.get(userID)?.inviter === user),
    );
  }

  #shareOfMember(user: string): Share {
    const { type } = this.#message;
    const sender = this.#statesOf(this.#sender.userID);
    const share = this.#statesOf(user).some(takesPart) ? 'all' : 'own-record';
    if (this.#statesOf(user).every((member) => member?.state === 'withheld')) return 'none';
    if (sender.every((member) => member?.state === 'withheld')) return 'none';
    if (sender.some(takesPart)) return type === 'signal' && share !== 'all' ? 'none' : share;
    // Somebody who is out answers late, says how it ended, or asks to come in, and learns nothing more.
    if (share !== 'all' || type === 'signal') return 'none';
    const isJoin =
      asksMembers(this.#message) || ('join' in this.#message && (this.#message.join ?? false));
    if (type !== 'sync' && !isJoin) return 'all';
    return isJoin && sender.every(mayJoin) ? 'all' : 'none';
  }

  /**
   * In a call of which too little is known, as after a restart: the addressee's own device has named the sender, or
   * somebody who is named by it has; or one of them has invited the other.
   */
  #areAcquainted(user: string): boolean {
    const { userID } = this.#sender;
    const { origin, members, named } = this.#before;
    const friends = [user, ...(named.get(user) ?? [])];
    if (friends.some((friend) => friend !== userID && named.get(friend)?.has(userID))) return true;
    if (origin?.isComplete) return false;
    const isInvited = (invitee: string, inviter: string) =>
      takesPart(members.get(invitee)) && members.get(invitee)?.inviter === inviter;
    if (isInvited(userID, user)) return true;
    return isInvited(user, userID) && isSenderIn(this.#sender, this.#before);
  }

  #statesOf(user: string): (CallMember | undefined)[] {
    const before = this.#before.members.get(user);
    return [before, this.#after.get(user) ?? before];
  }
}
