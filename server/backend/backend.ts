import type { History } from '../history/history.js';
import type { Inbox } from '../inbox/inbox.js';
import type { CreateLimiter } from '../limits/rate-limiter.js';
import type { Preferences } from '../preferences/preferences.js';
import type { Presence } from '../presence/presence.js';
import type { PushStores } from '../push/push.js';
import type { Bus } from '../routing/bus.js';

/** The stores of a server: data that survives a restart or that nodes share. In memory, on disk or in Redis. */
export interface Backend extends PushStores {
  readonly inbox: Inbox;
  readonly history: History;
  readonly preferences: Preferences;
  /** Connects the nodes of one system. Undefined if the server is the only node. */
  readonly bus?: Bus;
  /** Presence that all nodes share. Undefined if the server is the only node. */
  readonly presence?: Presence;
  /** Creates counters that all nodes share. Undefined if each node counts for itself. */
  readonly createLimiter?: CreateLimiter;
  /** Whether the store is usable now. Undefined if it always is. */
  readonly isReady?: () => boolean;
  /** Number of changes in memory that are not yet written. Undefined if the store has no such queue. */
  readonly unwritten?: () => number;
  /** Resolves after all pending changes are written, as far as possible, and the folder is free for another server. */
  close(): Promise<void>;
}
