import type { Hello, MessageOf, Sender } from '../../src/core/protocol/messages.js';
import { authorize, type Authorization, type CallMessage } from '../calls/authority.js';
import { withBlocked } from '../calls/blocked-invitees.js';
import {
  isParticipating,
  statesToHaveAnswered,
  type CallKnowledge,
  type NoteResult,
  type StatedPhase,
} from '../calls/call-knowledge.js';
import { invitedByOthers } from '../calls/corrections.js';
import { ClaimedDevices } from './claimed-devices.js';
import type { Contacts } from './contacts.js';
import { deliveriesOf } from './deliveries.js';
import { withOwners } from './device-owners.js';
import type { ExpectedDevices } from './expected-devices.js';
import { RecoveredCalls, isRecovered } from './recovered-calls.js';
import type { Inbox } from '../inbox/inbox.js';
import { IMPLIED_INVITE, IMPLIED_STATE } from '../messages/implied-messages.js';
import { InvitationOutcomes } from './invitation-outcomes.js';
import { isSenderIn } from '../calls/membership.js';
import { exceedsShare } from '../calls/places.js';
import type { Metrics } from '../observability/metrics.js';
import { callsOf, type Presence } from '../presence/presence.js';
import type { Quotas } from '../limits/quotas.js';
import { correction } from './correction-messages.js';
import { leftBy, namedIn, relayed, withVerifiedNames, type Relay } from '../calls/relayed.js';
import { stamped, type Stamped } from '../messages/stamp.js';
import { isUnavailable } from '../storage/unavailable-error.js';
import type { LostDeviceNotifier } from './lost-devices.js';

interface CallTrackerDependencies {
  readonly presence: Presence;
  readonly inbox: Inbox;
  readonly lostDevices: LostDeviceNotifier;
  readonly expected: ExpectedDevices;
  readonly contacts: Contacts;
  readonly quotas: Pick<Quotas, 'recoveredCall' | 'contactQuestion'>;
  readonly metrics: Pick<Metrics, 'decided'>;
}

/** How to route a message. */
export interface RoutingDecision {
  /** The message for each recipient, by userID. */
  readonly deliveries: ReadonlyMap<string, Stamped>;
  /** Recipients who have already answered this invitation: it is not delivered to their devices. */
  readonly answered: ReadonlySet<string>;
  /** Invitees for whom the invitation is rejected. */
  readonly rejected: readonly string[];
  /** Messages that answer the sender immediately. */
  readonly responses: readonly Stamped[];
  /** Whether the inbox could not be updated. */
  readonly isInboxUnavailable: boolean;
}

type Allowed = Extract<Authorization, { isAllowed: true }>;

/**
 * Tracks each call: who is invited, who has answered, and which devices are in it. Decides on this basis what a message may
 * state, and to whom it is delivered.
 */
export class CallTracker {
  readonly #parts: CallTrackerDependencies;
  readonly #recovered: RecoveredCalls;
  readonly #outcomes: InvitationOutcomes;
  readonly #claimed: ClaimedDevices;

  constructor(parts: CallTrackerDependencies) {
    this.#parts = parts;
    this.#recovered = new RecoveredCalls(parts);
    this.#outcomes = new InvitationOutcomes(parts);
    this.#claimed = new ClaimedDevices(parts);
  }

  /** @returns undefined if the sender may not send this; `too-many` if the call would have too many users */
  async message(
    sender: Sender,
    message: CallMessage,
    at: number,
  ): Promise<RoutingDecision | 'too-many' | undefined> {
    const { presence } = this.#parts;
    const { callID } = message;
    const known = await presence.call(callID, namedIn(message, sender.userID));
    const found = await this.#recovered.claim(sender, message, known);
    const call = await withOwners(sender, message, found, presence);
    const authorization = authorize(sender, message, call);
    if (!authorization.isAllowed) return undefined;
    const step = { sender, message, at, authorization, call };
    if (message.type === 'invite') return this.#ring({ ...step, message });
    if ((await this.#save(sender, callID, authorization)) === 'other-initiator') return undefined;
    const isInboxUnavailable = await isUnavailable(() => this.#trackMessage(step));
    const deliveries = await deliveriesOf(step, this.#parts);
    await this.#recovered.notePeers(step, deliveries);
    const responses =
      message.type === 'sync' ? await this.#claimed.responses({ ...step, message }) : [];
    return { deliveries, answered: new Set(), rejected: [], responses, isInboxUnavailable };
  }

  /**
   * Tracks an invitation of another protocol version, so that the answer to it can be routed.
   * @returns the recipients; undefined if the sender may not invite to this call; `too-many` as for `message`
   */
  async foreignInvite(
    sender: Sender,
    callID: string,
    to: readonly string[],
  ): Promise<readonly string[] | 'too-many' | undefined> {
    const call = await this.#parts.presence.call(callID);
    const message = { ...IMPLIED_INVITE, callID, to: [...to], initiator: sender.userID };
    const authorization = authorize(sender, message, call);
    if (!authorization.isAllowed) return undefined;
    const { invitees } = authorization;
    const others = [...invitees].flatMap(([user, status]) => (status === 'rejected' ? [] : [user]));
    const blocked = await this.#parts.contacts.blocked(sender.userID, others);
    const members = new Map([...authorization.changes].filter(([user]) => !blocked.has(user)));
    // The server can't read later messages of this version, so it does not track the sender as being in the call.
    const { origin } = authorization;
    const noted = await this.#parts.presence.note(callID, { origin, members });
    if (noted !== 'noted') return noted === 'too-many' ? noted : undefined;
    const recipients = others.filter((user) => !blocked.has(user));
    return to.includes(sender.userID) ? [...recipients, sender.userID] : recipients;
  }

  /**
   * Applies the report of a device that has connected.
   * @returns the call that it reports to be in or to accept, if its user is a member
   */
  async hello(sender: Sender, hello: Hello): Promise<Hello['current']> {
    const { presence, inbox, lostDevices } = this.#parts;
    const { userID } = sender;
    const { current, onHold = [], over, missed } = hello;
    const running = [...onHold, ...(current ? [current] : [])].map(({ callID }) => callID);
    const standing = await presence.standing(sender);
    const before = standing ? callsOf(standing) : [];
    for (const callID of before)
      if (!running.includes(callID)) await lostDevices.markLostIn(sender, callID);
    for (const { callID, record } of over) {
      if (record.user === userID) await this.#trackEnded(sender, callID, record);
    }
    await inbox.known(userID, missed);
    for (const call of onHold) await this.#trackRunning(sender, call, true);
    return current && this.#trackRunning(sender, current, onHold.length > 0);
  }

  /** Applies what a device reports of a call that it is in, or accepts. @returns the call, if its user is a member */
  async #trackRunning(
    sender: Sender,
    reported: NonNullable<Hello['current']>,
    keeps: boolean,
  ): Promise<Hello['current']> {
    const { presence } = this.#parts;
    const { userID } = sender;
    const { callID, phase } = reported;
    let call = await presence.call(callID);
    if (phase === 'in' && isRecovered(call, userID))
      call = await this.#recovered.recover(sender, callID, call, []);
    const isMember = isParticipating(call.members.get(userID)) || call.named.has(userID);
    if (!isMember) return undefined;
    await this.#trackPhase(sender, callID, { ...reported, keeps }, call);
    return phase === 'in' && !(await this.#isIn(sender, callID)) ? undefined : reported;
  }

  /** Applies the end of a call that a device reports, because the messages about it may have been lost. */
  async #trackEnded(sender: Sender, callID: string, record: Hello['over'][number]['record']) {
    const { presence } = this.#parts;
    const { state, round } = record;
    if (state === 'declined') await this.#outcomes.decline(sender, callID, round);
    else if (state === 'in' || state === 'left')
      await this.#outcomes.answer(sender.userID, callID, round);
    if (state !== 'declined' && state !== 'left') return;
    const call = await presence.call(callID);
    if (!call.members.has(sender.userID)) return;
    const message = { ...IMPLIED_STATE, callID, records: [record] };
    const authorization = authorize(sender, message, call);
    if (authorization.isAllowed) await this.#save(sender, callID, authorization);
  }

  async #save(
    sender: Sender,
    callID: string,
    { origin, changes }: Allowed,
    keeps = false,
  ): Promise<NoteResult> {
    if (!origin && changes.size === 0) return 'noted';
    const { presence } = this.#parts;
    // Before `note`, so that the device of a selected member is always known to be in the call.
    for (const [userID, { state, device }] of changes) {
      if (state !== 'in' || device === undefined) continue;
      if (userID === sender.userID && device === sender.deviceID) {
        await presence.enter(sender, callID, keeps);
      } else await this.#claimed.track({ userID, userName: userID, deviceID: device }, callID);
    }
    return presence.note(callID, { origin, members: changes });
  }

  async #ring(step: Relay<MessageOf<'invite'>>): Promise<RoutingDecision | 'too-many' | undefined> {
    const { sender, message, authorization, call } = step;
    const { contacts } = this.#parts;
    const { callID } = message;
    const { invitees } = authorization;
    const others = [...invitees].flatMap(([user, status]) => (status === 'rejected' ? [] : [user]));
    const blocked = await contacts.blocked(sender.userID, others);
    const changes = withBlocked(authorization.changes, blocked, call);
    const invitation = blocked.size > 0 ? { ...authorization, changes } : authorization;
    const noted = exceedsShare(call, sender.userID, changes)
      ? 'too-many'
      : await this.#save(sender, callID, invitation, message.keepsOthers);
    if (noted !== 'noted') {
      // The invitation is rejected as a whole: invitees that don't fit could neither answer nor be notified.
      if (!isSenderIn(sender, call)) await this.#parts.presence.leave(sender, callID);
      return noted === 'too-many' ? noted : undefined;
    }
    const next: Relay<MessageOf<'invite'>> = { ...step, authorization: invitation };
    const invite = relayed(next);
    const relayable = stamped(invite, sender, step.at);
    const deliveries = new Map<string, Stamped>();
    if (message.to.includes(sender.userID)) {
      deliveries.set(sender.userID, stamped(withVerifiedNames(next), sender, step.at));
    }
    const open = others.filter((user) => !blocked.has(user));
    for (const user of open) deliveries.set(user, relayable);
    const answered = new Set(open.filter((user) => invitees.get(user) === 'decided'));
    const isInboxUnavailable = await isUnavailable(async () => {
      for (const user of open) {
        if (answered.has(user)) continue;
        const { round } = changes.get(user) ?? call.members.get(user) ?? { round: 1 };
        if (!(await this.#store(user, round, invite, relayable))) answered.add(user);
      }
    });
    await this.#recovered.notePeers(next, deliveries);
    const responses = call.origin ? await this.#earlierInvitations(step, open) : [];
    const rejected = [...invitees.keys()].filter((user) => invitees.get(user) === 'rejected');
    return { deliveries, answered, rejected, responses, isInboxUnavailable };
  }

  /** Tells an inviter whom another member has invited before, and how that invitation was decided. */
  async #earlierInvitations({ sender, message, at }: Relay, users: string[]): Promise<Stamped[]> {
    const { callID } = message;
    const { members } = await this.#parts.presence.call(callID);
    const records = invitedByOthers(sender.userID, users, members);
    if (records.length === 0) return [];
    return [correction(sender, callID, records, at)];
  }

  /** Stores an invitation in the inbox. @returns false if this round is settled already */
  async #store(userID: string, round: number, invite: MessageOf<'invite'>, message: Stamped) {
    const { callID, remainingMs } = invite;
    const receivedAt = message.at;
    const expiresAt = receivedAt + remainingMs;
    const invitation = { userID, callID, round, invite, message, receivedAt, expiresAt };
    return (await this.#parts.inbox.put(invitation)) !== 'settled';
  }

  /** Applies the effects of a message other than its records. */
  async #trackMessage({ sender, message, authorization, call }: Relay): Promise<void> {
    const { presence, inbox, lostDevices } = this.#parts;
    const { callID } = message;
    const { userID } = sender;
    for (const [user, member] of authorization.changes) {
      if (user !== userID) await this.#outcomes.decide(user, callID, member);
    }
    switch (message.type) {
      case 'sync':
        if (message.round !== undefined) {
          const { phase, round, join = false, keepsOthers: keeps = false } = message;
          await this.#trackPhase(sender, callID, { phase, round, join, keeps }, call);
        } else if (message.phase === 'in')
          await this.#enter(sender, callID, call, message.keepsOthers);
        break;
      case 'accept':
        await this.#accept(sender, message);
        break;
      case 'decline':
        if (message.reason === 'declined')
          await this.#outcomes.decline(sender, callID, message.round);
        else await inbox.known(userID, [callID]);
        break;
      case 'ringing':
        await inbox.known(userID, [callID]);
        break;
      case 'cancel': {
        if (message.reason !== 'glare') break;
        // The device gives up a call of two for the one that crosses it, and keeps its calls on hold.
        const isPair = [...call.members.keys()].every((id) => id === userID || id === message.user);
        if (isPair) await presence.leave(sender, callID);
        // It arrives after the time-out: neither of two calls that cross is a missed call.
        const isInviter = call.members.get(message.user)?.inviter === userID;
        if (isInviter && !authorization.changes.has(message.user))
          await inbox.drop(message.user, callID);
        break;
      }
      case 'leave': {
        const own = leftBy(userID, authorization);
        if (own) await this.#outcomes.answer(userID, callID, own.round);
        await presence.leave(sender, callID);
        if (own?.device !== undefined)
          await presence.leave({ userID, deviceID: own.device }, callID);
        await lostDevices.cancelIfAbandoned(callID);
        break;
      }
      case 'end':
        await presence.leave(sender, callID);
        break;
      default:
        break;
    }
  }

  async #trackPhase(
    sender: Sender,
    callID: string,
    { round, keeps, ...stated }: StatedPhase & { readonly round: number; readonly keeps: boolean },
    call: CallKnowledge,
  ): Promise<void> {
    if (stated.phase === 'in') await this.#enter(sender, callID, call, keeps);
    if (statesToHaveAnswered(stated)) await this.#outcomes.answer(sender.userID, callID, round);
  }

  /** Puts a device that reports to be in the call into it, if it was selected or the call was recovered after a restart. */
  async #enter(
    sender: Sender,
    callID: string,
    call: CallKnowledge,
    keeps?: boolean,
  ): Promise<void> {
    const member = call.members.get(sender.userID);
    const wasSelected = member?.state === 'in' && member.device === sender.deviceID;
    const isOfRecoveredCall = isRecovered(call, sender.userID) && call.named.has(sender.userID);
    if (wasSelected || isOfRecoveredCall) await this.#parts.presence.enter(sender, callID, keeps);
  }

  async #isIn(sender: Sender, callID: string): Promise<boolean> {
    return isSenderIn(sender, await this.#parts.presence.call(callID));
  }

  /**
   * Applies an accept. The device leaves any other call, because after a glare it drops the other call without a message;
   * unless it states that it keeps them, on hold. It enters this call by a `sync` once it is selected.
   */
  async #accept(
    sender: Sender,
    { callID, round, join, keepsOthers }: MessageOf<'accept'>,
  ): Promise<void> {
    const { presence, lostDevices } = this.#parts;
    if (!join) await this.#outcomes.answer(sender.userID, callID, round);
    const standing = keepsOthers ? undefined : await presence.standing(sender);
    for (const other of standing ? callsOf(standing) : []) {
      if (other === callID) continue;
      await presence.leave(sender, other);
      await lostDevices.cancelIfAbandoned(other);
    }
  }
}
