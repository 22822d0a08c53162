import { createHash, randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { DataError } from './data-error.js';
import { keyPart } from './journal.js';
import type { Logger } from '../observability/logger.js';
import { UnavailableError } from './unavailable-error.js';

/** How long a command may take, in ms. */
const COMMAND_TIMEOUT_MS = 2_000;
/** How often each connection is asked whether it is alive, in ms: one that does not answer is made anew. */
const HEARTBEAT_MS = 1_000;
/** The longest pause between two attempts to connect, in ms. */
export const MOST_RETRY_MS = 200;
/** Sharded publish/subscribe came with it. */
const LEAST_VERSION = 7;

/** Commands fail at once while there is no connection, and are never repeated: who asks knows what to do then. */
const OPTIONS = {
  lazyConnect: true,
  protocol: 2,
  retryStrategy: (attempt: number) => Math.min(50 * attempt, MOST_RETRY_MS),
  connectTimeout: COMMAND_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
  // While it reads its data, in ms: else it would be asked again only after a second.
  maxLoadingRetryTime: 100,
  // A replica by now: the address leads to another one.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  autoResubscribe: false,
  autoResendUnfulfilledCommands: false,
} as const;

/** Steps of Redis that no other interrupts, in Lua. */
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
  /** First part of all keys and channels. Systems with different ones share a Redis. Default `ringkit:`. */
  readonly prefix?: string | undefined;
}

/** The two connections of one node to Redis: one for commands, and one that listens. */
export class RedisStore {
  /** This node: another one after each start. */
  readonly nodeID = randomUUID();
  readonly prefix: string;
  readonly commands: Redis;
  readonly listener: Redis;
  readonly #logger: Logger;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #whenReady = new Set<() => void>();
  /** Scripts that this connection has sent in full: Redis knows them from then on. */
  readonly #sent = new Set<Script>();
  /** An answer to the last heartbeat. */
  #refusesWrites = false;
  /** Why there is no connection, or was none. */
  #fault: Error | undefined;

  /** Not connected yet: `open` gives one that is. */
  constructor(url: string, { logger, prefix = 'ringkit:' }: StoreOptions) {
    this.prefix = prefix;
    this.#logger = logger;
    this.commands = new Redis(url, OPTIONS);
    this.listener = new Redis(url, OPTIONS);
    this.commands.on('close', () => this.#sent.clear());
    let isAway = false;
    for (const connection of [this.commands, this.listener]) {
      connection.on('error', (error: Error) => {
        this.#fault = error;
        if (isAway) return;
        isAway = true;
        logger.warn('Redis is away', { error: error.message });
      });
      connection.on('ready', () => {
        if (this.listener.status !== 'ready' || this.commands.status !== 'ready') return;
        if (isAway) logger.info('Redis is back');
        isAway = false;
        for (const run of this.#whenReady) run();
      });
    }
    this.#heartbeat = setInterval(() => {
      if (this.listener.status === 'ready') {
        this.listener.ping().catch(() => this.listener.disconnect(true));
      }
      if (this.commands.status === 'ready') void this.#tryToWrite();
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /**
   * @param url `redis://` or, over TLS, `rediss://`, with user, password and database number where needed
   * @throws {DataError} when Redis can't be reached, refuses, or is too old
   */
  static async open(url: string, options: StoreOptions): Promise<RedisStore> {
    if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
      throw new DataError('The address of Redis must be a redis:// or rediss:// URL.');
    }
    const store = new RedisStore(url, options);
    try {
      await Promise.all([store.commands.connect(), store.listener.connect()]);
      const info = await store.commands.info('server');
      const version = /redis_version:(\S+)/.exec(info)?.[1] ?? '';
      if (Number.parseInt(version, 10) < LEAST_VERSION) {
        throw new DataError(`Redis ${LEAST_VERSION} or later is needed, not ${version}.`);
      }
      return store;
    } catch (error) {
      store.close();
      if (error instanceof DataError) throw error;
      // Its address may hold a password: the host alone is named.
      const { host } = new URL(url);
      const { message } = store.#fault ?? (error as Error);
      const why = message.replace(/\.$/, '');
      throw new DataError(`Redis at ${host} can not be used: ${why}.`, { cause: error });
    }
  }

  /** Whether Redis takes writes: it does not when its memory or its disk is full. */
  get isWritable(): boolean {
    return this.isReady && !this.#refusesWrites;
  }

  /** Both connections stand. */
  get isReady(): boolean {
    return this.commands.status === 'ready' && this.listener.status === 'ready';
  }

  /** Runs each time that Redis is back. */
  whenReady(run: () => void): void {
    this.#whenReady.add(run);
  }

  /** A channel's name. Other than keys, channels of all databases of a Redis are in one place. */
  channel(kind: string, ...ids: readonly string[]): string {
    return `${this.commands.options.db ?? 0}!${this.key(kind, ...ids)}`;
  }

  /** A key for these IDs, whatever they contain. */
  key(kind: string, ...ids: readonly string[]): string {
    return `${this.prefix}${kind}:${ids.map(keyPart).join(':')}`;
  }

  /**
   * A script's reply. Its first argument is the prefix.
   * @throws {UnavailableError}
   */
  async run(script: Script, ...args: readonly (string | number)[]): Promise<unknown> {
    return this.ask(async (redis) => {
      const given = [this.prefix, ...args];
      // To ask first whether Redis knows it would let what is sent meanwhile overtake it.
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

  /** @throws {UnavailableError} */
  async ask<T>(question: (commands: Redis) => Promise<T>): Promise<T> {
    try {
      return await question(this.commands);
    } catch (error) {
      // An answer that it does not like is none of a lost connection.
      if ((error as Error).name === 'ReplyError') {
        this.#logger.warn('Redis refuses', { error: (error as Error).message });
      }
      throw new UnavailableError('Redis is out of reach.', { cause: error });
    }
  }

  /** Never rejects. */
  async #tryToWrite(): Promise<void> {
    try {
      await this.commands.set(this.key('heartbeat'), '', 'PX', 10 * HEARTBEAT_MS);
      if (this.#refusesWrites) this.#logger.info('Redis takes writes again');
      this.#refusesWrites = false;
    } catch (error) {
      const { name, message } = error as Error;
      if (name !== 'ReplyError') this.commands.disconnect(true);
      else if (!this.#refusesWrites) {
        this.#refusesWrites = true;
        this.#logger.warn('Redis refuses writes', { error: message });
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

/** The ID that {@link keyPart} made a part of a key of. */
export const idOf = (part: string): string => JSON.parse(`"${decodeURIComponent(part)}"`) as string;
