import { SERVER_DEVICE } from '../src/core/protocol/limits.js';
import type { Hello, Message, MessageOf, Sender } from '../src/core/protocol/messages.js';
import type { Contacts } from './contacts.js';
import type { Inbox } from './inbox.js';
import type { Metrics } from './metrics.js';
import type { Involved, Presence } from './presence.js';
import type { Quotas } from './quotas.js';
import type { Stamped } from './stamp.js';
import type { Spokesman } from './vanish.js';

interface Parts {
  readonly presence: Presence;
  readonly inbox: Inbox;
  readonly spokesman: Spokesman;
  readonly contacts: Contacts;
  readonly quotas: Pick<Quotas, 'found'>;
  readonly metrics: Pick<Metrics, 'decided'>;
}

/** What follows from a message for the way it goes. */
export interface Watched {
  /** Invitees of this message who have answered it already: it goes to none of their devices. */
  readonly settled: ReadonlySet<string>;
  /** Who must not hear of it: for the sender it is as if they were not there. */
  readonly withheld: ReadonlySet<string>;
  /** What the sender is to be told at once. */
  readonly replies: readonly Stamped[];
}

const NO_ONE: ReadonlySet<string> = new Set();
/** Devices that a call may have by what others say of them alone, as after a restart of the server. */
const MAX_SAID_TO_BE_IN = 16;
const UNNOTED: Watched = { settled: NO_ONE, withheld: NO_ONE, replies: [] };
/** What only somebody who has to do with the call may say. All else a sender says about itself alone. */
const MEMBERS_WORDS = new Set<Message['type']>(['invite', 'cancel', 'select', 'end', 'roster']);

/**
 * Reads what passes, for the two things that the server must know: who has an open invitation, and which device is
 * in which call. It takes no part in the protocol beyond that, and believes a sender about itself alone; about
 * others only when the call concerns the sender.
 */
export class Watch {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @returns nothing when the sender may not say this; `too-many` when it names more users than a call can have */
  async message(
    sender: Sender,
    message: Message,
    stamped: Stamped,
  ): Promise<Watched | 'too-many' | undefined> {
    const { presence, inbox, contacts } = this.#parts;
    if (message.type === 'seen') {
      // Of the sender's own inbox, and of no call.
      await inbox.seen(sender.userID, message.callIDs, message.dismissed === true);
      return { ...UNNOTED, withheld: await contacts.barred(sender.userID, message.to) };
    }
    const { callID } = message;
    const known = await presence.involved(callID);
    const isStranger = !concerns(known, sender.userID);
    if (isStranger && MEMBERS_WORDS.has(message.type)) return undefined;
    if (isStranger || !(await this.#isNoted(sender, message, known))) {
      return { ...UNNOTED, withheld: await contacts.barred(sender.userID, message.to) };
    }
    const { withheld, involve } = await contacts.circle(sender.userID, message, known);
    // An invite names everybody.
    const isTaken = await presence.involve(callID, involve, message.type === 'invite');
    // Whoever was left out could neither answer nor be told: an invitation is refused, as a whole.
    if (!isTaken) return message.type === 'invite' ? 'too-many' : { ...UNNOTED, withheld };
    const members = new Set([...known.users, ...involve]);
    return { ...(await this.#note(sender, message, stamped, { withheld, members })), withheld };
  }

  /** A call that nobody was invited to here, as before a restart, is believed in as long as there are few of them. */
  async #isNoted({ userID }: Sender, { type }: Message, { users }: Involved): Promise<boolean> {
    return type === 'invite' || users.size > 0 || (await this.#parts.quotas.found(userID)) === 0;
  }

  async #note(
    sender: Sender,
    message: Exclude<Message, MessageOf<'seen'>>,
    stamped: Stamped,
    { withheld, members }: { withheld: ReadonlySet<string>; members: ReadonlySet<string> },
  ): Promise<Watched> {
    const { callID } = message;
    switch (message.type) {
      case 'invite':
        return this.#invite(sender, message, stamped, withheld);
      case 'sync':
        return this.#sync(sender, message, members);
      case 'accept':
        await this.#accept(sender, message);
        break;
      case 'decline':
        if (message.reason === 'declined')
          await this.#decline(sender.userID, callID, message.round);
        else await this.#parts.inbox.known(sender.userID, [callID]);
        break;
      case 'ringing':
        await this.#parts.inbox.known(sender.userID, [callID]);
        break;
      case 'select':
        await this.#select(sender, message, members);
        break;
      case 'cancel':
        await this.#cancel(message);
        break;
      case 'leave':
        await this.#leave(sender, message);
        break;
      case 'end':
        await this.#end(sender, callID);
        break;
      case 'signal':
      case 'roster':
      case 'state':
        break;
    }
    return UNNOTED;
  }

  /**
   * What a device says of itself when it has connected.
   * @returns the call that it says it is in or accepts, if that concerns its user
   */
  async hello(sender: Sender, hello: Hello): Promise<Hello['current']> {
    const { presence, inbox, spokesman } = this.#parts;
    const { current, over, missed } = hello;
    const before = (await presence.standing(sender.deviceID))?.callID;
    if (before !== undefined && before !== current?.callID) {
      await spokesman.lose(sender.deviceID, sender.userID);
    }
    for (const { callID, record } of over) {
      if (record.user !== sender.userID) continue;
      const { state, round } = record;
      if (state === 'declined') await this.#decline(sender.userID, callID, round);
      else if (state === 'in' || state === 'left') await this.#answer(sender.userID, callID, round);
    }
    await inbox.known(sender.userID, missed);
    if (!current || !concerns(await presence.involved(current.callID), sender.userID)) {
      return undefined;
    }
    await this.#stands(sender, current.callID, current.phase, current.round);
    return current;
  }

  async #invite(
    sender: Sender,
    message: MessageOf<'invite'>,
    stamped: Stamped,
    withheld: ReadonlySet<string>,
  ): Promise<Watched> {
    const { presence, inbox } = this.#parts;
    const { callID } = message;
    await presence.enter(sender, callID);
    const settled = new Set<string>();
    for (const userID of new Set(message.to)) {
      if (userID === sender.userID || withheld.has(userID)) continue;
      const round = message.records.find(({ user }) => user === userID)?.round ?? 1;
      const put = await inbox.put({
        userID,
        callID,
        round,
        invite: message,
        message: stamped,
        receivedAt: stamped.at,
        expiresAt: stamped.at + message.remainingMs,
      });
      if (put === 'settled') settled.add(userID);
    }
    return { ...UNNOTED, settled };
  }

  /** A device tells who should be there. The server may know better, or learn whom to wait for. */
  async #sync(
    sender: Sender,
    message: MessageOf<'sync'>,
    members: ReadonlySet<string>,
  ): Promise<Watched> {
    const { presence, spokesman } = this.#parts;
    const { callID } = message;
    const replies: Stamped[] = [];
    for (const { user, state, device } of message.records) {
      if (state !== 'in' || device === undefined || device === sender.deviceID) continue;
      if (!members.has(user)) continue;
      if (await presence.isLost(device)) {
        const there = { userID: user, userName: user, deviceID: device };
        replies.push({ ...spokesman.lost(there, callID), to: [sender.userID] });
      } else await this.#isSaidToBeIn(sender, user, device, callID);
    }
    if (message.round !== undefined) {
      await this.#stands(sender, callID, message.phase, message.round);
    } else if (message.phase === 'in') await presence.enter(sender, callID);
    return { ...UNNOTED, replies };
  }

  async #stands(sender: Sender, callID: string, phase: string, round: number): Promise<void> {
    if (phase === 'in') await this.#parts.presence.enter(sender, callID);
    if (phase === 'in' || phase === 'accepting') {
      await this.#answer(sender.userID, callID, round);
    }
  }

  /** A device is in one call: it has given up any other one that it was in, as the loser of a glare does silently. */
  async #accept(sender: Sender, { callID, round }: MessageOf<'accept'>): Promise<void> {
    const { presence, spokesman } = this.#parts;
    await this.#answer(sender.userID, callID, round);
    const before = (await presence.standing(sender.deviceID))?.callID;
    if (before === undefined || before === callID) return;
    await presence.leave(sender.deviceID, before);
    await spokesman.endIfDeserted(before);
  }

  /** Somebody's answer counts: that device is in the call now. */
  async #select(
    sender: Sender,
    { callID, user, records }: MessageOf<'select'>,
    members: ReadonlySet<string>,
  ): Promise<void> {
    const record = records.find((one) => one.user === user);
    if (!record || !members.has(user)) return;
    const { inbox, metrics } = this.#parts;
    if (await inbox.select(user, callID, record.round)) metrics.decided('answered');
    if (record.device !== undefined) await this.#isSaidToBeIn(sender, user, record.device, callID);
  }

  /**
   * Nobody is taken out of another call by what somebody else says. A device that is not known is waited for, one of a
   * user: it is away since before a restart, or was invented.
   */
  async #isSaidToBeIn(by: Sender, userID: string, deviceID: string, callID: string): Promise<void> {
    if (deviceID === SERVER_DEVICE) return;
    const { presence } = this.#parts;
    const known = await presence.standing(deviceID);
    if (known?.callID !== undefined && known.callID !== callID) return;
    if (!known) {
      const there = await presence.devicesIn(callID);
      const isOther = there.some(({ device }) => device.userID === userID);
      if (userID === by.userID || isOther || there.length >= MAX_SAID_TO_BE_IN) return;
    }
    await presence.enter({ userName: userID, ...known?.device, userID, deviceID }, callID);
  }

  async #cancel({ callID, user, reason }: MessageOf<'cancel'>): Promise<void> {
    if (reason === 'glare') return this.#parts.inbox.drop(user, callID);
    const timeout = reason === 'timeout' || reason === 'unreachable';
    await this.#parts.spokesman.end(user, callID, timeout ? 'timeout' : 'canceled', reason);
  }

  async #leave(sender: Sender, { callID, records }: MessageOf<'leave'>): Promise<void> {
    const { presence, spokesman } = this.#parts;
    const own = records.find(({ user, state }) => user === sender.userID && state === 'left');
    if (own) await this.#answer(sender.userID, callID, own.round);
    await presence.leave(sender.deviceID, callID);
    await spokesman.endIfDeserted(callID);
  }

  async #end(sender: Sender, callID: string): Promise<void> {
    const { presence, inbox, spokesman } = this.#parts;
    await presence.leave(sender.deviceID, callID);
    for (const { userID, invite } of await inbox.openIn(callID)) {
      if (invite.initiator === sender.userID) await spokesman.end(userID, callID, 'canceled');
    }
  }

  async #answer(userID: string, callID: string, round: number): Promise<void> {
    const { inbox, metrics } = this.#parts;
    if (await inbox.answer(userID, callID, round)) metrics.decided('answered');
  }

  async #decline(userID: string, callID: string, round: number): Promise<void> {
    const { inbox, metrics } = this.#parts;
    if (await inbox.answer(userID, callID, round)) metrics.decided('declined');
  }
}

/** Whether a user may have to do with a call. Of one that began before a restart nobody is known to be a stranger. */
const concerns = ({ all, users }: Involved, userID: string): boolean => !all || users.has(userID);
