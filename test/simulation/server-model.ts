import { Audience } from '../../server/calls/audience.js';
import { authorize, type CallMessage } from '../../server/calls/authority.js';
import {
  namedBy,
  isParticipating,
  statesToBeIn,
  statesToHaveAnswered,
  type CallKnowledge,
  type CallMember,
} from '../../server/calls/call-knowledge.js';
import {
  hasLeftSince,
  invitedByOthers,
  missedRecords,
  replacedDevice,
} from '../../server/calls/corrections.js';
import { MAX_SELECTED_CALLS_PER_DEVICE } from '../../server/limits/limits.js';
import { MemoryCalls } from '../../server/presence/memory-calls.js';
import { leftBy, relayed, withOwnRecord } from '../../server/calls/relayed.js';
import { stamped } from '../../server/messages/stamp.js';
import { SERVER_DEVICE } from '../../src/core/protocol/limits.js';
import type {
  Delivered,
  Hello,
  MemberRecord,
  Message,
  MessageOf,
} from '../../src/core/protocol/messages.js';
import { Inbox, type Entry } from './inbox-model.js';
import type { Page } from './device.js';
import type { Connection, Network } from './network.js';
import type { Liar, Schedule } from './schedule.js';
import { BusyModel } from './busy-model.js';
import { PresenceModel } from './presence-model.js';
import { ServerChecks } from './server-checks.js';
import type { GroundTruth } from './ground-truth.js';
import type { EventLoop } from './event-loop.js';

/** Time before a lost device is reported, in ms. */
const VANISH_MS = 8_000;
/** Time after the end of an invitation until its entry is closed if nobody reported the result, in ms. */
const ENTRY_GRACE_MS = 3_500;
/** Delay of a missed call, so that another device can report an answer, in ms. */
const MISSED_AFTER_MS = 3_000;
/** Maximum time until a device has learned who coordinates an invitation, and its last decision has arrived, in ms. */
const CORRECTED_MS = 2_500;
/** Initial value of the server's clock. It differs from all devices' clocks. */
export const SERVER_EPOCH = 1_700_000_000_000;

/** Whether a device is addressed: one of an addressed user, or exactly the given one. */
const isMeant = ({ to, toDevice }: Message, { user, device }: Connection): boolean =>
  to.includes(user) && (toDevice === undefined || toDevice === device);

export const nameOf = (user: string): string => `${user} Name`;

/**
 * A model of the server: it routes and acknowledges messages, keeps the inbox after restarts, and reports a device
 * as lost after eight seconds. Everything but the inbox is lost in a restart.
 */
export class ServerModel {
  up = true;
  readonly inbox: Inbox;
  readonly #loop: EventLoop;
  readonly #network: Network;
  readonly #truth: GroundTruth;
  /** When a device was told last that another member has opened a round, by device, call, user and round. */
  readonly #corrected = new Map<string, number>();
  readonly #checks = new ServerChecks();
  /** The invitations that it has refused: when, and by whom. */
  readonly refusedInvites: { readonly at: number; readonly user: string }[] = [];
  /** Whether it reports no lost devices, and keeps no results of invitations. */
  readonly #mute: boolean;
  readonly #plainRelay: boolean;
  /** Whether it knows which devices have stated to be in calls. */
  readonly #sharesCalls: boolean;
  #epoch = 0;
  #serial = 0;
  #connections = new Map<string, Connection>();
  /** The user of each device. */
  readonly #userOf = new Map<string, string>();
  #presence = new PresenceModel();
  /** The users concerned with each call. */
  #audience = new Map<string, Set<string>>();
  /** What it knows of calls, with the code of the real server. */
  #calls = new MemoryCalls(() => 0);
  #busy = new BusyModel();
  /** Devices that were reported as lost. */
  #lost = new Set<string>();

  constructor(loop: EventLoop, network: Network, truth: GroundTruth, schedule: Schedule) {
    this.#mute = schedule.mute;
    this.#plainRelay = schedule.plainRelay;
    this.#sharesCalls = schedule.sharesCalls === true;
    this.#loop = loop;
    this.#network = network;
    this.#truth = truth;
    this.inbox = new Inbox(truth);
  }

  get #clock(): number {
    return SERVER_EPOCH + this.#loop.now;
  }

  connected(connection: Connection): void {
    this.#userOf.set(connection.device, connection.user);
    const old = this.#connections.get(connection.device);
    if (old) old.dead = true;
    this.#connections.set(connection.device, connection);
    this.#lost.delete(connection.device);
  }

  /** The server notices after `noticeMs` that a connection is lost. */
  broken(connection: Connection, noticeMs: number): void {
    const epoch = this.#epoch;
    this.#loop.after(noticeMs, () => {
      if (this.#epoch !== epoch || this.#connections.get(connection.device) !== connection) return;
      this.#connections.delete(connection.device);
      this.#awaitReturn(connection.device, connection.user);
    });
  }

  /** @returns the connections that broke */
  restart(downMs: number): Connection[] {
    this.#loop.note(() => 'server restarts');
    this.#truth.restartedAt = this.#loop.now;
    const broken = [...this.#connections.values()];
    this.up = false;
    this.#epoch++;
    this.#connections = new Map();
    this.#presence = new PresenceModel();
    this.#busy = new BusyModel();
    this.#audience = new Map();
    this.#lost = new Set();
    this.#calls = new MemoryCalls(() => 0);
    const epoch = this.#epoch;
    this.#loop.after(downMs, () => {
      if (this.#epoch !== epoch) return;
      this.up = true;
      for (const entry of this.inbox.open()) {
        const { callID, records, initiator, endWithInitiator } = entry.invite;
        this.#receive(callID, [entry.user, ...records.map((record) => record.user)]);
        const { deviceID, userID } = entry.from;
        const member = { round: entry.round, state: 'inviting' as const, inviter: userID };
        this.#calls.note(callID, {
          origin: { initiator, endWithInitiator, isComplete: false },
          members: new Map([[entry.user, member]]),
        });
        if (this.#presence.has(deviceID) || this.#connections.has(deviceID)) continue;
        this.#presence.enter(deviceID, callID);
        this.#awaitReturn(deviceID, userID);
      }
    });
    return broken;
  }

  hello(connection: Connection, hello: Hello): void {
    const { device, user } = connection;
    const { replaces, current, onHold = [] } = hello;
    if (replaces !== undefined) {
      const old = this.#connections.get(replaces);
      if (old) old.dead = true;
      this.#connections.delete(replaces);
      this.#reportLost(replaces, user);
      this.#lost.add(replaces);
    }
    const running = [...onHold, ...(current ? [current] : [])];
    for (const callID of this.#presence.callsOf(device))
      if (!running.some((one) => one.callID === callID)) this.#reportLostIn(device, user, callID);
    for (const one of running) {
      if (one.phase !== 'in') continue;
      this.#find(connection, one.callID, []);
      this.#enter(connection, one.callID, onHold.length > 0);
      if (!this.#plainRelay && this.#presence.callsOf(device).includes(one.callID))
        this.#correct(connection, one.callID, missedRecords(user, this.#knowledgeOf(one.callID)));
    }
    for (const { callID, record } of hello.over) {
      const call = this.#knowledgeOf(callID);
      if (!call.members.has(user)) continue;
      const ended: CallMessage = { ...this.#envelope(callID, []), type: 'state', phase: 'over' };
      const visibleMessage = authorize(
        this.#senderOf(connection),
        { ...ended, records: [record] },
        call,
      );
      if (visibleMessage.isAllowed) this.#calls.note(callID, { members: visibleMessage.changes });
    }
    for (const { callID, record } of hello.over) {
      if (['declined', 'in', 'left'].includes(record.state)) {
        this.inbox.answered(user, callID, record.round, device);
      }
    }
    for (const one of running)
      if (statesToHaveAnswered(one)) this.inbox.answered(user, one.callID, one.round, device);
    for (const entry of this.inbox.open()) {
      const isRunning = running.some(({ callID }) => callID === entry.invite.callID);
      if (entry.from.deviceID === device && isRunning) {
        for (const other of this.#devicesOf(entry.user)) this.#replay(other, entry);
      } else if (entry.user === user && this.#hasDevices(entry)) this.#replay(connection, entry);
    }
    const inbox = this.inbox.report(user, hello.missed, this.#clock - MISSED_AFTER_MS);
    const busy = this.#sharesCalls ? { busy: this.#busy.report(user, device) } : {};
    const report = { ...inbox, ...(this.#mute && { settled: [] }), ...busy };
    this.#network.down(connection, SERVER_DEVICE, () => connection.page.synced(report));
  }

  serve(connection: Connection, message: Message): void {
    if (message.type === 'seen' || message.type === 'history' || message.type === 'preferences')
      return;
    if (message.type === 'busy') return this.#stated(connection, message);
    const { device, user } = connection;
    const { callID } = message;
    this.#checks.note(user, device, message);
    this.#receive(callID, [user, ...message.to]);
    let to = message.to;
    if (message.type === 'accept') this.#find(connection, callID, message.to);
    if (message.type === 'sync' || message.type === 'state') {
      this.#find(connection, callID, namedBy(user, message.records));
      if (statesToBeIn(this.#senderOf(connection), message))
        this.#enter(connection, callID, message.keepsOthers);
    }
    const call = this.#withOwners(this.#knowledgeOf(callID), message);
    const sender = this.#senderOf(connection);
    const authorization = this.#plainRelay ? undefined : authorize(sender, message, call);
    if (authorization?.isAllowed === false) {
      this.#loop.note(() => `refused: ${message.type} of ${device}`);
      if (message.type === 'invite') this.refusedInvites.push({ at: this.#loop.now, user });
      this.#network.down(connection, SERVER_DEVICE, () => connection.page.refused(callID, message));
      if (message.type !== 'cancel' && message.type !== 'select') return;
      for (const { user: member, round } of message.records) {
        if (member !== message.user) continue;
        this.#truth.decisionRefused(callID, member, round, connection.page);
        // It has learned that another member was first, and does not decide any more.
        const key = `${device} ${callID} ${member} ${round}`;
        if (this.#loop.now - (this.#corrected.get(key) ?? Infinity) > CORRECTED_MS)
          this.#loop.violate('decides-in-vain', key);
      }
      return;
    }
    if (authorization) {
      const { changes: members, origin } = authorization;
      this.#calls.note(callID, { origin, members });
    }
    switch (message.type) {
      case 'invite':
        this.#presence.enter(device, callID, message.keepsOthers);
        to = this.#invite(connection, message, call, authorization);
        break;
      case 'accept': {
        if (!message.join) {
          this.inbox.answered(user, callID, message.round, device);
          this.#truth.acceptReceived(callID, device, message.round);
        }
        // As the loser of a glare, it has given up its own call without a message to the server.
        for (const before of message.keepsOthers ? [] : this.#presence.callsOf(device))
          if (before !== callID) this.#left(device, before);
        break;
      }
      case 'decline':
        if (message.reason === 'declined') this.inbox.answered(user, callID, message.round, device);
        else this.inbox.known(user, callID);
        break;
      case 'ringing':
        this.inbox.known(user, callID);
        break;
      case 'select': {
        const record = message.records.find((each) => each.user === message.user);
        if (!record) break;
        this.inbox.selected(message.user, callID, record.round);
        if (record.device !== undefined) this.#track(callID, message.user, record.device);
        break;
      }
      case 'cancel':
        if (message.reason === 'glare') {
          this.#presence.leave(device, callID);
          this.inbox.forget(message.user, callID);
        } else this.#end(callID, message.user, message.reason);
        break;
      case 'leave': {
        // Without checks, it does not know whether the device was in.
        const own = authorization && leftBy(user, authorization);
        if (own) this.inbox.answered(user, callID, own.round, device);
        this.#left(device, callID);
        break;
      }
      case 'end':
        this.#presence.leave(device, callID);
        for (const entry of this.inbox.openFor(callID)) this.#end(callID, entry.user, 'canceled');
        break;
      case 'sync':
        this.#onSync(connection, message);
        break;
      default:
        break;
    }
    const acknowledged = message.to.map((each) =>
      authorization?.invitees.get(each) === 'rejected'
        ? { user: each, devices: 0, rejected: true }
        : {
            user: each,
            devices: this.#devicesOf(each).filter((other) => other.device !== device).length,
          },
    );
    if (authorization) {
      this.#relay(connection, { ...message, to }, call, authorization);
      if (message.type === 'invite')
        this.#tellEarlierInvitations(connection, message, authorization);
    } else this.#relayUnchecked(connection, { ...message, to });
    this.#network.down(connection, SERVER_DEVICE, () =>
      connection.page.acknowledged(callID, message, acknowledged),
    );
  }

  #devicesOf(user: string): Connection[] {
    return [...this.#connections.values()].filter((connection) => connection.user === user);
  }

  #receive(callID: string, users: readonly string[]): void {
    const audience = this.#audience.get(callID) ?? new Set();
    for (const user of users) audience.add(user);
    this.#audience.set(callID, audience);
  }

  /** Relays a message like the real server: to the users concerned, with the statements that its sender may make. */
  #relay(
    from: Connection,
    message: CallMessage,
    call: CallKnowledge,
    authorization: Extract<ReturnType<typeof authorize>, { isAllowed: true }>,
  ): void {
    const sender = this.#senderOf(from);
    const at = this.#clock;
    const relay = { sender, message, at, authorization, call };
    const audience = new Audience(sender, message, call, authorization.changes);
    const recipients: string[] = [];
    for (const user of new Set(message.to)) {
      const isInvited = authorization.invitees.get(user) === 'open';
      const share = message.type === 'invite' && isInvited ? 'all' : audience.shareOf(user);
      if (share === 'none' || (message.type === 'invite' && !isInvited)) {
        this.#loop.note(() => `${message.type} of ${from.device} does not reach ${user}`);
        continue;
      }
      if (call.named.get(user)?.has(from.user)) recipients.push(user);
      const all = user === from.user ? message : relayed(relay);
      const visibleMessage = share === 'all' ? all : withOwnRecord(relay, user);
      const out = stamped(visibleMessage, sender, at) as unknown as Delivered;
      for (const connection of this.#devicesOf(user)) {
        if (connection.device === from.device) continue;
        if (message.toDevice !== undefined && message.toDevice !== connection.device) continue;
        this.#deliver(connection, from.device, out);
      }
    }
    if (call.named.size === 0 || !/^(invite|roster|select|sync|state)$/.test(message.type)) return;
    const records = [...authorization.records.values()];
    const named = new Map(recipients.map((user) => [user, namedBy(user, records)]));
    this.#calls.note(message.callID, { named });
  }

  /** Relays a message unchanged, except for the stamp. */
  #relayUnchecked(from: Connection, message: CallMessage): void {
    const sender = this.#senderOf(from);
    const out = stamped(message, sender, this.#clock) as unknown as Delivered;
    for (const user of new Set(message.to)) {
      for (const connection of this.#devicesOf(user)) {
        if (connection.device === from.device) continue;
        if (message.toDevice !== undefined && message.toDevice !== connection.device) continue;
        this.#deliver(connection, from.device, out);
      }
    }
  }

  #senderOf({ user, device }: Connection) {
    return { userID: user, userName: nameOf(user), deviceID: device };
  }

  #knowledgeOf(callID: string): CallKnowledge {
    const userNames = new Map<string, string>();
    const devices = this.#presence.devicesIn(callID).map((deviceID) => {
      const userID = this.#userOf.get(deviceID) ?? '';
      userNames.set(userID, nameOf(userID));
      const connected = this.#connections.has(deviceID);
      return { device: { userID, userName: nameOf(userID), deviceID }, connected };
    });
    const { origin, members, named } = this.#calls.get(callID);
    for (const user of [...members.keys(), ...named.keys()]) userNames.set(user, nameOf(user));
    return { origin, members, named, devices, userNames };
  }

  /** Adds the owners of devices that a message names and that are not in the call. */
  #withOwners(call: CallKnowledge, { records }: CallMessage): CallKnowledge {
    const owners = records.flatMap(({ device = '' }) => {
      const userID = this.#connections.get(device)?.user;
      return userID === undefined ? [] : [{ userID, deviceID: device }];
    });
    return { ...call, owners };
  }

  /** A device reports its own state in a call whose beginning the server has not seen. */
  #find({ user }: Connection, callID: string, names: readonly string[]): void {
    const { origin, members } = this.#calls.get(callID);
    if (origin?.isComplete && members.has(user)) return;
    this.#calls.note(callID, { named: new Map([[user, names]]) });
  }

  /** A device enters a call by its own message if it was selected, or if the server cannot know. */
  #enter({ user, device }: Connection, callID: string, keeps = false): void {
    const { origin, members } = this.#calls.get(callID);
    const member = members.get(user);
    const isFound = !member && !origin?.isComplete;
    if (isFound || (member?.state === 'in' && member.device === device)) {
      this.#presence.enter(device, callID, keeps);
    }
  }

  /**
   * Relays a false message, with the ID of the attacker's device or one that the server lets it use. Nothing is
   * recorded and, with `stamp-only`, nothing is checked: the result shows what the devices accept.
   * @param admit whether a page receives it
   */
  relay(
    connection: Connection,
    lie: Message,
    { device, checks }: { device: string; checks: Liar['serverChecks'] },
    admit: (page: Page, delivered: Delivered) => boolean,
  ): void {
    const { user } = connection;
    // A checking server does not let anybody use the ID of a connected device.
    const isBorrowed = device !== connection.device;
    const checked = isBorrowed ? undefined : this.#checks.passes(user, device, lie);
    const message = checks === 'full' ? checked : lie;
    if (!message) return;
    const by = `${user} ${device}`;
    const stamped: Message =
      message.type === 'signal' ? { ...message, data: { ...message.data, by } } : message;
    const from = { userID: user, userName: nameOf(user), deviceID: device };
    const delivered: Delivered = { ...stamped, from, at: this.#clock };
    for (const to of this.#connections.values()) {
      if (to.user === user || !isMeant(message, to)) continue;
      this.#network.down(to, connection.device, () => {
        if (admit(to.page, delivered)) to.page.receive(delivered);
      });
    }
  }

  #deliver(connection: Connection, sender: string, message: Delivered): void {
    this.#network.down(connection, sender, () => connection.page.receive(message));
  }

  /** @returns the users to whom it is relayed, without those who have answered */
  #invite(
    connection: Connection,
    invite: MessageOf<'invite'>,
    call: CallKnowledge,
    authorization: ReturnType<typeof authorize> | undefined,
  ): string[] {
    const from = {
      userID: connection.user,
      userName: nameOf(connection.user),
      deviceID: connection.device,
    };
    return invite.to.filter((user) => {
      const round = invite.records.find((each) => each.user === user)?.round ?? 1;
      if (this.inbox.isSettled(user, invite.callID, round)) return false;
      // The inviter does not know yet that the user is in, or that the device of the user is lost.
      const isOpened = !authorization?.isAllowed || authorization.invitees.get(user) === 'open';
      if (!isOpened && (call.members.get(user)?.state ?? 'in') === 'in') return true;
      this.#truth.invited(invite.callID, user, round);
      const entry = this.inbox.add(user, round, invite, from, this.#clock);
      if (entry) this.#awaitEnd(entry);
      return true;
    });
  }

  #tellEarlierInvitations(
    to: Connection,
    { callID }: Message,
    { invitees }: Extract<ReturnType<typeof authorize>, { isAllowed: true }>,
  ): void {
    const users = [...invitees].flatMap(([user, status]) => (status === 'rejected' ? [] : [user]));
    const records = invitedByOthers(to.user, users, this.#calls.get(callID).members);
    for (const { user, round } of records)
      this.#corrected.set(`${to.device} ${callID} ${user} ${round}`, this.#loop.now);
    this.#correct(to, callID, records);
  }

  /** Tells a device about invitations that it has not heard of. */
  #correct(to: Connection, callID: string, records: MemberRecord[]): void {
    if (!records.length) return;
    const from = { ...this.#senderOf(to), deviceID: SERVER_DEVICE };
    this.#send(to, { ...this.#envelope(callID, [to.user]), type: 'roster', records, from });
  }

  #awaitEnd(entry: Entry): void {
    this.#loop.at(entry.expiresAt - SERVER_EPOCH + ENTRY_GRACE_MS, () => {
      if (!this.inbox.has(entry)) return;
      this.#end(entry.invite.callID, entry.user, 'timeout');
      this.#expired(entry);
    });
  }

  #end(callID: string, user: string, reason: string): void {
    const online = this.#devicesOf(user).some((connection) => !connection.dead);
    const why = reason === 'timeout' || reason === 'unreachable' ? 'timeout' : 'canceled';
    this.inbox.missed(user, callID, why, this.#clock, !online);
  }

  /** The invitation was not ended in time. */
  #expired({ user, round, invite, from }: Entry): void {
    const member = { round, state: 'timeout' as const, inviter: from.userID };
    this.#calls.note(invite.callID, { members: new Map([[user, member]]) });
  }

  #left(device: string, callID: string): void {
    this.#presence.leave(device, callID);
    this.#cancelIfEmpty(callID);
  }

  /** If no device of the call is left, the server cancels its open invitations. */
  #cancelIfEmpty(callID: string): void {
    if (this.#mute || this.#presence.devicesIn(callID).length > 0) return;
    for (const entry of this.inbox.openFor(callID)) {
      this.#end(callID, entry.user, 'lost');
      this.#expired(entry);
      const inviter = entry.from.userID;
      const record = { user: entry.user, round: entry.round, state: 'canceled' as const, inviter };
      for (const connection of this.#devicesOf(entry.user)) {
        this.#send(connection, {
          ...this.#envelope(callID, [entry.user]),
          type: 'cancel',
          user: entry.user,
          reason: 'lost',
          customData: '',
          records: [record],
          from: { userID: inviter, userName: nameOf(inviter), deviceID: SERVER_DEVICE },
        });
      }
    }
  }

  #onSync(connection: Connection, sync: MessageOf<'sync'>): void {
    for (const record of sync.records) {
      const { device } = record;
      if (record.state !== 'in' || device === undefined || device === connection.device) continue;
      if (this.#mute) continue;
      const { members, named } = this.#calls.get(sync.callID);
      const member = members.get(record.user);
      if (member && isParticipating(members.get(connection.user))) {
        const wasOffline = sync.toDevice === undefined;
        // It has left while the sender, who asks all members, was disconnected.
        if (wasOffline && hasLeftSince(record, member)) {
          this.#sendLeft(connection, sync.callID, record.user, member);
          continue;
        }
        const replaced = wasOffline ? replacedDevice(record, member) : undefined;
        if (
          replaced &&
          (this.#connections.has(replaced.device) || !this.#lost.has(replaced.device))
        )
          this.#correct(connection, sync.callID, [replaced]);
        if (member.device !== device || member.state !== 'in') continue;
        this.#isSaidToBeIn(connection, sync, record);
      } else if (sync.phase === 'in' && named.has(connection.user)) {
        this.#expect(connection, sync.callID, record);
      }
    }
    if (statesToHaveAnswered(sync) && sync.round !== undefined) {
      this.inbox.answered(connection.user, sync.callID, sync.round, connection.device);
    }
  }

  #isSaidToBeIn(
    by: Connection,
    { callID }: CallMessage,
    { user, device = '' }: Message['records'][number],
  ): void {
    const isConnected = this.#connections.has(device);
    if (!isConnected && this.#lost.has(device)) this.#sendLost(by, callID, user, device);
    // Also a connected device, because its connection may be dead already.
    else this.#track(callID, user, device);
  }

  /** Puts a device that was selected into the call. It stays in its other calls. If it is lost, the server waits for it. */
  #track(callID: string, user: string, device: string): void {
    const calls = this.#presence.callsOf(device);
    if (calls.includes(callID) || calls.length >= MAX_SELECTED_CALLS_PER_DEVICE) return;
    this.#presence.enter(device, callID, true);
    if (!this.#connections.has(device)) this.#awaitReturn(device, user);
  }

  /** After a restart: reports a device as lost to the member who named it, if it does not return. */
  #expect(by: Connection, callID: string, { user, device = '' }: Message['records'][number]): void {
    const epoch = this.#epoch;
    this.#loop.after(VANISH_MS, () => {
      if (this.#epoch !== epoch) return;
      const { members, named } = this.#calls.get(callID);
      const hasNamed =
        named.get(user)?.has(by.user) === true || (members.has(user) && members.has(by.user));
      if (this.#presence.callsOf(device).includes(callID) && hasNamed) return;
      for (const connection of this.#devicesOf(by.user)) {
        this.#sendLost(connection, callID, user, device);
      }
    });
  }

  #awaitReturn(device: string, user: string): void {
    const epoch = this.#epoch;
    this.#loop.after(VANISH_MS, () => {
      if (this.#epoch === epoch && !this.#connections.has(device)) this.#reportLost(device, user);
    });
  }

  /** A device states the calls that it is in: its user's other devices are told. */
  #stated(from: Connection, message: MessageOf<'busy'>): void {
    const { user, device } = from;
    this.#busy.state(user, device, message.callIDs);
    for (const to of this.#devicesOf(user))
      if (to !== from)
        this.#deliver(to, device, { ...message, from: this.#senderOf(from), at: this.#clock });
  }

  #reportLost(device: string, user: string): void {
    if (this.#busy.lose(user, device))
      for (const to of this.#devicesOf(user)) {
        const from = { userID: user, userName: nameOf(user), deviceID: SERVER_DEVICE };
        const callID = device;
        this.#send(to, {
          ...{ ...this.#envelope(callID, [user]), type: 'busy', callIDs: [], device, from },
        });
      }
    for (const callID of this.#presence.callsOf(device)) this.#reportLostIn(device, user, callID);
  }

  #reportLostIn(device: string, user: string, callID: string): void {
    this.#presence.leave(device, callID);
    if (!this.#connections.has(device)) this.#lost.add(device);
    this.#loop.note(() => `server reports ${device} as lost in ${callID}`);
    const audience = this.#mute ? undefined : this.#audience.get(callID);
    for (const connection of this.#connections.values()) {
      if (audience?.has(connection.user) && connection.device !== device) {
        this.#sendLost(connection, callID, user, device);
      }
    }
    this.#cancelIfEmpty(callID);
  }

  #sendLost(connection: Connection, callID: string, user: string, device: string): void {
    this.#send(connection, {
      ...this.#envelope(callID, [connection.user]),
      type: 'leave',
      reason: 'connection-lost',
      lost: device,
      from: { userID: user, userName: nameOf(user), deviceID: SERVER_DEVICE },
    });
  }

  #sendLeft(connection: Connection, callID: string, user: string, member: CallMember): void {
    const { round, inviter, device, reason } = member;
    const record = {
      ...{ user, round, state: 'left' as const, inviter },
      ...(device && { device }),
      ...(reason && { reason }),
    };
    this.#send(connection, {
      ...this.#envelope(callID, [connection.user]),
      type: 'leave',
      reason: reason ?? 'hung-up',
      records: [record],
      from: { userID: user, userName: nameOf(user), deviceID: SERVER_DEVICE },
    });
  }

  #hasDevices(entry: Entry): boolean {
    if (this.#connections.has(entry.from.deviceID)) return true;
    const devices = this.#presence.devicesIn(entry.invite.callID);
    return devices.some((device) => this.#connections.has(device));
  }

  #replay(connection: Connection, entry: Entry): void {
    this.#send(connection, {
      ...entry.invite,
      remainingMs: Math.max(0, entry.expiresAt - this.#clock),
      from: entry.from,
      replay: true,
    });
  }

  #envelope(callID: string, to: string[]) {
    const id = `server-${++this.#serial}-${this.#epoch}`;
    return { v: 1 as const, id, callID, to, records: [], names: [], remaining: [] };
  }

  #send(connection: Connection, message: Message & Omit<Delivered, 'at'>): void {
    this.#deliver(connection, SERVER_DEVICE, { ...message, at: this.#clock });
  }
}
