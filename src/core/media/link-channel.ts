import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import type { ConnectionLevel } from '../ports/media.js';
import type { PictureSizes } from '../ports/media-settings.js';
import { SCREEN_SURFACES } from '../ports/screen.js';
import type { SharedScreen } from '../ports/screen.js';
import { oneOf } from '../protocol/one-of.js';
import { readFlags } from './sources.js';
import type { Outgoing, SourceFlags } from './sources.js';

/** Longest message that is sent or accepted, in UTF-16 code units. */
export const MAX_MESSAGE_LENGTH = 4_096;
/** Most lines of a picture that a receiver can ask for. */
const MAX_LINES = 10_000;
/** Most messages of `post` that wait for the channel to open. */
const MAX_QUEUED = 64;
/**
 * Most deliveries of values to the receiver in this time, in ms: each one costs it an update of its view, or a step of
 * the send policy.
 */
export const DELIVERY_WINDOW_MS = 800;
export const MAX_DELIVERIES = 8;

/**
 * Messages that the two ends of a link exchange over its data channel, by topic. A message is one JSON object with one or
 * more topics. Builds that do not know a topic ignore it, so each topic must be optional for the call.
 */
export interface LinkTopics {
  /** Which sources are sending. On the wire its three fields are at the top level, as the first builds sent them. */
  readonly sources: SourceFlags;
  /** At which size this side shows the pictures of the other one, in lines. 0: not at all; missing: unknown. */
  readonly view: PictureSizes;
  /** Which pictures this side does not send at present, to keep the sound clear. */
  readonly paused: PausedPictures;
  /** How well this side is connected to the call, as far as it can tell. */
  readonly connection: ConnectionLevel;
  /** What this side shares as its screen. Its last value stays after sharing has ended. */
  readonly share: SharedScreen;
  /** Whether the user of this side has put the call on hold: nothing is sent over the link, in either direction. */
  readonly hold: boolean;
  /** Messages of the verification of a link, in the order in which they were posted. The module that sends them checks them. */
  readonly verification: Readonly<Record<string, unknown>>;
}

export interface PausedPictures {
  readonly camera: boolean;
  readonly screen: boolean;
}

export type LinkTopic = keyof LinkTopics;
/** A received message: the topics in it that are well-formed. */
export type LinkMessage = Partial<LinkTopics>;

function readObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : undefined;
}

const isLines = (value: unknown): value is number | undefined =>
  value === undefined || (typeof value === 'number' && value >= 0 && value <= MAX_LINES);

function readView(value: unknown): PictureSizes | undefined {
  const { camera, screen } = readObject(value) ?? { camera: null };
  return isLines(camera) && isLines(screen) ? { camera, screen } : undefined;
}

function readPaused(value: unknown): PausedPictures | undefined {
  const { camera, screen } = readObject(value) ?? {};
  return typeof camera === 'boolean' && typeof screen === 'boolean'
    ? { camera, screen }
    : undefined;
}

const isLevel = oneOf<ConnectionLevel>('good', 'fair', 'poor', 'lost');
const readLevel = (value: unknown): ConnectionLevel | undefined =>
  isLevel(value as ConnectionLevel) ? (value as ConnectionLevel) : undefined;

function readShare(value: unknown): SharedScreen | undefined {
  const { surface, sound, paused } = readObject(value) ?? {};
  return typeof sound === 'boolean' && typeof paused === 'boolean'
    ? { surface: SCREEN_SURFACES.find((known) => known === surface), sound, paused }
    : undefined;
}

/** For each topic, a function that finds and checks it in a message. It returns undefined if it is missing or malformed. */
const READERS: {
  readonly [T in LinkTopic]: (
    message: Readonly<Record<string, unknown>>,
  ) => LinkTopics[T] | undefined;
} = {
  sources: readFlags,
  view: (message) => readView(message['view']),
  paused: (message) => readPaused(message['paused']),
  connection: (message) => readLevel(message['connection']),
  share: (message) => readShare(message['share']),
  hold: ({ hold }) => (typeof hold === 'boolean' ? hold : undefined),
  verification: (message) => readObject(message['verification']),
};

/** @returns the topics of a message from the other side; undefined if it is not a message, or has no known topic */
export function readLinkMessage(data: unknown): LinkMessage | undefined {
  if (typeof data !== 'string' || data.length > MAX_MESSAGE_LENGTH) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch {
    return undefined; // not JSON
  }
  const message = readObject(parsed);
  if (!message) return undefined;
  const topics = Object.entries(READERS)
    .map(([topic, read]) => [topic, read(message)] as const)
    .filter(([, value]) => value !== undefined);
  return topics.length > 0 ? Object.fromEntries(topics) : undefined;
}

function encode<T extends LinkTopic>(topic: T, value: LinkTopics[T]): string {
  return JSON.stringify(topic === 'sources' ? value : { [topic]: value });
}

export interface LinkChannelOptions {
  /** Sends a message. Called only between `open` and `close`. Throws if the channel is closing. */
  readonly transmit: (message: string) => void;
  /**
   * Called with received topics, until `close`: with those of the verification at once and in order; with the others at
   * once as well, but at most `MAX_DELIVERIES` times in `DELIVERY_WINDOW_MS`, and then with the newest value of each.
   */
  readonly onMessage: (message: LinkMessage) => void;
  readonly clock: Pick<Clock, 'after'>;
  readonly logger: Logger | undefined;
}

/** The messages on the data channel of one link, in both directions. */
export class LinkChannel {
  readonly #options: LinkChannelOptions;
  #status: 'opening' | 'open' | 'closed' = 'opening';
  /** The newest value of each topic that was set, as a message. */
  readonly #values = new Map<LinkTopic, string>();
  readonly #queue: string[] = [];
  /** Values that were received and not delivered yet, until the end of the current window. */
  #waiting: LinkMessage = {};
  /** Deliveries in the current window. */
  #deliveries = 0;
  #stopTimer: (() => void) | undefined;

  constructor(options: LinkChannelOptions) {
    this.#options = options;
  }

  /** Sends a value that replaces the previous one: when the channel opens, and at each change. */
  set<T extends LinkTopic>(topic: T, value: LinkTopics[T]): void {
    const message = encode(topic, value);
    if (this.#values.get(topic) === message) return;
    this.#values.set(topic, message);
    if (this.#status === 'open') this.#transmit(message);
  }

  /** Sends a message once, now or when the channel opens; then after the values, in the order of the calls. */
  post<T extends LinkTopic>(topic: T, value: LinkTopics[T]): void {
    const message = encode(topic, value);
    if (this.#status === 'open') this.#transmit(message);
    else if (this.#status === 'opening' && this.#queue.length < MAX_QUEUED) {
      this.#queue.push(message);
    }
  }

  /** To be called when the data channel is open. */
  open(): void {
    if (this.#status !== 'opening') return;
    this.#status = 'open';
    for (const message of [...this.#values.values(), ...this.#queue.splice(0)]) {
      this.#transmit(message);
    }
  }

  /** To be called with everything that arrives. Ignores what is not a message with a known topic. */
  receive(data: unknown): void {
    if (this.#status === 'closed') return;
    const message = readLinkMessage(data);
    if (!message) return;
    const { verification, ...values } = message;
    if (verification) this.#options.onMessage({ verification });
    Object.assign(this.#waiting, values);
    this.#deliver();
  }

  close(): void {
    this.#status = 'closed';
    this.#queue.length = 0;
    this.#stopTimer?.();
  }

  #deliver(): void {
    const values = this.#waiting;
    // What the receiver does with a message may close the channel.
    if (this.#status === 'closed' || Object.keys(values).length === 0) return;
    if (this.#deliveries >= MAX_DELIVERIES) return;
    this.#waiting = {};
    this.#deliveries += 1;
    this.#stopTimer ??= this.#options.clock.after(DELIVERY_WINDOW_MS, () => {
      this.#stopTimer = undefined;
      this.#deliveries = 0;
      this.#deliver();
    });
    this.#options.onMessage(values);
  }

  #transmit(message: string): void {
    if (message.length > MAX_MESSAGE_LENGTH) {
      this.#options.logger?.debug('link message too long', { length: message.length });
      return;
    }
    try {
      this.#options.transmit(message);
    } catch (error) {
      // The channel is closing: the end of the link is reported by its own event.
      this.#options.logger?.debug('link message not sent', { error: String(error) });
    }
  }
}

/** Tells the other side what this one sends. */
export function tellSources(channel: LinkChannel, { flags, share }: Outgoing): void {
  if (share) channel.set('share', share);
  channel.set('sources', flags);
}
