import { createCallMedia } from '../../src/core/media/call-media.js';
import type { CallMediaOptions } from '../../src/core/media/call-media.js';
import type { MediaDevicesSource } from '../../src/core/media/devices.js';
import type { CallMedia, LinkAddress, LinkRef, MediaEvent } from '../../src/core/ports/media.js';

/** Waits until `look` gives something true. @throws after five seconds, saying what was waited for */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
): Promise<Exclude<T, false | undefined | null>> {
  const end = performance.now() + 5_000;
  for (;;) {
    const found = await look();
    if (found) return found as Exclude<T, false | undefined | null>;
    if (performance.now() > end) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Lets everything come to pass that needs no time: promises and what is queued behind them. */
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

/** The browser's own fake devices, behind a prompt that the test answers. Counts what it gave. */
export class PromptedDevices extends EventTarget implements MediaDevicesSource {
  /** Every track that was handed out. */
  readonly given: MediaStreamTrack[] = [];
  readonly asked: MediaStreamConstraints[] = [];
  list: MediaDeviceInfo[] = [];
  /** Devices that can't be had. */
  readonly unplugged = new Set<string>();
  /** Devices that another program uses. */
  readonly busy = new Set<string>();
  listeners = 0;
  readonly #refused = new Map<Kind, string>();
  readonly #held = new Map<Kind, Promise<void>>();

  /** From now on this kind is refused with an error of this name; undefined: granted. */
  refuse(kind: Kind, name: string | undefined): void {
    if (name === undefined) this.#refused.delete(kind);
    else this.#refused.set(kind, name);
  }

  /** The prompt for this kind stays open until the function that is returned is called. */
  hold(kind: Kind): () => void {
    const { promise, resolve } = deferred();
    this.#held.set(kind, promise);
    return () => {
      this.#held.delete(kind);
      resolve();
    };
  }

  get live(): number {
    return this.given.filter((track) => track.readyState === 'live').length;
  }

  async getUserMedia(constraints: MediaStreamConstraints = {}): Promise<MediaStream> {
    this.asked.push(constraints);
    const kind = constraints.audio ? 'audio' : 'video';
    await this.#held.get(kind);
    this.#throwIfRefused(kind);
    const deviceId = this.#choose(kind, constraints[kind]);
    if (deviceId !== undefined && this.busy.has(deviceId))
      throw new DOMException('it is in use', 'NotReadableError');
    const stream = await navigator.mediaDevices.getUserMedia(
      kind === 'audio' ? { audio: true } : { video: { width: 320, height: 240 } },
    );
    for (const track of stream.getTracks()) {
      this.given.push(track);
      Object.assign(track, { getSettings: () => ({ deviceId }) });
    }
    return stream;
  }

  /** A drawn picture: a headless browser has no screen. */
  async getDisplayMedia(): Promise<MediaStream> {
    await this.#held.get('video');
    this.#throwIfRefused('video');
    const stream = drawnPicture();
    this.given.push(...stream.getTracks());
    return stream;
  }

  /** Takes a device away: it leaves the list, and the open track of it ends by itself. */
  unplug(deviceId: string): void {
    this.list = this.list.filter((info) => info.deviceId !== deviceId);
    this.dispatchEvent(new Event('devicechange'));
    for (const track of this.given) {
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

  /** As a browser does: the named device, else the first one. */
  #choose(kind: Kind, wanted: boolean | MediaTrackConstraints | undefined): string | undefined {
    const { exact, ideal } = Object(
      typeof wanted === 'object' ? wanted.deviceId : undefined,
    ) as ConstrainDOMStringParameters;
    if (typeof exact === 'string') {
      if (this.unplugged.has(exact)) throw new DOMException('it is gone', 'NotFoundError');
      return exact;
    }
    const all = this.list.filter((info) => info.kind === `${kind}input`);
    return (all.find((info) => info.deviceId === ideal) ?? all[0])?.deviceId;
  }

  #throwIfRefused(kind: Kind): void {
    const name = this.#refused.get(kind);
    if (name !== undefined) throw new DOMException('refused by the test', name);
  }
}

/** Ends a track as a browser does whose device is unplugged or taken, or whose permission is withdrawn. */
export function end(track: MediaStreamTrack | undefined): void {
  track?.stop();
  track?.dispatchEvent(new Event('ended'));
}

/** A picture that changes all the time, so that frames are sent. */
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

/** A real connection whose reported state can be another one. */
export class WatchedConnection extends RTCPeerConnection {
  readonly configuration: RTCConfiguration | undefined;
  #pretended: RTCPeerConnectionState | undefined;

  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    this.configuration = configuration;
  }

  override get connectionState(): RTCPeerConnectionState {
    return this.#pretended ?? super.connectionState;
  }

  /** Reports this state as the browser would; undefined: the true one. */
  pretend(state: RTCPeerConnectionState | undefined): void {
    this.#pretended = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }
}

/** One device with its `CallMedia`, and all that it told. */
export class Phone {
  readonly user: string;
  readonly devices = new PromptedDevices();
  readonly media: CallMedia;
  readonly events: MediaEvent[] = [];
  readonly connections: WatchedConnection[] = [];
  /** Timers that run, by length. */
  readonly timers: { readonly ms: number; readonly run: () => void }[] = [];

  constructor(user: string, options: Partial<CallMediaOptions> = {}) {
    this.user = user;
    const { connections } = this;
    class Counted extends WatchedConnection {
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
        after: (ms, run) => {
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

  told<T extends MediaEvent['type']>(type: T): (MediaEvent & { type: T })[] {
    return this.events.filter((event): event is MediaEvent & { type: T } => event.type === type);
  }

  /** What is shown of another user. */
  remote(user: string) {
    return this.told('remote').findLast((event) => event.user === user)?.media;
  }

  get local() {
    return this.told('local').at(-1)?.media;
  }

  get openConnections(): number {
    return this.connections.filter(({ signalingState }) => signalingState !== 'closed').length;
  }

  /** Decoded pictures of a section of the newest connection: 1 camera, 2 screen. */
  async pictures(section: 1 | 2 = 1, connection = this.connections.at(-1)): Promise<number> {
    return this.#inbound(connection, section, 'framesDecoded');
  }

  /** Received packets of sound. */
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

/** The address of a link to the one device that each user has here. */
export const linkTo = (user: string, link: number): LinkAddress => ({ user, device: user, link });

/** Carries signals between phones, as JSON and one after the other. Each phone's device is its user's name. */
export class Wire {
  readonly carried: Signal[] = [];
  /** Carries descriptions only: no link ever comes up. */
  withoutCandidates = false;
  readonly #phones: readonly Phone[];

  constructor(...phones: Phone[]) {
    this.#phones = phones;
    for (const phone of phones) {
      phone.media.listen((event) => {
        phone.events.push(event);
        if (event.type === 'signal') this.#carry(phone, event);
      });
    }
  }

  /** Opens the link between two phones at both ends; the first one offers. */
  link(offering: Phone, answering: Phone, link = 1, callID = 'call'): void {
    const ref = (peer: Phone, initiator: boolean): LinkRef => ({
      callID,
      user: peer.user,
      device: peer.user,
      link,
      initiator,
    });
    answering.media.openLink(ref(offering, false));
    offering.media.openLink(ref(answering, true));
  }

  /** How many descriptions went over the wire. */
  get descriptions(): { offer: number; answer: number } {
    const count = (type: string): number =>
      this.carried.filter(({ data }) => data['type'] === type).length;
    return { offer: count('offer'), answer: count('answer') };
  }

  #carry(from: Phone, event: MediaEvent & { type: 'signal' }): void {
    const { link, device } = event;
    if (this.withoutCandidates && 'candidate' in event.data) return;
    const data = JSON.parse(JSON.stringify(event.data)) as Record<string, unknown>;
    this.carried.push({ from: from.user, link, data });
    const to = this.#phones.find((phone) => phone.user === device);
    queueMicrotask(() => to?.media.signal(linkTo(from.user, link), data));
  }
}
