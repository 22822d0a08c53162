import type { MemberRecord, Message, MessageOf, Sender } from '../../src/core/protocol/messages.js';
import {
  isInvited,
  isOpen,
  isRejected,
  mayJoin,
  mergeMember,
  rankOf,
  type CallKnowledge,
  type CallMember,
  type CallOrigin,
} from './call-knowledge.js';
import {
  inKnownRound,
  coordinates,
  hasDeviceIn,
  isCredible,
  isFirst,
  isSenderIn,
  isThere,
} from './membership.js';

/*
 * Decides which statements a message may make about a call, as far as a server can know. The table is in docs/protocol.md,
 * rule 15. Each device checks the same independently (src/core/machine/authority.ts).
 */

export type CallMessage = Exclude<Message, MessageOf<'seen' | 'history' | 'busy' | 'preferences'>>;

/** The effect of an `invite` on one recipient. */
export type InviteeStatus =
  /** The round is open now. */
  | 'open'
  /** The round is settled already, so nothing rings. */
  | 'decided'
  /** The sender may not open this round. */
  | 'rejected';

export type Authorization =
  | { readonly isAllowed: false }
  | {
      readonly isAllowed: true;
      /** The records that may be relayed, corrected if necessary, by index in the message. */
      readonly records: ReadonlyMap<number, MemberRecord>;
      /** Set if the message begins the call. */
      readonly origin?: CallOrigin | undefined;
      /** New states of members, by userID. */
      readonly changes: ReadonlyMap<string, CallMember>;
      /** Only for an `invite`, by userID. */
      readonly invitees: ReadonlyMap<string, InviteeStatus>;
    };

const REJECTED: Authorization = { isAllowed: false };

/** Authorizes a message. @param call state of the call before this message */
export function authorize(
  sender: Sender,
  message: CallMessage,
  call: CallKnowledge,
): Authorization {
  return new Review(sender, message, call).result();
}

class Review {
  readonly #sender: Sender;
  readonly #message: CallMessage;
  readonly #call: CallKnowledge;
  #isIn: boolean;
  #isComplete: boolean;
  readonly #changes = new Map<string, CallMember>();
  readonly #invitees = new Map<string, InviteeStatus>();
  /** Records that the sender has authority over, by index in the message. */
  readonly #records = new Map<number, MemberRecord>();
  #origin: CallOrigin | undefined;

  constructor(sender: Sender, message: CallMessage, call: CallKnowledge) {
    this.#sender = sender;
    this.#message = message;
    this.#call = call;
    this.#isIn = isSenderIn(sender, call) && isCredible(call, sender.userID);
    this.#isComplete = call.origin?.isComplete === true;
  }

  result(): Authorization {
    if (!this.#mayBeSent()) return REJECTED;
    const { records } = this.#message;
    for (const [index, record] of records.entries()) {
      if (!this.#isForeignDevice(record)) this.#apply(index, record);
    }
    if (this.#message.type === 'end') this.#endAll();
    if (this.#message.type === 'decline') this.#declineOwn(this.#message);
    const relayed = new Map<number, MemberRecord>();
    for (const [index, record] of records.entries()) {
      const own = this.#records.get(index);
      const known = own ?? (this.#isForeignDevice(record) ? undefined : this.#confirm(record));
      if (known) relayed.set(index, known);
    }
    return {
      isAllowed: true,
      records: relayed,
      origin: this.#origin,
      changes: this.#changes,
      invitees: this.#invitees,
    };
  }

  /** Whether this sender may send a message of this type. */
  #mayBeSent(): boolean {
    const message = this.#message;
    const { origin } = this.#call;
    switch (message.type) {
      case 'invite':
        return this.#invite(message);
      case 'roster':
        return this.#isIn;
      case 'select':
        return this.#maySelect(message);
      case 'cancel':
        return this.#mayCancel(message);
      case 'end':
        if (!origin) return this.#isIn;
        return origin.initiator === this.#sender.userID && origin.endWithInitiator;
      default:
        return true;
    }
  }

  #invite(message: MessageOf<'invite'>): boolean {
    const { userID, deviceID } = this.#sender;
    const { origin, members, named } = this.#call;
    const { initiator, endWithInitiator } = message;
    if (origin) {
      if (!this.#isIn || initiator !== origin.initiator) return false;
      if (endWithInitiator !== origin.endWithInitiator) return false;
    } else if (members.size === 0 && [...named.keys()].every((user) => user === userID)) {
      if (initiator !== userID) return false;
      this.#isIn = true;
      this.#isComplete = isFirst(message, userID);
      this.#origin = { initiator, endWithInitiator, isComplete: this.#isComplete };
      const round = message.records.find(({ user }) => user === userID)?.round ?? 1;
      this.#set(userID, { round, state: 'in', inviter: userID, device: deviceID });
    } else if (!isSenderIn(this.#sender, this.#call)) return false;
    else if (!this.#isIn && initiator !== userID) return false;
    const others = [...new Set(message.to)].filter((user) => user !== userID);
    for (const user of others) this.#invitees.set(user, this.#openRound(message, user));
    return others.length === 0 || [...this.#invitees.values()].some((one) => one !== 'rejected');
  }

  #openRound(message: MessageOf<'invite'>, user: string): InviteeStatus {
    const known = this.#call.members.get(user);
    const own = message.records.find((one) => one.user === user && rankOf(one.state) <= 2);
    const round = own?.round ?? known?.round ?? 1;
    const inviter = this.#sender.userID;
    if (!known) {
      if (round > 1 && (this.#isComplete || this.#origin)) return 'rejected';
      // The server has not seen how the call began, and the user's own device has stated to be in: the sender has missed that.
      if (this.#call.named.has(user) && hasDeviceIn(this.#call, user)) return 'decided';
    } else if (round < known.round || (round === known.round && !isInvited(known))) {
      return 'decided';
    } else if (round > known.round) {
      const isOthers = isOpen(known) && !coordinates(this.#call, inviter, user);
      if (round > known.round + 1 || isOthers || this.#isPresent(user)) return 'rejected';
    }
    // If two members invite a user at the same time, both open the same round: the first one is the inviter.
    this.#set(user, { round, state: 'inviting', inviter });
    return 'open';
  }

  #maySelect({ user, records }: MessageOf<'select'>): boolean {
    if (user === this.#sender.userID) return false;
    const record = records.find((one) => one.user === user && one.state === 'in');
    if (record?.device === undefined || this.#isForeignDevice(record)) return false;
    const known = this.#call.members.get(user);
    if (!known) return this.#isIn && this.#mayBeIn(user);
    // Selecting a user who joins opens the next round. A select may be repeated.
    const isNext = this.#isNextRound(record, known);
    return (
      this.#isIn &&
      (record.round === known.round || isNext) &&
      coordinates(this.#call, this.#sender.userID, user)
    );
  }

  #mayCancel({ user, reason, records }: MessageOf<'cancel'>): boolean {
    const { userID } = this.#sender;
    if (user === userID) return false;
    const known = this.#call.members.get(user);
    if (!known) return this.#isIn && !this.#isComplete;
    const round = records.find((one) => one.user === user)?.round ?? known.round;
    if (round !== known.round) return false;
    if (reason === 'glare' && known.inviter !== userID) return false;
    if (!this.#isIn || !coordinates(this.#call, userID, user)) return false;
    if (reason !== 'lost') this.#endInvitation(user, known, reason);
    return true;
  }

  /** Applies a record that the sender has authority over. */
  #apply(index: number, record: MemberRecord): void {
    const { userID } = this.#sender;
    const known = this.#memberOf(record.user);
    if (record.user === userID) {
      if (!known) {
        if (!this.#isComplete) this.#records.set(index, record);
        return;
      }
      for (const own of [record, inKnownRound(this.#sender, record, known)])
        if (own && this.#applyOwn(own, known)) return this.#addRecord(index, own);
      return;
    }
    if (!known || !this.#isIn || !coordinates(this.#call, userID, record.user)) return;
    if (this.#applyAsCoordinator(record, known)) this.#addRecord(index, record);
    else this.#addOutcome(index, record);
  }

  /** Applies a record about the sender's own user. @returns whether the user may state this */
  #applyOwn(record: MemberRecord, known: CallMember): boolean {
    const { user, round, state, device, reason } = record;
    const isCurrent = round === known.round;
    if (state === 'in') {
      return isCurrent && known.state === 'in' && known.device === device;
    }
    if (state === 'left') {
      const isNext = this.#isOneAbove(user, round) && !isOpen(known);
      if (!mayJoin(known) || !(isCurrent || isNext)) return false;
      // In a completely known call, a user whom nobody has let in by that round can't have left: the device was tricked,
      // or its user has declined and closed the page, while another device of the user is selected.
      const wasLetIn = isCurrent && !isOpen(known) && !isRejected(known.state);
      if (this.#isComplete && !wasLetIn) return false;
      // A device can't leave in place of the user's device that is in the call.
      if (known.state === 'in' && device !== known.device) return false;
      this.#set(user, { ...known, round, state, device: device ?? known.device, reason });
      return true;
    }
    const isAnswer = state === 'ringing' || state === 'declined';
    if (isCurrent && isAnswer && isOpen(known)) this.#set(user, { ...known, state });
    return round <= known.round;
  }

  /**
   * Whether a record opens the next round of a user who asks to join, or whose page was reloaded. The previous device may
   * still be in the call.
   */
  #isNextRound({ user, round, device }: MemberRecord, known: CallMember): boolean {
    if (!this.#isOneAbove(user, round) || round === known.round) return false;
    if (!mayJoin(known) || isOpen(known)) return false;
    return !this.#isPresent(user) || this.#isAnotherDevice(user, device, known);
  }

  /** Whether this is a connected device of the user, other than the one that is in the call. */
  #isAnotherDevice(user: string, device: string | undefined, known: CallMember): boolean {
    const { owners = [] } = this.#call;
    const isOwn = owners.some(({ userID, deviceID }) => userID === user && deviceID === device);
    return isOwn && device !== known.device;
  }

  /** Whether a round is the next one: a message opens at most one round of a user. */
  #isOneAbove(user: string, round: number): boolean {
    return round === (this.#call.members.get(user)?.round ?? 0) + 1;
  }

  /** Whether the user is in the call; then no other round of the user may be opened. */
  #isPresent(user: string): boolean {
    return this.#memberOf(user)?.state === 'in' && isThere(this.#call, user);
  }

  /** Applies a record about a user whose coordinator is the sender. @returns whether the coordinator may state this */
  #applyAsCoordinator(record: MemberRecord, known: CallMember): boolean {
    const { user, round, state, device } = record;
    if (state === 'in') {
      // A user who was not reached by the invitation, because the sender is blocked, can't be let in.
      if (device === undefined || known.state === 'withheld') return false;
      if (round === known.round && rankOf(known.state) < rankOf('in')) {
        this.#set(user, { ...known, state, device });
      } else if (this.#isNextRound(record, known)) {
        this.#set(user, { round, state, device, inviter: this.#sender.userID });
      } else return round === known.round && known.state === 'in' && known.device === device;
      return true;
    }
    if (!isRejected(state) || state === 'declined' || round !== known.round) return false;
    if (state === 'glare' && known.inviter !== this.#sender.userID) return false;
    this.#endInvitation(user, known, state);
    const { state: current } = this.#memberOf(user) ?? known;
    return rankOf(state) <= rankOf(current) && rankOf(current) <= rankOf('declined');
  }

  #endInvitation(user: string, known: CallMember, state: CallMember['state']): void {
    if (isInvited(known)) this.#set(user, { ...known, state });
  }

  /** Ends all open invitations, because the call has ended for everybody. */
  #endAll(): void {
    for (const [user, known] of this.#call.members) this.#endInvitation(user, known, 'canceled');
  }

  #declineOwn({ reason, round }: MessageOf<'decline'>): void {
    const { userID } = this.#sender;
    const known = this.#memberOf(userID);
    if (reason !== 'declined' || known?.round !== round || !isOpen(known)) return;
    this.#set(userID, { ...known, state: 'declined' });
  }

  /** @returns a record about another user, reduced to what the server knows itself; undefined if it knows less */
  #confirm(record: MemberRecord): MemberRecord | undefined {
    if (!this.#isIn || record.user === this.#sender.userID) return undefined;
    const known = this.#memberOf(record.user);
    if (!known) {
      const isIn = record.state === 'in' || record.state === 'left';
      return !this.#isComplete && (!isIn || this.#mayBeIn(record.user)) ? record : undefined;
    }
    if (record.round !== known.round) return undefined;
    const state = known.state === 'withheld' ? 'inviting' : known.state;
    const isHigher = rankOf(record.state) > rankOf(state);
    // The server may have ended the invitation with another reason than the coordinator.
    if (isHigher && !(isRejected(record.state) && isRejected(state))) return undefined;
    const namesDevice = record.device !== undefined || record.state === 'in';
    if (namesDevice && record.device !== known.device) return undefined;
    const isSame = !isHigher && record.customData === undefined && record.inviter === known.inviter;
    if (isSame) return record;
    const { customData: _, ...rest } = record;
    return { ...rest, state: isHigher ? state : record.state, inviter: known.inviter };
  }

  /**
   * Whether a user without a known invitation may be in the call. This is possible if the server has not seen the beginning
   * of the call. If the first message that it has seen was an invitation, the user must have named the sender; otherwise an
   * attacker's first invitation could present any user as a member.
   */
  #mayBeIn(user: string): boolean {
    if (this.#isComplete) return false;
    const isBegun = (this.#origin ?? this.#call.origin) !== undefined;
    return !isBegun || this.#call.named.get(user)?.has(this.#sender.userID) === true;
  }

  /** Adds a record that the sender has authority over, with the inviter that the server knows. */
  #addRecord(index: number, record: MemberRecord): void {
    const known = this.#memberOf(record.user);
    if (known?.round !== record.round) return void this.#records.set(index, record);
    const { inviter, device } = known;
    const isIn = record.state === 'in' && device !== undefined;
    this.#records.set(index, { ...record, inviter, ...(isIn && { device }) });
  }

  /** Whether a record assigns a device to a user although the device belongs to another user who is connected with it. */
  #isForeignDevice({ user, device }: MemberRecord): boolean {
    if (device === undefined) return false;
    if (this.#call.members.get(user)?.device === device) return false;
    const { userID, deviceID } = this.#sender;
    const { owners = [] } = this.#call;
    const devices = [...this.#call.devices.map((one) => one.device), ...owners];
    const isOf = (owner: string) =>
      (owner === userID && device === deviceID) ||
      devices.some((one) => one.userID === owner && one.deviceID === device);
    if (isOf(user)) return false;
    return device === deviceID || devices.some((one) => one.deviceID === device);
  }

  /**
   * Adds how an invitation ended, as the server knows it. A late message of the coordinator may state another reason, for
   * example if the server has counted the invitation as timed out before. Without a record, the members would still
   * consider it open.
   */
  #addOutcome(index: number, { user, round, state }: MemberRecord): void {
    const known = this.#memberOf(user);
    if (known?.round !== round || known.state === 'withheld' || !isRejected(state)) return;
    const { state: outcome, inviter } = known;
    if (isRejected(outcome)) this.#records.set(index, { user, round, state: outcome, inviter });
  }

  #memberOf(user: string): CallMember | undefined {
    return this.#changes.get(user) ?? this.#call.members.get(user);
  }

  #set(user: string, member: CallMember): void {
    const known = this.#memberOf(user);
    const merged = known ? mergeMember(known, member) : member;
    if (merged !== known) this.#changes.set(user, merged);
  }
}
