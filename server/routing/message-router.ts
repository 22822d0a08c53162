import {
  asksMembers,
  parseHello,
  type Acknowledgement,
  type Delivered,
  type InboxReport,
  type MessageOf,
  type Sender,
} from '../../src/core/protocol/messages.js';
import type { CallMessage } from '../calls/authority.js';
import type { Bus } from './bus.js';
import { BusyDevices } from './busy-devices.js';
import type { CallMember, CallOrigin } from '../calls/call-knowledge.js';
import { correctionsAfterReconnect } from './correction-messages.js';
import type { Contacts } from './contacts.js';
import { ExpectedDevices } from './expected-devices.js';
import { handledMissedCalls } from './handled-missed-calls.js';
import type { Inbox, Invitation } from '../inbox/inbox.js';
import { isPlain, readIncoming, type ForeignFields } from '../messages/incoming.js';
import { EXPIRY_GRACE_MS, SETTLE_MS } from '../limits/limits.js';
import type { Logger } from '../observability/logger.js';
import { messageBytes } from '../messages/message-bytes.js';
import type { Metrics } from '../observability/metrics.js';
import type { Presence } from '../presence/presence.js';
import type { Quotas } from '../limits/quotas.js';
import type { RejectionCause } from '../observability/rejections.js';
import type { ReturnWait } from '../presence/return-wait.js';
import { stamped, type Stamp, type Stamped } from '../messages/stamp.js';
import { LostDeviceNotifier } from './lost-devices.js';
import type { Preferences } from '../preferences/preferences.js';
import { UserPreferences } from './user-preferences.js';
import { UnavailableError } from '../storage/unavailable-error.js';
import type { CallHistories } from './call-histories.js';
import { replay } from './replay.js';
import { CallTracker, type RoutingDecision } from './call-tracker.js';

/** The connection of a device, for the router. */
export interface Peer {
  readonly sender: Sender;
  deliver(message: Readonly<Record<string, unknown>>): void;
  /** Counts a message of the device as rejected. */
  reject(cause: RejectionCause): void;
}

interface MessageRouterDependencies {
  readonly presence: Presence;
  readonly inbox: Inbox;
  readonly bus: Bus;
  readonly stamp: Stamp;
  readonly contacts: Contacts;
  readonly quotas: Pick<Quotas, 'invitation' | 'recoveredCall' | 'contactQuestion' | 'traffic'>;
  readonly metrics: Pick<Metrics, 'delivered' | 'decided'>;
  readonly logger: Logger;
  readonly preferences: Preferences;
  /** Undefined if the server keeps no call histories. */
  readonly histories?: CallHistories | undefined;
  /** How long devices may be disconnected that others report to be in their call. */
  readonly returnWait: Pick<ReturnWait, 'begin'>;
}

/** The answer to a hello. */
export interface InitialSync {
  /** Sent after everything queued has been delivered. */
  readonly inboxReport: InboxReport;
  /** Sent after the report: missed calls that any device of the user has handled. */
  readonly handledMissedCalls: readonly Stamped[];
}

/** Checks, stamps and delivers messages. Independent of sockets. */
export class MessageRouter {
  readonly #parts: MessageRouterDependencies;
  readonly #busyDevices: BusyDevices;
  readonly #preferences: UserPreferences;
  readonly #lostDevices: LostDeviceNotifier;
  readonly #callTracker: CallTracker;
  readonly #expected: ExpectedDevices;

  constructor(parts: MessageRouterDependencies) {
    this.#parts = parts;
    this.#busyDevices = new BusyDevices(parts);
    this.#preferences = new UserPreferences(parts);
    this.#lostDevices = new LostDeviceNotifier({ ...parts, busyDevices: this.#busyDevices });
    this.#expected = new ExpectedDevices({
      ...parts,
      lostMessage: (device, callID) => this.#lostDevices.lostMessage(device, callID),
      wait: parts.returnWait,
    });
    this.#callTracker = new CallTracker({
      ...parts,
      lostDevices: this.#lostDevices,
      expected: this.#expected,
    });
    parts.presence.whenVanished(async (device, callID) => {
      try {
        await parts.histories?.lost(device, callID);
        await this.#lostDevices.reportLost(device, callID);
      } catch (error) {
        parts.logger.warn('reporting a lost device failed', { error: String(error) });
        throw error;
      }
    });
  }

  /** After a start with a stored inbox: waits for the devices of callers as if they had just disconnected. */
  async restore(): Promise<void> {
    const { inbox, presence } = this.#parts;
    for (const { userID, callID, round, invite, message } of await inbox.dueBy(Infinity)) {
      const { initiator, endWithInitiator } = invite;
      // Other members report themselves when they reconnect.
      const origin: CallOrigin = { initiator, endWithInitiator, isComplete: false };
      const member: CallMember = { round, state: 'inviting', inviter: message.from.userID };
      await presence.note(callID, { origin, members: new Map([[userID, member]]) });
      await presence.enter(message.from, callID);
    }
  }

  /** Cancels all waits. */
  close(): void {
    this.#expected.close();
  }

  /** Ends invitations whose time is over. */
  async sweep(): Promise<void> {
    const { inbox, stamp } = this.#parts;
    for (const { userID, callID } of await inbox.dueBy(stamp() - EXPIRY_GRACE_MS)) {
      await this.#lostDevices.expireInvitation(userID, callID, 'timeout');
    }
  }

  /** Another page replaces this device, so it is lost immediately. */
  async replaced({ userID }: Sender, deviceID: string): Promise<void> {
    await this.#lostDevices.markLost({ userID, deviceID });
  }

  async message(peer: Peer, input: unknown): Promise<Acknowledgement> {
    const { sender } = peer;
    const started = performance.now();
    const incoming = readIncoming(input);
    if (incoming.type === 'refused') {
      peer.reject(incoming.cause);
      return errorResponse(incoming.cause === 'forged-role' ? 'not-allowed' : 'invalid-argument');
    }
    const { quotas, stamp, metrics } = this.#parts;
    const isForeign = incoming.type === 'foreign-invite';
    const { to, toDevice } = incoming.message;
    const isInvitation = isForeign || incoming.message.type === 'invite';
    // Invitations have separate, stricter limits.
    const retryAfterMs = isInvitation
      ? await quotas.invitation(sender.userID, to)
      : await quotas.traffic(sender.userID, to, messageBytes(incoming.message));
    if (retryAfterMs > 0) {
      peer.reject(isInvitation ? 'too-many-invitations' : 'too-many');
      return { error: { code: 'rate-limited', retryAfterMs } };
    }
    const at = stamp();
    if (isForeign) return this.#routeForeignInvite(peer, incoming.message, at);
    const { message } = incoming;
    if (message.type === 'seen') return this.#handleSeen(sender, message, at);
    if (message.type === 'history') return this.#handleHistory(sender, message);
    if (message.type === 'preferences') return this.#preferences.change(sender, message, at);
    if (message.type === 'busy') return this.#busyDevices.state(sender, message, at);
    const addressed = await this.#withCallMembers(sender, message);
    const decision = await this.#callTracker.message(sender, addressed, at);
    if (!decision || decision === 'too-many') {
      peer.reject(decision ?? 'forged-role');
      return errorResponse('not-allowed');
    }
    if (decision.isInboxUnavailable && isInvitation && (await this.#isAnyUserOffline(sender, to))) {
      return errorResponse('unavailable');
    }
    for (const reply of decision.responses) peer.deliver(reply);
    const reached = await this.#route(sender, toDevice, decision);
    metrics.delivered(message, (performance.now() - started) / 1_000);
    if (!reached) return errorResponse('unavailable');
    if (asksMembers(message)) return { reached: countOf([...reached.keys()], reached) };
    // Only invitations and requests to join reveal who is connected.
    return { reached: isInvitation ? countOf(to, reached, decision.rejected) : [] };
  }

  /** Whether a callee is offline. While the inbox is unavailable, an invitation of such a callee is rejected, not stored. */
  async #isAnyUserOffline({ userID }: Sender, to: readonly string[]): Promise<boolean> {
    const others = to.filter((user) => user !== userID);
    const devices = await Promise.all(others.map((user) => this.#parts.presence.devicesOf(user)));
    return devices.some(({ length }) => length === 0);
  }

  /** Handles `seen`, which affects the sender's own inbox, and no call. */
  async #handleSeen(
    sender: Sender,
    message: MessageOf<'seen'>,
    at: number,
  ): Promise<Acknowledgement> {
    const { userID } = sender;
    const { callIDs, dismissed, to, toDevice } = message;
    try {
      await this.#parts.inbox.seen(userID, callIDs, dismissed === true);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      return errorResponse('unavailable');
    }
    const deliveries = new Map(to.includes(userID) ? [[userID, stamped(message, sender, at)]] : []);
    await this.#route(sender, toDevice, { deliveries });
    return { reached: [] };
  }

  /** Handles `history`, which affects the sender's own history, and no call. */
  async #handleHistory(sender: Sender, message: MessageOf<'history'>): Promise<Acknowledgement> {
    const { histories } = this.#parts;
    return histories ? histories.handle(sender, message) : errorResponse('not-allowed');
  }

  /** Answers a request for the call history of the user. @param input not validated */
  async history({ sender }: Peer, input: unknown): Promise<unknown> {
    const { histories } = this.#parts;
    return histories ? histories.page(sender, input) : { error: { code: 'unsupported' } };
  }

  /** Routes an invitation of another protocol version like one of this version, but does not store it. */
  async #routeForeignInvite(
    peer: Peer,
    message: ForeignFields,
    at: number,
  ): Promise<Acknowledgement> {
    const { callID, to, toDevice } = message;
    const recipients = await this.#callTracker.foreignInvite(peer.sender, callID, to);
    if (!recipients || recipients === 'too-many') {
      peer.reject(recipients ?? 'forged-role');
      return errorResponse('not-allowed');
    }
    const relayable = stamped(message, peer.sender, at);
    const deliveries = new Map(recipients.map((user) => [user, relayable]));
    const reached = await this.#route(peer.sender, toDevice, { deliveries, isInvitation: true });
    return reached ? { reached: countOf(to, reached) } : errorResponse('unavailable');
  }

  /** @returns undefined if the input is not a hello */
  async hello(peer: Peer, input: unknown): Promise<InitialSync | undefined> {
    const { inbox, presence, bus, stamp } = this.#parts;
    const { sender } = peer;
    const hello = isPlain(input) ? parseHello(input) : undefined;
    if (!hello) {
      peer.reject('malformed');
      return undefined;
    }
    if (hello.replaces !== undefined) await this.replaced(sender, hello.replaces);
    const current = await this.#callTracker.hello(sender, hello);
    const callIDs = [current, ...(hello.onHold ?? [])].flatMap((call) => call?.callID ?? []);
    for (const message of await correctionsAfterReconnect(sender, callIDs, presence, stamp()))
      peer.deliver(message);
    if (current?.phase === 'in') {
      // These may have been withheld while no device of the call was connected. Devices drop duplicates by message ID.
      for (const invitation of await inbox.openIn(current.callID)) {
        await bus.publish(invitation.userID, { message: replay(invitation, stamp()) });
      }
    }
    for (const invitation of await inbox.openFor(sender.userID)) {
      if (await this.#hasConnectedDevice(invitation)) peer.deliver(replay(invitation, stamp()));
    }
    const missed = await inbox.tell(sender.userID, stamp() - SETTLE_MS);
    const inboxReport = {
      missed: missed.map(({ invitation, ...rest }) => ({
        invite: invitation.message as unknown as Delivered<MessageOf<'invite'>>,
        ...rest,
      })),
      settled: [...(await inbox.settled(sender.userID))],
      history: (await this.#parts.histories?.changedAt(sender.userID)) ?? (false as const),
      busy: await this.#busyDevices.report(sender),
      ...(await this.#preferences.report(sender.userID)),
    };
    return { inboxReport, handledMissedCalls: await handledMissedCalls(sender, inbox, stamp) };
  }

  /** Whether a device of the call is connected. Otherwise its invitations are withheld. */
  async #hasConnectedDevice({ callID, message }: Invitation): Promise<boolean> {
    const { presence } = this.#parts;
    if ((await presence.standing(message.from))?.connected) return true;
    return (await presence.devicesIn(callID)).some(({ connected }) => connected);
  }

  /** Adds the members of the call as recipients if the sender does not know the call. */
  async #withCallMembers<M extends CallMessage>(sender: Sender, message: M): Promise<M> {
    if (!asksMembers(message)) return message;
    const { members, devices } = await this.#parts.presence.call(message.callID);
    if (!members.has(sender.userID)) return message;
    const participants = devices.map(({ device }) => device.userID);
    return { ...message, to: [...new Set([...message.to, ...participants])] };
  }

  /** @returns number of devices reached by user; undefined if none was reached and other nodes are unreachable */
  async #route(
    { userID, deviceID }: Sender,
    toDevice: string | undefined,
    { deliveries, answered, isInvitation = false }: Route,
  ): Promise<ReadonlyMap<string, number> | undefined> {
    const { bus, presence } = this.#parts;
    let unavailable = 0;
    const publish = async (user: string, message: Stamped): Promise<number> => {
      try {
        return await bus.publish(user, {
          message,
          // Only for the sender's own devices: another user's device may have the same ID.
          ...(user === userID && { exceptDevice: deviceID }),
          ...(toDevice !== undefined && { toDevice }),
          // A rejected invitation must not ring later.
          mayBeLate: !isInvitation && message['type'] !== 'invite',
        });
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        unavailable += 1;
        return 0;
      }
    };
    const reached = await Promise.all(
      [...deliveries].map(async ([user, message]) => {
        const devices = answered?.has(user)
          ? (await presence.devicesOf(user)).length
          : await publish(user, message);
        return [user, devices] as const;
      }),
    );
    const isUnreached = unavailable > 0 && reached.every(([, devices]) => devices === 0);
    return isUnreached ? undefined : new Map(reached);
  }
}

type Route = Partial<Pick<RoutingDecision, 'answered'>> &
  Pick<RoutingDecision, 'deliveries'> & { readonly isInvitation?: boolean };

const countOf = (
  to: readonly string[],
  reached: ReadonlyMap<string, number>,
  rejected: readonly string[] = [],
) =>
  [...new Set(to)].map((user) => ({
    user,
    devices: reached.get(user) ?? 0,
    ...(rejected.includes(user) && { rejected: true }),
  }));

function errorResponse(code: 'not-allowed' | 'invalid-argument' | 'unavailable'): Acknowledgement {
  return { error: { code } };
}
