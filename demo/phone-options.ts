import type { CallUser } from '../src/core/index.js';

/** The options in the URL of a phone. */
export interface PhoneOptions {
  /** Undefined until a user has entered a name. */
  readonly user: CallUser | undefined;
  /** The provider's `signaling`. Default: the server that serves the page. */
  readonly signaling: string;
  /** Sends a drawn picture and a tone even if there are a camera and a microphone. */
  readonly synthetic: boolean;
  /** The phone is in a frame: it shows no links. */
  readonly bare: boolean;
  /** One of four phones instead of two. */
  readonly four: boolean;
}

/** The users of the demo: the page with two phones uses the first two, the other page all four. */
export const DEMO_USERS = [
  { userID: 'alice', userName: 'Alice' },
  { userID: 'bob', userName: 'Bob' },
  { userID: 'carol', userName: 'Carol' },
  { userID: 'dave', userName: 'Dave' },
] as const satisfies readonly CallUser[];

/** The users who are listed if there is no server that knows who is online. */
export const usersBeside = (four: boolean): readonly CallUser[] =>
  four ? DEMO_USERS : DEMO_USERS.slice(0, 2);

export const THIS_SERVER = '/';

/** @param signaling the `signaling` of pages whose URL names none */
export function readPhoneOptions(search: string, signaling = THIS_SERVER): PhoneOptions {
  const query = new URLSearchParams(search);
  const userID = query.get('user')?.trim();
  const userName =
    query.get('name')?.trim() ||
    DEMO_USERS.find((user) => user.userID === userID)?.userName ||
    userID;
  return {
    user: userID && userName ? { userID, userName } : undefined,
    signaling: query.get('signaling') || signaling,
    synthetic: query.get('media') === 'synthetic',
    bare: query.has('bare'),
    four: query.has('four'),
  };
}

/** The URL of a phone with these options, relative to the phone's page. */
export function phoneAddress({ user, signaling, synthetic, bare, four }: PhoneOptions): string {
  const query = new URLSearchParams();
  if (user) query.set('user', user.userID);
  if (user && user.userName !== user.userID) query.set('name', user.userName);
  if (signaling !== THIS_SERVER) query.set('signaling', signaling);
  if (synthetic) query.set('media', 'synthetic');
  if (bare) query.set('bare', '');
  if (four) query.set('four', '');
  const text = query.toString();
  return text ? `phone.html?${text}` : 'phone.html';
}

/** Derives a userID that is easy to type from a name: lower case, no white space. */
export const userIDOf = (name: string): string =>
  name.trim().toLocaleLowerCase().replaceAll(/\s+/gu, '-').slice(0, 128);
