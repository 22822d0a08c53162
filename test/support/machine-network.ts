import {
  asksMembers,
  type Delivered,
  type MemberRecord,
  type Message,
  type MessageOf,
  type MessageType,
} from '../../src/core/protocol/messages.js';
import { PROTOCOL_VERSION, SERVER_DEVICE } from '../../src/core/protocol/limits.js';
import { initialState, transition } from '../../src/core/machine/machine.js';
import { snapshot } from '../../src/core/machine/snapshot.js';
import type { TimerRef } from '../../src/core/machine/timer-ref.js';
import type { EventInput } from '../../src/core/machine/events.js';
import type { Effect, MachineState, Self } from '../../src/core/machine/types.js';
import type { MachineSnapshot } from '../../src/core/machine/snapshot-types.js';

export const alice = { userID: 'alice', userName: 'ALICE' };
export const bob = { userID: 'bob', userName: 'BOB' };

const nameOf = (timer: TimerRef): string => JSON.stringify(Object.entries(timer).sort());

/** A device with a machine that records all effects. */
export class MachineDevice {
  state: MachineState;
  readonly effects: Effect[] = [];
  timers: { timer: TimerRef; at: number }[] = [];
  connected = false;
  readonly #network: MachineNetwork;

  constructor(network: MachineNetwork, self: Self) {
    this.#network = network;
    this.state = initialState(self);
  }

  get snapshot(): MachineSnapshot {
    return snapshot(this.state);
  }

  get status(): string {
    const { status, endReason } = this.snapshot;
    return endReason ? `${status}: ${endReason}` : status;
  }

  /** What it knows about a member of a call. */
  recordOf(user: string, callID = 'c1'): MemberRecord | undefined {
    return this.state.calls.get(callID)?.members.get(user)?.record;
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

  /** Its first invitation, as the server delivers it to a device that connects later. */
  replayed(at: number, remainingMs = 60_000): Delivered<MessageOf<'invite'>> {
    const [invite] = this.sent('invite');
    if (!invite) throw new Error('This device has not sent an invitation.');
    const { userID, userName, deviceID } = this.state.self;
    const stamp = { from: { userID, userName, deviceID }, at, replay: true as const };
    return { ...structuredClone(invite), ...stamp, remainingMs };
  }

  feed(event: EventInput): void {
    const [state, effects] = transition(this.state, { now: this.#network.now, ...event });
    this.state = state;
    for (const effect of effects) {
      this.effects.push(effect);
      if (effect.type === 'send') this.#network.post(this, effect.message);
      if (effect.type === 'start-timer') {
        // A timer with the same fields is restarted, as in the service.
        const name = nameOf(effect.timer);
        this.timers = this.timers.filter(({ timer }) => nameOf(timer) !== name);
        this.timers.push({ timer: effect.timer, at: this.#network.now + effect.ms });
      }
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

  send(
    callID: string,
    to: string[],
    options: { timeoutMs?: number; video?: boolean; endWithInitiator?: boolean } = {},
  ): void {
    this.feed({
      type: 'user.send',
      request: 1,
      callID,
      callType: options.video ? 'video' : 'voice',
      invitees: to.map((userID) => ({ userID, userName: userID })),
      customData: 'hello',
      timeoutMs: options.timeoutMs ?? 60_000,
      endWithInitiator: options.endWithInitiator ?? false,
    });
  }

  /** Invites a user into the current call. */
  invite(userID: string, timeoutMs = 30_000): void {
    const invitees = [{ userID, userName: userID }];
    this.feed({ type: 'user.invite', request: 9, invitees, timeoutMs });
  }

  press(type: 'user.accept' | 'user.decline' | 'user.cancel', customData = ''): void {
    this.feed({ type, request: 2, customData });
  }

  join(callID = 'c1'): void {
    this.feed({ type: 'user.join', request: 11, callID });
  }

  hangUp(): void {
    this.feed({ type: 'user.hang-up', request: 3 });
  }

  /** Reports every open link as connected. */
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

/** A message that was sent and not yet delivered. */
export interface QueuedMessage {
  readonly message: Delivered;
  readonly to: MachineDevice;
}

/** A network without faults that connects devices, unless the test adds a fault. */
export class MachineNetwork {
  now = 1_000_000;
  readonly devices: MachineDevice[] = [];
  /** Messages that were sent and not yet delivered. */
  readonly queue: QueuedMessage[] = [];
  /** While true, no message is delivered automatically. */
  isPaused = false;
  #at = 0;
  #delivering = false;

  addDevice(userID: string, options: Partial<Self> = {}): MachineDevice {
    const deviceID = options.deviceID ?? `${userID}-${this.devices.length + 1}`;
    const device = new MachineDevice(this, {
      userID,
      userName: userID.toUpperCase(),
      deviceID,
      media: false,
      canTakeCalls: true,
      ...options,
    });
    this.devices.push(device);
    device.connect();
    return device;
  }

  post(from: MachineDevice, message: Message): void {
    const { userID, userName, deviceID } = from.state.self;
    if (!from.connected) return;
    this.#at += 1;
    const targets = this.devices.filter(
      (device) =>
        device !== from &&
        device.connected &&
        (message.to.includes(device.state.self.userID) || this.#isAskedMember(device, message)) &&
        (message.toDevice === undefined || message.toDevice === device.state.self.deviceID),
    );
    const stamp = { from: { userID, userName, deviceID }, at: this.#at };
    for (const to of targets)
      this.queue.push({ to, message: structuredClone({ ...message, ...stamp }) });
    if (message.type === 'invite' || asksMembers(message)) {
      const users = new Set([...message.to, ...targets.map((device) => device.state.self.userID)]);
      const reached = [...users].map((user) => ({
        user,
        devices: targets.filter((device) => device.state.self.userID === user).length,
      }));
      from.feed({
        type: 'transport.acknowledged',
        callID: message.callID,
        messageID: message.id,
        reached,
      });
    }
    if (!this.isPaused) this.deliver();
  }

  /** Like the server, delivers the request of a device that does not know the call to the devices in that call. */
  #isAskedMember({ state }: MachineDevice, message: Message): boolean {
    return asksMembers(message) && state.calls.get(message.callID)?.phase === 'in';
  }

  /** A device disconnects without leaving the call, and the server reports it as lost to all other devices. */
  loseDevice(lost: MachineDevice, callID: string): void {
    lost.disconnect();
    this.#at += 1;
    const { userID, userName, deviceID } = lost.state.self;
    for (const device of this.devices.filter(({ connected }) => connected)) {
      const message: Delivered = {
        ...{ v: PROTOCOL_VERSION, id: `lost-${deviceID}`, type: 'leave', callID, to: [] },
        ...{ records: [], names: [], remaining: [], reason: 'connection-lost', lost: deviceID },
        ...{ from: { userID, userName, deviceID: SERVER_DEVICE }, at: this.#at },
      };
      device.feed({ type: 'transport.message', message });
    }
  }

  /** Delivers queued messages, and those that they cause, except lost ones. */
  deliver(isLost: (queue: QueuedMessage) => boolean = () => false): void {
    if (this.#delivering) return;
    this.#delivering = true;
    for (let next = this.queue.shift(); next; next = this.queue.shift())
      if (next.to.connected && !isLost(next))
        next.to.feed({ type: 'transport.message', message: next.message });
    this.#delivering = false;
  }

  /** Advances the time. Timers run in order. */
  advance(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const due = this.devices
        .flatMap((device) => device.timers.map((entry) => ({ device, entry })))
        .filter(({ entry }) => entry.at <= end)
        .sort((a, b) => a.entry.at - b.entry.at)[0];
      if (!due) break;
      this.now = Math.max(this.now, due.entry.at);
      due.device.timers = due.device.timers.filter((entry) => entry !== due.entry);
      due.device.feed({ type: 'timer', timer: due.entry.timer });
    }
    this.now = end;
  }
}

/** A network with one device for each name; a name given twice gets two devices. */
export function createNetwork<const Users extends readonly string[]>(
  ...users: Users
): [network: MachineNetwork, ...{ [Index in keyof Users]: MachineDevice }] {
  const network = new MachineNetwork();
  const devices = users.map((userID) => network.addDevice(userID)) as {
    [Index in keyof Users]: MachineDevice;
  };
  return [network, ...devices];
}

/** A network with one device each of Alice and Bob. */
export function createTwoDevices(options?: Partial<Self>): {
  network: MachineNetwork;
  a: MachineDevice;
  b: MachineDevice;
} {
  const network = new MachineNetwork();
  return { network, a: network.addDevice('alice', options), b: network.addDevice('bob', options) };
}

/** Delivers a message of `from` to `to` that the machine of `from` has not sent. */
export function deliverFrom(from: MachineDevice, to: MachineDevice, body: object): void {
  const { userID, userName, deviceID } = from.state.self;
  const envelope = {
    v: 1,
    callID: 'c1',
    to: [to.state.self.userID],
    names: [],
    remaining: [],
    at: 9,
  };
  const message = { ...envelope, ...body, from: { userID, userName, deviceID } };
  to.feed({ type: 'transport.message', message: message as unknown as Delivered });
}
