import { SERVER_DEVICE } from '../../src/core/protocol/limits.js';
import type { Hello, MessageOf, Sender } from '../../src/core/protocol/messages.js';
import { authorize, type Authorization, type CallMessage } from '../calls/authority.js';
import { takesPart, type CallKnowledge, type NoteResult } from '../calls/call-knowledge.js';
import type { Contacts } from './contacts.js';
import { deliveriesOf } from './deliveries.js';
import { withOwners } from './device-owners.js';
import type { ExpectedDevices } from './expected-devices.js';
import { RecoveredCalls, isRecovered } from './recovered-calls.js';
import type { Inbox } from '../inbox/inbox.js';
import { IMPLIED_INVITE, IMPLIED_STATE } from '../messages/implied-messages.js';
import { InvitationOutcomes } from './invitation-outcomes.js';
import { isSenderIn } from '../calls/membership.js';
import type { Metrics } from '../observability/metrics.js';
import type { Presence } from '../presence/presence.js';
import type { Quotas } from '../limits/quotas.js';
import { leftBy, namedIn, relayed, withProvedNames, type Relay } from '../calls/relayed.js';
import { stamped, type Stamped } from '../messages/stamp.js';
import { UnavailableError } from '../storage/unavailable-error.js';
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

/** What follows from a message for the way it goes. */
export interface RoutingDecision {
  /** What goes to whom: to nobody else. */
  readonly deliveries: ReadonlyMap<string, Stamped>;
  /** Invitees of this message who have answered it already: it goes to none of their devices. */
  readonly answered: ReadonlySet<string>;
  /** What the sender is to be told at once. */
  readonly responses: readonly Stamped[];
  /** The inbox could not be told. */
  readonly isInboxUnavailable: boolean;
}

type Allowed = Extract<Authorization, { isAllowed: true }>;
/** Devices that a call may have by what their coordinator says alone. */
const MAX_SAID_TO_BE_IN = 16;

/**
 * Follows each call: who is invited, who has answered, and which device is in it. By this it decides what a message may
 * say, and to whom.
 */
export class CallTracker {
  readonly #parts: CallTrackerDependencies;
  readonly #recovered: RecoveredCalls;
  readonly #outcomes: InvitationOutcomes;

  constructor(parts: CallTrackerDependencies) {
    this.#parts = parts;
    this.#recovered = new RecoveredCalls(parts);
    this.#outcomes = new InvitationOutcomes(parts);
  }

  /** @returns nothing when the sender may not say this; `too-many` when it invites more users than a call can have */
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
    const isInboxUnavailable = await this.#failsToStore(() => this.#trackMessage(step));
    const deliveries = await deliveriesOf(step, this.#parts);
    await this.#recovered.notePeers(step, deliveries);
    const responses = message.type === 'sync' ? await this.#responses({ ...step, message }) : [];
    return { deliveries, answered: new Set(), responses, isInboxUnavailable };
  }

  /**
   * An invitation of another version of the protocol: its answer finds the way back as that of any other one.
   * @returns whom it goes to; nothing when the sender may not invite to this call; `too-many` as for others
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
    const others = [...invitees].flatMap(([user, status]) => (status === 'refused' ? [] : [user]));
    const blocked = await this.#parts.contacts.blocked(sender.userID, others);
    const members = new Map([...authorization.changes].filter(([user]) => !blocked.has(user)));
    // What becomes of it nobody here can read: its sender is in no call by it.
    const { origin } = authorization;
    const noted = await this.#parts.presence.note(callID, { origin, members });
    if (noted !== 'noted') return noted === 'too-many' ? noted : undefined;
    const recipients = others.filter((user) => !blocked.has(user));
    return to.includes(sender.userID) ? [...recipients, sender.userID] : recipients;
  }

  /**
   * What a device says of itself when it has connected.
   * @returns the call that it says it is in or accepts, if that concerns its user
   */
  async hello(sender: Sender, hello: Hello): Promise<Hello['current']> {
    const { presence, inbox, lostDevices } = this.#parts;
    const { userID } = sender;
    const { current, over, missed } = hello;
    const before = (await presence.standing(sender))?.callID;
    if (before !== undefined && before !== current?.callID) await lostDevices.markLost(sender);
    for (const { callID, record } of over) {
      if (record.user === userID) await this.#trackEnded(sender, callID, record);
    }
    await inbox.known(userID, missed);
    if (!current) return undefined;
    const { callID, phase, round } = current;
    let call = await presence.call(callID);
    if (phase === 'in' && isRecovered(call, userID))
      call = await this.#recovered.recover(sender, callID, call, []);
    const isMember = takesPart(call.members.get(userID)) || call.named.has(userID);
    if (!isMember) return undefined;
    await this.#trackPhase(sender, callID, phase, round, call);
    return phase === 'in' && !(await this.#isIn(sender, callID)) ? undefined : current;
  }

  /** The device has ended this call lately: the words of its end may have been lost. */
  async #trackEnded(sender: Sender, callID: string, record: Hello['over'][number]['record']) {
    const { presence } = this.#parts;
    const { state, round } = record;
    if (state === 'declined') await this.#outcomes.decline(sender.userID, callID, round);
    else if (state === 'in' || state === 'left')
      await this.#outcomes.answer(sender.userID, callID, round);
    if (state !== 'declined' && state !== 'left') return;
    const call = await presence.call(callID);
    if (!call.members.has(sender.userID)) return;
    const message = { ...IMPLIED_STATE, callID, records: [record] };
    const authorization = authorize(sender, message, call);
    if (authorization.isAllowed) await this.#save(sender, callID, authorization);
  }

  async #save(sender: Sender, callID: string, { origin, changes }: Allowed): Promise<NoteResult> {
    if (!origin && changes.size === 0) return 'noted';
    const { presence } = this.#parts;
    // Before: who is known to be selected is known to be there.
    for (const [userID, { state, device }] of changes) {
      if (state !== 'in' || device === undefined) continue;
      if (userID === sender.userID && device === sender.deviceID) {
        await presence.enter(sender, callID);
      } else await this.#trackClaimedDevice({ userID, userName: userID, deviceID: device }, callID);
    }
    return presence.note(callID, { origin, members: changes });
  }

  async #ring(step: Relay<MessageOf<'invite'>>): Promise<RoutingDecision | 'too-many' | undefined> {
    const { sender, message, authorization, call } = step;
    const { contacts } = this.#parts;
    const { callID } = message;
    const { invitees } = authorization;
    const allowed = [...invitees].flatMap(([user, status]) => (status === 'refused' ? [] : [user]));
    const blocked = await contacts.blocked(sender.userID, allowed);
    const changes = withBlocked(authorization.changes, blocked, call);
    const invitation = blocked.size > 0 ? { ...authorization, changes } : authorization;
    const kept = await this.#save(sender, callID, invitation);
    if (kept !== 'noted') {
      // Whoever was left out could neither answer nor be told: an invitation is refused as a whole.
      if (!isSenderIn(sender, call)) await this.#parts.presence.leave(sender, callID);
      return kept === 'too-many' ? kept : undefined;
    }
    const next: Relay<MessageOf<'invite'>> = { ...step, authorization: invitation };
    const invite = relayed(next);
    const relayable = stamped(invite, sender, step.at);
    const deliveries = new Map<string, Stamped>();
    if (message.to.includes(sender.userID)) {
      deliveries.set(sender.userID, stamped(withProvedNames(next), sender, step.at));
    }
    const open = allowed.filter((user) => !blocked.has(user));
    for (const user of open) deliveries.set(user, relayable);
    const answered = new Set(open.filter((user) => invitees.get(user) === 'decided'));
    const isInboxUnavailable = await this.#failsToStore(async () => {
      for (const user of open) {
        if (answered.has(user)) continue;
        const { round } = changes.get(user) ?? call.members.get(user) ?? { round: 1 };
        if (!(await this.#store(user, round, invite, relayable))) answered.add(user);
      }
    });
    await this.#recovered.notePeers(next, deliveries);
    return { deliveries, answered, responses: [], isInboxUnavailable };
  }

  /** @returns false when that round is decided already */
  async #store(userID: string, round: number, invite: MessageOf<'invite'>, message: Stamped) {
    const { callID, remainingMs } = invite;
    const receivedAt = message.at;
    const expiresAt = receivedAt + remainingMs;
    const invitation = { userID, callID, round, invite, message, receivedAt, expiresAt };
    return (await this.#parts.inbox.put(invitation)) !== 'settled';
  }

  /** Takes note of what a message means beside its records. */
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
          await this.#trackPhase(sender, callID, message.phase, message.round, call);
        } else if (message.phase === 'in') await this.#enter(sender, callID, call);
        break;
      case 'accept':
        await this.#accept(sender, message);
        break;
      case 'decline':
        if (message.reason === 'declined')
          await this.#outcomes.decline(userID, callID, message.round);
        else await inbox.known(userID, [callID]);
        break;
      case 'ringing':
        await inbox.known(userID, [callID]);
        break;
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

  /** A device tells who should be there. The server may know better, or learn whom to wait for. */
  async #responses({ sender, message, call }: Relay<MessageOf<'sync'>>): Promise<Stamped[]> {
    const { presence, lostDevices, expected } = this.#parts;
    const { callID } = message;
    const replies: Stamped[] = [];
    const isMember = takesPart(call.members.get(sender.userID));
    for (const { user, state, device } of message.records) {
      if (state !== 'in' || device === undefined || user === sender.userID) continue;
      const there = { userID: user, userName: user, deviceID: device };
      const known = call.members.get(user);
      if (known && isMember) {
        if (known.device !== device) continue;
        // A device that left while the sender, who asks everybody, was away; or one that is lost.
        const hasLeft = known.state === 'left' && message.toDevice === undefined;
        if (hasLeft)
          replies.push({ ...lostDevices.leftMessage(there, callID, known), to: [sender.userID] });
        else if (known.state !== 'in') continue;
        else if (await presence.isLost(there))
          replies.push({ ...lostDevices.lostMessage(there, callID), to: [sender.userID] });
        else await this.#trackClaimedDevice(there, callID);
      } else if (message.phase === 'in' && call.named.has(sender.userID)) {
        expected.expect(sender.userID, there, callID);
      }
    }
    return replies;
  }

  async #trackPhase(
    sender: Sender,
    callID: string,
    phase: string,
    round: number,
    call: CallKnowledge,
  ): Promise<void> {
    if (phase === 'in') await this.#enter(sender, callID, call);
    if (phase === 'in' || phase === 'accepting')
      await this.#outcomes.answer(sender.userID, callID, round);
  }

  /** By its own word a device is in a call only where it was selected, or where nobody could know. */
  async #enter(sender: Sender, callID: string, call: CallKnowledge): Promise<void> {
    const member = call.members.get(sender.userID);
    const wasSelected = member?.state === 'in' && member.device === sender.deviceID;
    const isFoundAgain = isRecovered(call, sender.userID) && call.named.has(sender.userID);
    if (wasSelected || isFoundAgain) await this.#parts.presence.enter(sender, callID);
  }

  async #isIn(sender: Sender, callID: string): Promise<boolean> {
    return isSenderIn(sender, await this.#parts.presence.call(callID));
  }

  /** A device is in one call: it has given up any other one that it was in, as the loser of a glare does silently. */
  async #accept(sender: Sender, { callID, round }: MessageOf<'accept'>): Promise<void> {
    const { presence, lostDevices } = this.#parts;
    await this.#outcomes.answer(sender.userID, callID, round);
    const before = (await presence.standing(sender))?.callID;
    if (before === undefined || before === callID) return;
    await presence.leave(sender, before);
    await lostDevices.cancelIfAbandoned(before);
  }

  /**
   * Nobody is taken out of another call by what somebody else says. A device that is not known is waited for, one of a
   * user: it has lost its connection since it accepted, or was invented.
   */
  async #trackClaimedDevice(device: Sender, callID: string): Promise<void> {
    if (device.deviceID === SERVER_DEVICE) return;
    const { presence } = this.#parts;
    const known = await presence.standing(device);
    if (known?.callID !== undefined) return;
    if (!known) {
      const there = await presence.devicesIn(callID);
      const isOther = there.some((one) => !one.connected && one.device.userID === device.userID);
      if (isOther || there.length >= MAX_SAID_TO_BE_IN) return;
    }
    await presence.enter(known?.device ?? device, callID);
  }

  /** @returns whether Redis is away: what is to be kept for users could not be */
  async #failsToStore(keep: () => Promise<void>): Promise<boolean> {
    try {
      await keep();
      return false;
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      return true;
    }
  }
}

/** What an invitation changes, when some of its invitees hear nothing of it. */
function withBlocked(
  changes: Allowed['changes'],
  blocked: ReadonlySet<string>,
  { members }: CallKnowledge,
): Allowed['changes'] {
  if (blocked.size === 0) return changes;
  const changed = new Map(changes);
  for (const user of blocked) {
    const member = changed.get(user);
    // Somebody else has invited that one already.
    if (!member || takesPart(members.get(user))) changed.delete(user);
    else changed.set(user, { ...member, state: 'withheld' });
  }
  return changed;
}
