import { getHeapStatistics } from 'node:v8';

/*
 * What one connection, one user and one call may cost, and how long the server waits for whom. Sizes on the wire
 * that browsers know too stand in src/core/protocol/limits.ts.
 */

/** A part of the heap that one thing may fill, in bytes: what all others need has room beside it. */
const HEAP_SHARE_BYTES = Math.floor(getHeapStatistics().heap_size_limit / 8);

/** What Socket.IO puts around a message: packet type, acknowledgement number, event name. In bytes. */
export const FRAME_BYTES = 64;
/** Deepest nesting of a message. Far above what a peer library's signal has, far below what overflows a stack. */
export const MAX_DEPTH = 32;
/**
 * Values in one message or hello, at any depth. The longest honest one, a hello that names 200 calls which are over, has
 * some 2,600. To look at each, copy and write it out takes the time of everybody else.
 */
export const MAX_NODES = 4_096;
/** Malformed messages of one connection; it is closed at the next one. No client of ours sends any. */
export const MAX_MALFORMED = 32;
/** Hellos of one connection: it needs one, and the answer may be as long as an inbox. */
export const MAX_HELLOS = 3;
/** Messages of one connection that wait to be handled; what comes on top is refused as `rate-limited`. */
export const MAX_WAITING = 256;
/**
 * What a connection receives is counted in portions of so many bytes, so that a message costs no counting of its own. Who
 * has not said who it is may send less than this.
 */
export const UNCHARGED_BYTES = 65_536;
/** How long one whose message was refused for that is told to wait. */
export const RETRY_AFTER_MS = 1_000;
/** What a connection may have unsent because its client does not read, in bytes, the answer to a hello apart. */
export const MAX_UNSENT_BYTES = 4_194_304;
/**
 * The same for all connections of one user, and of this server, that have more than a little unsent; here the answer to a
 * hello counts. Past either, the one that has the most is ended: it is the slowest.
 */
export const MAX_UNSENT_BYTES_PER_USER = 8_388_608;
export const MAX_UNSENT_BYTES_IN_ALL = Math.min(268_435_456, HEAP_SHARE_BYTES);
/** What any connection may have unsent for a moment, and what is not counted for these, in bytes. */
export const SLOW_BYTES = 65_536;

/** Longest token, in UTF-16 code units, and shortest secret that tokens are signed with, in bytes (RFC 7518, 3.2). */
export const MAX_TOKEN_LENGTH = 8_192;
export const MIN_SECRET_BYTES = 32;
/** How far the clock of the token's issuer may be off: RFC 7519 allows for "some small leeway". */
export const CLOCK_TOLERANCE_MS = 60_000;
/** A device is asked for a new token so long before the old one expires. */
export const RENEW_BEFORE_MS = 60_000;
/** How long it may take to answer at most, and the least time between two such questions. */
export const RENEW_TIMEOUT_MS = 10_000;
export const RENEW_AGAIN_MS = 1_000;

/** So much within any window of so many seconds. */
export interface Quota {
  readonly points: number;
  readonly seconds: number;
}

/** How much of the server one address, one user and one device may have. What is beyond it is refused for a while. */
export interface Limits {
  /** Open connections of one address (IPv6: of one /64) at this server. Behind one address may be a whole company. */
  readonly connectionsPerAddress: number;
  /** Attempts to connect from one address, at this server. */
  readonly attemptsPerAddress: Quota;
  /** The same of devices that say that they return: on top of those. As many as were connected may come back at once. */
  readonly returningPerAddress: Quota;
  /** Attempts to connect of one user who has proved it. */
  readonly attemptsPerUser: Quota;
  /** Connected devices of one user. */
  readonly devicesPerUser: number;
  /** Everything that one device sends: in a burst, and in the long run. */
  readonly messageBurst: Quota;
  readonly messages: Quota;
  /** Bytes that one user sends to this server, over all devices. Past it, the connection that has sent them is ended. */
  readonly bytesPerUser: Quota;
  /** Invitations of one user: one for each callee. */
  readonly invitationsPerCaller: Quota;
  /** Invitations of one user to one other. */
  readonly invitationsPerPair: Quota;
  /** Calls that this server learns of from one user by other words than an invitation, as after a restart. */
  readonly callsFound: Quota;
  /** What all devices of one user send to one other user: a point for each message, and one for each KiB of it. */
  readonly trafficPerPair: Quota;
  /** How often `mayCall` is asked because of one user's messages that are no invitations. */
  readonly contactQuestions: Quota;
  /** Bytes that one user's inbox may take: a device downloads all of it when it connects. */
  readonly inboxBytes: number;
  /** Bytes that what one user has sent may take, in all inboxes together. */
  readonly senderBytes: number;
  /** Bytes that all inboxes together may take. */
  readonly storeBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  connectionsPerAddress: 5_000,
  attemptsPerAddress: { points: 2_000, seconds: 10 },
  returningPerAddress: { points: 5_000, seconds: 10 },
  attemptsPerUser: { points: 120, seconds: 60 },
  devicesPerUser: 10,
  messageBurst: { points: 300, seconds: 1 },
  messages: { points: 3_000, seconds: 60 },
  // A member of a call of 64 sends 1 MB at once when all of its links are built.
  bytesPerUser: { points: 4_194_304, seconds: 10 },
  invitationsPerCaller: { points: 120, seconds: 60 },
  invitationsPerPair: { points: 30, seconds: 60 },
  callsFound: { points: 30, seconds: 60 },
  trafficPerPair: { points: 1_500, seconds: 10 },
  contactQuestions: { points: 60, seconds: 60 },
  inboxBytes: 1_048_576,
  senderBytes: 4_194_304,
  storeBytes: Math.min(268_435_456, HEAP_SHARE_BYTES),
};

/** How long `mayCall` may take to answer. */
export const MAY_CALL_TIMEOUT_MS = 5_000;

/** How long TURN credentials are good. New ones are handed out after half of it. */
export const TURN_TTL_MS = 3_600_000;

/** A connection that has not said who it is by then is closed. */
export const CONNECT_TIMEOUT_MS = 5_000;
/** A silent connection is noticed after the interval and the time-out together: 18 s. */
export const PING_INTERVAL_MS = 10_000;
export const PING_TIMEOUT_MS = 8_000;

/** A server that stops gives its clients so long, and sends so many away at once, with such a pause between. */
export const DRAIN_MS = 10_000;
export const MOVED_AT_ONCE = 100;
export const MOVE_PAUSE_MS = 50;

/** How long a vanished device may take to come back before the server speaks for it. */
export const VANISH_AFTER_MS = 8_000;
/**
 * After a start, devices that have not been connected yet have so many times as long: they had to notice that the server
 * was gone, and all come at once. The same is the most while returning devices wait for admission.
 */
export const RESTART_WAIT_FACTOR = 4;
/** How often it is looked whether they still do. */
export const RETURN_CHECK_MS = 1_000;
/** A returning device that was told to try again has done so by then. */
export const RETURN_RETRY_MS = 5_000;
/** Devices that are admitted at the same time; all others wait. */
export const ADMISSIONS_AT_ONCE = 256;
/** An invitation whose coordinator has said nothing turns missed so long after its time-out: the coordinator has 2 s of grace. */
export const EXPIRY_GRACE_MS = 3_500;
/** A missed call that devices of its user are still settling is told to no other device before. */
export const SETTLE_MS = 3_000;
/** How long a decided invitation is remembered, for devices that hold it and for invites that are sent again. */
export const KEEP_SETTLED_MS = 600_000;
/** How long a missed call is kept, handled or not. */
export const KEEP_MISSED_MS = 30 * 24 * 3_600_000;
/** How often what is too old is looked for. */
export const EXPIRE_INTERVAL_MS = 3_600_000;
/** How long the display name is remembered that a user was last connected with: 30 days. */
export const KEEP_NAME_MS = 30 * 24 * 3_600_000;
/** How long a call is remembered after the last word in it when no device is in it. */
export const KEEP_CALL_MS = 900_000;

/**
 * Most entries of one inbox: open invitations, missed calls, decided invitations; and those of them that one sender has
 * caused. Past either, the oldest of the sender who has sent the most goes. So one account can fill no inbox, and what a
 * device downloads when it connects stays small.
 */
export const MAX_ENTRIES = { open: 100, missed: 200, settled: 200 } as const;
export const MAX_ENTRIES_BY_SENDER = { open: 40, missed: 20, settled: 50 } as const;
/** What an entry takes beside its invitation, roughly, in bytes of heap: with the inbox that may be there for it alone. */
export const ENTRY_BYTES = 1_280;
/** What somebody has sent counts half after so long when it is decided whose entries go: as long as entries are kept. */
export const ACTIVITY_HALF_LIFE_MS = 30 * 24 * 3_600_000;
/** Senders of whom that is remembered though nothing of theirs is kept; who sent last is forgotten last. */
export const MAX_SENDERS = 20_000;
/** Users that one call may concern over its life. */
export const MAX_USERS_PER_CALL = 256;
/** What all that is known of calls may take in memory, roughly, in bytes: some 100,000 calls of two. */
export const MAX_CALL_BYTES = Math.min(201_326_592, HEAP_SHARE_BYTES);
/** In memory, room for these is taken at the start: 3 and 4 MB. */
export const MAX_LOST_DEVICES = 100_000;
export const MAX_NAMES = 100_000;

/** Push subscriptions of one user, and of all: the oldest goes first. */
export const MAX_SUBSCRIPTIONS_PER_USER = 10;
export const MAX_SUBSCRIPTIONS = 100_000;
/** What a registration says of its page, in bytes of JSON: a payload must fit into what every push service takes. */
export const MAX_PAGE_BYTES = 2_048;
/** Longest payload of a push, in bytes: 4,096 with its encryption (RFC 8291). */
export const MAX_PAYLOAD_BYTES = 3_993;
/** Pushes that are on their way at once, and that wait for that; what comes on top is given up. */
export const MAX_PUSHES = 64;
export const MAX_PUSHES_WAITING = 10_000;
/** The same for one user: whose browsers do not answer takes nobody else's place. */
export const MAX_PUSHES_PER_USER = 4;
export const MAX_PUSHES_WAITING_PER_USER = 100;
/** How long a push service may take to answer. */
export const PUSH_TIMEOUT_MS = 10_000;
/** A push service that has not answered so often in a row is left alone for so long. */
export const MAX_PUSH_TIMEOUTS = 10;
export const PUSH_CIRCUIT_OPEN_MS = 60_000;
/** Push services of which that is remembered; the one that was silent first is forgotten first. */
export const MAX_PUSH_CIRCUITS = 1_000;
/** How often a push is tried again when its service is busy, and after how long when it does not say. */
export const MAX_PUSH_RETRIES = 2;
export const PUSH_RETRY_MS = 2_000;
/** How long a push service keeps the word of a missed call: who comes later reads the inbox. */
export const MISSED_PUSH_MS = 24 * 3_600_000;
/** The same for the word that a call was answered elsewhere. */
export const ANSWERED_PUSH_MS = 60_000;
/** Invitations whose pushes are remembered, so that they can be taken back. */
export const MAX_PUSHED = 10_000;
/** Largest body of a question with a ticket, in bytes. */
export const MAX_TICKET_BYTES = 2_048;
