import { MAX_NAME_LENGTH, SERVER_DEVICE } from '../../src/core/protocol/limits.js';
import { isUserID } from '../../src/core/protocol/messages.js';
import type { Credentials } from '../auth/auth.js';

/** What a client says when it connects. */
export interface Handshake extends Credentials {
  readonly deviceID: string;
  /** The device that this one replaces (a reload). */
  readonly replaces: string | undefined;
}

/**
 * Whether the device says that it was connected before. It is in the query of the URL: the limits on its address are
 * looked at before there is a connection that could say anything.
 */
export function isReturning(url: string | undefined): boolean {
  return new URLSearchParams(url?.split('?')[1]).get('returning') === '1';
}

/** @returns the handshake, or a sentence that says what is wrong with it */
export function readHandshake(input: Readonly<Record<string, unknown>>): Handshake | string {
  const { userID, userName, deviceID, replaces, token } = input;
  if (!isUserID(userID)) return 'The userID is missing, or is none.';
  if (!isUserID(deviceID) || deviceID === SERVER_DEVICE)
    return 'The deviceID is missing, or is none.';
  return {
    userID,
    userName: displayName(userName),
    deviceID,
    replaces: isUserID(replaces) && replaces !== deviceID ? replaces : undefined,
    token: typeof token === 'string' ? token : undefined,
  };
}

/** A name that can be shown, or `''`. */
export function displayName(name: unknown): string {
  return typeof name === 'string' ? name.trim().slice(0, MAX_NAME_LENGTH) : '';
}
