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
  /** Number of messages that were ignored. */
  readonly ignored: number;
  /** @returns the checked message; undefined if it is malformed */
  message(input: unknown): Delivered | ForeignInvite | undefined;
  /** @returns the checked inbox report; an empty one if it is malformed, since it still ends the initial sync */
  inbox(input: unknown): InboxReport;
  /** Counts a message that is ignored. */
  ignore(why: string): void;
}

/**
 * Checks everything that is received from the network. Invalid messages are counted and ignored; the first one for each
 * reason is logged, without its content.
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
