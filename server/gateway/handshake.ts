import { MAX_NAME_LENGTH, SERVER_DEVICE } from '../../src/core/protocol/limits.js';
import { isUserID } from '../../src/core/protocol/messages.js';
import type { Credentials } from '../auth/auth.js';

/** The handshake data that a client sends when it connects. */
export interface Handshake extends Credentials {
  readonly deviceID: string;
  /** The device that this one replaces, after a page reload. */
  readonly replaces: string | undefined;
}

/**
 * Whether the client claims that its device was connected before. The flag is in the query of the URL because rate limits
 * of the address apply before the connection is established.
 */
export function isReturning(url: string | undefined): boolean {
  return new URLSearchParams(url?.split('?')[1]).get('returning') === '1';
}

/** @returns the handshake, or a sentence that explains why it is invalid */
export function readHandshake(input: Readonly<Record<string, unknown>>): Handshake | string {
  const { userID, userName, deviceID, replaces, token } = input;
  if (!isUserID(userID)) return 'The userID is missing or invalid.';
  if (!isUserID(deviceID) || deviceID === SERVER_DEVICE)
    return 'The deviceID is missing or invalid.';
  return {
    userID,
    userName: displayName(userName),
    deviceID,
    replaces: isUserID(replaces) && replaces !== deviceID ? replaces : undefined,
    token: typeof token === 'string' ? token : undefined,
  };
}

/** The trimmed and truncated name, or `''`. */
export function displayName(name: unknown): string {
  return typeof name === 'string' ? name.trim().slice(0, MAX_NAME_LENGTH) : '';
}
