import { PROTOCOL_VERSION } from '../../src/core/protocol/limits.js';
import { parseMessage } from '../../src/core/protocol/messages.js';
import { deviceOf, type RawClient } from './raw-client.js';

/** Time after which an invitation counts as lost, in ms. */
const PATIENCE_MS = 10_000;
/** Number of digits in the numbers of invitations. */
const DIGITS = 12;

export interface Pair {
  readonly caller: RawClient;
  /** The user ID of the callee. */
  readonly callee: string;
}

/** The parts of an invitation's frame around its number. */
interface Template {
  readonly before: string;
  readonly between: string;
  readonly behind: string;
}

/** The message that the core sends when a user calls another one, with a placeholder for the number. */
function templateFor(caller: string, callee: string, prefix: string): Template {
  const number = '0'.repeat(DIGITS);
  const invite = {
    v: PROTOCOL_VERSION,
    id: `${prefix}message-${number}`,
    callID: `${prefix}${number}`,
    to: [callee],
    records: [
      { user: caller, round: 1, state: 'in', device: deviceOf(caller), inviter: caller },
      { user: callee, round: 1, state: 'inviting', inviter: caller },
    ],
    names: [
      { userID: caller, userName: caller },
      { userID: callee, userName: callee },
    ],
    remaining: [{ user: callee, ms: 600_000 }],
    type: 'invite',
    callType: 'voice',
    initiator: caller,
    endWithInitiator: false,
    group: false,
    customData: '',
    remainingMs: 600_000,
    timeoutMs: 600_000,
  };
  if (!parseMessage(invite)) throw new Error('The template is not a valid invitation.');
  const [before = '', between = '', behind = ''] = JSON.stringify(invite).split(number);
  return { before: `["message",${before}`, between, behind: `${behind}]` };
}

/** Results of one measuring period. */
export interface Period {
  /** Time from sending to the acknowledgement or the delivery, whichever is later, in ms. */
  readonly latencies: readonly number[];
  readonly ms: number;
}

/** Keeps a number of invitations in flight: when one is delivered and acknowledged, it sends the next. */
export class Invitations {
  readonly #pairs: readonly (Pair & { readonly template: Template })[];
  /** Time when each one was sent, by number. */
  readonly #sent = new Map<number, number>();
  /** Invitations that were either delivered or acknowledged, but not both. */
  readonly #half = new Set<number>();
  /** The text before the number of an invitation in its callID. */
  readonly #callIDPrefix: string;
  #number = 0;
  #latencies: number[] = [];
  #isSending = false;
  #onAllArrived: (() => void) | undefined;
  #fault: string | undefined;

  /** @param name unique among the processes */
  constructor(pairs: readonly Pair[], name: string) {
    const prefix = `bench-${name}-`;
    this.#callIDPrefix = `"callID":"${prefix}`;
    this.#pairs = pairs.map((pair) => ({
      ...pair,
      template: templateFor(pair.caller.userID, pair.callee, prefix),
    }));
  }

  /**
   * @param window number of invitations in flight
   * @throws if an invitation was rejected, or reached no device
   */
  async send(window: number, forMs: number): Promise<Period> {
    this.#latencies = [];
    this.#isSending = true;
    const startedAt = performance.now();
    for (let count = 0; count < window; count += 1) this.#next();
    await new Promise((resolve) => setTimeout(resolve, forMs));
    const stretch = { latencies: this.#latencies, ms: performance.now() - startedAt };
    this.#isSending = false;
    await this.#waitForAll();
    if (this.#fault !== undefined) throw new Error(this.#fault);
    return stretch;
  }

  /** Handles a frame that any client has received. */
  receive(frame: string): void {
    // `3<number>[…]` is an acknowledgement; `2["message",{…}]` is an invitation.
    if (frame.startsWith('3')) {
      const number = Number.parseInt(frame.slice(1, 1 + DIGITS), 10);
      if (!frame.includes('"devices":1'))
        this.#fault ??= `An invitation was acknowledged with ${frame}.`;
      this.#arrived(number);
    } else if (frame.startsWith('2["message"')) {
      const at = frame.indexOf(this.#callIDPrefix) + this.#callIDPrefix.length;
      this.#arrived(Number.parseInt(frame.slice(at, at + DIGITS), 10));
    }
  }

  /** Waits for the invitations in flight. @throws if they do not arrive */
  async #waitForAll(): Promise<void> {
    if (this.#sent.size === 0) return;
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(this.#fault ?? `${this.#sent.size} invitations were lost.`));
      }, PATIENCE_MS);
      this.#onAllArrived = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  #next(): void {
    const number = ++this.#number;
    const pair = this.#pairs[number % this.#pairs.length];
    if (!pair) throw new Error('There are no pairs of users.');
    const { before, between, behind } = pair.template;
    const digits = String(number).padStart(DIGITS, '0');
    this.#sent.set(number, performance.now());
    pair.caller.write(`2${number}${before}${digits}${between}${digits}${behind}`);
  }

  #arrived(number: number): void {
    const sentAt = this.#sent.get(number);
    if (sentAt === undefined) return;
    if (!this.#half.delete(number)) {
      this.#half.add(number);
      return;
    }
    this.#sent.delete(number);
    this.#latencies.push(performance.now() - sentAt);
    if (this.#isSending) this.#next();
    else if (this.#sent.size === 0) this.#onAllArrived?.();
  }
}
