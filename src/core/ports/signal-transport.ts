import type { Hello, Message } from '../protocol/messages.js';
import type { CallErrorCode } from '../protocol/vocabulary.js';

/** Who opens a connection. */
export interface TransportIdentity {
  readonly userID: string;
  readonly userName: string;
  /** Drawn at each page load. */
  readonly deviceID: string;
  /** The device that this one replaces (a reload). */
  readonly replaces?: string;
  /** Asked at each attempt to connect, and before it expires. It may throw, and take its time. */
  readonly token?: () => string | Promise<string>;
}

/** What a transport tells. `unknown` is what came from the wire: the service checks it with the protocol's parser. */
export type TransportEvent =
  | { readonly type: 'connecting' }
  /** The connection stands; the service says `hello`, and what is queued for this device follows. */
  | { readonly type: 'online' }
  /** Everything queued has been delivered (a `Drained` of the protocol, unchecked). */
  | { readonly type: 'drained'; readonly inbox: unknown }
  /**
   * The connection is lost, or could not be made; the transport is trying again by itself. `fault`: since the page has
   * given no token, or one that is not valid now.
   */
  | {
      readonly type: 'offline';
      readonly fault?: { readonly message: string; readonly cause?: unknown };
    }
  /** The server does not take this user (bad token, origin): no further attempt until `reconnect` or `open`. */
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'message'; readonly message: unknown };

/** How a message that was handed over fared. */
export type SendOutcome =
  /** It went to so many devices of each addressee. */
  | {
      readonly type: 'acknowledged';
      readonly reached: readonly { readonly user: string; readonly devices: number }[];
    }
  | { readonly type: 'refused'; readonly code: CallErrorCode; readonly retryAfterMs?: number }
  /** The connection went before an answer came: it may or may not have been delivered. */
  | { readonly type: 'lost' };

/**
 * The wire. One transport object serves one page; every adapter passes `test/contract/signal-transport.ts`.
 *
 * Messages of one sender over one connection arrive in order; else they may be lost with a connection, repeated,
 * delayed, reordered. A device gets no message of its own back. While not connected, `send` answers `lost` at once:
 * what must be said again after a reconnect is the protocol's to decide.
 */
export interface SignalTransport {
  /** Connects, and keeps connecting until `close()`. Handlers are never called before `open` has returned. */
  open(identity: TransportIdentity, handle: (event: TransportEvent) => void): void;
  /** Says where this device stands; `drained` answers it. */
  hello(hello: Hello): void;
  /**
   * Never rejects. A message whose sender does not know the call (`asksMembers`) goes to the users of devices in the
   * call, too, if the call concerns the sender; the acknowledgement names them.
   */
  send(message: Message): Promise<SendOutcome>;
  /**
   * Asks the server something that is no message: see `src/core/protocol/push.ts` for what there is to ask. A wire
   * without a server has none, or answers `unsupported`. Never rejects.
   * @returns the server's answer as it came, or `{ error: { code } }`; `not-connected` while there is no connection
   */
  ask?(question: string, value?: unknown): Promise<unknown>;
  /** TURN servers that this device may use now, with credentials that are still good. A wire without a server has none. */
  iceServers?(): readonly RTCIceServer[];
  /**
   * The server's time at this moment, in ms since the epoch, as it was told at the connection that stands. Undefined
   * where that is not known; a wire without a server has none.
   */
  serverTime?(): number | undefined;
  /**
   * Connects now, also after `refused`, where it waits to try again: the page has another token. Does nothing while
   * connected.
   */
  reconnect?(): void;
  /** Ends as closing the tab would: nothing more is told. It may be opened again. */
  close(): void;
}
