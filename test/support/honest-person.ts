import type {
  SendOutcome,
  SignalTransport,
  TransportEvent,
  TransportIdentity,
} from '../../src/core/ports/signal-transport.js';
import type { Hello, Message } from '../../src/core/protocol/messages.js';
import type { InvitationService } from '../../src/core/service/invitation-service.js';
import type { CallSnapshot } from '../../src/core/service/snapshots.js';
import type { FakeLink, LinkingMedia } from './linking-media.js';

const PATIENCE_MS = 30_000;

/** A transport that records received messages and unacknowledged sent messages. */
export class ObservedTransport implements SignalTransport {
  readonly received: Readonly<Record<string, unknown>>[] = [];
  readonly #inner: SignalTransport;
  readonly #unacknowledged = new Set<Promise<SendOutcome>>();
  readonly #onReceived = new Set<() => void>();
  /** Whether everything that was queued has been handled. */
  #isSynced = false;
  /** Number of sent messages. */
  sent = 0;

  constructor(inner: SignalTransport) {
    this.#inner = inner;
  }

  open(identity: TransportIdentity, handle: (event: TransportEvent) => void): void {
    this.#inner.open(identity, (event) => {
      handle(event);
      if (event.type === 'message') this.received.push(event.message as Record<string, unknown>);
      this.#isSynced = event.type === 'drained' || (this.#isSynced && event.type === 'message');
      for (const check of this.#onReceived) check();
    });
  }

  hello(hello: Hello): void {
    this.#inner.hello(hello);
  }

  send(message: Message): Promise<SendOutcome> {
    this.sent += 1;
    const sending = this.#inner.send(message);
    this.#unacknowledged.add(sending);
    void sending.finally(() => this.#unacknowledged.delete(sending));
    return sending;
  }

  close(): void {
    this.#inner.close();
  }

  /** Resolves when all messages sent so far are acknowledged, which means delivered. */
  async acknowledged(): Promise<void> {
    await Promise.all(this.#unacknowledged);
  }

  /** Resolves when a message with this ID has been handled. */
  receives(messageID: string): Promise<void> {
    const isReceived = () => this.received.some(({ id }) => id === messageID);
    return waitFor(isReceived, this.#listen, () => `the message ${messageID}`);
  }

  /** Resolves when all messages queued for this device have been handled. */
  synced(): Promise<void> {
    return waitFor(
      () => this.#isSynced,
      this.#listen,
      () => 'the end of the queue',
    );
  }

  readonly #listen = (check: () => void): (() => unknown) => {
    this.#onReceived.add(check);
    return () => this.#onReceived.delete(check);
  };
}

/** A user with one device that runs the real core. Its links connect immediately. */
export class HonestPerson {
  readonly userID: string;
  readonly service: InvitationService;
  readonly transport: ObservedTransport;
  readonly media: LinkingMedia;
  /** Callbacks so far, with their arguments. */
  readonly callbacks: (readonly [name: string, ...args: readonly unknown[]])[] = [];

  constructor(
    userID: string,
    parts: { service: InvitationService; transport: ObservedTransport; media: LinkingMedia },
  ) {
    this.userID = userID;
    this.service = parts.service;
    this.transport = parts.transport;
    this.media = parts.media;
    for (const name of CALLBACKS) {
      this.service.listen(name, (...args: unknown[]) => void this.callbacks.push([name, ...args]));
    }
  }

  get device(): string {
    return this.service.deviceID;
  }

  get call(): CallSnapshot {
    return this.service.$call.get();
  }

  /** The members of the call as this user sees them: `bob accepted`. */
  get members(): string[] {
    return this.call.members.map(({ userID, state }) => `${userID} ${state}`).sort();
  }

  /** Open links to the devices of a user. */
  linksTo(userID: string): FakeLink[] {
    return this.media.links.filter(({ user }) => user === userID);
  }

  /** Invites these users. @returns the call ID */
  async rings(...invitees: string[]): Promise<string> {
    const { callID } = await this.service.send({ invitees, callType: 'voice' });
    return callID;
  }

  /** Resolves when the condition is true for the call. */
  until(what: string, isSo: (call: CallSnapshot) => boolean): Promise<void> {
    return waitFor(
      () => isSo(this.call),
      (check) => this.service.$call.listen(check),
      () => `${what} at ${this.userID}, whose call is ${JSON.stringify(this.call)}`,
    );
  }

  is(status: CallSnapshot['status']): Promise<void> {
    return this.until(`the status ${status}`, (call) => call.status === status);
  }

  sees(userID: string, state: string): Promise<void> {
    return this.until(`${userID} ${state}`, ({ members }) =>
      members.some((member) => member.userID === userID && member.state === state),
    );
  }

  /** Resolves when the device is connected, and everything that was queued has been handled. */
  async isConnected(): Promise<void> {
    const { $connection } = this.service;
    await waitFor(
      () => $connection.get() === 'connected',
      (check) => $connection.listen(check),
      () => `a connection of ${this.userID}, which is ${$connection.get()}`,
    );
    await this.transport.synced();
  }

  async isDisconnected(): Promise<void> {
    const { $connection } = this.service;
    await waitFor(
      () => $connection.get() !== 'connected',
      (check) => $connection.listen(check),
      () => `the end of the connection of ${this.userID}`,
    );
  }

  /** Resolves when this user has missed this call. */
  async hasMissed(callID: string): Promise<void> {
    const { $missedCalls } = this.service;
    await waitFor(
      () => $missedCalls.get().some((missed) => missed.callID === callID),
      (check) => $missedCalls.listen(check),
      () => `a missed call at ${this.userID}`,
    );
  }
}

const CALLBACKS = [
  'onIncomingCallReceived',
  'onIncomingCallCanceled',
  'onIncomingCallTimeout',
  'onOutgoingCallAccepted',
  'onOutgoingCallDeclined',
  'onOutgoingCallRejectedCauseBusy',
  'onOutgoingCallTimeout',
  'onInvitationUserStateChanged',
] as const;

/** Resolves when a condition is true. Checks it at each change. */
export async function waitFor(
  isSo: () => boolean,
  listen: (check: () => void) => () => unknown,
  what: () => string,
): Promise<void> {
  if (isSo()) return;
  await new Promise<void>((resolve, reject) => {
    const check = (): void => {
      if (!isSo()) return;
      done();
      resolve();
    };
    const stop = listen(check);
    const deadline = setTimeout(() => {
      done();
      reject(new Error(`timed out waiting for ${what()}`));
    }, PATIENCE_MS);
    const done = (): void => {
      clearTimeout(deadline);
      stop();
    };
    check();
  });
}
