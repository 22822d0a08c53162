import {
  asksMembers,
  type Delivered,
  type Message,
  type MessageOf,
  type MessageType,
} from '../../src/core/protocol/messages.js';
import { PROTOCOL_VERSION, SERVER_DEVICE } from '../../src/core/protocol/limits.js';
import { initialState, transition } from '../../src/core/machine/machine.js';
import { snapshot } from '../../src/core/machine/snapshot.js';
import type { TimerRef } from '../../src/core/machine/timer-ref.js';
import type {
  Effect,
  MachineEvent,
  MachineSnapshot,
  MachineState,
  Self,
} from '../../src/core/machine/types.js';

type EventInput = MachineEvent extends infer E
  ? E extends MachineEvent
    ? Omit<E, 'now'>
    : never
  : never;

export const alice = { userID: 'alice', userName: 'ALICE' };
export const bob = { userID: 'bob', userName: 'BOB' };

/** One device at the table: a machine, and all that it has wanted. */
export class Seat {
  state: MachineState;
  readonly effects: Effect[] = [];
  timers: { timer: TimerRef; at: number }[] = [];
  connected = false;
  readonly #table: Table;

  constructor(table: Table, self: Self) {
    this.#table = table;
    this.state = initialState(self);
  }

  get snapshot(): MachineSnapshot {
    return snapshot(this.state);
  }

  get status(): string {
    const { status, endReason } = this.snapshot;
    return endReason ? `${status}: ${endReason}` : status;
  }

  /** Names of the callbacks so far. */
  get callbacks(): string[] {
    return this.effects.flatMap((effect) => (effect.type === 'callback' ? [effect.name] : []));
  }

  argsOf(name: string): unknown[][] {
    return this.effects.flatMap((effect) =>
      effect.type === 'callback' && effect.name === name ? [effect.args] : [],
    );
  }

  count(type: Effect['type']): number {
    return this.effects.filter((effect) => effect.type === type).length;
  }

  /** Messages of a type that it has sent so far. */
  sent<T extends MessageType>(type: T): MessageOf<T>[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'send' && effect.message.type === type
        ? [effect.message as MessageOf<T>]
        : [],
    );
  }

  /** Its first invitation, as the server hands it to a device that comes later. */
  replayed(at: number, remainingMs = 60_000): Delivered {
    const [invite] = this.sent('invite');
    if (!invite) throw new Error('It has invited nobody.');
    const { userID, userName, deviceID } = this.state.self;
    const stamp = { from: { userID, userName, deviceID }, at, replay: true as const };
    return { ...structuredClone(invite), ...stamp, remainingMs };
  }

  feed(event: EventInput): void {
    const [state, effects] = transition(this.state, { now: this.#table.now, ...event });
    this.state = state;
    for (const effect of effects) {
      this.effects.push(effect);
      if (effect.type === 'send') this.#table.post(this, effect.message);
      if (effect.type === 'start-timer')
        this.timers.push({ timer: effect.timer, at: this.#table.now + effect.ms });
      if (effect.type === 'stop-timers')
        this.timers = this.timers.filter(({ timer }) => timer.callID !== effect.callID);
    }
  }

  connect(): void {
    this.connected = true;
    this.feed({ type: 'transport.online' });
    this.feed({ type: 'transport.synced', inbox: { missed: [], settled: [] } });
  }

  disconnect(): void {
    this.connected = false;
    this.feed({ type: 'transport.offline' });
  }

  send(callID: string, to: string[], options: { timeoutMs?: number; video?: boolean } = {}): void {
    this.feed({
      type: 'user.send',
      request: 1,
      callID,
      callType: options.video ? 'video' : 'voice',
      invitees: to.map((userID) => ({ userID, userName: userID })),
      customData: 'hello',
      timeoutMs: options.timeoutMs ?? 60_000,
      endWithInitiator: false,
    });
  }

  /** Invites into the call that it is in. */
  invite(userID: string, timeoutMs = 30_000): void {
    const invitees = [{ userID, userName: userID }];
    this.feed({ type: 'user.invite', request: 9, invitees, timeoutMs });
  }

  press(type: 'user.accept' | 'user.decline' | 'user.cancel', customData = ''): void {
    this.feed({ type, request: 2, customData });
  }

  hangUp(): void {
    this.feed({ type: 'user.hang-up', request: 3 });
  }

  /** Reports every open link as up. */
  linksUp(): void {
    for (const effect of [...this.effects])
      if (effect.type === 'open-link')
        this.feed({
          type: 'link.up',
          callID: effect.callID,
          user: effect.user,
          device: effect.device,
          link: effect.link,
        });
  }
}

/** A message on its way. */
export interface Mail {
  readonly message: Delivered;
  readonly to: Seat;
}

/** Devices around a table that hand each other their messages: a network without a fault, until a test makes one. */
export class Table {
  now = 1_000_000;
  readonly seats: Seat[] = [];
  /** What was sent and not delivered yet. */
  readonly mail: Mail[] = [];
  /** While true, nothing is delivered by itself. */
  held = false;
  #at = 0;
  #delivering = false;

  seat(userID: string, options: Partial<Self> = {}): Seat {
    const deviceID = options.deviceID ?? `${userID}-${this.seats.length + 1}`;
    const seat = new Seat(this, {
      userID,
      userName: userID.toUpperCase(),
      deviceID,
      media: false,
      canTakeCalls: true,
      ...options,
    });
    this.seats.push(seat);
    seat.connect();
    return seat;
  }

  post(from: Seat, message: Message): void {
    const { userID, userName, deviceID } = from.state.self;
    if (!from.connected) return;
    this.#at += 1;
    const targets = this.seats.filter(
      (seat) =>
        seat !== from &&
        seat.connected &&
        (message.to.includes(seat.state.self.userID) || this.#isAsked(seat, message)) &&
        (message.toDevice === undefined || message.toDevice === seat.state.self.deviceID),
    );
    const stamp = { from: { userID, userName, deviceID }, at: this.#at };
    for (const to of targets)
      this.mail.push({ to, message: structuredClone({ ...message, ...stamp }) });
    if (message.type === 'invite' || asksMembers(message)) {
      const users = new Set([...message.to, ...targets.map((seat) => seat.state.self.userID)]);
      const reached = [...users].map((user) => ({
        user,
        devices: targets.filter((seat) => seat.state.self.userID === user).length,
      }));
      from.feed({
        type: 'transport.acknowledged',
        callID: message.callID,
        messageID: message.id,
        reached,
      });
    }
    if (!this.held) this.deliver();
  }

  /** As the server does: a message of one who does not know the call goes to those who are in it. */
  #isAsked({ state }: Seat, message: Message): boolean {
    return asksMembers(message) && state.calls.get(message.callID)?.phase === 'in';
  }

  /** A device is gone without a word, and the server says so to all others of the call. */
  vanish(lost: Seat, callID: string): void {
    lost.disconnect();
    this.#at += 1;
    const { userID, userName, deviceID } = lost.state.self;
    for (const seat of this.seats.filter(({ connected }) => connected)) {
      const message: Delivered = {
        ...{ v: PROTOCOL_VERSION, id: `lost-${deviceID}`, type: 'leave', callID, to: [] },
        ...{ records: [], names: [], remaining: [], reason: 'connection-lost', lost: deviceID },
        ...{ from: { userID, userName, deviceID: SERVER_DEVICE }, at: this.#at },
      };
      seat.feed({ type: 'transport.message', message });
    }
  }

  /** Delivers what is waiting, and what that causes, but for what goes astray. */
  deliver(goesAstray: (mail: Mail) => boolean = () => false): void {
    if (this.#delivering) return;
    this.#delivering = true;
    for (let next = this.mail.shift(); next; next = this.mail.shift())
      if (next.to.connected && !goesAstray(next))
        next.to.feed({ type: 'transport.message', message: next.message });
    this.#delivering = false;
  }

  /** Lets time pass: timers run in their order. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const due = this.seats
        .flatMap((seat) => seat.timers.map((entry) => ({ seat, entry })))
        .filter(({ entry }) => entry.at <= end)
        .sort((a, b) => a.entry.at - b.entry.at)[0];
      if (!due) break;
      this.now = Math.max(this.now, due.entry.at);
      due.seat.timers = due.seat.timers.filter((entry) => entry !== due.entry);
      due.seat.feed({ type: 'timer', timer: due.entry.timer });
    }
    this.now = end;
  }
}

/** A table, and a device of each of these users; of one who is named twice, two. */
export function tableOf<const Users extends readonly string[]>(
  ...users: Users
): [table: Table, ...{ [Index in keyof Users]: Seat }] {
  const table = new Table();
  const seats = users.map((userID) => table.seat(userID)) as { [Index in keyof Users]: Seat };
  return [table, ...seats];
}

/** Alice and Bob, with a device each. */
export function two(options?: Partial<Self>): { table: Table; a: Seat; b: Seat } {
  const table = new Table();
  return { table, a: table.seat('alice', options), b: table.seat('bob', options) };
}
