import { fitsWire } from '../protocol/limits.js';
import {
  parseDelivered,
  parseInboxReport,
  type Delivered,
  type InboxReport,
  type ForeignInvite,
} from '../protocol/messages.js';
import type { Logger } from '../ports/logger.js';

export interface Inbound {
  /** How many messages were ignored. */
  readonly ignored: number;
  /** @returns nothing when it is to be ignored */
  message(input: unknown): Delivered | ForeignInvite | undefined;
  /** A word of the server that cannot be read says nothing, but it does say that the queue is at its end. */
  inbox(input: unknown): InboxReport;
  /** Counts what is not acted on. */
  ignore(why: string): void;
}

/**
 * Checks all that comes from the wire. What does not pass is counted and breaks nothing; of each kind of fault the
 * first is logged, without its content.
 */
export function createInbound(logger: Logger | undefined): Inbound {
  const logged = new Set<string>();
  let ignored = 0;
  const ignore = (why: string): undefined => {
    ignored++;
    if (!logged.has(why)) logger?.debug('message ignored', { why });
    logged.add(why);
  };
  return {
    get ignored() {
      return ignored;
    },
    message: (input) => (fitsWire(input) && parseDelivered(input)) || ignore('malformed'),
    inbox: (input) => parseInboxReport(input) ?? ignore('malformed') ?? { missed: [], settled: [] },
    ignore,
  };
}
