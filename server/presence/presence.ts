import type { Sender } from '../../src/core/protocol/messages.js';
import type { CallChange, CallKnowledge, NoteResult } from '../calls/call-knowledge.js';

/** Identifies a device. The user ID is part of it because two users may choose the same device ID. */
export type DeviceKey = Pick<Sender, 'userID' | 'deviceID'>;

/** The status of a device that is connected or in a call. */
export interface DeviceStatus {
  readonly device: Sender;
  readonly connected: boolean;
  /** The call that the device has entered last. */
  readonly callID: string | undefined;
  /** Further calls that it is in, which its user has put on hold; absent if there are none. */
  readonly otherCallIDs?: readonly string[];
  /** The calls that it has stated to be in, so that its user is busy on all devices; absent if there are none. */
  readonly statedCallIDs?: readonly string[];
}

/** A device that has stated to be in calls. */
export interface BusyDevice {
  readonly deviceID: string;
  readonly callIDs: readonly string[];
}

/** @returns all calls that a device is in */
export const callsOf = ({ callID, otherCallIDs = [] }: DeviceStatus): readonly string[] =>
  callID === undefined ? [] : [...otherCallIDs, callID];

/**
 * Tracks which devices are connected, which call each one is in, and the state of calls. Each method is atomic. A method for
 * a device never affects another user's device with the same ID.
 */
export interface Presence {
  /** A device has connected. A newer connection of the same device replaces the older one. */
  connect(device: Sender, connectionID: string): Promise<void>;
  /**
   * A connection has closed. Ignored if it was replaced; otherwise the server waits for the device if it is in a call, or has
   * stated to be in one.
   */
  disconnect(device: DeviceKey, connectionID: string): Promise<void>;
  /**
   * The device is in this call. If it is not connected, the server waits for it from now on.
   * @param keeps whether it stays in the calls that it was in, up to {@link MAX_CALLS_PER_DEVICE}. Default `false`
   */
  enter(device: Sender, callID: string, keeps?: boolean): Promise<void>;
  /**
   * A connected device states all calls that it is in, so that its user is busy on all devices until the device states
   * none, or is lost. No effect if the device is not connected.
   */
  state(device: Sender, callIDs: readonly string[]): Promise<void>;
  /** The devices of a user that have stated to be in calls. */
  busyDevicesOf(userID: string): Promise<readonly BusyDevice[]>;
  /** The device is not, or no longer, in this call. */
  leave(device: DeviceKey, callID: string): Promise<void>;
  /**
   * The device is lost: the server does not wait for it any longer. No effect on an unknown device.
   * @returns its status before, for the messages that report it as lost; undefined if it was in no call, and has stated none
   */
  lose(device: DeviceKey): Promise<DeviceStatus | undefined>;
  /** The status of a device; undefined if it is neither connected nor in a call. */
  standing(device: DeviceKey): Promise<DeviceStatus | undefined>;
  /** Whether the device was lost and has not reconnected since. */
  isLost(device: DeviceKey): Promise<boolean>;
  /** IDs of the connected devices of a user. */
  devicesOf(userID: string): Promise<readonly string[]>;
  /** Devices in a call, connected or not. */
  devicesIn(callID: string): Promise<readonly DeviceStatus[]>;
  /** The state of a call. @param named users whose display names are needed */
  call(callID: string, named?: readonly string[]): Promise<CallKnowledge>;
  /** Merges a change into the state of a call, completely or not at all. */
  note(callID: string, change: CallChange): Promise<NoteResult>;
  /** Users with at least one connected device. */
  users(): Promise<readonly Pick<Sender, 'userID' | 'userName'>[]>;
  /**
   * Sets the callback for devices that did not reconnect in time and are lost. Of several nodes, one is called for each
   * device. If the callback rejects, or its node crashes, a node is called again, unless the device has reconnected.
   */
  whenVanished(report: (device: Sender, callID: string) => Promise<void>): void;
  /** As `whenVanished`, for lost devices that had stated to be in calls; once for each device. */
  whenFree(report: (device: Sender) => Promise<void>): void;
  close(): Promise<void>;
}
