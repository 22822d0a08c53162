import type { CallHistoryEntry } from '../../core/ports/call-history.js';
import type { Texts } from '../shared/language.js';

/** Which calls the list shows. */
export type Filter = 'all' | 'missed' | 'incoming' | 'outgoing';

/** The filters, in pairs that stay together. */
export const FILTER_PAIRS: readonly (readonly Filter[])[] = [
  ['all', 'missed'],
  ['incoming', 'outgoing'],
];

export const fits: Readonly<Record<Filter, (entry: CallHistoryEntry) => boolean>> = {
  all: () => true,
  missed: ({ missed }) => missed,
  incoming: ({ direction }) => direction === 'incoming',
  outgoing: ({ direction }) => direction === 'outgoing',
};

export const filterText = (filter: Filter, texts: Texts): string =>
  ({
    all: texts.allCalls,
    missed: texts.onlyMissed,
    incoming: texts.onlyIncoming,
    outgoing: texts.onlyOutgoing,
  })[filter];

export const emptyText = (filter: Filter, texts: Texts): string =>
  ({
    all: texts.noCalls,
    missed: texts.noMissedCalls,
    incoming: texts.noIncomingCalls,
    outgoing: texts.noOutgoingCalls,
  })[filter];
