import type {
  MemberRecord,
  Message,
  MessageOf,
  MessageType,
} from '../../src/core/protocol/messages.js';
import { waitFor } from './honest-person.js';
import { invite, record, createMessage } from './wire-client.js';

type Received = Readonly<Record<string, unknown>>;

/** A connection that sends anything, and records messages unchanged. */
export interface RawWire {
  readonly received: readonly Received[];
  /** @returns the acknowledgement, unchanged */
  send(message: unknown): Promise<unknown>;
  /** @returns a function that stops listening */
  listen(check: () => void): () => unknown;
  close(): void;
}

/**
 * A user with a valid identity who sends messages without authority: well-formed, with any records, at any time. The
 * methods do single steps of an honest device, so that this client can have any state in a call.
 */
export class LyingClient {
  readonly userID: string;
  readonly deviceID: string;
  readonly #wire: RawWire;

  constructor(wire: RawWire, userID: string, deviceID: string) {
    this.#wire = wire;
    this.userID = userID;
    this.deviceID = deviceID;
  }

  get received(): readonly Received[] {
    return this.#wire.received;
  }

  /** @returns the acknowledgement, unchanged */
  send(message: unknown): Promise<unknown> {
    return this.#wire.send(message);
  }

  /** The first message that matches. */
  async receives(what: string, fits: (message: Received) => boolean): Promise<Received> {
    await waitFor(
      () => this.received.some(fits),
      (check) => this.#wire.listen(check),
      () => `${what} at ${this.deviceID}, which received ${JSON.stringify(this.received)}`,
    );
    return this.received.find(fits) as Received;
  }

  receivesType(type: MessageType, callID: string): Promise<Received> {
    return this.receives(
      type,
      (message) => message['type'] === type && message['callID'] === callID,
    );
  }

  /** The record of this user, in the round that the inviter `alice` opened. */
  own(state: MemberRecord['state'], more: Partial<MemberRecord> = {}): MemberRecord {
    const isDeviceNamed = state === 'in' || state === 'left';
    return record(this.userID, state, {
      ...(isDeviceNamed && { device: this.deviceID }),
      ...more,
    });
  }

  /** Declines an invitation like an honest device. */
  async declines(callID: string, to: readonly string[]): Promise<void> {
    await this.receivesType('invite', callID);
    const fields = { round: 1, reason: 'declined', customData: '' } as const;
    await this.send(
      createMessage('decline', callID, to, { ...fields, records: [this.own('declined')] }),
    );
  }

  /** Accepts an invitation like an honest device, and is selected. */
  async accepts(callID: string, to: readonly string[]): Promise<void> {
    await this.receivesType('invite', callID);
    const fields = { round: 1, customData: '', records: [this.own('ringing')] };
    await this.send(createMessage('accept', callID, to, fields));
    await this.receives(
      'its selection',
      ({ type, user }) => type === 'select' && user === this.userID,
    );
  }

  /** Leaves a call like an honest device. */
  async leaves(callID: string, to: readonly string[]): Promise<void> {
    const records = [this.own('left', { reason: 'hung-up' })];
    await this.send(createMessage('leave', callID, to, { reason: 'hung-up', records }));
  }

  /** Sends the offer of a media link. */
  offers(callID: string, to: string, toDevice: string, link = 1_000): Promise<unknown> {
    const data = { type: 'offer', sdp: 'v=0', of: this.userID };
    return this.send({ ...createMessage('signal', callID, [to], { link, data }), toDevice });
  }

  close(): void {
    this.#wire.close();
  }
}

/** The fields of a false statement that all message types share. */
export interface Lie {
  readonly callID: string;
  readonly to: readonly string[];
  readonly records: readonly MemberRecord[];
  /** The user that the statement concerns. */
  readonly subject: string;
}

type Carrier = Exclude<MessageType, 'seen' | 'history' | 'busy' | 'preferences'>;

/** A message of every type that carries records, as a malicious client sends it to spread false records. */
export const CARRIERS: Readonly<Record<Carrier, (lie: Lie) => Message>> = {
  invite: ({ callID, to, records }) => {
    const named = new Set(records.map(({ user }) => user));
    const missing = to.filter((user) => !named.has(user));
    const more = missing.map((user) => record(user, 'inviting', { round: 2, inviter: 'mallory' }));
    return invite(callID, to, { group: true, records: [...records, ...more] });
  },
  ringing: ({ callID, to, records }) =>
    createMessage('ringing', callID, to, { round: 1, records: [...records] }),
  accept: ({ callID, to, records }) =>
    createMessage('accept', callID, to, { round: 1, customData: '', records: [...records] }),
  select: ({ callID, to, records, subject }) =>
    createMessage('select', callID, to, { user: subject, records: [...records] }),
  decline: ({ callID, to, records }) =>
    createMessage('decline', callID, to, {
      ...{ round: 1, reason: 'declined', customData: '' },
      records: [...records],
    }),
  cancel: ({ callID, to, records, subject }) =>
    createMessage('cancel', callID, to, {
      ...{ user: subject, reason: 'canceled', customData: '' },
      records: [...records],
    }),
  signal: ({ callID, to, records }) =>
    createMessage('signal', callID, to, {
      ...{ link: 1_000, data: { type: 'offer', sdp: 'v=0', of: 'mallory' } },
      records: [...records],
    }),
  roster: ({ callID, to, records }) =>
    createMessage('roster', callID, to, { records: [...records] }),
  leave: ({ callID, to, records }) =>
    createMessage('leave', callID, to, { reason: 'hung-up', records: [...records] }),
  end: ({ callID, to, records }) => end(callID, to, records),
  sync: ({ callID, to, records }) =>
    createMessage('sync', callID, to, { phase: 'in', records: [...records] }),
  state: ({ callID, to, records }) =>
    createMessage('state', callID, to, { phase: 'in', records: [...records] }),
};

export const CARRIER_TYPES = Object.keys(CARRIERS) as Carrier[];

const end = (
  callID: string,
  to: readonly string[],
  records: readonly MemberRecord[],
): MessageOf<'end'> =>
  createMessage('end', callID, to, { reason: 'hung-up', records: [...records] });
