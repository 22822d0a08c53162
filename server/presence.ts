import type { Sender } from '../src/core/protocol/messages.js';

/** What is known of a device that is connected, or that is in a call. */
export interface Standing {
  readonly device: Sender;
  readonly connected: boolean;
  /** The call that it is in. */
  readonly callID: string | undefined;
}

/** Whom a call concerns, as far as it is known. */
export interface Involved {
  readonly users: ReadonlySet<string>;
  /** Nobody else has to do with it. A server that was started in the middle of a call can't tell. */
  readonly all: boolean;
}

/**
 * Which devices are connected, which call each of them is in, and whom a call concerns. Of calls nothing else is
 * known. Each method is one step that no other interrupts.
 */
export interface Presence {
  /**
   * A device is connected. A newer connection of the same device takes the place of the older one.
   * @returns false when the device is another user's: then nothing has changed
   */
  connect(device: Sender, connectionID: string): Promise<boolean>;
  /** A connection has ended. One that was replaced changes nothing; else, in a call, the device is waited for. */
  disconnect(deviceID: string, connectionID: string): Promise<void>;
  /** The device is in this call, and in no other. One that is not connected is waited for from now on. */
  enter(device: Sender, callID: string): Promise<void>;
  /** The device is not in this call (any more). */
  leave(deviceID: string, callID: string): Promise<void>;
  /**
   * The device of this user is not waited for any longer. One that is not known, or another user's, is as it was.
   * @returns what was known of it, for somebody to say that it is lost; nothing when it was in no call
   */
  lose(deviceID: string, userID: string): Promise<Standing | undefined>;
  standing(deviceID: string): Promise<Standing | undefined>;
  /** It has been lost, and has not come back since. */
  isLost(deviceID: string): Promise<boolean>;
  /** The connected devices of a user. */
  devicesOf(userID: string): Promise<readonly string[]>;
  devicesIn(callID: string): Promise<readonly Standing[]>;
  /**
   * These users have to do with this call. `all`: they, and those added later, are all.
   * @returns false when a call can not have so many: then nothing has changed
   */
  involve(callID: string, userIDs: Iterable<string>, all?: boolean): Promise<boolean>;
  involved(callID: string): Promise<Involved>;
  /** Users with a connected device, each once. */
  users(): Promise<readonly Pick<Sender, 'userID' | 'userName'>[]>;
  /**
   * Whom to tell that a device was waited for in vain: it is lost now. Of several servers one is told of each; when it
   * can't make it known (it rejects, or ends before that), one is told again, unless the device has come back.
   */
  whenVanished(tell: (device: Sender, callID: string) => Promise<void>): void;
  close(): Promise<void>;
}
