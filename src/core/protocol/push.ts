import {
  MAX_CALL_ID_LENGTH,
  MAX_ID_LENGTH,
  MAX_NAME_LENGTH,
  MAX_TIMEOUT_SECONDS,
} from './limits.js';
import { filled, notificationTexts } from './fields.js';
import { isUserID } from './messages.js';
import { check, custom, object, oneOf, optional, type Shaped } from './shapes.js';

/*
 * Web Push (RFC 8030, encrypted by RFC 8291): what a page registers with the server, what the server pushes to a
 * browser without a connected page, and what the service worker requests from the server. Each payload contains
 * everything that the worker needs: since the page was open, the worker may have been stopped and its storage cleared.
 */

/** Longest account, URL or ticket, in UTF-16 code units. */
const MAX_TEXT = 2_048;

const boolean = custom<boolean>((value) => typeof value === 'boolean');
const count = (max: number) =>
  custom<number>((value) => typeof value === 'number' && value >= 0 && value <= max);
const userID = custom<string>(isUserID);
const callID = filled(MAX_CALL_ID_LENGTH);

/** The page's data in a registration. The server repeats it in each payload. */
const page = {
  /** Identifies whose notifications these are: signalling address and userID, joined by the page. */
  account: filled(MAX_TEXT),
  /** Absolute URL that a click on the notification opens. */
  page: filled(MAX_TEXT),
  /** The signalling server's URL, as the page knows it: http(s), absolute, without a trailing slash. */
  server: filled(MAX_TEXT),
  /** BCP 47 tag of the language that the page used last. */
  lang: filled(64),
  /** Whether missed calls are pushed, to show a notification. */
  missed: boolean,
  /** Whether the notification of a missed call offers to call back. */
  dialBack: boolean,
};

const registration = object({
  ...page,
  endpoint: filled(MAX_TEXT),
  /** Keys of the browser's `PushSubscription`, base64url. */
  keys: object({ p256dh: filled(200), auth: filled(100) }),
});

/** A browser's push subscription, with the page's data for its payloads. */
export type PushRegistration = Shaped<typeof registration>;

const call = {
  callID,
  round: count(1_000_000),
  caller: object({ userID, userName: filled(MAX_NAME_LENGTH) }),
  callType: oneOf('voice', 'video'),
  group: boolean,
  resourceID: optional(filled(MAX_ID_LENGTH)),
};

const incoming = object({
  ...page,
  ...call,
  kind: oneOf('incoming'),
  /** The caller's texts for the notification. */
  notification: optional(notificationTexts),
  /** Time left to answer when the server sent the push, in ms. */
  remainingMs: count(MAX_TIMEOUT_SECONDS * 1_000),
  /** Authorizes the worker to decline this invitation and to request its state; nothing else. */
  ticket: filled(MAX_TEXT),
});
const missed = object({
  ...page,
  ...call,
  kind: oneOf('missed'),
  /** When the call was missed, in ms since the epoch by the server's clock. */
  at: count(Infinity),
});
const answered = object({ ...page, callID, kind: oneOf('answered') });

/** An incoming call rings. */
export type IncomingPush = Shaped<typeof incoming>;
/** A call was missed. */
export type MissedPush = Shaped<typeof missed>;
/** A call that was pushed as incoming was accepted or declined on another device. */
export type AnsweredPush = Shaped<typeof answered>;
export type PushPayload = IncomingPush | MissedPush | AnsweredPush;

const invitationState = object({
  /** `ringing`: can still be answered; `answered`: was accepted or declined; `missed`: ended unanswered. */
  state: oneOf('ringing', 'answered', 'missed'),
  /** With `ringing`: time left to answer, in ms. */
  remainingMs: optional(count(MAX_TIMEOUT_SECONDS * 1_000)),
});
/** The state of an invitation: the server's response to a ticket. */
export type InvitationState = Shaped<typeof invitationState>;

/** Paths below the server's URL, for a `POST` with the ticket as `text/plain`. */
export const DECLINE_PATH = '/ringkit/decline';
export const STATE_PATH = '/ringkit/state';

export const parsePushRegistration = (input: unknown): PushRegistration | undefined =>
  check(registration, input);
export const parsePushPayload = (input: unknown): PushPayload | undefined =>
  check(incoming, input) ?? check(missed, input) ?? check(answered, input);
export const parseInvitationState = (input: unknown): InvitationState | undefined =>
  check(invitationState, input);
