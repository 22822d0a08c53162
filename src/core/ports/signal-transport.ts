import type { Hello, Message, Reached } from '../protocol/messages.js';
import type { CallErrorCode } from '../protocol/vocabulary.js';

/** The user and device that open a connection. */
export interface TransportIdentity {
  readonly userID: string;
  readonly userName: string;
  /** Generated at each page load. */
  readonly deviceID: string;
  /** The device that this one replaces, after a reload of the page. */
  readonly replaces?: string;
  /** Called at each attempt to connect, and before the token expires. May throw, reject or be slow. */
  readonly token?: () => string | Promise<string>;
}

/**
 * Events of a transport. `unknown` values come from the network: the service checks them with the protocol's parser.
 */
export type TransportEvent =
  | { readonly type: 'connecting' }
  /** Connected. The service then sends `hello`, and the transport delivers what is queued for this device. */
  | { readonly type: 'online' }
  /** The initial sync is complete: everything queued has been delivered. `inbox`: an unchecked `InboxReport`. */
  | { readonly type: 'drained'; readonly inbox: unknown }
  /**
   * The connection is lost, or could not be established; the transport retries by itself. `fault` is set if the cause
   * is the page's token: missing, or not valid at present.
   */
  | {
      readonly type: 'offline';
      readonly fault?: { readonly message: string; readonly cause?: unknown };
    }
  /** The server rejects this user (bad token, origin): no further attempt until `reconnect` or `open`. */
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'message'; readonly message: unknown };

/** The outcome of sending a message. */
export type SendOutcome =
  | { readonly type: 'acknowledged'; readonly reached: readonly Reached[] }
  | { readonly type: 'refused'; readonly code: CallErrorCode; readonly retryAfterMs?: number }
  /** The connection was lost before the acknowledgement: the message may or may not have been delivered. */
  | { readonly type: 'lost' };

/**
 * Carries messages between devices. One transport object serves one page; every adapter passes the test suite
 * `test/contract/signal-transport.ts`.
 *
 * Messages of one sender over one connection arrive in order. Otherwise messages may be lost with a connection,
 * repeated, delayed or reordered. A device does not receive its own messages. While not connected, `send` resolves to
 * `lost` without waiting: the protocol decides what to send again after a reconnect.
 */
export interface SignalTransport {
  /** Connects, and reconnects until `close()`. The handler is never called before `open` has returned. */
  open(identity: TransportIdentity, handle: (event: TransportEvent) => void): void;
  /** Reports the state of this device; the event `drained` follows. */
  hello(hello: Hello): void;
  /**
   * Sends a message. Never rejects. A message whose sender does not know the call (`asksMembers`) is delivered also to
   * users whose devices are in the call, if the sender is a user of that call; the acknowledgement lists them.
   */
  send(message: Message): Promise<SendOutcome>;
  /**
   * Sends a request to the server itself, as for Web Push (`src/core/protocol/push.ts`). A transport without a server
   * lacks this method, or answers `unsupported`. Never rejects.
   * @returns the server's unchecked response, or `{ error: { code } }`; `not-connected` while there is no connection
   */
  ask?(question: string, value?: unknown): Promise<unknown>;
  /** TURN servers that this device may use now, with valid credentials. Absent without a server. */
  iceServers?(): readonly RTCIceServer[];
  /**
   * The server's current time, in ms since the epoch, derived from what the server reported on the current connection.
   * Undefined while unknown; absent without a server.
   */
  serverTime?(): number | undefined;
  /**
   * Connects now instead of after the retry delay, also after `refused`: the page has another token. Does nothing while
   * connected.
   */
  reconnect?(): void;
  /**
   * The network of this device may have changed, or the device was asleep, so that the connection may be dead without
   * an event. If that is certain, the connection, or the attempt that is under way, is replaced without delay.
   * Otherwise the connection is replaced if the server does not answer within two seconds; while there is none, the
   * next attempt starts now. Absent if nothing can break. Never rejects.
   * @returns whether the connection was checked and works
   */
  networkChanged?(isCertain: boolean): Promise<boolean>;
  /** Disconnects, as closing the tab would: no further events. The transport may be opened again. */
  close(): void;
}
