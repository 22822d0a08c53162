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
  /** Runs a step of the network asynchronously, after all earlier steps. Default `queueMicrotask`. */
  schedule?: (step: () => void) => void;
  /** Time with which the network stamps messages, in ms since the epoch. Default `Date.now`. */
  now?: () => number;
  /**
   * Called for each delivery: `hold` delays it until `release()`, `drop` discards it, `repeat` delivers it twice.
   * Default: `deliver`.
   */
  route?: (delivery: MemoryDelivery) => 'deliver' | 'hold' | 'drop' | 'repeat';
}

/** A network inside one process. It has no inbox, and does not report devices as lost. */
export interface MemoryNetwork {
  /** Creates a transport for one device. It connects when it is opened. */
  transport(): SignalTransport;
  /** Cuts a connection. Messages on their way to that device are lost. */
  disconnect(transport: SignalTransport): void;
  /** Re-establishes a connection that was cut. */
  reconnect(transport: SignalTransport): void;
  /** Rejects the user: nothing is delivered until the transport is opened again. */
  refuse(transport: SignalTransport, message: string): void;
  /** Passes a value to a device as if it had been received, without stamp and without checks. */
  inject(transport: SignalTransport, message: unknown): void;
  /** Delivers the held messages, in order. */
  release(): void;
}

/**
 * Creates a network for tests and for scripts with several users in one process.
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

/** Number of calls whose users the network remembers. */
const MAX_CALLS = 1_000;

class Network implements MemoryNetwork {
  readonly devices = new Set<Device>();
  readonly schedule: (step: () => void) => void;
  readonly #now: () => number;
  /** The users of each call, by callID. */
  readonly #users = new Map<string, Set<string>>();
  readonly #route: NonNullable<MemoryNetworkOptions['route']>;
  #held: (() => void)[] = [];

  constructor({ schedule, now, route }: MemoryNetworkOptions) {
    // Wrapped, because browsers throw if `queueMicrotask` is called as a method of another object.
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
    const emit = this.#device(transport).emitter();
    this.schedule(() => emit({ type: 'message', message }));
  }

  release(): void {
    for (const deliver of this.#held.splice(0)) this.schedule(deliver);
  }

  /** Routes a message from a device to all devices that it addresses. */
  route(sender: Device, from: TransportIdentity, message: Message): SendOutcome {
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

  /** @returns the users to whom a message is delivered in addition, if its sender does not know the call: its users */
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
    const emit = device.emitter();
    // Each device gets its own copy, as from a real network.
    const deliver = (): void => emit({ type: 'message', message: structuredClone(message) });
    const fate = this.#route({ from, to, message });
    if (fate === 'hold') this.#held.push(deliver);
    else if (fate !== 'drop') this.schedule(deliver);
    if (fate === 'repeat') this.schedule(deliver);
  }

  #device(transport: SignalTransport): Device {
    if (transport instanceof Device && transport.network === this) return transport;
    throw new TypeError('The transport does not belong to this network.');
  }
}

class Device implements SignalTransport {
  readonly network: Network;
  /** The user and device, while connected. */
  identity: TransportIdentity | undefined;
  #wanted: TransportIdentity | undefined;
  #handle: ((event: TransportEvent) => void) | undefined;
  /** Incremented with each connection and disconnection: messages on their way over an older connection are lost. */
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
    const emit = this.emitter();
    this.network.schedule(() =>
      emit({ type: 'drained', inbox: { missed: [], settled: [], history: 0 } }),
    );
  }

  send(message: Message): Promise<SendOutcome> {
    const { identity } = this;
    const connection = this.#connection;
    return new Promise((resolve) => {
      if (!identity) return resolve({ type: 'lost' });
      this.network.schedule(() => {
        const outcome = this.network.route(this, identity, message);
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

  /** @returns a function that emits events to this device as long as the present connection lasts */
  emitter(): (event: TransportEvent) => void {
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

  /** Emits an event about the connection to the current handler, unless the transport is opened or closed meanwhile. */
  #emit(event: TransportEvent): void {
    const handle = this.#handle;
    this.network.schedule(() => {
      if (this.#handle === handle) handle?.(event);
    });
  }
}
