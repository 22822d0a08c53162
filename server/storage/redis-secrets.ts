import { nodeClock, type Clock } from '../clock/clock.js';
import { newSecrets, readSecrets, type Secrets } from './secrets.js';
import type { Logger } from '../observability/logger.js';
import { Script, type RedisStore } from './redis-store.js';

/** Interval of the comparison of the secrets with those in Redis, in ms. */
const COMPARE_MS = 2_000;

/**
 * Arguments: secrets as JSON, and since when they are in use (ms since the epoch). If Redis has others, the older ones win,
 * because more browsers have subscribed with them.
 * @returns `written`, `replaced` or `kept`, and the secrets that all nodes use from now on
 */
const AGREE = new Script(`
local key, own, since = ARGV[1] .. 'secrets', ARGV[2], tonumber(ARGV[3])
local stored = redis.call('GET', key)
if not stored then
  redis.call('SET', key, own)
  return { 'written', own }
end
local isRead, read = pcall(cjson.decode, stored)
local storedSince = isRead and type(read) == 'table' and tonumber(read.since) or 0
if storedSince > since then
  redis.call('SET', key, own)
  return { 'replaced', own }
end
return { 'kept', stored }
`);

interface SharedKeys {
  readonly secrets: Secrets;
  /** The JSON in Redis. */
  readonly text: string;
  readonly since: number;
}

/**
 * The secrets that all nodes share through Redis. Each node holds them in memory, and writes them back if Redis has lost its
 * data. If nodes have different secrets, because one has started in between, all use the older ones.
 */
export class SharedSecrets implements Secrets {
  readonly #store: RedisStore;
  readonly #logger: Logger;
  readonly #clock: Clock;
  #current: SharedKeys;
  #stopTimer: (() => void) | undefined;
  #closed = false;
  /** An invalid text in Redis that was logged already. */
  #reported: string | undefined;

  /** @param held as in Redis; use `open` to get them */
  constructor(store: RedisStore, logger: Logger, clock: Clock, held: SharedKeys) {
    this.#store = store;
    this.#logger = logger;
    this.#clock = clock;
    this.#current = held;
    store.whenReady(() => void this.#compare());
    this.#compareLater();
  }

  /**
   * Reads the shared secrets, or creates them if this is the first node.
   * @throws {DataError} if those in Redis are damaged
   */
  static async open(
    store: RedisStore,
    logger: Logger,
    clock: Clock = nodeClock,
  ): Promise<SharedSecrets> {
    const own = JSON.stringify({ ...newSecrets(), since: clock.now() });
    // With this time, new secrets never replace existing ones.
    const [how, text] = await agree(store, own, Number.MAX_SAFE_INTEGER);
    if (how === 'written') {
      logger.info('created new keys for pushes and tickets, because Redis had none');
    }
    return new SharedSecrets(store, logger, clock, read(text));
  }

  get vapid(): Secrets['vapid'] {
    return this.#current.secrets.vapid;
  }

  get ticketSecret(): string {
    return this.#current.secrets.ticketSecret;
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
      const [how, text] = await agree(this.#store, this.#current.text, this.#current.since);
      if (how === 'written') {
        this.#logger.warn(
          'Redis has lost its data, including missed calls and push subscriptions; this node has restored the keys for pushes and tickets',
        );
      } else if (how === 'replaced') {
        this.#logger.warn(
          'nodes had different keys for pushes and tickets, as after a loss of data in Redis; all nodes now use the older ones, of this node',
        );
      } else if (text !== this.#current.text) this.#takeOver(text);
    } catch {
      // Redis is unreachable, which is logged elsewhere. Retry later.
    }
    this.#compareLater();
  }

  #takeOver(text: string): void {
    try {
      this.#current = read(text);
    } catch (error) {
      if (this.#reported === text) return;
      this.#reported = text;
      this.#logger.warn(
        'the keys for pushes and tickets in Redis are damaged; this node keeps its own',
        {
          error: (error as Error).message,
        },
      );
      return;
    }
    this.#logger.warn(
      'Redis has other keys for pushes and tickets than this node, as after a loss of data; this node now uses those in Redis; browsers that subscribed with the former key get no pushes until they open a page again',
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
function read(text: string): SharedKeys {
  const secrets = readSecrets(text, 'Redis');
  const { since } = JSON.parse(text) as { since?: unknown };
  return { secrets, text, since: typeof since === 'number' ? since : 0 };
}
