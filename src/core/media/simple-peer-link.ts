import SimplePeer from 'simple-peer/simplepeer.min.js';
import type { VerificationFailure } from '../ports/media.js';
import type { PictureSizes } from '../ports/media-settings.js';
import { withoutUnlistedCodecs } from './codec-attributes.js';
import { LinkChannel, type LinkMessage, type PausedPictures } from './link-channel.js';
import { HeldSources } from './held-sources.js';
import { LinkLevels } from './link-levels.js';
import type { LinkStatistics } from './link-statistics.js';
import { LinkNegotiation } from './link-negotiation.js';
import { LinkProgress } from './link-progress.js';
import { LinkRemote, NOT_PAUSED } from './link-remote.js';
import { LinkSenders } from './link-senders.js';
import { OutgoingSignals } from './outgoing-signals.js';
import type { PeerLinkOptions } from './peer-link-options.js';
import { PendingReports } from './pending-reports.js';
import type { SendParameters } from './send-parameters.js';
import type { Outgoing, Source } from './sources.js';
import { addTransceivers, answerTransceivers, type Transceivers } from './transceivers.js';
import { hasWrongCertificate } from './verification/certificates.js';
import { LinkVerification } from './verification/link-verification.js';

/** How long an ICE restart may take, in ms. After that the link fails, and a new one can be built. */
const RESTART_LIMIT_MS = 10_000;
/** Delay before a closed link is reported as failed, in ms: the message with its cause may arrive shortly after. */
const CLOSED_GRACE_MS = 500;

/**
 * One peer connection, by simple-peer.
 *
 * From the first description on, both sides send and receive three media sections: microphone, camera, screen. Tracks
 * are added and removed with `RTCRtpSender.replaceTrack`, so a link does not wait for local media, and is never
 * renegotiated for it: one offer, one answer. The sections get into the first offer through a subclass of
 * `RTCPeerConnection`, which is passed in simple-peer's `wrtc` option.
 */
export class SimplePeerLink {
  readonly #options: PeerLinkOptions;
  readonly #peer: InstanceType<typeof SimplePeer>;
  #connection: RTCPeerConnection | undefined;
  #state: 'opening' | 'up' | 'down' | 'closed' = 'opening';
  readonly #sources: HeldSources;
  /** The messages on the data channel. */
  readonly channel: LinkChannel;
  readonly verification: LinkVerification;
  readonly #signals: OutgoingSignals;
  readonly #progress: LinkProgress;
  readonly #senders: LinkSenders;
  readonly #transceivers = new Map<Source, RTCRtpTransceiver>();
  readonly #arrived = new Set<Source>();
  readonly #reports = new PendingReports();
  readonly #levels: LinkLevels;
  #described = false;
  /** What the other side has told about itself. */
  readonly remote = new LinkRemote();
  #pausedHere = NOT_PAUSED;
  #stopTimer: (() => void) | undefined;
  readonly #negotiation: LinkNegotiation;

  constructor(options: PeerLinkOptions) {
    this.#options = options;
    const { clock, onProgress } = options;
    this.#levels = new LinkLevels(clock, () => this.#transceivers.get('microphone'));
    this.#senders = new LinkSenders(options.outgoing.tracks, options.logger);
    this.#signals = new OutgoingSignals({
      clock,
      flags: () => this.#sources.outgoing.flags,
      send: options.onSignal,
    });
    this.#progress = new LinkProgress({ clock, stats: () => this.stats(), onProgress });
    this.channel = new LinkChannel({
      transmit: (message) => this.#peer.send(message),
      onMessage: (message) => this.#onMessage(message),
      clock,
      logger: options.logger,
    });
    this.#sources = new HeldSources(options.outgoing, this.#senders, this.channel);
    this.#negotiation = new LinkNegotiation({
      isOfferer: options.isOfferer,
      connection: () => this.#connection,
      configuration: options.configuration,
      offer: () => {
        this.#peer.offerOptions = { iceRestart: true };
        this.#peer.negotiate();
      },
      onRequest: () => this.restart(),
      clock,
      logger: options.logger,
    });
    this.verification = new LinkVerification({
      ...options.verification,
      ...{ isOfferer: options.isOfferer, clock },
      post: (message) => this.channel.post('verification', message),
      onFailure: (why) => this.#refuse(why),
    });
    const adopt = (connection: RTCPeerConnection): void => this.#adopt(connection);
    class Connection extends options.RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        adopt(this);
      }
    }
    this.#peer = new SimplePeer({
      initiator: options.isOfferer,
      config: options.configuration(),
      objectMode: true,
      wrtc: { RTCPeerConnection: Connection, RTCSessionDescription, RTCIceCandidate },
    });
    this.#peer.on('signal', (data) => {
      if ('sdp' in data && !this.verification.check('local', data.sdp ?? '')) return;
      this.#signals.add(
        'sdp' in data ? { ...data, ...this.#negotiation.sent(data.type) } : { ...data },
      );
      for (const held of this.#negotiation.release()) this.signal(held);
    });
    this.#peer.on('connect', () => {
      this.channel.open();
      this.verification.open();
    });
    this.#peer.on('data', (data: unknown) => this.channel.receive(data));
    this.#peer.on('error', (error) => {
      const code = 'code' in error ? error.code : error.name;
      options.logger?.debug('media link error', { code });
    });
    this.#peer.on('close', () => this.#fail());
  }

  /** `opening`: not connected yet; `up`: media can flow; `down`: interrupted; `closed`: closed or failed. */
  get state(): 'opening' | 'up' | 'down' | 'closed' {
    return this.#state;
  }

  /** Whether descriptions have been exchanged, so that tracks of the other side exist. */
  get described(): boolean {
    return this.#described;
  }

  /** At which size the other side shows the pictures of this one. */
  get shows(): PictureSizes {
    return this.remote.shows;
  }

  /** Pictures that this side does not send, to keep the sound clear. */
  get pausedHere(): PausedPictures {
    return this.#pausedHere;
  }

  /**
   * @returns a track of the other side. For camera and screen only while the other side reports that it sends, and
   * packets have arrived: a media element waits for the first frame of each video track in its stream, and plays no
   * sound until then
   */
  track(source: Source): MediaStreamTrack | undefined {
    if (this.#sources.isOnHoldHere) return undefined;
    const { flags, screen } = this.remote;
    const shown = source === 'microphone' || (flags[source] && this.#arrived.has(source));
    const isEmpty = source === 'screen' && !screen.hasPicture;
    return this.#described && shown && !isEmpty
      ? this.#transceivers.get(source)?.receiver.track
      : undefined;
  }

  /**
   * Restarts ICE, because the network has changed: by a new offer, or by asking the other side for one. Earlier
   * versions ignore the request. Does nothing for a link that has not been up, which is rebuilt instead.
   */
  restart(): void {
    if (this.#state !== 'up' && this.#state !== 'down') return;
    if (this.#options.isOfferer) this.#offerRestart();
    else this.#signals.add({ type: 'restart' });
  }

  /** Sends these tracks from now on, and reports their flags to the other side. */
  send(outgoing: Outgoing): void {
    this.#sources.send(outgoing);
  }

  /** Whether the user of the other side has put the call on hold. */
  get isOnHoldThere(): boolean {
    return this.#sources.isOnHoldThere;
  }

  /** Puts the call on hold, or continues it: nothing is sent or played meanwhile, and the other side is told. */
  hold(on: boolean): void {
    if (this.#sources.holdHere(on)) this.#options.onRemote();
  }

  /** Sends with these parameters from now on, and tells the other side which pictures are paused. */
  limit(parameters: SendParameters): void {
    this.#senders.limit(parameters);
    const { paused } = parameters;
    this.channel.set('paused', paused);
    const before = this.#pausedHere;
    this.#pausedHere = paused;
    if (before.camera !== paused.camera || before.screen !== paused.screen) {
      this.#remoteChanged();
    }
  }

  /** Processes signalling data of the other side. Anything but an expected offer, answer or candidate is ignored. */
  signal(data: Readonly<Record<string, unknown>>): void {
    if (this.#state === 'closed') return;
    const type = this.#options.isOfferer ? 'answer' : 'offer';
    try {
      if (data['type'] === type && typeof data['sdp'] === 'string') {
        if (!this.#negotiation.takesDescription(data, data['sdp'])) return;
        if (!this.verification.check('remote', data['sdp'])) return;
        this.remote.describe(data['media']);
        this.#peer.signal({ type, sdp: withoutUnlistedCodecs(data['sdp']) });
      } else if (data['candidate']) {
        const candidate = new RTCIceCandidate(data['candidate']);
        if (!this.#negotiation.takesCandidate(data, candidate)) return;
        this.#peer.signal({ type: 'candidate', candidate });
      } else if (data['type'] === 'restart' && this.#options.isOfferer) this.#negotiation.request();
    } catch (error) {
      this.#options.logger?.debug('signal ignored', { error: String(error) });
    }
  }

  /** @returns the statistics of the connection (W3C webrtc-stats); undefined if it is closed */
  stats(): Promise<RTCStatsReport | undefined> {
    return this.#reports.read(() => this.#connection?.getStats());
  }

  /** To be called when another link of the call is up or has come further. */
  noteOtherProgress(): void {
    this.#progress.noteOther();
  }

  /** Takes the audio levels from statistics that were read. */
  addLevels({ sent, received }: LinkStatistics['audio']): void {
    this.#levels.add('sent', sent);
    this.#levels.add('received', received);
  }

  /**
   * @param maxAgeMs how old the level may be
   * @returns the recent audio level of the other side's microphone, 0 to 1; undefined while unknown
   */
  async incomingLevel(maxAgeMs: number): Promise<number | undefined> {
    // Without incoming sound the browser generates comfort noise, which must not be measured.
    if (!this.remote.flags.microphone || this.#sources.isOnHoldHere) return 0;
    return this.#levels.measure('received', maxAgeMs);
  }

  /**
   * @param maxAgeMs how old the level may be
   * @returns the recent audio level of this device's microphone, 0 to 1; undefined while unknown
   */
  async outgoingLevel(maxAgeMs: number): Promise<number | undefined> {
    if (!this.#sources.outgoing.flags.microphone || this.isOnHoldThere) return 0;
    return this.#levels.measure('sent', maxAgeMs);
  }

  /** Closes the connection before the current task ends. Callbacks are not called any more. */
  close(): void {
    if (this.#state === 'closed') return this.#stopTimer?.();
    this.#end();
    this.#peer.destroy();
  }

  #adopt(connection: RTCPeerConnection): void {
    this.#connection = connection;
    connection.addEventListener('signalingstatechange', this.#onSignalingState);
    connection.addEventListener('connectionstatechange', this.#onConnectionState);
    this.#progress.watch(connection);
    if (this.#options.isOfferer) this.#assign(addTransceivers(connection, this.#streamsOf));
  }

  /** With a remote offer, this runs before simple-peer creates the answer: now the directions must be set to send. */
  readonly #onSignalingState = (): void => {
    const connection = this.#connection;
    if (!connection || this.#state === 'closed') return;
    // The browser may have read the descriptions differently.
    const { localDescription: local, remoteDescription: remote } = connection;
    if (local && !this.verification.check('local', local.sdp)) return;
    if (remote && !this.verification.check('remote', remote.sdp)) return;
    if (connection.signalingState === 'have-remote-offer') {
      this.#assign(answerTransceivers(connection, this.#streamsOf));
    } else if (connection.signalingState !== 'stable') {
      return;
    }
    this.#described = true;
    this.#remoteChanged();
  };

  readonly #onConnectionState = (): void => {
    const now = this.#connection?.connectionState;
    if (now === 'connected' && (this.#state === 'opening' || this.#state === 'down')) {
      this.#state = 'up';
      this.#stopTimer?.();
      this.#progress.stop();
      this.#options.onState('up');
    } else if (now === 'disconnected' && this.#state === 'up') {
      this.#state = 'down';
      this.#limitRestart();
      if (this.#options.isOfferer) this.#offerRestart();
      this.#options.onState('down');
    } else if (this.#connection && hasWrongCertificate(this.#connection)) {
      this.verification.reject('certificate');
    }
  };

  #offerRestart(): void {
    if (this.#state === 'down') this.#limitRestart();
    this.#negotiation.restart();
  }

  #limitRestart(): void {
    this.#stopTimer?.();
    this.#stopTimer = this.#options.clock.after(RESTART_LIMIT_MS, () => void this.#peer.destroy());
  }

  readonly #streamsOf = (source: Source): MediaStream[] => {
    const stream = this.#sources.outgoing.streams[source === 'screen' ? 'screen' : 'main'];
    return stream ? [stream] : [];
  };

  #assign(transceivers: Transceivers): void {
    for (const [source, transceiver] of transceivers) {
      if (this.#transceivers.get(source) === transceiver) continue;
      this.#transceivers.set(source, transceiver);
      this.#senders.add(source, transceiver.sender);
      const { track } = transceiver.receiver;
      const arrive = (): void => {
        this.#arrived.add(source);
        if (this.#state !== 'closed') this.#remoteChanged();
      };
      if (track.muted) track.addEventListener('unmute', arrive, { once: true });
      else this.#arrived.add(source);
    }
  }

  #onMessage(message: LinkMessage): void {
    const { sources, view, paused, share, hold, verification } = message;
    if (verification) this.verification.receive(verification);
    this.remote.receive(message);
    this.#sources.holdThere(hold);
    if (sources || paused || share || hold !== undefined) this.#remoteChanged();
    if (view) this.#options.onView();
  }

  #remoteChanged(): void {
    this.remote.screen.update(this.remote.flags.screen, this.#arrived.has('screen'));
    this.#options.onRemote();
  }

  #fail(): void {
    if (this.#state === 'closed') return;
    this.#end();
    const { clock, onState } = this.#options;
    this.#stopTimer = clock.after(CLOSED_GRACE_MS, () => onState('failed'));
  }

  /** Closes the connection now, because it may be intercepted, and reports it. */
  #refuse(why: VerificationFailure): void {
    if (this.#state === 'closed') return;
    this.#end();
    this.#peer.destroy();
    let isReported = true;
    this.#stopTimer = () => (isReported = false);
    queueMicrotask(() => {
      if (isReported) this.#options.onState('failed', why);
    });
  }

  #end(): void {
    this.#state = 'closed';
    this.verification.close();
    this.channel.close();
    this.#signals.close();
    this.#negotiation.close();
    this.#progress.stop();
    this.#reports.close();
    this.#stopTimer?.();
    this.#connection?.removeEventListener('signalingstatechange', this.#onSignalingState);
    this.#connection?.removeEventListener('connectionstatechange', this.#onConnectionState);
  }
}
