import type { Command } from '../machine/events.js';
import type { SavedCall, SendResult } from '../machine/types.js';
import type { CallHistory } from '../ports/call-history.js';
import type { Clock } from '../ports/clock.js';
import type { MissedCalls } from '../ports/missed-calls.js';
import type { CallErrorCode, CallUser } from '../protocol/vocabulary.js';
import type { PreferencesChange } from '../protocol/preferences.js';
import type { Callbacks } from './callbacks.js';
import type { MediaRunner } from './media-runner.js';
import type { LinkEvent } from './session-connections.js';
import type { Stores } from './stores.js';
import type { CallInvitationService, ServiceEnvironment } from './types.js';

/** The objects that the service shares with its sessions. */
export interface SessionDependencies {
  readonly service: CallInvitationService;
  readonly environment: ServiceEnvironment;
  readonly clock: Clock;
  readonly callbacks: Callbacks;
  readonly stores: Stores;
  readonly media: MediaRunner;
}

export interface CallSession {
  readonly user: CallUser;
  readonly deviceID: string;
  /** Number of received messages that were ignored. */
  readonly ignored: number;
  /** Passes a command to the machine, and waits for its result. */
  execute<T extends boolean | SendResult>(command: Command): Promise<T>;
  /**
   * Waits for the connection, for at most ten seconds while `connecting`.
   * @throws {CallError} `not-connected`
   */
  connected(): Promise<void>;
  /** Connects now, with a new token, instead of waiting for the next attempt. */
  reconnect(): void;
  /** Duration of the call, in ms; after its end, the total one. */
  readonly elapsedMs: number | undefined;
  /** The data of the current call that the page saves before a reload. */
  savedCall(): SavedCall | undefined;
  /** Runs a job with the missed-call manager, once it is loaded; undefined if there is none. */
  withMissedCalls<T>(job: (missed: MissedCalls) => T | Promise<T>): Promise<T> | undefined;
  /** Runs a job with the call history, once it is loaded; undefined if there is none. */
  withHistory<T>(job: (history: CallHistory) => T | Promise<T>): Promise<T> | undefined;
  /**
   * Changes which calls ring.
   * @param make returns the change. Called when the time of the server is known, in ms since the epoch
   * @returns whether this has changed anything
   */
  changePreferences(make: (serverNow: number) => PreferencesChange): Promise<boolean>;
  /** No longer shows the end of the call: `$call` is idle, unless there is a call that has not ended. */
  hideEnd(): void;
  /** Silences the ringing of a call, in all pages of this browser. */
  silence(callID: string): void;
  /** Passes an event of a media link to the machine. */
  link(event: LinkEvent): void;
  /**
   * Ends the session synchronously, also when called in a callback. Messages that are pending are still sent, and so is
   * `leave`; callbacks are not called any more. Pending commands reject with `code`.
   * @param continued ID of the call that another session continues: its members hear nothing
   */
  stop(code: CallErrorCode, continued?: string): void;
}
