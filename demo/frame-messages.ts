import type {
  CallbackName,
  CallStatus,
  CallType,
  CallUser,
  Connection,
} from '../src/core/index.js';
import { isCallbackName } from './callback-arguments.js';

/** What a phone in a frame tells the page around it. */
export type PhoneMessage =
  | {
      readonly type: 'callback';
      readonly name: CallbackName;
      /** Plain data: what {@link plainCopy} made of the arguments. */
      readonly args: readonly unknown[];
      /** When it fired, in ms since the epoch. */
      readonly at: number;
    }
  | {
      readonly type: 'status';
      readonly connection: Connection;
      readonly status: CallStatus;
    };

/** What the page around asks of a phone in a frame. */
export interface RingMessage {
  readonly type: 'ring';
  readonly callee: CallUser;
  readonly callType: CallType;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isUser = (value: unknown): value is CallUser =>
  isObject(value) && typeof value['userID'] === 'string' && typeof value['userName'] === 'string';

/** @returns undefined for anything that is not from a phone, as browser extensions post */
export function readPhoneMessage(data: unknown): PhoneMessage | undefined {
  if (!isObject(data)) return undefined;
  const { type, name, args, at, connection, status } = data;
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
  return undefined;
}

/** @returns undefined for anything else */
export function readRingMessage(data: unknown): RingMessage | undefined {
  if (!isObject(data)) return undefined;
  const { type, callee, callType } = data;
  if (type !== 'ring' || !isUser(callee)) return undefined;
  return callType === 'voice' || callType === 'video' ? { type, callee, callType } : undefined;
}

/** A copy that can be posted to another window and printed: functions become their mark, errors their fields. */
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
