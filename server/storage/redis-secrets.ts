import { nodeClock, type Clock } from '../clock/clock.js';
import { newSecrets, readSecrets, type Secrets } from './secrets.js';
import type { Logger } from '../observability/logger.js';
import { Script, type RedisStore } from './redis-store.js';

/** How often a node compares its secrets with those in Redis, in ms. */
const COMPARE_MS = 2_000;

/**
 * Secrets as JSON, and since when they are in use (ms since the epoch). The older ones stay, since more browsers have
 * subscribed with them.
 * @returns what became of them, and those that all nodes use from now on
 */
const AGREE = new Script(`
local key, own, since = ARGV[1] .. 'secrets', ARGV[2], tonumber(ARGV[3])
local kept = redis.call('GET', key)
if not kept then
  redis.call('SET', key, own)
  return { 'written', own }
end
local isRead, read = pcall(cjson.decode, kept)
local keptSince = isRead and type(read) == 'table' and tonumber(read.since) or 0
if keptSince > since then
  redis.call('SET', key, own)
  return { 'replaced', own }
end
return { 'kept', kept }
`);

interface Held {
  readonly secrets: Secrets;
  /** As they are in Redis. */
  readonly text: string;
  readonly since: number;
}

/**
 * The secrets that all nodes have in common. A node holds them in memory, and writes them back when Redis has lost its
 * data. Nodes that have different ones, since one of them has started in between, agree on the older ones.
 */
export class SharedSecrets implements Secrets {
  readonly #store: RedisStore;
  readonly #logger: Logger;
  readonly #clock: Clock;
  #held: Held;
  #stopTimer: (() => void) | undefined;
  #closed = false;
  /** A text in Redis that can't be read, and was reported. */
  #reported: string | undefined;

  /** @param held as they are in Redis: `open` finds out */
  constructor(store: RedisStore, logger: Logger, clock: Clock, held: Held) {
    this.#store = store;
    this.#logger = logger;
    this.#clock = clock;
    this.#held = held;
    store.whenReady(() => void this.#compare());
    this.#compareLater();
  }

  /**
   * Takes over what other nodes use; the first one makes new ones.
   * @throws {DataError} when something else is in their place
   */
  static async open(
    store: RedisStore,
    logger: Logger,
    clock: Clock = nodeClock,
  ): Promise<SharedSecrets> {
    const own = JSON.stringify({ ...newSecrets(), since: clock.now() });
    // New ones never take the place of others.
    const [how, text] = await agree(store, own, Number.MAX_SAFE_INTEGER);
    if (how === 'written') {
      logger.info('new keys for pushes and tickets were made: Redis had none');
    }
    return new SharedSecrets(store, logger, clock, read(text));
  }

  get vapid(): Secrets['vapid'] {
    return this.#held.secrets.vapid;
  }

  get ticketSecret(): string {
    return this.#held.secrets.ticketSecret;
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer?.();
  }

  #compareLater(): void {
    this.#stopTimer?.();
    if (this.#closed) return;
    this.#stopTimer = this.#clock.after(COMPARE_MS, () => void this.#compare());
  }

  /** Never rejects. */
  async #compare(): Promise<void> {
    try {
      const [how, text] = await agree(this.#store, this.#held.text, this.#held.since);
      if (how === 'written') {
        this.#logger.warn(
          'Redis has lost its data: this node has written the keys for pushes and tickets back; missed calls and push subscriptions are lost',
        );
      } else if (how === 'replaced') {
        this.#logger.warn(
          'nodes had different keys for pushes and tickets, as after a loss of data in Redis: the older ones, of this node, are in use again',
        );
      } else if (text !== this.#held.text) this.#takeOver(text);
    } catch {
      // Redis is away, which is logged elsewhere: it is asked again.
    }
    this.#compareLater();
  }

  #takeOver(text: string): void {
    try {
      this.#held = read(text);
    } catch (error) {
      if (this.#reported === text) return;
      this.#reported = text;
      this.#logger.warn('the keys of this node are no longer those in Redis', {
        error: (error as Error).message,
      });
      return;
    }
    this.#logger.warn(
      'Redis has other keys for pushes and tickets than this node, as after a loss of its data: this node uses those now; browsers that subscribed with its former key get no pushes until they visit again',
    );
  }
}

async function agree(
  store: RedisStore,
  own: string,
  since: number,
): Promise<['written' | 'replaced' | 'kept', text: string]> {
  return (await store.run(AGREE, own, since)) as ['written' | 'replaced' | 'kept', string];
}

/** @throws {DataError} */
function read(text: string): Held {
  const secrets = readSecrets(text, 'Redis');
  const { since } = JSON.parse(text) as { since?: unknown };
  return { secrets, text, since: typeof since === 'number' ? since : 0 };
}
