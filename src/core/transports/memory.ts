import { fitsWire } from '../protocol/limits.js';
import { asksMembers, isForeignInvite, parseMessage, type Message } from '../protocol/messages.js';
import type {
  SendOutcome,
  SignalTransport,
  TransportEvent,
  TransportIdentity,
} from '../ports/signal-transport.js';

/** One message on its way to one device. */
export interface MemoryDelivery {
  readonly from: TransportIdentity;
  readonly to: TransportIdentity;
  readonly message: Readonly<Record<string, unknown>>;
}

export interface MemoryNetworkOptions {
  /** Runs a step of the network later, after all that it was given before. Default `queueMicrotask`. */
  schedule?: (step: () => void) => void;
  /** The network's time, with which it stamps messages, in ms since the epoch. Default `Date.now`. */
  now?: () => number;
  /**
   * Asked for each delivery: `hold` keeps it until `release()`, `drop` loses it, `repeat` makes it twice.
   * Default: `deliver`.
   */
  route?: (delivery: MemoryDelivery) => 'deliver' | 'hold' | 'drop' | 'repeat';
}

/** A network inside one process. It has no inbox, and says nothing for devices that vanish. */
export interface MemoryNetwork {
  /** A transport for one device, connected as soon as it is opened. */
  transport(): SignalTransport;
  /** Cuts a connection. What is on its way to that device is lost. */
  disconnect(transport: SignalTransport): void;
  /** Makes a connection again that was cut. */
  reconnect(transport: SignalTransport): void;
  /** Does not take the user: no message goes, until the transport is opened again. */
  refuse(transport: SignalTransport, message: string): void;
  /** Hands something to a device as if it came from the wire, unstamped and unchecked. */
  inject(transport: SignalTransport, message: unknown): void;
  /** Delivers what was held, in order. */
  release(): void;
}

/**
 * Makes a network for tests and for scripts with several users in one process.
 * It stamps, checks, routes and acknowledges messages as the server does.
 *
 * @example
 * ```ts
 * import { createCallInvitationService } from 'ringkit/core';
 * import { createMemoryNetwork } from 'ringkit/transports/memory';
 *
 * const network = createMemoryNetwork();
 * const alice = createCallInvitationService({ user: 'alice', transport: network.transport() });
 * const bob = createCallInvitationService({ user: 'bob', transport: network.transport() });
 * bob.$call.subscribe(({ status }) => {
 *   if (status === 'incoming') void bob.accept();
 * });
 * await alice.send({ invitees: ['bob'], callType: 'voice' });
 * ```
 */
export function createMemoryNetwork(options: MemoryNetworkOptions = {}): MemoryNetwork {
  return new Network(options);
}

/** Calls of which the network remembers whom they concern. */
const MAX_CALLS = 1_000;

class Network implements MemoryNetwork {
  readonly devices = new Set<Device>();
  readonly schedule: (step: () => void) => void;
  readonly #now: () => number;
  /** Who has to do with a call, by callID. */
  readonly #users = new Map<string, Set<string>>();
  readonly #route: NonNullable<MemoryNetworkOptions['route']>;
  #held: (() => void)[] = [];

  constructor({ schedule, now, route }: MemoryNetworkOptions) {
    // As a function of its own: browsers let nobody call theirs as a method.
    this.schedule = schedule ?? ((step) => queueMicrotask(step));
    this.#now = now ?? Date.now;
    this.#route = route ?? (() => 'deliver');
  }

  transport(): SignalTransport {
    return new Device(this);
  }

  disconnect(transport: SignalTransport): void {
    this.#device(transport).cut({ type: 'offline' });
  }

  reconnect(transport: SignalTransport): void {
    this.#device(transport).connect();
  }

  refuse(transport: SignalTransport, message: string): void {
    this.#device(transport).cut({ type: 'refused', message });
  }

  inject(transport: SignalTransport, message: unknown): void {
    const tell = this.#device(transport).line();
    this.schedule(() => tell({ type: 'message', message }));
  }

  release(): void {
    for (const deliver of this.#held.splice(0)) this.schedule(deliver);
  }

  /** Takes a message from a device to all that it addresses. */
  carry(sender: Device, from: TransportIdentity, message: Message): SendOutcome {
    if (!fitsWire(message)) return { type: 'refused', code: 'invalid-argument' };
    const input: unknown = JSON.parse(JSON.stringify(message));
    const checked =
      parseMessage(input) ?? (isForeignInvite(input) ? (input as Message) : undefined);
    if (!checked) return { type: 'refused', code: 'invalid-argument' };
    const { userID, userName, deviceID } = from;
    const stamped = { ...checked, from: { userID, userName, deviceID }, at: this.#now() };
    const to = new Set([...checked.to, ...this.#askedBy(userID, checked)]);
    const reached = [...to].map((user) => {
      const devices = [...this.devices].filter(
        ({ identity }) =>
          identity?.userID === user &&
          (checked.toDevice ?? identity.deviceID) === identity.deviceID,
      );
      const others = devices.filter((device) => device !== sender);
      for (const device of others) this.#deliver(from, device, stamped);
      return { user, devices: others.length };
    });
    return { type: 'acknowledged', reached };
  }

  /** Whom a message goes to beside its addressees, as its sender does not know the call: all who had to do with it. */
  #askedBy(sender: string, message: Message): Iterable<string> {
    const { callID, to } = message;
    const users = this.#users.get(callID) ?? new Set();
    if (asksMembers(message)) return users.has(sender) ? users : [];
    for (const user of [sender, ...to]) users.add(user);
    this.#users.delete(callID);
    this.#users.set(callID, users);
    const [oldest] = this.#users.keys();
    if (this.#users.size > MAX_CALLS && oldest !== undefined) this.#users.delete(oldest);
    return [];
  }

  #deliver(from: TransportIdentity, device: Device, message: Record<string, unknown>): void {
    const to = device.identity;
    if (!to) return;
    const tell = device.line();
    // Each device has a copy of its own, as from a wire.
    const deliver = (): void => tell({ type: 'message', message: structuredClone(message) });
    const fate = this.#route({ from, to, message });
    if (fate === 'hold') this.#held.push(deliver);
    else if (fate !== 'drop') this.schedule(deliver);
    if (fate === 'repeat') this.schedule(deliver);
  }

  #device(transport: SignalTransport): Device {
    if (transport instanceof Device && transport.network === this) return transport;
    throw new TypeError('The transport is not of this network.');
  }
}

class Device implements SignalTransport {
  readonly network: Network;
  /** Whose messages it takes, while it is connected. */
  identity: TransportIdentity | undefined;
  #wanted: TransportIdentity | undefined;
  #handle: ((event: TransportEvent) => void) | undefined;
  /** Goes up with each connection that is made or lost: what was on its way over an older one is lost. */
  #connection = 0;

  constructor(network: Network) {
    this.network = network;
  }

  open(identity: TransportIdentity, handle: (event: TransportEvent) => void): void {
    this.close();
    this.#wanted = identity;
    this.#handle = handle;
    this.#emit({ type: 'connecting' });
    this.connect();
  }

  hello(): void {
    const tell = this.line();
    this.network.schedule(() => tell({ type: 'drained', inbox: { missed: [], settled: [] } }));
  }

  send(message: Message): Promise<SendOutcome> {
    const { identity } = this;
    const connection = this.#connection;
    return new Promise((resolve) => {
      if (!identity) return resolve({ type: 'lost' });
      this.network.schedule(() => {
        const outcome = this.network.carry(this, identity, message);
        this.network.schedule(() =>
          resolve(connection === this.#connection ? outcome : { type: 'lost' }),
        );
      });
    });
  }

  close(): void {
    this.#handle = undefined;
    this.#wanted = undefined;
    this.#disconnect();
  }

  connect(): void {
    const identity = this.#wanted;
    if (!identity || this.identity) return;
    const connection = ++this.#connection;
    this.network.schedule(() => {
      if (connection !== this.#connection) return;
      this.identity = identity;
      this.network.devices.add(this);
      this.#handle?.({ type: 'online' });
    });
  }

  cut(event: Extract<TransportEvent, { type: 'offline' | 'refused' }>): void {
    this.#disconnect();
    if (event.type === 'refused') this.#wanted = undefined;
    this.#emit(event);
  }

  /** @returns a way to tell something to this device, as long as its connection stands */
  line(): (event: TransportEvent) => void {
    const connection = this.#connection;
    return (event) => {
      if (this.identity && connection === this.#connection) this.#handle?.(event);
    };
  }

  #disconnect(): void {
    this.identity = undefined;
    this.network.devices.delete(this);
    this.#connection++;
  }

  /** Tells how the connection fares: to whoever has opened it by now, and to nobody else later. */
  #emit(event: TransportEvent): void {
    const handle = this.#handle;
    this.network.schedule(() => {
      if (this.#handle === handle) handle?.(event);
    });
  }
}
