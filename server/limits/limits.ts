import { getHeapStatistics } from 'node:v8';
import { MAX_HELD_CALLS } from '../../src/core/protocol/limits.js';

/*
 * Limits on what one connection, user and call may use, and the time-outs of the server. Limits on the size of messages,
 * which clients know as well, are in src/core/protocol/limits.ts.
 */

/** The share of the heap that one data structure may use, in bytes. It leaves room for the others. */
const HEAP_SHARE_BYTES = Math.floor(getHeapStatistics().heap_size_limit / 8);

/** Bytes that Socket.IO adds to a message: packet type, acknowledgement number, event name. */
export const FRAME_BYTES = 64;
/** Maximum nesting of a message: far deeper than any signal of a WebRTC library, but safe for the stack. */
export const MAX_DEPTH = 32;
/**
 * Maximum number of JSON values in a message or hello, at any depth. The largest valid message, a hello with 200 ended
 * calls, has about 2,600. Checking, copying and serializing values blocks all other clients.
 */
export const MAX_NODES = 4_096;
/** Malformed messages that a connection may send; it is closed at the next one. Unmodified clients send none. */
export const MAX_MALFORMED = 32;
/** Hellos that a connection may send. It needs one, and the answer may be as large as an inbox. */
export const MAX_HELLOS = 3;
/** Messages of a connection that may wait to be handled; further ones are rejected as `rate-limited`. */
export const MAX_WAITING = 256;
/**
 * Received bytes are counted in portions of this size, so that small messages need no separate count. It is also the limit
 * for a connection that is not authenticated yet.
 */
export const UNCHARGED_BYTES = 65_536;
/** How long a client must wait after a message is rejected because of `MAX_WAITING`, in ms. */
export const RETRY_AFTER_MS = 1_000;
/** Bytes that may be unsent to a client that does not read, without the initial sync. */
export const MAX_UNSENT_BYTES = 4_194_304;
/**
 * Limits on the unsent bytes, including initial syncs, of all connections of a user and of this node. Only connections with
 * more than `SLOW_BYTES` count. If a limit is exceeded, the connection with the most unsent bytes is terminated.
 */
export const MAX_UNSENT_BYTES_PER_USER = 8_388_608;
export const MAX_UNSENT_BYTES_IN_ALL = Math.min(268_435_456, HEAP_SHARE_BYTES);
/** Unsent bytes of a connection up to this number are normal, and not counted against the limits above. */
export const SLOW_BYTES = 65_536;

/** Maximum length of a token in UTF-16 code units, and minimum length of an HS256 secret in bytes (RFC 7518, 3.2). */
export const MAX_TOKEN_LENGTH = 8_192;
export const MIN_SECRET_BYTES = 32;
/** Tolerated difference between the clocks of the token's issuer and the server, in ms (RFC 7519, 4.1.4: "small leeway"). */
export const CLOCK_TOLERANCE_MS = 60_000;
/** How long before the expiry of its token a client is asked for a new one, in ms. */
export const RENEW_BEFORE_MS = 60_000;
/** How long the client may take to answer, and the minimum time between two requests, in ms. */
export const RENEW_TIMEOUT_MS = 10_000;
export const RENEW_AGAIN_MS = 1_000;

/** A rate limit: at most `points` in any period of `seconds`. */
export interface Quota {
  readonly points: number;
  readonly seconds: number;
}

/** Limits for each address, user and device. The server rejects what exceeds them, and names the time after which to retry. */
export interface Limits {
  /** Open connections from one address (IPv6: one /64) to this node. A whole company may share an address. */
  readonly connectionsPerAddress: number;
  /** Attempts to connect to this node from one address. */
  readonly attemptsPerAddress: Quota;
  /** Further attempts from one address by devices that claim to reconnect, so that all can do so at once after an outage. */
  readonly returningPerAddress: Quota;
  /** Attempts to connect of one authenticated user. */
  readonly attemptsPerUser: Quota;
  /** Connected devices of one user. */
  readonly devicesPerUser: number;
  /** Messages of one device: in a burst, and over a longer time. */
  readonly messageBurst: Quota;
  readonly messages: Quota;
  /** Bytes that one user sends to this node, from all devices. The connection that exceeds the limit is terminated. */
  readonly bytesPerUser: Quota;
  /** Invitations of one user; an invitation of several users counts once for each. */
  readonly invitationsPerCaller: Quota;
  /** Invitations of one user to one other user. */
  readonly invitationsPerPair: Quota;
  /** Calls that this node learns of by other messages of one user than an invitation, as after a restart. */
  readonly callsFound: Quota;
  /** Traffic of one user to one other user: one point for each message, and one for each KiB in it. */
  readonly trafficPerPair: Quota;
  /** Calls of `mayCall` that are caused by other messages of one user than invitations. */
  readonly contactQuestions: Quota;
  /** Bytes in one user's inbox. A device downloads the whole inbox when it connects. */
  readonly inboxBytes: number;
  /** Bytes in all inboxes that were sent by one user. */
  readonly senderBytes: number;
  /** Bytes in all inboxes. */
  readonly storeBytes: number;
  /** Bytes in the call history of one user; the oldest entries are removed first. */
  readonly historyBytes: number;
  /** Bytes in all call histories; the oldest entries of the largest ones are removed first. */
  readonly historyStoreBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  connectionsPerAddress: 5_000,
  attemptsPerAddress: { points: 2_000, seconds: 10 },
  returningPerAddress: { points: 5_000, seconds: 10 },
  attemptsPerUser: { points: 120, seconds: 60 },
  devicesPerUser: 10,
  messageBurst: { points: 300, seconds: 1 },
  messages: { points: 3_000, seconds: 60 },
  // A member of a call with 64 members sends 1 MB at once when all of its links are set up.
  bytesPerUser: { points: 4_194_304, seconds: 10 },
  invitationsPerCaller: { points: 120, seconds: 60 },
  invitationsPerPair: { points: 30, seconds: 60 },
  callsFound: { points: 30, seconds: 60 },
  trafficPerPair: { points: 1_500, seconds: 10 },
  contactQuestions: { points: 60, seconds: 60 },
  inboxBytes: 1_048_576,
  senderBytes: 4_194_304,
  storeBytes: Math.min(268_435_456, HEAP_SHARE_BYTES),
  historyBytes: 131_072,
  historyStoreBytes: Math.min(268_435_456, HEAP_SHARE_BYTES),
};

/** How long `mayCall` may take, in ms. */
export const MAY_CALL_TIMEOUT_MS = 5_000;

/** Lifetime of TURN credentials in ms. Clients get new ones after half of it. */
export const TURN_TTL_MS = 3_600_000;

/** How long a connection may take to authenticate, in ms. */
export const CONNECT_TIMEOUT_MS = 5_000;
/** Heartbeat of Engine.IO, in ms. A dead connection is detected after both times together: 18 s. */
export const PING_INTERVAL_MS = 10_000;
export const PING_TIMEOUT_MS = 8_000;

/** How long a server that stops takes to disconnect its clients, in ms; how many at a time; and the pause between, in ms. */
export const DRAIN_MS = 10_000;
export const DRAIN_BATCH_SIZE = 100;
export const DRAIN_PAUSE_MS = 50;

/** How long a disconnected device may take to reconnect before the server reports it as lost, in ms. */
export const VANISH_AFTER_MS = 8_000;
/**
 * Factor by which that time is longer after a start, for devices that have not connected yet: they had to detect the
 * outage, and all reconnect at once. It is also the limit while reconnecting devices wait for admission.
 */
export const RESTART_WAIT_FACTOR = 4;
/** Interval of the check whether reconnecting devices still wait, in ms. */
export const RETURN_CHECK_MS = 1_000;
/** Time within which a rejected returning device retries, in ms. */
export const RETURN_RETRY_MS = 5_000;
/** Devices that are authenticated at the same time; further ones wait. */
export const MAX_CONCURRENT_ADMISSIONS = 256;
/** How long after its time-out an invitation becomes missed if the coordinator, who has 2 s of grace, sends nothing, in ms. */
export const EXPIRY_GRACE_MS = 3_500;
/** How long a missed call is reported only to devices that know it, because they may still be settling it, in ms. */
export const SETTLE_MS = 3_000;
/** How long a settled invitation is stored, for devices that have it and for repeated invites, in ms. */
export const KEEP_SETTLED_MS = 600_000;
/** How long a missed call is stored, handled or not, in ms. */
export const KEEP_MISSED_MS = 30 * 24 * 3_600_000;
/** Interval of the removal of expired entries, in ms. */
export const EXPIRE_INTERVAL_MS = 3_600_000;
/** How long the last display name of a user is stored, in ms. */
export const KEEP_NAME_MS = 30 * 24 * 3_600_000;
/** How long a call without connected devices is stored after its last message, in ms. */
export const KEEP_CALL_MS = 900_000;

/**
 * Maximum number of entries in an inbox: open invitations, missed calls and settled invitations; and how many of them one
 * sender may cause. Beyond a limit, the oldest entry of the most active sender is evicted. So one account can't fill an
 * inbox, and the download of a device that connects stays small.
 */
export const MAX_ENTRIES = { open: 100, missed: 200, settled: 200 } as const;
export const MAX_ENTRIES_BY_SENDER = { open: 40, missed: 20, settled: 50 } as const;
/** Approximate size of an entry without its invitation, in bytes of heap, including the inbox itself. */
export const ENTRY_BYTES = 1_280;
/** Half-life of the bytes that a sender has sent, for the choice of entries to evict, in ms. */
export const ACTIVITY_HALF_LIFE_MS = 30 * 24 * 3_600_000;
/** Senders without stored entries whose activity is remembered; the least recent are forgotten first. */
export const MAX_SENDERS = 20_000;
/** Approximate size of an item of a call history, without the JSON of its entry, in bytes of heap. */
export const HISTORY_ITEM_BYTES = 200;
/** Marks of deleted entries in the history of one user; beyond it the oldest are removed. */
export const MAX_HISTORY_DELETIONS = 400;
/** Changes in one page of a history. */
export const MAX_HISTORY_PAGE = 50;
/** Interval of the removal of expired entries of call histories, in ms: each step of Redis handles a limited number of users. */
export const HISTORY_EXPIRE_INTERVAL_MS = 60_000;
/** Users whose expired entries one step of Redis removes, so that it does not block others for long. */
export const HISTORY_USERS_PER_STEP = 200;
/** Users that a call may have over its lifetime. */
export const MAX_USERS_PER_CALL = 256;

/**
 * Calls in which coordinators place one device by selecting it: as many as a device has at most, all but one of them on
 * hold.
 */
export const MAX_SELECTED_CALLS_PER_DEVICE = MAX_HELD_CALLS + 1;
/**
 * Calls that one device may be in; entering a further one leaves the oldest. After calls in which coordinators have placed
 * it without its accept, it can still enter all its own.
 */
export const MAX_CALLS_PER_DEVICE = 2 * MAX_SELECTED_CALLS_PER_DEVICE;
/** Approximate memory of all tracked calls, in bytes: about 100,000 calls of two members. */
export const MAX_CALL_BYTES = Math.min(201_326_592, HEAP_SHARE_BYTES);
/** Capacity of the maps of lost devices and of names. */
export const MAX_LOST_DEVICES = 100_000;
export const MAX_NAMES = 100_000;

/** Push subscriptions of one user, and of all users; the oldest are removed first. */
export const MAX_SUBSCRIPTIONS_PER_USER = 10;
export const MAX_SUBSCRIPTIONS = 100_000;
/** Most people whom all users of a server without Redis can block; one more counts for each user who blocks somebody. */
export const MAX_BLOCKED_IN_ALL = 500_000;
/** Most users of a server without Redis who have switched on do-not-disturb or block somebody. */
export const MAX_USERS_WITH_PREFERENCES = 1_000_000;
/** Maximum size of the page data in a subscription, in bytes of JSON, so that payloads fit in a push message. */
export const MAX_PAGE_BYTES = 2_048;
/** Maximum size of a push payload in bytes: 4,096 after encryption (RFC 8291). */
export const MAX_PAYLOAD_BYTES = 3_993;
/** Pushes that are sent at the same time, and pushes that may wait; further ones are dropped. */
export const MAX_PUSHES = 64;
export const MAX_PUSHES_WAITING = 10_000;
/** The same limits for one user, so that slow push services of one user do not block others. */
export const MAX_PUSHES_PER_USER = 4;
export const MAX_PUSHES_WAITING_PER_USER = 100;
/** How long a push service may take to answer, in ms. */
export const PUSH_TIMEOUT_MS = 10_000;
/** The circuit breaker opens after so many time-outs in a row, for so long (ms). */
export const MAX_PUSH_TIMEOUTS = 10;
export const PUSH_CIRCUIT_OPEN_MS = 60_000;
/** Push services with a circuit breaker; the oldest are removed first. */
export const MAX_PUSH_CIRCUITS = 1_000;
/** Retries of a push when its service is overloaded, and the delay in ms if the service names none. */
export const MAX_PUSH_RETRIES = 2;
export const PUSH_RETRY_MS = 2_000;
/** Pause before a store that was unavailable is read again for a push, in ms. */
export const PUSH_READ_AGAIN_MS = 1_000;
/** How long such a store is read again for a call that does not ring any more, in ms. */
export const PUSH_READ_LIMIT_MS = 60_000;
/** TTL of the push for a missed call (RFC 8030), in ms. A device that comes online later reads the inbox. */
export const MISSED_PUSH_MS = 24 * 3_600_000;
/** TTL of the push that a call was answered on another device, in ms. */
export const ANSWERED_PUSH_MS = 60_000;
/** Invitations whose pushes are remembered, so that they can be withdrawn. */
export const MAX_PUSHED = 10_000;
/** Maximum size of the body of a ticket request, in bytes. */
export const MAX_TICKET_BYTES = 2_048;
