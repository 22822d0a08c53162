import type {
  Acknowledgement,
  Delivered,
  Drained,
  Message,
  MessageOf,
  Sender,
} from '../src/core/protocol/messages.js';
import { parseHello } from '../src/core/protocol/messages.js';
import type { Bus } from './bus.js';
import type { Contacts } from './contacts.js';
import type { Inbox, Invitation } from './inbox.js';
import { isPlain, readIncoming } from './incoming.js';
import { EXPIRY_GRACE_MS, SETTLE_MS } from './limits.js';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';
import type { Presence } from './presence.js';
import type { Quotas } from './quotas.js';
import type { RefusalCause } from './refusals.js';
import { ofServer, type Stamp, type Stamped } from './stamp.js';
import { Spokesman } from './vanish.js';
import { UnavailableError } from './unavailable.js';
import { Watch, type Watched } from './watch.js';

/** One connected device, as the exchange sees it. */
export interface Peer {
  readonly sender: Sender;
  deliver(message: Readonly<Record<string, unknown>>): void;
  /** Something that it sent is taken no notice of. */
  refuse(cause: RefusalCause): void;
}

interface Parts {
  readonly presence: Presence;
  readonly inbox: Inbox;
  readonly bus: Bus;
  readonly stamp: Stamp;
  readonly contacts: Contacts;
  readonly quotas: Pick<Quotas, 'invitation' | 'found'>;
  readonly metrics: Pick<Metrics, 'delivered' | 'decided'>;
  readonly logger: Logger;
}

/** What a device that said hello is told. */
export interface Welcome {
  /** Everything queued has been delivered. */
  readonly drained: Drained;
  /** What follows: which missed calls were handled, by any device of the user. */
  readonly handled: readonly Stamped[];
}

/** Takes messages in and passes them on. Knows nothing of sockets. */
export class Exchange {
  readonly #parts: Parts;
  readonly #spokesman: Spokesman;
  readonly #watch: Watch;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#spokesman = new Spokesman(parts);
    this.#watch = new Watch({ ...parts, spokesman: this.#spokesman });
    parts.presence.whenVanished(async (device, callID) => {
      try {
        await this.#spokesman.speakFor(device, callID);
      } catch (error) {
        parts.logger.warn('a lost device was not spoken for', { error: String(error) });
        throw error;
      }
    });
  }

  /** After a start with an inbox that was kept: waits for those who invited, as if they had just gone. */
  async restore(): Promise<void> {
    const { inbox, presence } = this.#parts;
    for (const { userID, callID, invite, message } of await inbox.dueBy(Infinity)) {
      const named = invite.records.map(({ user }) => user);
      await presence.involve(callID, [userID, message.from.userID, ...named]);
      await presence.enter(message.from, callID);
    }
  }

  /** Ends invitations that nobody has ended in time. */
  async sweep(): Promise<void> {
    const { inbox, stamp } = this.#parts;
    for (const { userID, callID } of await inbox.dueBy(stamp() - EXPIRY_GRACE_MS)) {
      await this.#spokesman.end(userID, callID, 'timeout');
    }
  }

  /** Another page has taken the place of this device: nobody waits for it. */
  async replaced(by: Sender, deviceID: string): Promise<void> {
    const known = await this.#parts.presence.standing(deviceID);
    if (known && known.device.userID !== by.userID) return;
    await this.#spokesman.lose(deviceID, by.userID);
  }

  async message(peer: Peer, input: unknown): Promise<Acknowledgement> {
    const { sender } = peer;
    const started = performance.now();
    const incoming = readIncoming(input);
    if (incoming.type === 'refused') {
      peer.refuse(incoming.cause);
      return refusal(incoming.cause === 'forged-role' ? 'not-allowed' : 'invalid-argument');
    }
    const { quotas, contacts, stamp, metrics } = this.#parts;
    const isForeign = incoming.type === 'foreign-invite';
    const { to, toDevice } = incoming.message;
    if (isForeign || incoming.message.type === 'invite') {
      const retryAfterMs = await quotas.invitation(sender.userID, to);
      if (retryAfterMs > 0) {
        peer.refuse('too-many-invitations');
        return { error: { code: 'rate-limited', retryAfterMs } };
      }
    }
    // `Object.assign` is several times faster than spread in V8.
    const message: Stamped = Object.assign({}, incoming.message, { from: sender, at: stamp() });
    if (isForeign) {
      const withheld = await contacts.barred(sender.userID, to);
      return this.#route(sender, to, toDevice, message, { withheld });
    }
    let watched: Awaited<ReturnType<Watch['message']>>;
    try {
      watched = await this.#watch.message(sender, incoming.message, message);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      return this.#routeHere(sender, incoming.message, message);
    }
    if (!watched || watched === 'too-many') {
      peer.refuse(watched ?? 'forged-role');
      return refusal('not-allowed');
    }
    for (const reply of watched.replies) peer.deliver(reply);
    const acknowledgement = await this.#route(sender, to, toDevice, message, watched);
    metrics.delivered(incoming.message, (performance.now() - started) / 1_000);
    return acknowledgement;
  }

  /**
   * Routes what could not be kept, since Redis is away: among those who are here, calls go on. An invitation rings
   * where it rings at once, or is refused: nobody keeps it for those who come later.
   */
  async #routeHere(sender: Sender, message: Message, stamped: Stamped): Promise<Acknowledgement> {
    const { type, to, toDevice } = message;
    if (type === 'seen') return refusal('unavailable');
    if (type === 'invite') {
      const devices = await Promise.all(to.map((user) => this.#parts.presence.devicesOf(user)));
      if (devices.some(({ length }) => length === 0)) return refusal('unavailable');
    }
    const { presence, contacts } = this.#parts;
    const known = await presence.involved(message.callID);
    const { withheld } = await contacts.circle(sender.userID, message, known);
    return this.#route(sender, to, toDevice, stamped, { withheld });
  }

  /** @returns nothing when it was no hello */
  async hello(peer: Peer, input: unknown): Promise<Welcome | undefined> {
    const { inbox, bus, stamp } = this.#parts;
    const { sender } = peer;
    const hello = isPlain(input) ? parseHello(input) : undefined;
    if (!hello) {
      peer.refuse('malformed');
      return undefined;
    }
    if (hello.replaces !== undefined) await this.replaced(sender, hello.replaces);
    const current = await this.#watch.hello(sender, hello);
    if (current?.phase === 'in') {
      // They may have been held back while no device of the call was there. Who has them already drops them by their ID.
      for (const invitation of await inbox.openIn(current.callID)) {
        await bus.publish(invitation.userID, { message: replay(invitation, stamp()) });
      }
    }
    for (const invitation of await inbox.openFor(sender.userID)) {
      if (await this.#isAttended(invitation)) peer.deliver(replay(invitation, stamp()));
    }
    const missed = await inbox.tell(sender.userID, stamp() - SETTLE_MS);
    const drained = {
      missed: missed.map(({ invitation, ...rest }) => ({
        invite: invitation.message as unknown as Delivered<MessageOf<'invite'>>,
        ...rest,
      })),
      settled: [...(await inbox.settled(sender.userID))],
    };
    return { drained, handled: await this.#handled(sender) };
  }

  /** The user's own word, as if another of the user's devices had said it now. */
  async #handled(user: Sender): Promise<Stamped[]> {
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
  async #isAttended({ callID, message }: Invitation): Promise<boolean> {
    const { presence } = this.#parts;
    if ((await presence.standing(message.from.deviceID))?.connected) return true;
    return (await presence.devicesIn(callID)).some(({ connected }) => connected);
  }

  async #route(
    { deviceID }: Sender,
    to: readonly string[],
    toDevice: string | undefined,
    message: Stamped,
    { settled, withheld }: Partial<Pick<Watched, 'settled' | 'withheld'>>,
  ): Promise<Acknowledgement> {
    const { bus, presence } = this.#parts;
    const parcel = {
      message,
      exceptDevice: deviceID,
      ...(toDevice !== undefined && { toDevice }),
      // An invitation that was refused rings nobody afterwards.
      mayBeLate: message['type'] !== 'invite',
    };
    let unavailable = 0;
    const publish = async (user: string): Promise<number> => {
      try {
        return await bus.publish(user, parcel);
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        unavailable += 1;
        return 0;
      }
    };
    const reached = await Promise.all(
      [...new Set(to)].map(async (user) => {
        if (withheld?.has(user)) return { user, devices: 0 };
        const devices = settled?.has(user)
          ? (await presence.devicesOf(user)).length
          : await publish(user);
        return { user, devices };
      }),
    );
    const nobody = unavailable > 0 && reached.every(({ devices }) => devices === 0);
    return nobody ? refusal('unavailable') : { reached };
  }
}

function refusal(code: 'not-allowed' | 'invalid-argument' | 'unavailable'): Acknowledgement {
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
