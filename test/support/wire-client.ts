import { io, type ManagerOptions, type Socket } from 'socket.io-client';
import { PROTOCOL_VERSION } from '../../src/core/protocol/limits.js';
import {
  parseDelivered,
  parseInboxReport,
  type Delivered,
  type InboxReport,
  type Hello,
  type Message,
  type MemberRecord,
  type MessageOf,
  type MessageType,
} from '../../src/core/protocol/messages.js';

const PATIENCE_MS = 30_000;

/** By the name of the event. */
type Listeners = Readonly<Record<string, Parameters<Socket['on']>[1]>>;

/** A client that can send messages that no transport of the library would send. It records messages unchanged. */
export class WireClient {
  readonly userID: string;
  readonly deviceID: string;
  readonly socket: Socket;
  readonly received: Record<string, unknown>[] = [];
  /** The TURN servers that the server sent last, unchanged. */
  iceServers: unknown;
  #onReceived = new Set<() => void>();

  private constructor(socket: Socket, userID: string, deviceID: string) {
    this.socket = socket;
    this.userID = userID;
    this.deviceID = deviceID;
    socket.on('ice', (servers: unknown) => (this.iceServers = servers));
    socket.on('message', (message: Record<string, unknown>) => {
      this.received.push(message);
      for (const check of this.#onReceived) check();
    });
  }

  /** Rejects with the server's message if the connection is rejected. */
  static async connect(
    url: string,
    deviceID: string,
    auth: Readonly<Record<string, unknown>> = {},
    more: Partial<ManagerOptions> = {},
    listeners: Listeners = {},
  ): Promise<WireClient> {
    const { origin, pathname } = new URL(url);
    const userID = deviceID.split('-')[0] ?? '';
    const socket = io(origin, {
      path: `${pathname.replace(/\/*$/, '')}/socket.io/`,
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { userID, deviceID, ...auth },
      ...more,
    });
    const client = new WireClient(socket, userID, deviceID);
    for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return client;
  }

  /** Connects, and sends `hello`. @param listeners of events that may arrive immediately after connecting */
  static async ready(
    url: string,
    deviceID: string,
    auth?: Readonly<Record<string, unknown>>,
    listeners?: Listeners,
  ): Promise<WireClient> {
    const client = await WireClient.connect(url, deviceID, auth, {}, listeners);
    await client.hello();
    return client;
  }

  async hello(hello: Partial<Hello> = {}): Promise<InboxReport> {
    const drained = this.once('drained');
    this.socket.emit('hello', { over: [], missed: [], ...hello });
    const parsed = parseInboxReport(await drained);
    if (!parsed) throw new Error('the inbox report of the server does not match the protocol');
    return parsed;
  }

  /** @returns the acknowledgement, unchanged */
  send(message: unknown): Promise<unknown> {
    return this.socket.timeout(PATIENCE_MS).emitWithAck('message', message);
  }

  /** The first argument of the next event with this name. */
  once(event: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        reject(new Error(`${this.deviceID} timed out waiting for "${event}"`));
      }, PATIENCE_MS);
      this.socket.once(event, (value: unknown) => {
        clearTimeout(deadline);
        resolve(value);
      });
    });
  }

  /** Resolves when the received messages match. */
  until(fits: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!fits()) return;
        clearTimeout(deadline);
        this.#onReceived.delete(check);
        resolve();
      };
      const deadline = setTimeout(() => {
        this.#onReceived.delete(check);
        reject(new Error(`${this.deviceID} timed out; received ${JSON.stringify(this.received)}`));
      }, PATIENCE_MS);
      this.#onReceived.add(check);
      check();
    });
  }

  /** The first message of a type, already received or still to come, that matches. */
  async next<T extends MessageType>(
    type: T,
    fits: (message: Delivered<MessageOf<T>>) => boolean = () => true,
  ): Promise<Delivered<MessageOf<T>>> {
    const find = () =>
      this.received
        .map(parseDelivered)
        .find(
          (message): message is Delivered<MessageOf<T>> =>
            message?.type === type && fits(message as Delivered<MessageOf<T>>),
        );
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = find();
        if (!found) return;
        clearTimeout(deadline);
        this.#onReceived.delete(check);
        resolve(found);
      };
      const deadline = setTimeout(() => {
        this.#onReceived.delete(check);
        const received = JSON.stringify(this.received);
        reject(new Error(`${this.deviceID} timed out waiting for ${type}; received ${received}`));
      }, PATIENCE_MS);
      this.#onReceived.add(check);
      check();
    });
  }

  /**
   * Everything received until a marker that `other` sends now: all that the server sent to this client before. So a
   * test can assert that no other message was sent.
   */
  async allFrom(other: WireClient): Promise<Record<string, unknown>[]> {
    // An invitation of an unknown version is delivered to every user who may be called, and is not stored.
    const callID = `marker-${String(++serial)}`;
    const marker = { v: 99, type: 'invite', id: callID, callID, to: [this.userID] };
    const answer = await other.send({ ...marker, toDevice: this.deviceID });
    if (!JSON.stringify(answer).includes('"devices":1')) {
      throw new Error(`${other.deviceID} cannot reach ${this.deviceID}: ${JSON.stringify(answer)}`);
    }
    await this.until(() => this.received.some((message) => message['callID'] === callID));
    return this.received.filter((message) => !String(message['callID']).startsWith('marker-'));
  }

  close(): void {
    this.socket.disconnect();
  }
}

let serial = 0;
type Envelope = Omit<MessageOf<'roster'>, 'type'>;
const envelope = (
  callID: string,
  to: readonly string[],
  records: readonly MemberRecord[] = [],
): Envelope => ({
  v: PROTOCOL_VERSION,
  id: `m-${String(++serial)}`,
  callID,
  to: [...to],
  records: [...records],
  names: [],
  remaining: [],
});

export function record(
  user: string,
  state: MemberRecord['state'],
  more: Partial<MemberRecord> = {},
): MemberRecord {
  return { user, round: 1, state, inviter: 'alice', ...more };
}

export function ringing(callID: string, to: readonly string[]): MessageOf<'ringing'> {
  return { ...envelope(callID, to), type: 'ringing', round: 1 };
}

/** Builds a message of any type; `fields` are those of its type. */
export function createMessage<T extends MessageType>(
  type: T,
  callID: string,
  to: readonly string[],
  fields: Omit<MessageOf<T>, keyof Envelope | 'type'> & Partial<Pick<Message, 'records'>>,
): MessageOf<T> {
  return { ...envelope(callID, to), type, ...fields } as unknown as MessageOf<T>;
}

/** An invitation sent by its initiator. */
export function inviteBy(
  { userID, deviceID }: Pick<WireClient, 'userID' | 'deviceID'>,
  callID: string,
  to: readonly string[],
  more: Partial<MessageOf<'invite'>> = {},
): MessageOf<'invite'> {
  const records = [
    record(userID, 'in', { device: deviceID, inviter: userID }),
    ...to.map((user) => record(user, 'inviting', { inviter: userID })),
  ];
  return invite(callID, to, { initiator: userID, records, ...more });
}

/** An invitation by Alice's device `alice-1`. */
export function invite(
  callID: string,
  to: readonly string[],
  more: Partial<MessageOf<'invite'>> = {},
): MessageOf<'invite'> {
  const records = [
    record('alice', 'in', { device: 'alice-1' }),
    ...to.map((user) => record(user, 'inviting')),
  ];
  return {
    ...envelope(callID, to, records),
    type: 'invite',
    callType: 'voice',
    initiator: 'alice',
    endWithInitiator: false,
    group: false,
    customData: '',
    remainingMs: 60_000,
    timeoutMs: 60_000,
    remaining: to.map((user) => ({ user, ms: 60_000 })),
    ...more,
  };
}
