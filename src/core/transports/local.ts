import type {
  SendOutcome,
  SignalTransport,
  TransportEvent,
  TransportIdentity,
} from '../ports/signal-transport.js';
import { fitsWire, PROTOCOL_VERSION, SERVER_DEVICE } from '../protocol/limits.js';
import { asksMembers, type InboxReport, type Message, type Sender } from '../protocol/messages.js';
import { LocalRoster } from './local-roster.js';

/** A tab that does not answer within this time does not count as reached, in ms. */
const ANSWER_MS = 200;
/** How long to wait for a vanished page before it is reported as lost, in ms: it may come back as the same device. */
const VANISH_MS = 8_000;
/** Number of calls that are remembered for each device, to report it as lost in them. */
const MAX_CALLS = 50;

/** Messages on the channel. Anything else is not from this library, and is ignored. */
type Frame =
  | { type: 'here'; user: string; device: string; replaces: string | undefined }
  | { type: 'message'; number: number; message: Readonly<Record<string, unknown>> }
  /** A tab acknowledges the message with that number. */
  | { type: 'got'; number: number; of: string; user: string; device: string };

/** A message that waits for its acknowledgements. */
interface Waiting {
  readonly to: readonly string[];
  readonly toDevice: string | undefined;
  /** The sender does not know the call, so it is not known which tabs will answer. */
  readonly waitsForAnybody: boolean;
  /** Devices that have answered, and their users. */
  readonly answers: Map<string, string>;
  readonly settle: (outcome?: SendOutcome) => void;
}

/** Another device, with the data that is needed to report it as lost. */
interface Peer {
  sender: Sender;
  /** Calls about which it has sent messages to this page. */
  readonly calls: Set<string>;
  replaced: boolean;
  waiting: ReturnType<typeof setTimeout> | undefined;
}

const LOST: SendOutcome = { type: 'lost' };
/** The initial sync. Changes of the call history are sent to the user's other tabs, and stored by each of them. */
const NOTHING: InboxReport = { missed: [], settled: [], history: 0 };

let lastStamp = 0;
/**
 * @returns the time in ms since the epoch, strictly increasing in this page. It orders messages like a Lamport clock:
 * it is greater than all stamps that this page has received, also if the time of day was set back.
 */
const stamp = (): number => (lastStamp = Math.max(lastStamp + 1, Date.now()));

/**
 * Creates a transport that connects the tabs and frames of one browser by BroadcastChannel, without a server.
 *
 * Nothing is stored for users who are offline. A user counts as reached if one of their tabs answers within 200 ms.
 * When a page vanishes, each page that was in a call with it receives a `leave` eight seconds later, or without delay
 * if another page replaces it. All pages of the origin are trusted.
 *
 * @param name separates several apps of one origin. Default `''`
 * @param vanishAfterMs how long a vanished page may take to come back, in ms. Default 8,000
 *
 * @example
 * ```ts
 * import { createCallInvitationService } from 'ringkit/core';
 * import { createLocalTransport } from 'ringkit/transports/local';
 *
 * const service = createCallInvitationService({ user: 'alice', transport: createLocalTransport() });
 * service.$connection.subscribe((connection) => console.log(connection));
 * ```
 */
export function createLocalTransport(name = '', vanishAfterMs = VANISH_MS): SignalTransport {
  let page: Page | undefined;
  return {
    open(identity, handle) {
      page?.close();
      page = new Page(`ringkit:${name}`, identity, handle, vanishAfterMs);
    },
    hello: () => page?.hello(),
    send: async (message) => page?.send(message) ?? LOST,
    close() {
      page?.close();
      page = undefined;
    },
  };
}

/** The connection of one page, from `open` to `close`. */
class Page {
  readonly #self: TransportIdentity;
  readonly #vanishAfterMs: number;
  readonly #channel: BroadcastChannel;
  readonly #roster: LocalRoster;
  readonly #waiting = new Map<number, Waiting>();
  readonly #peers = new Map<string, Peer>();
  #handle: ((event: TransportEvent) => void) | undefined;
  #online = false;
  #number = 0;

  constructor(
    prefix: string,
    self: TransportIdentity,
    handle: (event: TransportEvent) => void,
    vanishAfterMs: number,
  ) {
    this.#self = self;
    this.#handle = handle;
    this.#vanishAfterMs = vanishAfterMs;
    this.#channel = new BroadcastChannel(prefix);
    this.#channel.onmessage = ({ data }) => this.#onFrame(data as Partial<Frame> | null);
    this.#roster = new LocalRoster(prefix, vanishAfterMs, {
      announce: () => this.#announce(),
      vanished: (device, ageMs) => this.#onVanished(device, ageMs),
    });
    void this.#start();
  }

  hello(): void {
    queueMicrotask(() => this.#emit({ type: 'drained', inbox: NOTHING }));
  }

  async send(message: Message): Promise<SendOutcome> {
    if (!this.#online) return LOST;
    if (!fitsWire(message) || !Array.isArray((message as Partial<Message> | null)?.to)) {
      return { type: 'refused', code: 'invalid-argument' };
    }
    const number = ++this.#number;
    const { userID, userName, deviceID } = this.#self;
    const from = { userID, userName, deviceID };
    const { replay: _replay, ...own } = message as Message & { replay?: unknown };
    const to = [...new Set(message.to)];
    return new Promise((resolve) => {
      const answers = new Map<string, string>();
      const timer = setTimeout(() => waiting.settle(), ANSWER_MS);
      const waiting: Waiting = {
        to,
        toDevice: message.toDevice,
        waitsForAnybody: asksMembers(message),
        answers,
        settle: (outcome) => {
          clearTimeout(timer);
          this.#waiting.delete(number);
          const users = [...answers.values()];
          const count = (user: string) => users.filter((each) => each === user).length;
          const reached = [...new Set([...to, ...users])].map((user) => ({
            user,
            devices: count(user),
          }));
          resolve(outcome ?? { type: 'acknowledged', reached });
        },
      };
      this.#waiting.set(number, waiting);
      this.#post({ type: 'message', number, message: { ...own, from, at: stamp() } });
      this.#settleIfAnswered(waiting);
    });
  }

  close(): void {
    this.#handle = undefined;
    this.#online = false;
    this.#channel.close();
    this.#roster.close();
    for (const { settle } of this.#waiting.values()) settle(LOST);
    for (const { waiting } of this.#peers.values()) clearTimeout(waiting);
  }

  async #start(): Promise<void> {
    // Events are emitted only after `open` has returned.
    await Promise.resolve();
    this.#emit({ type: 'connecting' });
    await this.#roster.start(this.#self.userID, this.#self.deviceID);
    if (!this.#handle) return;
    this.#online = true;
    this.#announce(this.#self.replaces);
    this.#emit({ type: 'online' });
  }

  #emit(event: TransportEvent): void {
    this.#handle?.(event);
  }

  #post(frame: Frame): void {
    if (this.#handle) this.#channel.postMessage(frame);
  }

  #announce(replaces?: string): void {
    const { userID, deviceID } = this.#self;
    this.#post({ type: 'here', user: userID, device: deviceID, replaces });
  }

  #onFrame(frame: Partial<Frame> | null): void {
    if (frame?.type === 'here') this.#onHere(frame);
    else if (!this.#online) return;
    else if (frame?.type === 'message') this.#receive(frame);
    else if (frame?.type === 'got' && frame.of === this.#self.deviceID) {
      const waiting = this.#waiting.get(frame.number ?? 0);
      if (!waiting) return;
      waiting.answers.set(String(frame.device), String(frame.user));
      this.#settleIfAnswered(waiting);
    }
  }

  /** Another page has announced itself. */
  #onHere({ user, device, replaces }: Partial<Extract<Frame, { type: 'here' }>>): void {
    if (typeof user !== 'string' || typeof device !== 'string') return;
    if (device === this.#self.deviceID) return;
    this.#roster.seen(user, device);
    const back = this.#peers.get(device);
    if (back) {
      clearTimeout(back.waiting);
      back.waiting = undefined;
    }
    const old = replaces === undefined ? undefined : this.#peers.get(replaces);
    if (!replaces || !old) return;
    old.replaced = true;
    // If the page was duplicated, not reloaded, the old page is alive: it is reported as lost when it vanishes.
    const isThere = this.#roster.devicesOf(old.sender.userID).includes(replaces);
    if (!isThere || !this.#roster.isSure) this.#reportLost(old);
  }

  #receive({ number, message }: Partial<Extract<Frame, { type: 'message' }>>): void {
    const { userID, deviceID } = this.#self;
    const { to, toDevice, callID, type } = message ?? {};
    const from = message?.['from'] as Partial<Sender> | undefined;
    if (typeof from?.deviceID !== 'string' || from.deviceID === deviceID) return;
    if (!Array.isArray(to) || (toDevice ?? deviceID) !== deviceID) return;
    if (!to.includes(userID) && !(asksMembers(message as Message) && this.#knowsCall(callID)))
      return;
    this.#post({
      type: 'got',
      number: Number(number),
      of: from.deviceID,
      user: userID,
      device: deviceID,
    });
    const at: unknown = message?.['at'];
    if (Number.isSafeInteger(at)) lastStamp = Math.max(lastStamp, at as number);
    if (typeof callID === 'string') this.#noteCall(from as Sender, callID, type);
    this.#emit({ type: 'message', message });
  }

  /** Whether this page has received a message about that call. */
  #knowsCall(callID: unknown): boolean {
    return [...this.#peers.values()].some(({ calls }) => calls.has(callID as string));
  }

  /** Records that a device has sent a message about a call, or has left it. */
  #noteCall(from: Sender, callID: string, type: unknown): void {
    let peer = this.#peers.get(from.deviceID);
    if (!peer) {
      peer = { sender: from, calls: new Set(), replaced: false, waiting: undefined };
      this.#peers.set(from.deviceID, peer);
    }
    peer.calls.delete(callID);
    if (type === 'leave' || type === 'end') return;
    peer.calls.add(callID);
    const [oldest] = peer.calls;
    if (peer.calls.size > MAX_CALLS && oldest !== undefined) peer.calls.delete(oldest);
  }

  #onVanished(deviceID: string, ageMs: number): void {
    for (const waiting of this.#waiting.values()) this.#settleIfAnswered(waiting);
    const peer = this.#peers.get(deviceID);
    if (!peer) return;
    clearTimeout(peer.waiting);
    const wait = peer.replaced ? 0 : Math.max(0, this.#vanishAfterMs - ageMs);
    peer.waiting = setTimeout(() => this.#reportLost(peer), wait);
  }

  /** Reports a device as lost to this page, since there is no server that does. */
  #reportLost(peer: Peer): void {
    clearTimeout(peer.waiting);
    const { deviceID: lost, ...user } = peer.sender;
    this.#peers.delete(lost);
    for (const callID of peer.calls) {
      const at = stamp();
      const message = {
        ...{ v: PROTOCOL_VERSION, id: `lost-${String(at)}`, type: 'leave', callID },
        ...{ to: [this.#self.userID], records: [], names: [], remaining: [] },
        ...{ reason: 'connection-lost', lost, from: { ...user, deviceID: SERVER_DEVICE }, at },
      };
      this.#emit({ type: 'message', message });
    }
  }

  /**
   * Settles when all known devices of all addressees have answered. A user without known devices gets the full time.
   */
  #settleIfAnswered({ to, toDevice, waitsForAnybody, answers, settle }: Waiting): void {
    if (waitsForAnybody) return;
    const answered = to.every((user) => {
      const known = this.#roster
        .devicesOf(user)
        .filter((device) => toDevice === undefined || device === toDevice);
      return known.length > 0 && known.every((device) => answers.has(device));
    });
    if (answered) settle();
  }
}
