import { nodeClock, type Clock } from '../clock/clock.js';
import { MAX_RETRY_MS, type RedisStore } from '../storage/redis-store.js';

/** Words that wait at most, in bytes of UTF-8. */
const MAX_WAITING_BYTES = 32 * 2 ** 20;
/** What is left when there were too many. */
const MOST_LEFT_BYTES = 0.9 * MAX_WAITING_BYTES;
/** What was said longer ago is of no use any more, in ms: who accepts waits so long for an answer. */
const KEEP_MS = 20_000;
/**
 * How long after Redis is back for this node the others may take to listen again, in ms: they try to connect as often,
 * and then subscribe for each of their users. Who does not listen by then misses what is said.
 */
export const LISTEN_MS = MAX_RETRY_MS + 600;

/** What one user could not say to a channel. */
export interface BufferedMessage {
  readonly channel: string;
  readonly text: string;
  readonly userID: string;
}
type Waiting = BufferedMessage & { readonly bytes: number; readonly until: number };

/**
 * Keeps what could not be said to other nodes while Redis was away, and says it in its order when all listen again.
 * When it is too much, those who have said the most lose the oldest of it.
 */
export class OutboundBuffer {
  readonly #store: Pick<RedisStore, 'isReady'>;
  readonly #publish: (channel: string, text: string) => Promise<unknown>;
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  /** How many wait for each channel. */
  readonly #channels = new Map<string, number>();
  /** How many bytes of each user wait. */
  readonly #users = new Map<string, number>();
  #bytes = 0;
  #stopTimer: (() => void) | undefined;

  constructor(
    store: Pick<RedisStore, 'isReady' | 'whenReady'>,
    publish: (channel: string, text: string) => Promise<unknown>,
    clock: Clock = nodeClock,
  ) {
    this.#store = store;
    this.#publish = publish;
    this.#clock = clock;
    store.whenReady(() => this.#scheduleFlush());
  }

  /** Whether words wait for a channel: what is said to it now must not overtake them. */
  has(channel: string): boolean {
    return this.#channels.has(channel);
  }

  add(message: BufferedMessage): void {
    this.#expire();
    const bytes = Buffer.byteLength(message.text);
    const waiting = { ...message, bytes, until: this.#clock.now() + KEEP_MS };
    this.#waiting.push(waiting);
    this.#count([waiting], 1);
    if (this.#bytes > MAX_WAITING_BYTES) this.#makeRoom();
    // A command can fail while the connection stands: nothing else would tell when to try again.
    if (this.#store.isReady && !this.#stopTimer) this.#scheduleFlush();
  }

  #scheduleFlush(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    if (this.#waiting.length === 0) return;
    this.#stopTimer = this.#clock.after(LISTEN_MS, () => {
      this.#stopTimer = undefined;
      // Else it is told when it is back.
      if (this.#store.isReady) void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    this.#expire();
    const messages = this.#waiting.splice(0);
    this.#count(messages, -1);
    // At once: one connection keeps their order, and that of what is said from now on.
    const results = await Promise.allSettled(
      messages.map(({ channel, text }) => this.#publish(channel, text)),
    );
    const failed = messages.filter((_, index) => results[index]?.status === 'rejected');
    this.#waiting = [...failed, ...this.#waiting];
    this.#count(failed, 1);
    if (this.#store.isReady && !this.#stopTimer) this.#scheduleFlush();
  }

  #expire(): void {
    const now = this.#clock.now();
    if ((this.#waiting[0]?.until ?? Infinity) > now) return;
    const current = this.#waiting.findIndex(({ until }) => until > now);
    this.#count(this.#waiting.splice(0, current < 0 ? this.#waiting.length : current), -1);
  }

  #makeRoom(): void {
    const share = MOST_LEFT_BYTES / this.#users.size;
    this.#waiting = this.#waiting.filter((message) => {
      const isKept =
        this.#bytes <= MOST_LEFT_BYTES || (this.#users.get(message.userID) ?? 0) <= share;
      if (!isKept) this.#count([message], -1);
      return isKept;
    });
  }

  #count(messages: readonly Waiting[], by: 1 | -1): void {
    for (const { channel, userID, bytes } of messages) {
      this.#bytes += by * bytes;
      add(this.#channels, channel, by);
      add(this.#users, userID, by * bytes);
    }
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
