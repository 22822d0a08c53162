import type { Clock } from '../ports/clock.js';
import { DEFAULT_MEDIA_SETTINGS } from '../ports/media-settings.js';
import type { MediaSettings } from '../ports/media-settings.js';
import { LinkStatisticsReader } from './link-statistics.js';
import type { LinkStatistics } from './link-statistics.js';
import { decideSending, newSendState } from './send-policy.js';
import type { LinkInput, SendParameters, SourcePicture } from './send-parameters.js';
import type { Outgoing } from './sources.js';

/** Interval between two readings of the statistics of all links, in ms. */
export const READ_INTERVAL_MS = 1_000;

/** What is needed of a link. */
export interface ControlledLink {
  readonly state: 'opening' | 'up' | 'down' | 'closed';
  readonly shows: LinkInput['shows'];
  stats(): Promise<RTCStatsReport | undefined>;
  limit(parameters: SendParameters): void;
}

export interface SendControlOptions {
  readonly clock: Pick<Clock, 'after' | 'now'>;
  readonly settings: (() => MediaSettings) | undefined;
  readonly outgoing: () => Outgoing;
  /** Called after each reading, with the newest statistics of each link that is up. */
  readonly onRead?: (statistics: ReadonlyMap<string, LinkStatistics>) => void;
}

interface Controlled {
  readonly link: ControlledLink;
  readonly reader: LinkStatisticsReader;
  statistics: LinkStatistics | undefined;
  /** Whether the policy has not seen `statistics` yet. */
  isNew: boolean;
}

/** Reads the statistics of all links once a second, and applies to each one what the send policy decides. */
export class SendControl {
  readonly #options: SendControlOptions;
  /** By a key of the caller's, as in the policy. */
  readonly #links = new Map<string, Controlled>();
  #state = newSendState();
  #stopTimer: (() => void) | undefined;

  constructor(options: SendControlOptions) {
    this.#options = options;
  }

  add(key: string, link: ControlledLink): void {
    const reader = new LinkStatisticsReader();
    this.#links.set(key, { link, reader, statistics: undefined, isNew: false });
    if (!this.#stopTimer) this.#wait();
    this.refresh();
  }

  remove(key: string): void {
    if (!this.#links.delete(key)) return;
    if (this.#links.size > 0) return this.refresh();
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#state = newSendState();
  }

  /** @returns the newest statistics of a link; reads them if there are none yet */
  async statistics(key: string): Promise<LinkStatistics | undefined> {
    const controlled = this.#links.get(key);
    if (controlled && !controlled.statistics) await this.#read(controlled);
    return controlled?.statistics;
  }

  /** To be called when something else than the statistics has changed. */
  refresh(): void {
    const { clock, settings, outgoing } = this.#options;
    const { tracks } = outgoing();
    const inputs = new Map<string, LinkInput>();
    for (const [key, { link, statistics, isNew }] of this.#links) {
      const { state, shows } = link;
      if (state === 'closed') continue;
      inputs.set(key, { state, shows, statistics: isNew ? statistics : undefined });
    }
    const decided = decideSending(this.#state, {
      now: clock.now(),
      limits: settings?.() ?? DEFAULT_MEDIA_SETTINGS,
      camera: this.#picture(tracks.camera),
      screen: this.#picture(tracks.screen),
      links: inputs,
    });
    this.#state = decided.state;
    for (const controlled of this.#links.values()) controlled.isNew = false;
    for (const [key, parameters] of decided.links) this.#links.get(key)?.link.limit(parameters);
  }

  #wait(): void {
    this.#stopTimer = this.#options.clock.after(READ_INTERVAL_MS, () => void this.#tick());
  }

  async #tick(): Promise<void> {
    const timer = this.#stopTimer;
    await Promise.all(
      [...this.#links.values()].map(async (controlled) => {
        if (controlled.link.state === 'up') await this.#read(controlled);
      }),
    );
    // All links were removed meanwhile. Links that were added since then have a timer of their own.
    if (timer !== this.#stopTimer) return;
    this.refresh();
    const read = new Map<string, LinkStatistics>();
    for (const [key, { link, statistics }] of this.#links)
      if (link.state === 'up' && statistics) read.set(key, statistics);
    this.#options.onRead?.(read);
    this.#wait();
  }

  async #read(controlled: Controlled): Promise<void> {
    const report = await controlled.link.stats();
    if (!report) return;
    controlled.statistics = controlled.reader.read(report);
    controlled.isNew = true;
  }

  #picture(track: MediaStreamTrack | null): SourcePicture | undefined {
    if (!track) return undefined;
    const { width, height } = track.getSettings();
    const isMotion = track.contentHint === 'motion';
    if (width && height) return { height: Math.min(width, height), isMotion };
    // Some tracks have no settings: the statistics tell the size of what is encoded.
    for (const { statistics } of this.#links.values()) {
      const lines = statistics?.capturedLines.get(track.id);
      if (lines !== undefined) return { height: lines, isMotion };
    }
    return { height: undefined, isMotion };
  }
}
