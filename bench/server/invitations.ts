import { PROTOCOL_VERSION } from '../../src/core/protocol/limits.js';
import { parseMessage } from '../../src/core/protocol/messages.js';
import { deviceOf, type RawClient } from './raw-client.js';

/** So late, an invitation is lost. */
const PATIENCE_MS = 10_000;
/** Numbers of invitations all have so many digits. */
const DIGITS = 12;

export interface Pair {
  readonly caller: RawClient;
  /** Its userID. */
  readonly callee: string;
}

/** Frames of an invitation around its number. */
interface Template {
  readonly before: string;
  readonly between: string;
  readonly behind: string;
}

/** What the core sends when a user calls one other, with another number each time. */
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
  if (!parseMessage(invite)) throw new Error('No server would take this invitation.');
  const [before = '', between = '', behind = ''] = JSON.stringify(invite).split(number);
  return { before: `["message",${before}`, between, behind: `${behind}]` };
}

/** What became of the invitations of one stretch of time. */
export interface Stretch {
  /** From the frame written to the later of two: its acknowledgement, and its delivery. In ms. */
  readonly latencies: readonly number[];
  readonly ms: number;
}

/** Keeps so many invitations under way: as soon as one has come and is acknowledged, the next one goes out. */
export class Invitations {
  readonly #pairs: readonly (Pair & { readonly template: Template })[];
  /** By number: when it was sent. */
  readonly #sent = new Map<number, number>();
  /** Those of which one of the two has come. */
  readonly #half = new Set<number>();
  /** What comes before the number of an invitation in its callID. */
  readonly #mark: string;
  #number = 0;
  #latencies: number[] = [];
  #going = false;
  #whenQuiet: (() => void) | undefined;
  #fault: string | undefined;

  /** @param name no other process has the same one */
  constructor(pairs: readonly Pair[], name: string) {
    const prefix = `bench-${name}-`;
    this.#mark = `"callID":"${prefix}`;
    this.#pairs = pairs.map((pair) => ({
      ...pair,
      template: templateFor(pair.caller.userID, pair.callee, prefix),
    }));
  }

  /**
   * @param window how many are under way at the same time
   * @throws when one was refused, or went to nobody
   */
  async send(window: number, forMs: number): Promise<Stretch> {
    this.#latencies = [];
    this.#going = true;
    const startedAt = performance.now();
    for (let count = 0; count < window; count += 1) this.#next();
    await new Promise((resolve) => setTimeout(resolve, forMs));
    const stretch = { latencies: this.#latencies, ms: performance.now() - startedAt };
    this.#going = false;
    await this.#quiet();
    if (this.#fault !== undefined) throw new Error(this.#fault);
    return stretch;
  }

  /** A frame came to anybody. */
  hear(frame: string): void {
    // `3<number>[…]`: an acknowledgement; `2["message",{…}]`: an invitation.
    if (frame.startsWith('3')) {
      const number = Number.parseInt(frame.slice(1, 1 + DIGITS), 10);
      if (!frame.includes('"devices":1')) this.#fault ??= `An invitation is answered by ${frame}.`;
      this.#came(number);
    } else if (frame.startsWith('2["message"')) {
      const at = frame.indexOf(this.#mark) + this.#mark.length;
      this.#came(Number.parseInt(frame.slice(at, at + DIGITS), 10));
    }
  }

  /** @throws when what is under way does not come */
  async #quiet(): Promise<void> {
    if (this.#sent.size === 0) return;
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(this.#fault ?? `${this.#sent.size} invitations have not come.`));
      }, PATIENCE_MS);
      this.#whenQuiet = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  #next(): void {
    const number = ++this.#number;
    const pair = this.#pairs[number % this.#pairs.length];
    if (!pair) throw new Error('Nobody calls.');
    const { before, between, behind } = pair.template;
    const digits = String(number).padStart(DIGITS, '0');
    this.#sent.set(number, performance.now());
    pair.caller.write(`2${number}${before}${digits}${between}${digits}${behind}`);
  }

  #came(number: number): void {
    const sentAt = this.#sent.get(number);
    if (sentAt === undefined) return;
    if (!this.#half.delete(number)) {
      this.#half.add(number);
      return;
    }
    this.#sent.delete(number);
    this.#latencies.push(performance.now() - sentAt);
    if (this.#going) this.#next();
    else if (this.#sent.size === 0) this.#whenQuiet?.();
  }
}
