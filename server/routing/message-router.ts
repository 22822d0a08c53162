import type {
  Acknowledgement,
  Delivered,
  InboxReport,
  MessageOf,
  Sender,
} from '../../src/core/protocol/messages.js';
import { asksMembers, parseHello } from '../../src/core/protocol/messages.js';
import type { CallMessage } from '../calls/authority.js';
import type { Bus } from './bus.js';
import type { CallMember, CallOrigin } from '../calls/call-knowledge.js';
import type { Contacts } from './contacts.js';
import { ExpectedDevices } from './expected-devices.js';
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
import { ofServer, stamped, type Stamp, type Stamped } from '../messages/stamp.js';
import { LostDeviceNotifier } from './lost-devices.js';
import { UnavailableError } from '../storage/unavailable-error.js';
import { CallTracker, type RoutingDecision } from './call-tracker.js';

/** One connected device, as the router sees it. */
export interface Peer {
  readonly sender: Sender;
  deliver(message: Readonly<Record<string, unknown>>): void;
  /** Something that it sent is taken no notice of. */
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
  /** How long a device may be away that others say is in their call. */
  readonly returnWait: Pick<ReturnWait, 'begin'>;
}

/** What a device that said hello is told. */
export interface InitialSync {
  /** Everything queued has been delivered. */
  readonly inboxReport: InboxReport;
  /** What follows: which missed calls were handled, by any device of the user. */
  readonly handledMissedCalls: readonly Stamped[];
}

/** Takes messages in and passes them on. Knows nothing of sockets. */
export class MessageRouter {
  readonly #parts: MessageRouterDependencies;
  readonly #lostDevices: LostDeviceNotifier;
  readonly #callTracker: CallTracker;
  readonly #expected: ExpectedDevices;

  constructor(parts: MessageRouterDependencies) {
    this.#parts = parts;
    this.#lostDevices = new LostDeviceNotifier(parts);
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
        await this.#lostDevices.reportLost(device, callID);
      } catch (error) {
        parts.logger.warn('a lost device was not reported', { error: String(error) });
        throw error;
      }
    });
  }

  /** After a start with an inbox that was kept: waits for those who invited, as if they had just gone. */
  async restore(): Promise<void> {
    const { inbox, presence } = this.#parts;
    for (const { userID, callID, round, invite, message } of await inbox.dueBy(Infinity)) {
      const { initiator, endWithInitiator } = invite;
      // Who else is in it by now will say so.
      const origin: CallOrigin = { initiator, endWithInitiator, isComplete: false };
      const member: CallMember = { round, state: 'inviting', inviter: message.from.userID };
      await presence.note(callID, { origin, members: new Map([[userID, member]]) });
      await presence.enter(message.from, callID);
    }
  }

  /** Waits for nobody any more. */
  close(): void {
    this.#expected.close();
  }

  /** Ends invitations that nobody has ended in time. */
  async sweep(): Promise<void> {
    const { inbox, stamp } = this.#parts;
    for (const { userID, callID } of await inbox.dueBy(stamp() - EXPIRY_GRACE_MS)) {
      await this.#lostDevices.expireInvitation(userID, callID, 'timeout');
    }
  }

  /** Another page has taken the place of this device: nobody waits for it. */
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
    // Invitations have limits of their own, tighter ones.
    const retryAfterMs = isInvitation
      ? await quotas.invitation(sender.userID, to)
      : await quotas.traffic(sender.userID, to, messageBytes(incoming.message));
    if (retryAfterMs > 0) {
      peer.reject(isInvitation ? 'too-many-invitations' : 'too-many');
      return { error: { code: 'rate-limited', retryAfterMs } };
    }
    const at = stamp();
    if (isForeign) return this.#foreign(peer, incoming.message, at);
    const { message } = incoming;
    if (message.type === 'seen') return this.#seen(sender, message, at);
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
    // Who is connected is learned by calling them, or by asking to be let in, and by nothing else.
    return { reached: isInvitation ? countOf(to, reached) : [] };
  }

  /** An invitation rings where it rings at once, or is refused: nobody keeps it for those who come later. */
  async #isAnyUserOffline({ userID }: Sender, to: readonly string[]): Promise<boolean> {
    const others = to.filter((user) => user !== userID);
    const devices = await Promise.all(others.map((user) => this.#parts.presence.devicesOf(user)));
    return devices.some(({ length }) => length === 0);
  }

  /** Of the sender's own inbox, and of no call. */
  async #seen(sender: Sender, message: MessageOf<'seen'>, at: number): Promise<Acknowledgement> {
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

  /** An invitation of another version of the protocol: as one of this version, but kept in no inbox. */
  async #foreign(peer: Peer, message: ForeignFields, at: number): Promise<Acknowledgement> {
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

  /** @returns nothing when it was no hello */
  async hello(peer: Peer, input: unknown): Promise<InitialSync | undefined> {
    const { inbox, bus, stamp } = this.#parts;
    const { sender } = peer;
    const hello = isPlain(input) ? parseHello(input) : undefined;
    if (!hello) {
      peer.reject('malformed');
      return undefined;
    }
    if (hello.replaces !== undefined) await this.replaced(sender, hello.replaces);
    const current = await this.#callTracker.hello(sender, hello);
    if (current?.phase === 'in') {
      // They may have been held back while no device of the call was there. Who has them already drops them by their ID.
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
    };
    return { inboxReport, handledMissedCalls: await this.#handledMissedCalls(sender) };
  }

  /** The user's own word, as if another of the user's devices had said it now. */
  async #handledMissedCalls(user: Sender): Promise<Stamped[]> {
    const { inbox, stamp } = this.#parts;
    const { seen, dismissed } = await inbox.handled(user.userID);
    const say = (callIDs: readonly string[], isDismissed: boolean) => {
      const [callID] = callIDs;
      if (callID === undefined) return [];
      const message = {
        type: 'seen' as const,
        callID,
        to: [user.userID],
        records: [],
        callIDs: [...callIDs],
        dismissed: isDismissed,
      };
      return [ofServer(message, user, stamp())];
    };
    return [...say(seen, false), ...say(dismissed, true)];
  }

  /** Nobody is rung for a call that is deserted: a device of it must be connected. */
  async #hasConnectedDevice({ callID, message }: Invitation): Promise<boolean> {
    const { presence } = this.#parts;
    if ((await presence.standing(message.from))?.connected) return true;
    return (await presence.devicesIn(callID)).some(({ connected }) => connected);
  }

  /** Where its sender does not know the call, a message goes also to those who are in it. */
  async #withCallMembers<M extends CallMessage>(sender: Sender, message: M): Promise<M> {
    if (!asksMembers(message)) return message;
    const { members, devices } = await this.#parts.presence.call(message.callID);
    if (!members.has(sender.userID)) return message;
    const there = devices.map(({ device }) => device.userID);
    return { ...message, to: [...new Set([...message.to, ...there])] };
  }

  /** @returns how many devices it went to, by user; nothing when it went to nobody, as far as can be told now */
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
          // Somebody else's device may have the same ID.
          ...(user === userID && { exceptDevice: deviceID }),
          ...(toDevice !== undefined && { toDevice }),
          // An invitation that was refused rings nobody afterwards.
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
    const nobody = unavailable > 0 && reached.every(([, devices]) => devices === 0);
    return nobody ? undefined : new Map(reached);
  }
}

type Route = Partial<Pick<RoutingDecision, 'answered'>> &
  Pick<RoutingDecision, 'deliveries'> & { readonly isInvitation?: boolean };

const countOf = (to: readonly string[], reached: ReadonlyMap<string, number>) =>
  [...new Set(to)].map((user) => ({ user, devices: reached.get(user) ?? 0 }));

function errorResponse(code: 'not-allowed' | 'invalid-argument' | 'unavailable'): Acknowledgement {
  return { error: { code } };
}

/** An invitation out of the inbox: the same message, with the time that is left now. */
function replay({ invite, message, receivedAt, expiresAt }: Invitation, now: number): Stamped {
  const left = (ms: number) => Math.max(0, ms);
  return {
    ...message,
    remainingMs: left(expiresAt - now),
    remaining: invite.remaining.map(({ user, ms }) => ({ user, ms: left(ms - now + receivedAt) })),
    replay: true,
  };
}
