import { createCallMedia } from '../../src/core/media/call-media.js';
import type { CallMediaOptions } from '../../src/core/media/call-media.js';
import { DELIVERY_WINDOW_MS } from '../../src/core/media/link-channel.js';
import { BURST_WAIT_MS, CANDIDATE_WAIT_MS } from '../../src/core/media/outgoing-signals.js';
import { READ_INTERVAL_MS } from '../../src/core/media/send-control.js';
import { GENERATION_LIMIT_MS } from '../../src/core/media/verification/certificates.js';
import type { MediaDevicesSource } from '../../src/core/media/devices.js';
import type { CallMedia, LinkAddress, LinkRef, MediaEvent } from '../../src/core/ports/media.js';

/** Durations of timers that run by themselves in tests: what waits for them is in flight between two peers. */
const REAL_TIMERS = new Set([
  BURST_WAIT_MS,
  CANDIDATE_WAIT_MS,
  DELIVERY_WINDOW_MS,
  GENERATION_LIMIT_MS,
]);
// Timers are told apart by their durations.
if (REAL_TIMERS.has(READ_INTERVAL_MS)) throw new Error('READ_INTERVAL_MS is not unique.');

/** Waits until `look` returns a truthy value. @throws after thirty seconds, with the name of the condition */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
): Promise<Exclude<T, false | undefined | null>> {
  const end = performance.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found) return found as Exclude<T, false | undefined | null>;
    if (performance.now() > end) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits for everything that needs no time: promises and the tasks queued after them. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    });
  }
}

type Kind = 'audio' | 'video';

/** The browser's own fake devices, behind a permission prompt that the test answers. Counts the tracks. */
export class PromptedDevices extends EventTarget implements MediaDevicesSource {
  /** Every track that was returned by `getUserMedia` or `getDisplayMedia`. */
  readonly issued: MediaStreamTrack[] = [];
  readonly requests: MediaStreamConstraints[] = [];
  list: MediaDeviceInfo[] = [];
  /** Devices that are not available. */
  readonly unplugged = new Set<string>();
  /** Devices that another program uses. */
  readonly busy = new Set<string>();
  listeners = 0;
  readonly #refused = new Map<Kind, string>();
  readonly #held = new Map<Kind, Promise<void>>();

  /** Rejects requests for this kind with an error of this name; undefined allows them. */
  reject(kind: Kind, name: string | undefined): void {
    if (name === undefined) this.#refused.delete(kind);
    else this.#refused.set(kind, name);
  }

  /** Keeps the prompt for this kind open until the returned function is called. */
  hold(kind: Kind): () => void {
    const { promise, resolve } = deferred();
    this.#held.set(kind, promise);
    return () => {
      this.#held.delete(kind);
      resolve();
    };
  }

  get live(): number {
    return this.issued.filter((track) => track.readyState === 'live').length;
  }

  async getUserMedia(constraints: MediaStreamConstraints = {}): Promise<MediaStream> {
    this.requests.push(constraints);
    const kind = constraints.audio ? 'audio' : 'video';
    await this.#held.get(kind);
    this.#throwIfRefused(kind);
    const deviceId = this.#choose(kind, constraints[kind]);
    if (deviceId !== undefined && this.busy.has(deviceId))
      throw new DOMException('The device is in use.', 'NotReadableError');
    const stream = await navigator.mediaDevices.getUserMedia(
      kind === 'audio' ? { audio: true } : { video: { width: 320, height: 240 } },
    );
    for (const track of stream.getTracks()) {
      this.issued.push(track);
      Object.assign(track, { getSettings: () => ({ deviceId }) });
    }
    return stream;
  }

  /** Options of each request for a screen. */
  readonly screenRequests: DisplayMediaStreamOptions[] = [];
  /** What the user shares. `sound`: with sound, if it was requested; `failing`: it can't be opened. */
  shown: {
    surface?: string;
    sound?: boolean | 'failing';
    /** Whether the browser removes the sound of this page. */
    isFiltered?: boolean;
  } = {};

  /** A drawn picture, because a headless browser has no screen. Its sound is that of the fake microphone. */
  async getDisplayMedia(options: DisplayMediaStreamOptions = {}): Promise<MediaStream> {
    this.screenRequests.push(options);
    await this.#held.get('video');
    this.#throwIfRefused('video');
    const { surface, sound, isFiltered } = this.shown;
    const hasSound = options.audio && sound;
    if (hasSound === 'failing')
      throw new DOMException('Could not start audio source', 'NotReadableError');
    const [picture] = drawnPicture().getVideoTracks();
    const tracks = picture ? [picture] : [];
    // Browsers list the sound first.
    if (hasSound)
      tracks.unshift(...(await navigator.mediaDevices.getUserMedia({ audio: true })).getTracks());
    for (const track of tracks) {
      const settings =
        track.kind === 'video' ? { displaySurface: surface } : { restrictOwnAudio: isFiltered };
      Object.assign(track, { getSettings: () => settings });
    }
    this.issued.push(...tracks);
    return new MediaStream(tracks);
  }

  getSupportedConstraints(): MediaTrackSupportedConstraints {
    return navigator.mediaDevices.getSupportedConstraints();
  }

  /** Removes a device from the list, and ends its open track. */
  unplug(deviceId: string): void {
    this.list = this.list.filter((info) => info.deviceId !== deviceId);
    this.dispatchEvent(new Event('devicechange'));
    for (const track of this.issued) {
      if (track.readyState === 'live' && track.getSettings().deviceId === deviceId) end(track);
    }
  }

  /** Adds a device to the list. */
  plug(info: MediaDeviceInfo): void {
    this.list = [...this.list, info];
    this.dispatchEvent(new Event('devicechange'));
  }

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return Promise.resolve(this.list);
  }

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    this.listeners++;
    super.addEventListener(...args);
  }

  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
    this.listeners--;
    super.removeEventListener(...args);
  }

  /** Chooses like Chromium: the device that is required, or the first one. An `ideal` device has no effect. */
  #choose(kind: Kind, wanted: boolean | MediaTrackConstraints | undefined): string | undefined {
    const { exact } = Object(
      typeof wanted === 'object' ? wanted.deviceId : undefined,
    ) as ConstrainDOMStringParameters;
    const all = this.list.filter((info) => info.kind === `${kind}input`);
    if (typeof exact === 'string') {
      if (this.unplugged.has(exact))
        throw new DOMException('The device was removed.', 'NotFoundError');
      if (all.length && !all.some((info) => info.deviceId === exact))
        throw new DOMException('There is no such device.', 'OverconstrainedError');
      return exact;
    }
    return all[0]?.deviceId;
  }

  #throwIfRefused(kind: Kind): void {
    const name = this.#refused.get(kind);
    if (name !== undefined) throw new DOMException('Rejected by the test.', name);
  }
}

/** Ends a track, as a browser does when the device is removed or taken, or the permission is withdrawn. */
export function end(track: MediaStreamTrack | undefined): void {
  track?.stop();
  track?.dispatchEvent(new Event('ended'));
}

/** A picture that changes continuously, so that frames are sent. */
export function drawnPicture(): MediaStream {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  let shade = 0;
  const timer = setInterval(() => {
    if (stream.getTracks().every((track) => track.readyState === 'ended')) clearInterval(timer);
    shade = (shade + 8) % 360;
    if (context) context.fillStyle = `hsl(${shade} 80% 50%)`;
    context?.fillRect(0, 0, canvas.width, canvas.height);
  }, 40);
  const stream = canvas.captureStream(25);
  return stream;
}

export function device(kind: MediaDeviceKind, deviceId: string): MediaDeviceInfo {
  const info = { kind, deviceId, groupId: '', label: deviceId };
  return { ...info, toJSON: () => info };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settled) => (resolve = settled));
  return { promise, resolve };
}

/** A real connection whose reported state can be overridden. */
export class OverridableConnection extends RTCPeerConnection {
  readonly configuration: RTCConfiguration | undefined;
  #pretended: RTCPeerConnectionState | undefined;

  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    this.configuration = configuration;
  }

  override get connectionState(): RTCPeerConnectionState {
    return this.#pretended ?? super.connectionState;
  }

  /** Reports this state instead of the real one; undefined reports the real one. */
  overrideState(state: RTCPeerConnectionState | undefined): void {
    this.#pretended = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }
}

/** A device with a real `CallMedia`, and all events that it emitted. */
export class MediaPeer {
  readonly user: string;
  readonly devices = new PromptedDevices();
  readonly media: CallMedia;
  readonly events: MediaEvent[] = [];
  readonly connections: OverridableConnection[] = [];
  /** Running timers. */
  readonly timers: { readonly ms: number; readonly run: () => void }[] = [];
  /** The running timer that reads the statistics of the links, and its predecessors. */
  readonly #readings = new Set<() => void>();

  constructor(user: string, options: Partial<CallMediaOptions> = {}) {
    this.user = user;
    const { connections } = this;
    class Counted extends OverridableConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(this);
      }
    }
    this.media = createCallMedia({
      iceServers: () => [],
      mediaDevices: () => this.devices,
      RTCPeerConnection: () => Counted,
      clock: {
        now: () => performance.now(),
        after: (ms, run) => {
          if (ms === READ_INTERVAL_MS) {
            this.#readings.add(run);
            return () => void this.#readings.delete(run);
          }
          if (REAL_TIMERS.has(ms)) {
            const timeout = setTimeout(run, ms);
            return () => clearTimeout(timeout);
          }
          const stop = (): void => {
            if (this.timers.includes(timer)) this.timers.splice(this.timers.indexOf(timer), 1);
          };
          const timer = {
            ms,
            run: () => {
              stop();
              run();
            },
          };
          this.timers.push(timer);
          return stop;
        },
      },
      ...options,
    });
    this.media.listen((event) => this.events.push(event));
  }

  /** Lets a second pass for the send policy. */
  readStatistics(): void {
    for (const read of [...this.#readings]) {
      this.#readings.delete(read);
      read();
    }
  }

  /** Whether the statistics are being read. */
  get reads(): boolean {
    return this.#readings.size > 0;
  }

  eventsOf<T extends MediaEvent['type']>(type: T): (MediaEvent & { type: T })[] {
    return this.events.filter((event): event is MediaEvent & { type: T } => event.type === type);
  }

  /** The last emitted media of another user. */
  remote(user: string) {
    return this.eventsOf('remote').findLast((event) => event.user === user)?.media;
  }

  get local() {
    return this.eventsOf('local').at(-1)?.media;
  }

  get openConnections(): number {
    return this.connections.filter(({ signalingState }) => signalingState !== 'closed').length;
  }

  /** Number of decoded frames of a section of the newest connection: 1 camera, 2 screen. */
  async pictures(section: 1 | 2 = 1, connection = this.connections.at(-1)): Promise<number> {
    return this.#inbound(connection, section, 'framesDecoded');
  }

  /** Number of received audio packets. */
  async soundPackets(connection = this.connections.at(-1)): Promise<number> {
    return this.#inbound(connection, 0, 'packetsReceived');
  }

  async #inbound(
    connection: RTCPeerConnection | undefined,
    section: number,
    counter: 'framesDecoded' | 'packetsReceived',
  ): Promise<number> {
    const mid = connection?.getTransceivers()[section]?.mid;
    let count = 0;
    (await connection?.getStats())?.forEach((entry: Record<string, unknown>) => {
      if (entry['type'] === 'inbound-rtp' && entry['mid'] === mid) count = Number(entry[counter]);
    });
    return count;
  }
}

export interface Signal {
  readonly from: string;
  readonly link: number;
  readonly data: Record<string, unknown>;
}

/** The address of a link to the only device of a user. */
export const linkTo = (user: string, link: number): LinkAddress => ({ user, device: user, link });

/** Carries signals between peers, as JSON and one after the other. The device ID of each peer is its user ID. */
export class Wire {
  readonly carried: Signal[] = [];
  /** If true, only descriptions are delivered, so that no link connects. */
  withoutCandidates = false;
  /** Delivers a signal, later or never. Tests may replace it. */
  deliver: (signal: Signal, pass: (data?: Record<string, unknown>) => void) => void = (_, pass) =>
    queueMicrotask(() => pass());
  /** What a man in the middle makes of a description. */
  alter = (sdp: unknown): unknown => sdp;
  readonly #phones: readonly MediaPeer[];

  constructor(...phones: MediaPeer[]) {
    this.#phones = phones;
    for (const phone of phones) {
      phone.media.listen((event) => {
        phone.events.push(event);
        if (event.type === 'signal') this.#carry(phone, event);
      });
    }
  }

  /** Opens the link between two peers at both ends; the first one is the offerer. */
  link(offering: MediaPeer, answering: MediaPeer, link = 1, callID = 'call'): void {
    const ref = (peer: MediaPeer, initiator: boolean): LinkRef => ({
      callID,
      self: (peer === offering ? answering : offering).user,
      user: peer.user,
      device: peer.user,
      link,
      initiator,
    });
    answering.media.openLink(ref(offering, false));
    offering.media.openLink(ref(answering, true));
  }

  /** Number of descriptions that were delivered. */
  get descriptions(): { offer: number; answer: number } {
    const count = (type: string): number =>
      this.carried.filter(({ data }) => data['type'] === type).length;
    return { offer: count('offer'), answer: count('answer') };
  }

  #carry(from: MediaPeer, event: MediaEvent & { type: 'signal' }): void {
    const { link, device } = event;
    if (this.withoutCandidates && 'candidate' in event.data) return;
    const data = JSON.parse(JSON.stringify(event.data)) as Record<string, unknown>;
    if ('sdp' in data) data['sdp'] = this.alter(data['sdp']);
    if (this.withoutCandidates && typeof data['sdp'] === 'string')
      data['sdp'] = data['sdp'].replace(/^a=candidate:.*\r\n/gm, '');
    this.carried.push({ from: from.user, link, data });
    const to = this.#phones.find((phone) => phone.user === device);
    this.deliver({ from: from.user, link, data }, (changed = data) =>
      to?.media.signal(linkTo(from.user, link), changed),
    );
  }
}
