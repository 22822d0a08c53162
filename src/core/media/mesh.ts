import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import type {
  ConnectionLevel,
  LinkAddress,
  LinkRef,
  MediaEvent,
  VerificationFailure,
} from '../ports/media.js';
import type { MediaSettings, PictureSizes } from '../ports/media-settings.js';
import { rateLink } from './link-quality.js';
import type { Quality } from './link-quality.js';
import { LinkReports } from './link-reports.js';
import type { LinkStatistics } from './link-statistics.js';
import { RemoteStreams } from './remote-streams.js';
import { SendControl } from './send-control.js';
import { SimplePeerLink } from './simple-peer-link.js';
import type { Outgoing } from './sources.js';
import type { VerificationCrypto } from './verification/exchange.js';
import { MeshVerification } from './verification/mesh-verification.js';

export interface MeshOptions {
  /** Called for each link. */
  readonly configuration: () => RTCConfiguration;
  readonly RTCPeerConnection: () => typeof RTCPeerConnection | undefined;
  readonly clock: Pick<Clock, 'after' | 'now'>;
  /** Called at each use. Undefined: the defaults. */
  readonly settings: (() => MediaSettings) | undefined;
  readonly logger: Logger | undefined;
  readonly outgoing: Outgoing;
  /** Called for each link. Returns undefined if links can't be verified here. */
  readonly crypto: () => VerificationCrypto | undefined;
  readonly views: Views;
  readonly emit: (event: MediaEvent) => void;
}

/** At which sizes this device shows the pictures of others, by userID. */
export type Views = (user: string) => PictureSizes;

/**
 * How long after a link was closed because it may be intercepted the call hears of it, in ms. The call may end then.
 * Meanwhile the other end finds the same by itself, and can tell its user why.
 */
const INTERCEPTED_WAIT_MS = 500;
/**
 * How old an audio level may be, in ms for each link: each reading of statistics takes CPU time. From seven links on, the
 * readings of the send policy, once a second, are enough.
 */
const LEVEL_AGE_MS = 150;

interface Entry {
  readonly ref: LinkRef;
  /** Undefined if the browser could not create a peer connection. */
  peer: SimplePeerLink | undefined;
}

const keyOf = ({ user, device }: LinkAddress): string => `${user} ${device}`;

/** The links of one call, one to each other device in it, and the media that arrives over them. */
export class Mesh {
  readonly #options: MeshOptions;
  /** Links by user and device; the newest last. */
  readonly #entries = new Map<string, Entry>();
  readonly #users = new Map<string, RemoteStreams>();
  readonly #verification: MeshVerification;
  /** Timers of links that were closed because they may be intercepted. */
  readonly #intercepted = new Set<() => void>();
  readonly #control: SendControl;
  readonly #reports: LinkReports;
  #outgoing: Outgoing;
  #ownConnection: ConnectionLevel | undefined;
  #isOnHold = false;

  constructor(options: MeshOptions) {
    this.#options = options;
    this.#verification = new MeshVerification(options.emit);
    this.#outgoing = options.outgoing;
    const { clock, settings, emit } = options;
    this.#reports = new LinkReports(clock, emit);
    this.#control = new SendControl({
      ...{ clock, settings, outgoing: () => this.#outgoing },
      onRead: (statistics) => this.#report(statistics),
    });
  }

  /** Opens a link, and closes an older one to the same device. Does nothing if a link with that number is open. */
  open(ref: LinkRef): void {
    const key = keyOf(ref);
    if (this.#entries.get(key)?.ref.link === ref.link) return;
    this.#remove(key);
    const entry: Entry = { ref, peer: undefined };
    this.#entries.set(key, entry);
    try {
      entry.peer = this.#build(entry);
      entry.peer.channel.set('view', this.#viewOf(ref.user));
      entry.peer.hold(this.#isOnHold);
      if (this.#ownConnection) entry.peer.channel.set('connection', this.#ownConnection);
      this.#control.add(key, entry.peer);
    } catch (error) {
      this.#options.logger?.debug('no media link', { error: String(error) });
      // Reported asynchronously, like every other failure.
      queueMicrotask(() => this.#onState(entry, 'failed'));
    }
  }

  signal(address: LinkAddress, data: Record<string, unknown>): void {
    this.#find(address)?.peer?.signal(data);
  }

  close(address: LinkAddress): void {
    const entry = this.#find(address);
    if (!entry) return;
    this.#remove(keyOf(address));
    this.#show(entry.ref.user);
  }

  closeAll(): void {
    for (const stopTimer of this.#intercepted) stopTimer();
    this.#intercepted.clear();
    const users = new Set([...this.#entries.values()].map((entry) => entry.ref.user));
    for (const key of [...this.#entries.keys()]) this.#remove(key);
    for (const user of users) this.#show(user);
  }

  /** Sends these tracks and flags on every link from now on. */
  send(outgoing: Outgoing): void {
    this.#outgoing = outgoing;
    // The parameters first, so that a new track starts with its own.
    this.#control.refresh();
    for (const { peer } of this.#entries.values()) peer?.send(outgoing);
  }

  /** Tells the other devices at which sizes their pictures are shown here. To be called when `views` has changed. */
  tellViews(): void {
    for (const { peer, ref } of this.#entries.values()) {
      peer?.channel.set('view', this.#viewOf(ref.user));
    }
  }

  /** Puts the call on hold, or continues it. The links stay. */
  hold(on: boolean): void {
    if (this.#isOnHold === on) return;
    this.#isOnHold = on;
    for (const { peer } of this.#entries.values()) peer?.hold(on);
    this.tellViews();
    this.#control.refresh();
  }

  /** Reports all media of the call. */
  showAll(): void {
    for (const [user, { media }] of this.#users)
      this.#options.emit({ type: 'remote', user, media });
    this.#verification.showAll();
  }

  /** The users whose media were reported. */
  get users(): readonly string[] {
    return [...this.#users.keys()];
  }

  /** Devices with an older version send no pictures to a device that shows none. */
  #viewOf(user: string): PictureSizes {
    return this.#isOnHold ? { camera: 0, screen: 0 } : this.#options.views(user);
  }

  /** Restarts ICE on all links that have been up. */
  restart(): void {
    for (const [key, { peer, ref }] of this.#entries) {
      this.#reports.forget(key, ref.user);
      peer?.restart();
    }
  }

  /** Tells the other devices how well this one is connected. Undefined: it is not known any more. */
  tellConnection(level: ConnectionLevel | undefined): void {
    this.#ownConnection = level;
    if (!level) return;
    for (const { peer } of this.#entries.values()) peer?.channel.set('connection', level);
  }

  async quality(user: string): Promise<Quality> {
    const entry = this.#activeLink(user);
    const state = entry?.peer?.state;
    if (!entry?.peer || state === 'opening') return undefined;
    if (state !== 'up') return 0;
    const statistics = await this.#control.statistics(keyOf(entry.ref));
    return statistics && rateLink(statistics);
  }

  /** @returns the audio levels of all users who send sound, and of this one as `self`: 0 to 1, by userID */
  async audioLevels(self: string): Promise<ReadonlyMap<string, number>> {
    const peers = [...this.#users.keys()].flatMap((user) => {
      const peer = this.#activeLink(user)?.peer;
      return peer?.state === 'up' ? [{ user, peer }] : [];
    });
    const maxAgeMs = LEVEL_AGE_MS * peers.length;
    const incoming = peers.map(
      async ({ user, peer }) => [user, await peer.incomingLevel(maxAgeMs)] as const,
    );
    // All links that are not on hold send the same track: one is enough to measure.
    const sending = peers.find(({ peer }) => !peer.isOnHoldThere) ?? peers[0];
    const own = [self, await sending?.peer.outgoingLevel(LEVEL_AGE_MS)] as const;
    const levels = [...(await Promise.all(incoming)), own];
    return new Map(levels.filter((pair): pair is [string, number] => pair[1] !== undefined));
  }

  #build(entry: Entry): SimplePeerLink {
    const { clock, logger, emit } = this.#options;
    const { callID, self, user, device, link, initiator: isOfferer } = entry.ref;
    const key = keyOf(entry.ref);
    const connection = this.#options.RTCPeerConnection();
    if (!connection) throw new DOMException('This browser has no WebRTC.', 'NotSupportedError');
    return new SimplePeerLink({
      isOfferer,
      configuration: this.#options.configuration,
      RTCPeerConnection: connection,
      clock,
      logger,
      outgoing: this.#outgoing,
      onSignal: (data) => emit({ type: 'signal', callID, user, device, link, data }),
      onState: (state, why) => this.#onState(entry, state, why),
      onProgress: (isOwn) => {
        emit({ type: 'link-progress', callID, user, device, link });
        if (isOwn) this.#noteProgress(key);
      },
      onRemote: () => this.#show(user),
      verification: {
        ...{ callID, self, user, known: this.#verification.known(key) },
        crypto: this.#options.crypto(),
        onChange: () => {
          this.#verification.prove(key, entry.peer?.verification.provenFingerprint);
          this.#show(user);
        },
      },
      onView: () => this.#control.refresh(),
    });
  }

  #onState(entry: Entry, state: 'up' | 'down' | 'failed', why?: VerificationFailure): void {
    const { callID, user, device, link } = entry.ref;
    const key = keyOf(entry.ref);
    if (this.#entries.get(key) !== entry) return;
    this.#reports.forget(key, user);
    if (state === 'failed') {
      this.#entries.delete(key);
      if (why) this.#verification.fail(user, why);
      this.#control.remove(key);
      this.#show(user);
    } else this.#control.refresh();
    if (state === 'up') this.#noteProgress(key);
    const { emit, clock } = this.#options;
    const event = { type: `link-${state}`, callID, user, device, link } as const;
    if (!why) return emit(event);
    const stopTimer = clock.after(INTERCEPTED_WAIT_MS, () => {
      this.#intercepted.delete(stopTimer);
      emit({ ...event, isIntercepted: true });
    });
    this.#intercepted.add(stopTimer);
  }

  /** A link has come further: while the device or its network is busy, the others may still do so. */
  #noteProgress(key: string): void {
    for (const [other, { peer }] of this.#entries) if (other !== key) peer?.noteOtherProgress();
  }

  #report(statistics: ReadonlyMap<string, LinkStatistics>): void {
    const readings = [...statistics].flatMap(([key, read]) => {
      const entry = this.#entries.get(key);
      if (!entry?.peer) return [];
      entry.peer.addLevels(read.audio);
      return [{ key, user: entry.ref.user, statistics: read, told: entry.peer.remote.connection }];
    });
    this.#reports.read(readings);
  }

  #find(address: LinkAddress): Entry | undefined {
    const entry = this.#entries.get(keyOf(address));
    return entry?.ref.link === address.link ? entry : undefined;
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.peer?.close();
    this.#entries.delete(key);
    this.#reports.forget(key, entry.ref.user);
    this.#control.remove(key);
  }

  /** @returns the link whose media is shown for a user: the newest one that is negotiated, else the newest one */
  #activeLink(user: string): Entry | undefined {
    const own = [...this.#entries.values()].filter((entry) => entry.ref.user === user);
    return own.findLast((entry) => entry.peer?.described) ?? own.at(-1);
  }

  #show(user: string): void {
    const peer = this.#activeLink(user)?.peer;
    this.#verification.show(user, peer?.verification.value);
    let streams = this.#users.get(user);
    if (!streams) this.#users.set(user, (streams = new RemoteStreams()));
    if (streams.show(peer?.described ? peer : undefined)) {
      this.#options.emit({ type: 'remote', user, media: streams.media });
    }
  }
}
