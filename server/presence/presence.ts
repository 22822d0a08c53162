import type { Sender } from '../../src/core/protocol/messages.js';
import type { CallChange, CallKnowledge, NoteResult } from '../calls/call-knowledge.js';

/** Names one device: two users may have drawn the same ID. */
export type DeviceKey = Pick<Sender, 'userID' | 'deviceID'>;

/** What is known of a device that is connected, or that is in a call. */
export interface DeviceStatus {
  readonly device: Sender;
  readonly connected: boolean;
  /** The call that it is in. */
  readonly callID: string | undefined;
}

/**
 * Which devices are connected, which call each of them is in, and what is known of calls. Each method is one step that
 * no other interrupts. A device is its user's: of another user's device with the same ID nothing changes.
 */
export interface Presence {
  /** A device is connected. A newer connection of the same device takes the place of the older one. */
  connect(device: Sender, connectionID: string): Promise<void>;
  /** A connection has ended. One that was replaced changes nothing; else, in a call, the device is waited for. */
  disconnect(device: DeviceKey, connectionID: string): Promise<void>;
  /** The device is in this call, and in no other. One that is not connected is waited for from now on. */
  enter(device: Sender, callID: string): Promise<void>;
  /** The device is not in this call (any more). */
  leave(device: DeviceKey, callID: string): Promise<void>;
  /**
   * The device is not waited for any longer. One that is not known is as it was.
   * @returns what was known of it, for somebody to say that it is lost; nothing when it was in no call
   */
  lose(device: DeviceKey): Promise<DeviceStatus | undefined>;
  standing(device: DeviceKey): Promise<DeviceStatus | undefined>;
  /** It has been lost, and has not come back since. */
  isLost(device: DeviceKey): Promise<boolean>;
  /** The connected devices of a user. */
  devicesOf(userID: string): Promise<readonly string[]>;
  devicesIn(callID: string): Promise<readonly DeviceStatus[]>;
  /** @param named users whose names are asked for */
  call(callID: string, named?: readonly string[]): Promise<CallKnowledge>;
  /** Adds to what is known of a call, as a whole or not at all. */
  note(callID: string, change: CallChange): Promise<NoteResult>;
  /** Users with a connected device, each once. */
  users(): Promise<readonly Pick<Sender, 'userID' | 'userName'>[]>;
  /**
   * Whom to tell that a device was waited for in vain: it is lost now. Of several servers one is told of each; when it
   * can't make it known (it rejects, or ends before that), one is told again, unless the device has come back.
   */
  whenVanished(tell: (device: Sender, callID: string) => Promise<void>): void;
  close(): Promise<void>;
}
