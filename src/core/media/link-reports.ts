import type { Clock } from '../ports/clock.js';
import type { LinkReport, MediaEvent } from '../ports/media.js';
import { FAIR_LOSS, rateLink } from './link-quality.js';
import type { LinkStatistics, LocalNetwork } from './link-statistics.js';

/** A direction loses more if its loss is that many times the loss of the other one. */
const CLEAR_FACTOR = 2;
/** ICE may still change the route of a link for this time after it came up or was restarted, in ms. */
const ROUTE_SETTLES_MS = 5_000;

/** One reading of a link. */
interface Reading {
  readonly key: string;
  readonly user: string;
  readonly statistics: LinkStatistics;
  readonly told: LinkReport['told'];
}

/** @returns what the statistics of a link say about the connections of its two ends */
export function reportOf(statistics: LinkStatistics, told: LinkReport['told']): LinkReport {
  const { lossOut = 0, lossIn } = statistics;
  const isLossy = Math.max(lossOut, lossIn) > FAIR_LOSS;
  const sent = isLossy && lossOut >= CLEAR_FACTOR * lossIn;
  const received = isLossy && lossIn >= CLEAR_FACTOR * lossOut;
  return {
    quality: rateLink(statistics),
    loses: sent ? 'sent' : received ? 'received' : undefined,
    told,
  };
}

/** Whether two routes use different networks of this device. What a browser hides is not compared. */
export function isOtherNetwork(a: LocalNetwork, b: LocalNetwork): boolean {
  const differs = (one: string | undefined, other: string | undefined): boolean =>
    one !== undefined && other !== undefined && one !== other;
  return differs(a.type, b.type) || differs(a.address, b.address);
}

/** Emits what changes in the readings of all links of a call. */
export class LinkReports {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #emit: (event: MediaEvent) => void;
  readonly #reports = new Map<string, LinkReport>();
  /** By the key of the link. */
  readonly #routes = new Map<string, { readonly since: number; network?: LocalNetwork }>();

  constructor(clock: Pick<Clock, 'now'>, emit: (event: MediaEvent) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  read(readings: readonly Reading[]): void {
    for (const { user, statistics, told } of readings) {
      const report = reportOf(statistics, told);
      const before = this.#reports.get(user);
      if (before && (['quality', 'loses', 'told'] as const).every((k) => before[k] === report[k]))
        continue;
      this.#reports.set(user, report);
      this.#emit({ type: 'link-report', user, report });
    }
    const moved = readings.filter((reading) => this.#hasMoved(reading));
    if (moved.length > 0) this.#emit({ type: 'route-changed' });
  }

  /** To be called when the state of a link has changed, and when it is restarted or closed. */
  forget(key: string, user: string): void {
    this.#routes.delete(key);
    this.#reports.delete(user);
  }

  #hasMoved({ key, statistics: { network } }: Reading): boolean {
    const now = this.#clock.now();
    const route = this.#routes.get(key) ?? { since: now };
    this.#routes.set(key, route);
    if (!network || now - route.since < ROUTE_SETTLES_MS) return false;
    const before = route.network;
    route.network = network;
    return !!before && isOtherNetwork(before, network);
  }
}
