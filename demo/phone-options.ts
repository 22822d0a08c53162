import type { CallUser } from '../src/core/index.js';

/** What the address of a phone says. */
export interface PhoneOptions {
  /** Undefined while nobody has said who they are. */
  readonly user: CallUser | undefined;
  /** The provider's `signaling`. Default: the server that the page comes from. */
  readonly signaling: string;
  /** Drawn picture and tone also where there is a camera. */
  readonly synthetic: boolean;
  /** A screen in somebody else's frame: no name of the site, no links. */
  readonly bare: boolean;
  /** One of four, not of two. */
  readonly four: boolean;
}

/** Those who have phones on the pages of the demo: all on one, the first two on the other. */
export const DEMO_USERS = [
  { userID: 'alice', userName: 'Alice' },
  { userID: 'bob', userName: 'Bob' },
  { userID: 'carol', userName: 'Carol' },
  { userID: 'dave', userName: 'Dave' },
] as const satisfies readonly CallUser[];

/** Those who are always there to be called where nobody can be asked who is online. */
export const usersBeside = (four: boolean): readonly CallUser[] =>
  four ? DEMO_USERS : DEMO_USERS.slice(0, 2);

export const THIS_SERVER = '/';

export function readPhoneOptions(search: string): PhoneOptions {
  const query = new URLSearchParams(search);
  const userID = query.get('user')?.trim();
  const userName =
    query.get('name')?.trim() ||
    DEMO_USERS.find((user) => user.userID === userID)?.userName ||
    userID;
  return {
    user: userID && userName ? { userID, userName } : undefined,
    signaling: query.get('signaling') || THIS_SERVER,
    synthetic: query.get('media') === 'synthetic',
    bare: query.has('bare'),
    four: query.has('four'),
  };
}

/** The address, relative to the phone's page, of a phone with these options. */
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

/** An ID that others can type, made of a name: no white space, small letters. */
export const userIDOf = (name: string): string =>
  name.trim().toLocaleLowerCase().replaceAll(/\s+/gu, '-').slice(0, 128);
