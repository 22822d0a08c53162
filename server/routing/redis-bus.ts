import type { Sender } from '../../src/core/protocol/messages.js';
import { deliverTo, type Bus, type Envelope, type Subscriber } from './bus.js';
import type { Presence } from '../presence/presence.js';
import { UnavailableError } from '../storage/unavailable-error.js';
import { OutboundBuffer } from './redis-outbound-buffer.js';
import type { RedisStore } from '../storage/redis-store.js';

/** Number of channels in each command that subscribes again after a reconnection. */
const CHANNELS_PER_COMMAND = 500;

interface Channel {
  readonly devices: Map<string, Subscriber>;
  /** Resolves when this node is subscribed to the channel. */
  readonly subscribed: Promise<unknown>;
  isSubscribed: boolean;
}

/** The content of a channel: the ID of the sending node, and an envelope or the ID of a device that has connected there. */
type BusMessage = readonly [nodeID: string, what: Envelope | string];

/**
 * Creates a bus over Redis, with a sharded channel for each user. Devices on the same node reach each other without Redis.
 * @param presence provides the number of devices on other nodes
 */
export function createRedisBus(store: RedisStore, presence: Pick<Presence, 'devicesOf'>): Bus {
  return new RedisBus(store, presence);
}

class RedisBus implements Bus {
  readonly #store: RedisStore;
  readonly #presence: Pick<Presence, 'devicesOf'>;
  /** By channel name. */
  readonly #channels = new Map<string, Channel>();
  /** The first characters of all messages of this node. */
  readonly #ownPrefix: string;
  readonly #outbound: OutboundBuffer;

  constructor(store: RedisStore, presence: Pick<Presence, 'devicesOf'>) {
    this.#store = store;
    this.#presence = presence;
    this.#ownPrefix = `[${JSON.stringify(store.nodeID)},`;
    this.#outbound = new OutboundBuffer(store, (name, text) => this.#publishText(name, text));
    store.listener.on('smessage', (name: string, text: string) => this.#receive(name, text));
    store.listener.on('close', () => {
      for (const channel of this.#channels.values()) channel.isSubscribed = false;
    });
    store.listener.on('ready', () => {
      // On failure reconnect, and subscribe again on the next connection.
      this.#resubscribe().catch(() => store.listener.disconnect(true));
    });
  }

  async publish(userID: string, envelope: Envelope): Promise<number> {
    const { toDevice } = envelope;
    const name = this.#store.channel('to', userID);
    const channel = this.#channels.get(name);
    const wasSubscribed = channel?.isSubscribed === true;
    const here = deliverTo(channel?.devices, envelope);
    if (toDevice !== undefined && channel?.devices.has(toDevice)) return here;
    const message: BusMessage = [this.#store.nodeID, envelope];
    const text = JSON.stringify(message);
    let others: number;
    try {
      if (this.#outbound.has(name))
        throw new UnavailableError('Earlier messages to this channel are still buffered.');
      others = (await this.#publishText(name, text)) - (wasSubscribed ? 1 : 0);
    } catch (error) {
      if (envelope.mayBeLate)
        this.#outbound.add({ channel: name, text, userID: senderOf(envelope) });
      if (here === 0) throw error;
      return here;
    }
    return others > 0
      ? here + (await this.#countElsewhere(userID, envelope, channel, others))
      : here;
  }

  async subscribe(
    userID: string,
    deviceID: string,
    deliver: Subscriber['deliver'],
    replaced: Subscriber['replaced'] = () => {},
  ): Promise<() => Promise<void>> {
    const name = this.#store.channel('to', userID);
    const channel = this.#channels.get(name) ?? this.#openChannel(name);
    const subscriber = { deliver, replaced };
    const older = channel.devices.get(deviceID);
    channel.devices.set(deviceID, subscriber);
    older?.replaced();
    const end = async () => {
      if (channel.devices.get(deviceID) === subscriber) channel.devices.delete(deviceID);
      if (channel.devices.size > 0 || this.#channels.get(name) !== channel) return;
      this.#channels.delete(name);
      // Without a connection there is no subscription to end.
      this.#store.listener.sunsubscribe(name).catch(() => {});
    };
    try {
      await channel.subscribed;
      const message: BusMessage = [this.#store.nodeID, deviceID];
      await this.#publishText(name, JSON.stringify(message));
    } catch (error) {
      await end();
      throw new UnavailableError('Redis is unreachable.', { cause: error });
    }
    return end;
  }

  #openChannel(name: string): Channel {
    const subscribed = this.#store.listener.ssubscribe(name);
    const channel: Channel = { devices: new Map(), subscribed, isSubscribed: false };
    this.#channels.set(name, channel);
    subscribed.then(
      () => (channel.isSubscribed = true),
      () => {},
    );
    return channel;
  }

  async #resubscribe(): Promise<void> {
    const names = [...this.#channels.keys()];
    for (let start = 0; start < names.length; start += CHANNELS_PER_COMMAND) {
      const some = names.slice(start, start + CHANNELS_PER_COMMAND);
      await this.#store.listener.ssubscribe(...some);
      for (const name of some) {
        const channel = this.#channels.get(name);
        if (channel) channel.isSubscribed = true;
      }
    }
  }

  /** @returns the number of subscribed nodes, including this one if it is subscribed */
  async #publishText(name: string, text: string): Promise<number> {
    return (await this.#store.execute((redis) => redis.spublish(name, text))) as number;
  }

  #receive(name: string, text: string): void {
    const channel = this.#channels.get(name);
    // Ignore the node's own messages.
    if (!channel || text.startsWith(this.#ownPrefix)) return;
    const [, what] = JSON.parse(text) as BusMessage;
    if (typeof what !== 'string') {
      deliverTo(channel.devices, what);
      return;
    }
    const subscriber = channel.devices.get(what);
    channel.devices.delete(what);
    subscriber?.replaced();
  }

  async #countElsewhere(
    userID: string,
    { toDevice, exceptDevice }: Envelope,
    channel: Channel | undefined,
    nodes: number,
  ): Promise<number> {
    try {
      const devices = await this.#presence.devicesOf(userID);
      return devices.filter(
        (deviceID) =>
          deviceID !== exceptDevice &&
          (toDevice === undefined || deviceID === toDevice) &&
          !channel?.devices.has(deviceID),
      ).length;
    } catch {
      // Redis has become unreachable. Each subscribed node has at least one device.
      return nodes;
    }
  }
}

/** The user who sent the message, or on whose behalf the server sent it. */
function senderOf({ message }: Envelope): string {
  const { userID } = (message['from'] ?? {}) as Partial<Sender>;
  return userID ?? '';
}
