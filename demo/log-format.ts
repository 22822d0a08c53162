import type { CallbackName } from '../src/core/index.js';
import { callbackArguments } from './callback-arguments.js';

/** One argument of a callback as readable text. */
export interface ShownArgument {
  readonly name: string;
  readonly text: string;
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

function user({ userID, userName }: Fields): string {
  return userID === userName ? textOf(userID) : `${textOf(userName)} (${textOf(userID)})`;
}

function call({ status, callType, endReason, members }: Fields): string {
  const others = Array.isArray(members)
    ? members
        .filter((member): member is Fields => isObject(member) && member['self'] !== true)
        .map((member) => `${textOf(member['userName'])} ${textOf(member['state'])}`)
    : [];
  if (status === 'ended') return `ended: ${textOf(endReason)}`;
  return [status, status === 'idle' ? undefined : callType, ...others]
    .filter((part) => part !== undefined)
    .map(textOf)
    .join(', ');
}

function value(of: unknown): string {
  if (of === '') return "''";
  if (Array.isArray(of)) return of.map(value).join(', ') || '[]';
  if (!isObject(of)) return of === undefined ? 'undefined' : textOf(of);
  if ('status' in of && 'members' in of) return call(of);
  if ('userID' in of && 'state' in of) return `${textOf(of['userID'])} → ${textOf(of['state'])}`;
  if ('userID' in of && 'connection' in of) {
    return `${textOf(of['userID'])} → ${textOf(of['connection'])}`;
  }
  if ('userID' in of && 'userName' in of) return user(of);
  if ('message' in of) return `${textOf(of['code'] ?? of['error'])}: ${textOf(of['message'])}`;
  return JSON.stringify(of);
}

/** Shortens a long ID: its beginning is enough to recognize it. */
const short = (id: string): string => (id.length > 12 ? `${id.slice(0, 8)}…` : id);

/** The arguments of a callback with their names, in order. */
export function showArguments(name: CallbackName, args: readonly unknown[]): ShownArgument[] {
  const names: readonly string[] = callbackArguments[name];
  return args.map((each, index) => {
    const argument = names[index] ?? `${index}`;
    const text = value(each);
    return { name: argument, text: argument === 'callID' ? short(text) : text };
  });
}

/** Time of day with milliseconds, to show the order of callbacks. */
export function showTime(at: number): string {
  const date = new Date(at);
  const two = (number: number): string => `${number}`.padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${time}.${`${date.getMilliseconds()}`.padStart(3, '0')}`;
}
