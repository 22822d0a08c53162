import type {
  CallbackName,
  CallStatus,
  CallType,
  CallUser,
  Connection,
} from '../src/core/index.js';
import { isCallbackName } from './callback-arguments.js';
import { isHarm, type Harm } from './chaos.js';

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
    }
  /** Its wire has done something to a message, or was cut. */
  | { readonly type: 'harmed'; readonly harm: Harm };

/** What the page around asks of a phone in a frame. */
export type BoardMessage =
  | { readonly type: 'ring'; readonly callees: readonly CallUser[]; readonly callType: CallType }
  /** Accepts what rings. */
  | { readonly type: 'answer' }
  /** Ends this phone's part in its call, or what becomes of it: declines, cancels or leaves. */
  | { readonly type: 'hang-up' }
  /** What the wire does to messages from now on. */
  | { readonly type: 'chaos'; readonly harms: readonly Harm[] };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isUser = (value: unknown): value is CallUser =>
  isObject(value) && typeof value['userID'] === 'string' && typeof value['userName'] === 'string';

/** @returns undefined for anything that is not from a phone, as browser extensions post */
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

/** @returns undefined for anything else */
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
