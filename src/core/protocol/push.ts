import {
  MAX_CALL_ID_LENGTH,
  MAX_ID_LENGTH,
  MAX_NAME_LENGTH,
  MAX_TIMEOUT_SECONDS,
} from './limits.js';
import { isUserID } from './messages.js';
import { check, custom, object, oneOf, optional, type Shaped } from './shapes.js';

/*
 * Web Push (RFC 8030, encrypted by RFC 8291): what a page registers at the server, what the server pushes to a browser
 * that has no page connected, and what the browser's worker asks the server. Each payload says all that the worker
 * needs: it may have been stopped, and its storage cleared, since the page was open.
 */

/** Longest account, address and language of a registration, in UTF-16 code units. */
const MAX_TEXT = 2_048;

const text = (max: number) =>
  custom<string>((value) => typeof value === 'string' && value !== '' && value.length <= max);
const boolean = custom<boolean>((value) => typeof value === 'boolean');
const count = (max: number) =>
  custom<number>((value) => typeof value === 'number' && value >= 0 && value <= max);
const userID = custom<string>(isUserID);
const callID = text(MAX_CALL_ID_LENGTH);

/** What the page tells about itself, and finds again in each payload. */
const page = {
  /** Whose notifications these are: the signalling address and the userID, as the page puts them together. */
  account: text(MAX_TEXT),
  /** Where a click opens a page. Absolute. */
  page: text(MAX_TEXT),
  /** The signalling server's address, as the page knows it: http(s), absolute, without a slash at its end. */
  server: text(MAX_TEXT),
  /** BCP 47 tag of the language last used. */
  lang: text(64),
  /** A missed call shows a notification. Without this wish none is pushed. */
  missed: boolean,
  /** A missed call may be called back from its notification. */
  dialBack: boolean,
};

const registration = object({
  ...page,
  endpoint: text(MAX_TEXT),
  /** Of the browser's PushSubscription, base64url. */
  keys: object({ p256dh: text(200), auth: text(100) }),
});

/** A browser's push subscription, with what its payloads say of the page. */
export type PushRegistration = Shaped<typeof registration>;

const call = {
  callID,
  round: count(1_000_000),
  caller: object({ userID, userName: text(MAX_NAME_LENGTH) }),
  callType: oneOf('voice', 'video'),
  group: boolean,
  resourceID: optional(text(MAX_ID_LENGTH)),
};

const incoming = object({
  ...page,
  ...call,
  kind: oneOf('incoming'),
  /** Time left to answer when it was pushed, in ms. */
  remainingMs: count(MAX_TIMEOUT_SECONDS * 1_000),
  /** Lets the worker decline this invitation, and ask how it stands; good for nothing else. */
  ticket: text(MAX_TEXT),
});
const missed = object({
  ...page,
  ...call,
  kind: oneOf('missed'),
  /** When it was missed, ms since the epoch by the server's clock. */
  at: count(Infinity),
});
const answered = object({ ...page, callID, kind: oneOf('answered') });

/** A call rings. */
export type IncomingPush = Shaped<typeof incoming>;
/** A call was missed. */
export type MissedPush = Shaped<typeof missed>;
/** A call that was pushed as incoming is answered, or declined, on another device. */
export type AnsweredPush = Shaped<typeof answered>;
export type PushPayload = IncomingPush | MissedPush | AnsweredPush;

const invitationState = object({
  /** `ringing`: it may be answered; `answered`: accepted or declined; `missed`: it ended unanswered. */
  state: oneOf('ringing', 'answered', 'missed'),
  /** With `ringing`: the time left, in ms. */
  remainingMs: optional(count(MAX_TIMEOUT_SECONDS * 1_000)),
});
/** How an invitation stands, as the server answers a ticket. */
export type InvitationState = Shaped<typeof invitationState>;

/** Beneath the server's address: `POST` with the ticket as plain text. */
export const DECLINE_PATH = '/ringkit/decline';
export const STATE_PATH = '/ringkit/state';

export const parsePushRegistration = (input: unknown): PushRegistration | undefined =>
  check(registration, input);
export const parsePushPayload = (input: unknown): PushPayload | undefined =>
  check(incoming, input) ?? check(missed, input) ?? check(answered, input);
export const parseInvitationState = (input: unknown): InvitationState | undefined =>
  check(invitationState, input);
