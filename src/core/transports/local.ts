import type {
  SendOutcome,
  SignalTransport,
  TransportEvent,
  TransportIdentity,
} from '../ports/signal-transport.js';
import { fitsWire, PROTOCOL_VERSION, SERVER_DEVICE } from '../protocol/limits.js';
import { asksMembers, type Message, type Sender } from '../protocol/messages.js';
import { LocalRoster } from './local-roster.js';

/** A tab that has not answered by then does not count as reached, in ms. */
const ANSWER_MS = 200;
/** A vanished page is waited for so long, in ms: it may come back with the same device. */
const VANISH_MS = 8_000;
/** Calls that are remembered of one device, to say of them that it is lost. */
const MAX_CALLS = 50;

/** What goes over the channel. Whatever else is there is somebody else's. */
type Frame =
  | { type: 'here'; user: string; device: string; replaces: string | undefined }
  | { type: 'message'; number: number; message: Readonly<Record<string, unknown>> }
  /** A tab has the message of that number. */
  | { type: 'got'; number: number; of: string; user: string; device: string };

/** A message that waits for its answers. */
interface Waiting {
  readonly to: readonly string[];
  readonly toDevice: string | undefined;
  /** Nobody knows who will answer: those in a call that the sender does not know. */
  readonly waitsForAnybody: boolean;
  /** Devices that have answered, and their users. */
  readonly answers: Map<string, string>;
  readonly settle: (outcome?: SendOutcome) => void;
}

/** What one other device may have to be spoken for. */
interface Peer {
  sender: Sender;
  /** Calls about which it has said something to this page. */
  readonly calls: Set<string>;
  replaced: boolean;
  waiting: ReturnType<typeof setTimeout> | undefined;
}

const LOST: SendOutcome = { type: 'lost' };

let lastStamp = 0;
/**
 * The time in ms since the epoch, never the same twice in this page. It orders messages as a Lamport clock does: it is
 * later than all stamps that this page has heard, also where the time of day was set back.
 */
const stamp = (): number => (lastStamp = Math.max(lastStamp + 1, Date.now()));

/**
 * Connects the tabs and frames of one browser by BroadcastChannel, without a server.
 *
 * Nothing is kept for a user who is away. A user counts as reached when a tab of theirs answers within 200 ms. When a
 * page vanishes, each page that was in a call with it hears so eight seconds later, at once when another page
 * replaces it. All pages of the origin are trusted.
 *
 * @param name separates apps of one origin
 * @param vanishAfterMs how long a vanished page may take to come back, in ms
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

/** One page's part, from one `open` to the next `close`. */
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
    this.#channel.onmessage = ({ data }) => this.#take(data as Partial<Frame> | null);
    this.#roster = new LocalRoster(prefix, vanishAfterMs, {
      announce: () => this.#announce(),
      gone: (device, ageMs) => this.#gone(device, ageMs),
    });
    void this.#start();
  }

  hello(): void {
    queueMicrotask(() => this.#emit({ type: 'drained', inbox: { missed: [], settled: [] } }));
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
    // Handlers are called when `open` has returned.
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

  #take(frame: Partial<Frame> | null): void {
    if (frame?.type === 'here') this.#meet(frame);
    else if (!this.#online) return;
    else if (frame?.type === 'message') this.#receive(frame);
    else if (frame?.type === 'got' && frame.of === this.#self.deviceID) {
      const waiting = this.#waiting.get(frame.number ?? 0);
      if (!waiting) return;
      waiting.answers.set(String(frame.device), String(frame.user));
      this.#settleIfAnswered(waiting);
    }
  }

  /** Another page is there. */
  #meet({ user, device, replaces }: Partial<Extract<Frame, { type: 'here' }>>): void {
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
    // A page that was duplicated, not reloaded, is still there: it is spoken for when it is gone.
    const isThere = this.#roster.devicesOf(old.sender.userID).includes(replaces);
    if (!isThere || !this.#roster.isSure) this.#reportLost(old);
  }

  #receive({ number, message }: Partial<Extract<Frame, { type: 'message' }>>): void {
    const { userID, deviceID } = this.#self;
    const { to, toDevice, callID, type } = message ?? {};
    const from = message?.['from'] as Partial<Sender> | undefined;
    if (typeof from?.deviceID !== 'string' || from.deviceID === deviceID) return;
    if (!Array.isArray(to) || (toDevice ?? deviceID) !== deviceID) return;
    if (!to.includes(userID) && !(asksMembers(message as Message) && this.#isOf(callID))) return;
    this.#post({
      type: 'got',
      number: Number(number),
      of: from.deviceID,
      user: userID,
      device: deviceID,
    });
    const at: unknown = message?.['at'];
    if (Number.isSafeInteger(at)) lastStamp = Math.max(lastStamp, at as number);
    if (typeof callID === 'string') this.#note(from as Sender, callID, type);
    this.#emit({ type: 'message', message });
  }

  /** Somebody has said something about that call to this page. */
  #isOf(callID: unknown): boolean {
    return [...this.#peers.values()].some(({ calls }) => calls.has(callID as string));
  }

  /** That device has to do with that call, or not any more. */
  #note(from: Sender, callID: string, type: unknown): void {
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

  #gone(deviceID: string, ageMs: number): void {
    for (const waiting of this.#waiting.values()) this.#settleIfAnswered(waiting);
    const peer = this.#peers.get(deviceID);
    if (!peer) return;
    clearTimeout(peer.waiting);
    const wait = peer.replaced ? 0 : Math.max(0, this.#vanishAfterMs - ageMs);
    peer.waiting = setTimeout(() => this.#reportLost(peer), wait);
  }

  /** No server says that a page vanished: each page hears it from its own transport. */
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

  /** All devices that are known of every addressee have answered. One of whom none is known gets the whole time. */
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
