import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import type { LinkRef, MediaEvent } from '../ports/media.js';
import { QualityMeter } from './link-quality.js';
import type { Quality } from './link-quality.js';
import { RemoteStreams } from './remote-streams.js';
import { SimplePeerLink } from './simple-peer-link.js';
import type { Outgoing } from './sources.js';

export interface MeshOptions {
  /** Asked for each link. */
  readonly configuration: () => RTCConfiguration;
  readonly RTCPeerConnection: () => typeof RTCPeerConnection | undefined;
  readonly clock: Pick<Clock, 'after'>;
  readonly logger: Logger | undefined;
  readonly outgoing: Outgoing;
  readonly emit: (event: MediaEvent) => void;
}

interface Entry {
  readonly ref: LinkRef;
  readonly meter: QualityMeter;
  /** Undefined where the browser makes no peer connection. */
  peer: SimplePeerLink | undefined;
}

/** The links of one call, one to each device that is in it, and what comes over them. */
export class Mesh {
  readonly #options: MeshOptions;
  /** By device; the newest last. */
  readonly #entries = new Map<string, Entry>();
  readonly #users = new Map<string, RemoteStreams>();
  #outgoing: Outgoing;

  constructor(options: MeshOptions) {
    this.#options = options;
    this.#outgoing = options.outgoing;
  }

  /** Takes the place of an older link to the same device. A number that is open already changes nothing. */
  open(ref: LinkRef): void {
    if (this.#entries.get(ref.device)?.ref.link === ref.link) return;
    this.#remove(ref.device);
    const entry: Entry = { ref, meter: new QualityMeter(), peer: undefined };
    this.#entries.set(ref.device, entry);
    try {
      entry.peer = this.#build(entry);
    } catch (error) {
      this.#options.logger?.debug('no media link', { error: String(error) });
      // Told like every other failure, after `open` has returned.
      queueMicrotask(() => this.#onState(entry, 'failed'));
    }
  }

  signal(device: string, link: number, data: Record<string, unknown>): void {
    this.#find(device, link)?.peer?.signal(data);
  }

  close(device: string, link: number): void {
    const entry = this.#find(device, link);
    if (!entry) return;
    this.#remove(device);
    this.#show(entry.ref.user);
  }

  closeAll(): void {
    const users = new Set([...this.#entries.values()].map((entry) => entry.ref.user));
    for (const device of [...this.#entries.keys()]) this.#remove(device);
    for (const user of users) this.#show(user);
  }

  /** What every link sends from now on. */
  send(outgoing: Outgoing): void {
    this.#outgoing = outgoing;
    for (const { peer } of this.#entries.values()) peer?.send(outgoing);
  }

  async quality(user: string): Promise<Quality> {
    const entry = this.#standing(user);
    const state = entry?.peer?.state;
    if (!entry?.peer || state === 'opening') return undefined;
    if (state !== 'up') return 0;
    const report = await entry.peer.stats();
    return report && entry.meter.judge(report);
  }

  /** How loud everybody is whose sound comes in, and what goes out as `self`: 0 to 1, by user. */
  async audioLevels(self: string): Promise<ReadonlyMap<string, number>> {
    const peers = [...this.#users.keys()].flatMap((user) => {
      const peer = this.#standing(user)?.peer;
      return peer?.state === 'up' ? [{ user, peer }] : [];
    });
    const looks = peers.map(async ({ user, peer }) => [user, await peer.incomingLevel()] as const);
    // Every link sends the same.
    const own = [self, await peers[0]?.peer.outgoingLevel()] as const;
    const levels = [...(await Promise.all(looks)), own];
    return new Map(levels.filter((pair): pair is [string, number] => pair[1] !== undefined));
  }

  #build(entry: Entry): SimplePeerLink {
    const { clock, logger, emit } = this.#options;
    const { callID, device, link, initiator } = entry.ref;
    const connection = this.#options.RTCPeerConnection();
    if (!connection) throw new DOMException('This browser has no WebRTC.', 'NotSupportedError');
    return new SimplePeerLink({
      initiator,
      configuration: this.#options.configuration(),
      RTCPeerConnection: connection,
      clock,
      logger,
      outgoing: this.#outgoing,
      onSignal: (data) => emit({ type: 'signal', callID, device, link, data }),
      onState: (state) => this.#onState(entry, state),
      onRemote: () => this.#show(entry.ref.user),
    });
  }

  #onState(entry: Entry, state: 'up' | 'down' | 'failed'): void {
    const { callID, user, device, link } = entry.ref;
    if (this.#entries.get(device) !== entry) return;
    if (state === 'failed') {
      this.#entries.delete(device);
      this.#show(user);
    }
    this.#options.emit({ type: `link-${state}`, callID, device, link });
  }

  #find(device: string, link: number): Entry | undefined {
    const entry = this.#entries.get(device);
    return entry?.ref.link === link ? entry : undefined;
  }

  #remove(device: string): void {
    this.#entries.get(device)?.peer?.close();
    this.#entries.delete(device);
  }

  /** The link that stands for a user: the newest, or while that one is still being made the one before it. */
  #standing(user: string): Entry | undefined {
    const own = [...this.#entries.values()].filter((entry) => entry.ref.user === user);
    return own.findLast((entry) => entry.peer?.described) ?? own.at(-1);
  }

  #show(user: string): void {
    const peer = this.#standing(user)?.peer;
    let streams = this.#users.get(user);
    if (!streams) this.#users.set(user, (streams = new RemoteStreams()));
    if (streams.show(peer?.described ? peer : undefined)) {
      this.#options.emit({ type: 'remote', user, media: streams.media });
    }
  }
}
