import type { Inbox } from '../inbox/inbox.js';
import type { CreateLimiter } from '../limits/rate-limiter.js';
import type { Presence } from '../presence/presence.js';
import type { PushStores } from '../push/push.js';
import type { Bus } from '../routing/bus.js';

/** Everything that a server stores across restarts, or shares with other nodes. */
export interface Backend extends PushStores {
  readonly inbox: Inbox;
  /** None: it shares its users with no other server. */
  readonly bus?: Bus;
  readonly presence?: Presence;
  /** Counts for all servers together. None: each counts by itself. */
  readonly createLimiter?: CreateLimiter;
  /** Whether it can be used now. None: always. */
  readonly isReady?: () => boolean;
  /** How many changes wait to be written. None: it has none that wait. */
  readonly unwritten?: () => number;
  /** Resolves when everything that can be written is on disk, and the folder is free for another server. */
  close(): Promise<void>;
}
