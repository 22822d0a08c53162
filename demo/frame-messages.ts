import type {
  CallbackName,
  CallStatus,
  CallType,
  CallUser,
  Connection,
} from '../src/core/index.js';
import { isCallbackName } from './callback-arguments.js';
import { isHarm, type Harm } from './chaos.js';

/** A message from a phone in a frame to the page that contains it. */
export type PhoneMessage =
  | {
      readonly type: 'callback';
      readonly name: CallbackName;
      /** Plain data: the result of {@link plainCopy} for each argument. */
      readonly args: readonly unknown[];
      /** When it fired, in ms since the epoch. */
      readonly at: number;
    }
  | {
      readonly type: 'status';
      readonly connection: Connection;
      readonly status: CallStatus;
    }
  /** A network fault has occurred. */
  | { readonly type: 'harmed'; readonly harm: Harm };

/** A command from the page to a phone in a frame. */
export type BoardMessage =
  | { readonly type: 'ring'; readonly callees: readonly CallUser[]; readonly callType: CallType }
  /** Accepts the ringing call. */
  | { readonly type: 'answer' }
  /** Declines, cancels or leaves the call of this phone. */
  | { readonly type: 'hang-up' }
  /** Sets the active network faults. */
  | { readonly type: 'chaos'; readonly harms: readonly Harm[] };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isUser = (value: unknown): value is CallUser =>
  isObject(value) && typeof value['userID'] === 'string' && typeof value['userName'] === 'string';

/** @returns undefined for messages that are not from a phone, such as those of browser extensions */
export function readPhoneMessage(data: unknown): PhoneMessage | undefined {
  if (!isObject(data)) return undefined;
  const { type, name, args, at, connection, status, harm } = data;
  if (
    type === 'callback' &&
    isCallbackName(name) &&
    Array.isArray(args) &&
    typeof at === 'number'
  ) {
    return { type, name, args, at };
  }
  if (type === 'status' && typeof connection === 'string' && typeof status === 'string') {
    return { type, connection: connection as Connection, status: status as CallStatus };
  }
  return type === 'harmed' && isHarm(harm) ? { type, harm } : undefined;
}

/** @returns undefined for any other message */
export function readBoardMessage(data: unknown): BoardMessage | undefined {
  if (!isObject(data)) return undefined;
  const { type, callees, callType, harms } = data;
  switch (type) {
    case 'ring':
      return Array.isArray(callees) &&
        callees.every(isUser) &&
        (callType === 'voice' || callType === 'video')
        ? { type, callees, callType }
        : undefined;
    case 'chaos':
      return Array.isArray(harms) && harms.every(isHarm) ? { type, harms } : undefined;
    case 'answer':
    case 'hang-up':
      return { type };
    default:
      return undefined;
  }
}

/** A copy that can be posted to another window and printed. A function becomes `ƒ`, an error an object with its fields. */
export function plainCopy(value: unknown): unknown {
  if (typeof value === 'function') return 'ƒ';
  if (value instanceof Error) {
    const { code } = value as { code?: unknown };
    return {
      error: value.name,
      ...(typeof code === 'string' ? { code } : {}),
      message: value.message,
    };
  }
  if (Array.isArray(value)) return value.map(plainCopy);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => [key, plainCopy(each)]),
  );
}
