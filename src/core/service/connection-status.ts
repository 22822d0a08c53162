import type { ConnectionLevel, LinkReport } from '../ports/media.js';

/*
 * How well each member is connected to the call, and at whose end a problem is. Pure functions: observations of this
 * device in, levels out.
 */

/** From the best level to the worst. */
const LEVELS: readonly ConnectionLevel[] = ['good', 'fair', 'poor', 'lost'];
type Rank = 0 | 1 | 2 | 3;
const LOST: Rank = 3;

/** How long a level must be reached before it is shown, and how long it is shown after it has improved, in ms. */
const SHOWN_AFTER_MS: readonly number[] = [0, 3_000, 3_000, 1_000];
const HIDDEN_AFTER_MS: readonly number[] = [0, 5_000, 5_000, 1_000];

/** The link to another member. */
export interface LinkObservation {
  /** `opening`: it has not been up yet, so nothing is known of it. */
  readonly state: 'opening' | 'up' | 'down';
  readonly report: LinkReport | undefined;
}

export interface Observations {
  /** Whether the connection of this device to the server works. */
  readonly signalling: boolean;
  /** By userID. */
  readonly links: ReadonlyMap<string, LinkObservation>;
}

/** The level of this device and of the other members; undefined while it is unknown. */
interface Ranks {
  readonly own: Rank | undefined;
  readonly others: ReadonlyMap<string, Rank | undefined>;
}

export interface Levels {
  readonly own: ConnectionLevel | undefined;
  readonly others: ReadonlyMap<string, ConnectionLevel | undefined>;
}

/** The rank of a link, and what is known of the cause. */
interface Link {
  readonly user: string;
  readonly rank: Rank;
  readonly loses: LinkReport['loses'];
  /** The other side tells of a problem of its own that is at least as severe. */
  readonly isExplained: boolean;
}

const rankOf = (level: ConnectionLevel | undefined): Rank =>
  level ? (LEVELS.indexOf(level) as Rank) : 0;

function linkOf(user: string, { state, report }: LinkObservation): Link | undefined {
  if (state === 'opening') return undefined;
  const { quality = 3, loses, told } = report ?? {};
  const rank = state === 'down' ? LOST : ((3 - quality) as Rank);
  // What was told before the link went down is too old.
  const isExplained = state === 'up' && rank > 0 && rankOf(told) >= rank;
  return { user, rank, loses: state === 'up' ? loses : undefined, isExplained };
}

/**
 * @returns how severe a problem of this device is, judged by all links. A problem that all links have in common is its
 * own; one of a single link is that of the other member
 */
function ownRank(signalling: boolean, links: readonly Link[]): Rank {
  const mildest = (some: readonly Link[]): Rank =>
    Math.min(LOST, ...some.map(({ rank }) => rank)) as Rank;
  // Media that flow everywhere show that this device is connected, whatever the server does.
  if (!signalling) return mildest(links);
  const open = links.filter(({ isExplained }) => !isExplained);
  if (open.length > 1) return mildest(open);
  const [only] = open;
  // In a pair, the direction that loses packets tells the end. Without one, the server can be reached, so it is theirs.
  return links.length === 1 && only?.loses === 'sent' ? only.rank : 0;
}

/** Attributes the problems of the links to this device, or to other members. */
export function attribute({ signalling, links: observed }: Observations): Ranks {
  const links = [...observed].flatMap(([user, link]) => linkOf(user, link) ?? []);
  const own = ownRank(signalling, links);
  const others = new Map<string, Rank | undefined>();
  for (const user of observed.keys()) others.set(user, undefined);
  // Of a problem that both ends may have, only the part that exceeds the own one is theirs.
  for (const { user, rank } of links) others.set(user, rank > own ? rank : 0);
  return { own: links.length > 0 ? own : undefined, others };
}

/** One member's level as it is shown: for each rank, whether it is shown, and since when that should be otherwise. */
interface Shown {
  readonly isShown: readonly boolean[];
  readonly changesAt: readonly (number | undefined)[];
}

/** What is shown, and when it changes although the observations stay the same. */
export interface ConnectionStatus {
  readonly own: Shown | undefined;
  readonly others: ReadonlyMap<string, Shown>;
  readonly levels: Levels;
  /** By the clock of `now`; undefined if it does not change. */
  readonly changesAt: number | undefined;
}

export const NO_STATUS: ConnectionStatus = {
  own: undefined,
  others: new Map(),
  levels: { own: undefined, others: new Map() },
  changesAt: undefined,
};

const RANKS: readonly Rank[] = [0, 1, 2, 3];
const NEVER = RANKS.map(() => undefined);
const exactly = (rank: Rank): Shown => ({
  isShown: RANKS.map((one) => one <= rank),
  changesAt: NEVER,
});
const shownRank = ({ isShown }: Shown): Rank => isShown.lastIndexOf(true) as Rank;

/** A rank is shown after the observed one has reached it for a while, and hidden after it was better for a while. */
function follow(before: Shown | undefined, rank: Rank, now: number): Shown {
  if (!before) return exactly(rank);
  const changesAt = RANKS.map((one) => {
    const isReached = rank >= one;
    if (isReached === before.isShown[one]) return undefined;
    const delays = isReached ? SHOWN_AFTER_MS : HIDDEN_AFTER_MS;
    return before.changesAt[one] ?? now + (delays[one] ?? 0);
  });
  const isShown = RANKS.map((one) => {
    const at = changesAt[one];
    const isDue = at !== undefined && at <= now;
    return (before.isShown[one] ?? false) !== isDue;
  });
  // The quality of a link that was lost starts anew.
  if (before.isShown[LOST] && !isShown[LOST]) return exactly(rank);
  return {
    isShown,
    changesAt: changesAt.map((at) => (at !== undefined && at <= now ? undefined : at)),
  };
}

const levelOf = (shown: Shown | undefined): ConnectionLevel | undefined =>
  shown && LEVELS[shownRank(shown)];

/** @returns what is shown from now on, with delays so that nothing flickers */
export function nextStatus(
  before: ConnectionStatus,
  observations: Observations,
  now: number,
): ConnectionStatus {
  const ranks = attribute(observations);
  const own = ranks.own === undefined ? undefined : follow(before.own, ranks.own, now);
  const others = new Map<string, Shown>();
  for (const [user, rank] of ranks.others)
    if (rank !== undefined) others.set(user, follow(before.others.get(user), rank, now));
  const pending = [own, ...others.values()]
    .flatMap((shown) => shown?.changesAt ?? [])
    .filter((at) => at !== undefined);
  return {
    own,
    others,
    levels: {
      own: levelOf(own),
      others: new Map([...ranks.others.keys()].map((user) => [user, levelOf(others.get(user))])),
    },
    changesAt: pending.length > 0 ? Math.min(...pending) : undefined,
  };
}
