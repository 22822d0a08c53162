import { createHash, randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { DataError } from './data-error.js';
import { keyPart } from './journal.js';
import type { Logger } from '../observability/logger.js';
import { UnavailableError } from './unavailable-error.js';

/** How long a command may take, in ms. */
const COMMAND_TIMEOUT_MS = 2_000;
/** Interval of the heartbeat of each connection, in ms. A connection that does not answer is replaced. */
const HEARTBEAT_MS = 1_000;
/** The longest pause between two connection attempts, in ms. */
export const MAX_RETRY_MS = 200;
/** Redis 7 introduced sharded publish/subscribe. */
const MIN_VERSION = 7;

/** Commands fail immediately while there is no connection, and are never repeated: the callers handle that. */
const OPTIONS = {
  lazyConnect: true,
  protocol: 2,
  retryStrategy: (attempt: number) => Math.min(50 * attempt, MAX_RETRY_MS),
  connectTimeout: COMMAND_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
  // Retry interval while Redis loads its data, in ms. The default would be longer.
  maxLoadingRetryTime: 100,
  // The server has become a replica: reconnect, as the address may now lead to the new primary.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  autoResubscribe: false,
  autoResendUnfulfilledCommands: false,
} as const;

/** A Lua script, which Redis runs atomically. */
export class Script {
  readonly lua: string;
  readonly sha1: string;

  constructor(lua: string) {
    this.lua = lua;
    this.sha1 = createHash('sha1').update(lua).digest('hex');
  }
}

export interface StoreOptions {
  readonly logger: Logger;
  /** Prefix of all keys and channels, so that several systems can share one Redis. Default: `ringkit:`. */
  readonly prefix?: string | undefined;
}

/** The two connections of a node to Redis: one for commands, one for subscriptions. */
export class RedisStore {
  /** ID of this node, different after each start. */
  readonly nodeID = randomUUID();
  readonly prefix: string;
  readonly commands: Redis;
  readonly listener: Redis;
  readonly #logger: Logger;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #whenReady = new Set<() => void>();
  /** Scripts that were sent in full on this connection, so that Redis knows them. */
  readonly #sent = new Set<Script>();
  /** Whether the last heartbeat failed because Redis rejects writes. */
  #rejectsWrites = false;
  /** The last connection error. */
  #fault: Error | undefined;

  /** The new object is not connected yet; use `open`. */
  constructor(url: string, { logger, prefix = 'ringkit:' }: StoreOptions) {
    this.prefix = prefix;
    this.#logger = logger;
    this.commands = new Redis(url, OPTIONS);
    this.listener = new Redis(url, OPTIONS);
    this.commands.on('close', () => this.#sent.clear());
    let isUnreachable = false;
    for (const connection of [this.commands, this.listener]) {
      connection.on('error', (error: Error) => {
        this.#fault = error;
        if (isUnreachable) return;
        isUnreachable = true;
        logger.warn('Redis is unreachable', { error: error.message });
      });
      connection.on('ready', () => {
        if (this.listener.status !== 'ready' || this.commands.status !== 'ready') return;
        if (isUnreachable) logger.info('Redis is reachable again');
        isUnreachable = false;
        for (const run of this.#whenReady) run();
      });
    }
    this.#heartbeat = setInterval(() => {
      if (this.listener.status === 'ready') {
        this.listener.ping().catch(() => this.listener.disconnect(true));
      }
      if (this.commands.status === 'ready') void this.#checkWritable();
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /**
   * Connects to Redis.
   * @param url `redis://` or (over TLS) `rediss://`, optionally with user, password and database number
   * @throws {DataError} if Redis is unreachable, rejects the connection, or is too old
   */
  static async open(url: string, options: StoreOptions): Promise<RedisStore> {
    if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
      throw new DataError('The Redis URL must start with redis:// or rediss://.');
    }
    const store = new RedisStore(url, options);
    try {
      await Promise.all([store.commands.connect(), store.listener.connect()]);
      const info = await store.commands.info('server');
      const version = /redis_version:(\S+)/.exec(info)?.[1] ?? '';
      if (Number.parseInt(version, 10) < MIN_VERSION) {
        throw new DataError(`Redis ${MIN_VERSION} or later is required, not ${version}.`);
      }
      return store;
    } catch (error) {
      store.close();
      if (error instanceof DataError) throw error;
      // The URL may contain a password, so the message names only the host.
      const { host } = new URL(url);
      const { message } = store.#fault ?? (error as Error);
      const why = message.replace(/\.$/, '');
      throw new DataError(`Cannot use Redis at ${host}: ${why}.`, { cause: error });
    }
  }

  /** Whether Redis accepts writes. It does not if its memory or its disk is full. */
  get isWritable(): boolean {
    return this.isReady && !this.#rejectsWrites;
  }

  /** Whether both connections are established. */
  get isReady(): boolean {
    return this.commands.status === 'ready' && this.listener.status === 'ready';
  }

  /** Adds a callback that runs each time both connections are established again. */
  whenReady(run: () => void): void {
    this.#whenReady.add(run);
  }

  /** The name of a channel. It contains the database number because all databases of a Redis share their channels. */
  channel(kind: string, ...ids: readonly string[]): string {
    return `${this.commands.options.db ?? 0}!${this.key(kind, ...ids)}`;
  }

  /** A key for these IDs, which may contain any characters. */
  key(kind: string, ...ids: readonly string[]): string {
    return `${this.prefix}${kind}:${ids.map(keyPart).join(':')}`;
  }

  /**
   * Runs a script. Its first argument is the prefix of keys.
   * @returns its reply
   * @throws {UnavailableError} if there is no connection, or Redis rejects the script
   */
  async run(script: Script, ...args: readonly (string | number)[]): Promise<unknown> {
    return this.execute(async (redis) => {
      const given = [this.prefix, ...args];
      // Checking first whether Redis knows the script would let later commands overtake it.
      if (!this.#sent.has(script)) {
        this.#sent.add(script);
        return redis.eval(script.lua, 0, ...given);
      }
      try {
        return await redis.evalsha(script.sha1, 0, ...given);
      } catch (error) {
        if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
        return redis.eval(script.lua, 0, ...given);
      }
    });
  }

  /** Runs commands. @throws {UnavailableError} if there is no connection, or Redis rejects them */
  async execute<T>(run: (commands: Redis) => Promise<T>): Promise<T> {
    try {
      return await run(this.commands);
    } catch (error) {
      // Log an error reply. A lost connection is logged elsewhere.
      if ((error as Error).name === 'ReplyError') {
        this.#logger.warn('Redis rejected a command', { error: (error as Error).message });
      }
      throw new UnavailableError('Redis is unreachable.', { cause: error });
    }
  }

  /** Checks with a write whether Redis is alive and writable. Never rejects. */
  async #checkWritable(): Promise<void> {
    try {
      await this.commands.set(this.key('heartbeat'), '', 'PX', 10 * HEARTBEAT_MS);
      if (this.#rejectsWrites) this.#logger.info('Redis accepts writes again');
      this.#rejectsWrites = false;
    } catch (error) {
      const { name, message } = error as Error;
      if (name !== 'ReplyError') this.commands.disconnect(true);
      else if (!this.#rejectsWrites) {
        this.#rejectsWrites = true;
        this.#logger.warn('Redis rejects writes', { error: message });
      }
    }
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.#whenReady.clear();
    this.commands.disconnect();
    this.listener.disconnect();
  }
}

/** Decodes a text that {@link keyPart} encoded. */
export const idOf = (part: string): string => JSON.parse(`"${decodeURIComponent(part)}"`) as string;
