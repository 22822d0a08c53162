import type { Command } from '../machine/events.js';
import {
  MAX_CALL_ID_LENGTH,
  MAX_CUSTOM_DATA_BYTES,
  MAX_ID_LENGTH,
  MAX_MEMBERS,
  MAX_NAME_LENGTH,
  MAX_NOTIFICATION_MESSAGE_LENGTH,
  MAX_NOTIFICATION_TITLE_LENGTH,
  MAX_TIMEOUT_SECONDS,
  MIN_TIMEOUT_SECONDS,
  utf8Bytes,
} from '../protocol/limits.js';
import { isUserID } from '../protocol/messages.js';
import { oneOf } from '../protocol/one-of.js';
import type { CallType, CallUser, NotificationTexts } from '../protocol/vocabulary.js';
import { CallError } from './call-error.js';
import { isSwitch } from './read-options.js';
import type { AcceptOptions, CancelOptions, SendOptions } from './types.js';
import type { CallConfig } from './call-config.js';

const isCallType = oneOf<CallType>('voice', 'video');
const isFate = oneOf<'hold' | 'end'>('hold', 'end');

const DEFAULT_TIMEOUT_SECONDS = 60;
/** Default of `maxMembers`, the initiator included. */
export const DEFAULT_MAX_MEMBERS = 8;

function check(valid: boolean, wrong: string): asserts valid {
  if (!valid) throw new CallError('invalid-argument', wrong);
}

/** Whether a value is a string of 1 to `maxLength` characters, or undefined. */
const isText = (value: unknown, maxLength: number): boolean =>
  value === undefined || (typeof value === 'string' && !!value && value.length <= maxLength);

/**
 * Checks a user that a page specifies by its ID alone, or by ID and name.
 * @throws {CallError} `invalid-argument`
 */
export function checkUser(user: string | { userID: string; userName?: string }): CallUser {
  const { userID, userName } = (
    typeof user === 'string' ? { userID: user } : Object(user)
  ) as Partial<Record<string, unknown>>;
  check(isUserID(userID), 'userID: 1 to 128 characters, no white space');
  const name = typeof userName === 'string' ? userName.trim().slice(0, MAX_NAME_LENGTH) : '';
  return { userID, userName: name || userID };
}

/** @throws {CallError} `invalid-argument` */
export const checkCustomData = (customData: unknown = ''): string =>
  checkText('customData', customData);

/** @throws {CallError} `invalid-argument` */
export const checkReason = (reason: unknown = ''): string => checkText('reason', reason);

function checkText(name: string, value: unknown): string {
  check(
    typeof value === 'string' && utf8Bytes(value) <= MAX_CUSTOM_DATA_BYTES,
    `${name}: a string of at most 1,024 bytes`,
  );
  return value;
}

/** @throws {CallError} `invalid-argument` */
export function checkAccept(
  options: AcceptOptions,
): Omit<Extract<Command, { type: 'user.accept' }>, 'type'> {
  const { customData, microphone, camera, runningCall } = Object(options) as AcceptOptions;
  check(runningCall === undefined || isFate(runningCall), 'runningCall: hold or end');
  for (const [name, value] of Object.entries({ microphone, camera })) {
    const problem = value === undefined ? undefined : isSwitch(value);
    check(problem === undefined, `${name}: ${problem}`);
  }
  return {
    customData: checkCustomData(customData),
    ...(microphone === undefined ? {} : { microphone }),
    ...(camera === undefined ? {} : { camera }),
    ...(runningCall === undefined ? {} : { current: runningCall }),
  };
}

/** The checked options of `send`. */
export interface CheckedSend {
  readonly callID: string | undefined;
  readonly callType: CallType;
  readonly invitees: readonly CallUser[];
  readonly customData: string;
  readonly timeoutMs: number;
  readonly endWithInitiator: boolean;
  readonly resourceID?: string;
  readonly notification?: NotificationTexts;
}

/** @throws {CallError} `invalid-argument` */
export function checkInvitees(invitees: unknown, self: CallUser | undefined): readonly CallUser[] {
  const users = Array.isArray(invitees) ? (invitees as SendOptions['invitees']).map(checkUser) : [];
  const ids = new Set(users.map(({ userID }) => userID));
  check(
    ids.size > 0 && ids.size === users.length && !ids.has(self?.userID ?? ''),
    'invitees: at least one, no duplicates, not the user of this device',
  );
  return users;
}

/**
 * Checks the users whose invitations are to be cancelled.
 * @returns their userIDs
 * @throws {CallError} `invalid-argument`
 */
function checkCallees(callees: unknown): readonly string[] {
  check(Array.isArray(callees) && callees.length > 0, 'callees: at least one user or userID');
  return (callees as NonNullable<CancelOptions['callees']>).map((user) => checkUser(user).userID);
}

/**
 * The command that takes the whole call back, or the invitations of some callees alone.
 * @throws {CallError} `invalid-argument`
 */
export function cancelCommand({ callees, ...options }: CancelOptions): Command {
  const customData = checkCustomData(options.customData);
  if (callees === undefined) return { type: 'user.cancel', customData };
  return { type: 'user.cancel-invitees', userIDs: checkCallees(callees), customData };
}

/** @throws {CallError} `invalid-argument` */
export function checkCallIDs(calls: unknown): readonly string[] {
  const isValid = Array.isArray(calls) && calls.every((callID) => typeof callID === 'string');
  check(isValid, 'calls: an array of callIDs');
  return calls;
}

/** @throws {CallError} `invalid-argument` */
export function checkTimeout(timeoutSeconds: number | undefined, config: CallConfig): number {
  const seconds = timeoutSeconds ?? config.invitationTimeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  check(
    Number.isFinite(seconds) && seconds >= MIN_TIMEOUT_SECONDS && seconds <= MAX_TIMEOUT_SECONDS,
    'timeoutSeconds: 1 to 600',
  );
  return Math.round(seconds * 1_000);
}

/** @throws {CallError} `too-many-members` */
export function checkMembers(members: number, config: CallConfig): void {
  if (members > Math.min(config.maxMembers ?? DEFAULT_MAX_MEMBERS, MAX_MEMBERS)) {
    throw new CallError('too-many-members');
  }
}

/** @throws {CallError} `invalid-argument`, `too-many-members` */
export function checkSend(
  options: SendOptions,
  self: CallUser | undefined,
  config: CallConfig,
): CheckedSend {
  const {
    invitees: named,
    callType,
    callID,
    resourceID,
    timeoutSeconds,
    customData,
    notificationTitle: title,
    notificationMessage: message,
  } = Object(options) as SendOptions;
  const invitees = checkInvitees(named, self);
  check(isCallType(callType), 'callType: voice or video');
  check(isText(callID, MAX_CALL_ID_LENGTH), 'callID: 1 to 64 characters');
  check(isText(resourceID, MAX_ID_LENGTH), 'resourceID: 1 to 128 characters');
  check(isText(title, MAX_NOTIFICATION_TITLE_LENGTH), 'notificationTitle: 1 to 64 characters');
  check(
    isText(message, MAX_NOTIFICATION_MESSAGE_LENGTH),
    'notificationMessage: 1 to 256 characters',
  );
  const timeoutMs = checkTimeout(timeoutSeconds, config);
  checkMembers(invitees.length + 1, config);
  return {
    ...{ callID, callType, invitees, timeoutMs },
    customData: checkCustomData(customData),
    endWithInitiator: !!config.endCallWhenInitiatorLeave,
    ...(resourceID === undefined ? {} : { resourceID }),
    ...((title !== undefined || message !== undefined) && {
      notification: {
        ...(title !== undefined && { title }),
        ...(message !== undefined && { message }),
      },
    }),
  };
}
