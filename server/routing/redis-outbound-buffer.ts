import { nodeClock, type Clock } from '../clock/clock.js';
import { MAX_RETRY_MS, type RedisStore } from '../storage/redis-store.js';

/** Maximum size of the buffered messages, in bytes of UTF-8. */
const MAX_WAITING_BYTES = 32 * 2 ** 20;
/** Size down to which a full buffer is reduced. */
const TARGET_BYTES = 0.9 * MAX_WAITING_BYTES;
/** How long a message is buffered, in ms. A device that has accepted waits as long for an answer. */
const KEEP_MS = 20_000;
/**
 * How long other nodes may take to reconnect and subscribe again after this node has reconnected, in ms. A node that is not
 * subscribed by then misses the messages.
 */
export const RESUBSCRIBE_MS = MAX_RETRY_MS + 600;

/** A message that could not be published. */
export interface BufferedMessage {
  readonly channel: string;
  readonly text: string;
  readonly userID: string;
}
type WaitingMessage = BufferedMessage & { readonly bytes: number; readonly until: number };

/**
 * Buffers messages to other nodes while Redis is unreachable, and sends them in order after the nodes have subscribed again.
 * If there are too many bytes, the users with the most lose their oldest messages.
 */
export class OutboundBuffer {
  readonly #store: Pick<RedisStore, 'isReady'>;
  readonly #publish: (channel: string, text: string) => Promise<unknown>;
  readonly #clock: Clock;
  #waiting: WaitingMessage[] = [];
  /** Number of messages by channel. */
  readonly #channels = new Map<string, number>();
  /** Number of bytes by user. */
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

  /** Whether messages are buffered for a channel. New ones must not overtake them. */
  has(channel: string): boolean {
    return this.#channels.has(channel);
  }

  add(message: BufferedMessage): void {
    this.#expire();
    const bytes = Buffer.byteLength(message.text);
    const waiting = { ...message, bytes, until: this.#clock.now() + KEEP_MS };
    this.#waiting.push(waiting);
    this.#count([waiting], 1);
    if (this.#bytes > MAX_WAITING_BYTES) this.#dropOldest();
    // A command may fail while the connection is open: then no reconnection triggers the flush.
    if (this.#store.isReady && !this.#stopTimer) this.#scheduleFlush();
  }

  #scheduleFlush(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    if (this.#waiting.length === 0) return;
    this.#stopTimer = this.#clock.after(RESUBSCRIBE_MS, () => {
      this.#stopTimer = undefined;
      // Otherwise `whenReady` schedules the flush.
      if (this.#store.isReady) void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    this.#expire();
    const messages = this.#waiting.splice(0);
    this.#count(messages, -1);
    // All at the same time: the connection preserves their order, also relative to later messages.
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

  #dropOldest(): void {
    const share = TARGET_BYTES / this.#users.size;
    this.#waiting = this.#waiting.filter((message) => {
      const isKept = this.#bytes <= TARGET_BYTES || (this.#users.get(message.userID) ?? 0) <= share;
      if (!isKept) this.#count([message], -1);
      return isKept;
    });
  }

  #count(messages: readonly WaitingMessage[], by: 1 | -1): void {
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
