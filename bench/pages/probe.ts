/**
 * Observes the page from outside the contestant, in the same way for all: it hooks into every peer connection, camera and
 * video element, but changes none. It must run before any code of a contestant.
 */
import { createLatch } from './latch.js';
import type { Traffic } from './mesh-page.js';
import type { FirstFrame, Mark } from './page.js';

/** Not in TypeScript's DOM library yet (W3C mediacapture-transform). */
declare class MediaStreamTrackProcessor {
  constructor(init: { track: MediaStreamTrack });
  readonly readable: ReadableStream<VideoFrame>;
}

const REST_MS = 300;
const FRAME_BUDGET_MS = 50;

const marks: Mark[] = [];
const remoteTracks = new WeakSet<MediaStreamTrack>();
const decoded = createLatch<number>();
const shown = createLatch<number>();
const connections: RTCPeerConnection[] = [];
/** Time of the first frame by connection. */
const first = new Map<RTCPeerConnection, number>();
let onPicture = (): void => {};
const camera = createLatch<undefined>();
let lastBusy = performance.now();

const beBusy = (): void => {
  lastBusy = performance.now();
};

/** Current time in ms since the epoch. */
export const now = (): number => performance.timeOrigin + performance.now();

export function mark(what: string): number {
  const at = now();
  marks.push({ at, what });
  return at;
}

export const allMarks = (): readonly Mark[] => marks;

/** Resolves when a camera is open in this page. */
export const cameraOpen = async (): Promise<void> => camera.promise;

export async function firstFrame(): Promise<FirstFrame> {
  const [first, visible] = await Promise.all([decoded.promise, shown.promise]);
  return { decoded: first, shown: visible };
}

/** Difference between this page's clock and the system's, at a change of the system's millisecond. */
export function clockError(): number {
  const before = Date.now();
  let after = Date.now();
  while (after === before) after = Date.now();
  return now() - after;
}

/** Resolves when there were no resource loads and long tasks for `REST_MS`. No user answers sooner. */
export async function atRest(): Promise<void> {
  for (;;) {
    const left = lastBusy + REST_MS - performance.now();
    if (left <= 0) return;
    await new Promise((resolve) => setTimeout(resolve, left));
  }
}

/** Resolves when the element that `find` returns has been painted. @returns the time */
export function painted(find: () => Element | null | undefined): Promise<number> {
  return new Promise((resolve) => {
    const look = (): void => {
      const element = find();
      if (!element?.getClientRects().length) {
        requestAnimationFrame(look);
        return;
      }
      // The element is in the frame that is being rendered; it has been painted when the next one begins.
      requestAnimationFrame(() => {
        beBusy();
        resolve(mark('dialog painted'));
      });
    };
    requestAnimationFrame(look);
  });
}

/** Resolves when a frame was decoded on this number of connections. @returns the time on the last of them */
export function pictures(connections: number): Promise<number> {
  return new Promise((resolve) => {
    onPicture = () => {
      if (first.size >= connections) resolve(Math.max(...first.values()));
    };
    onPicture();
  });
}

/** Bytes of all connections so far. */
export async function traffic(): Promise<Traffic> {
  const reports = await Promise.all(connections.map((connection) => connection.getStats()));
  let [sent, received] = [0, 0];
  for (const report of reports) {
    report.forEach((entry: { type: string; bytesSent?: number; bytesReceived?: number }) => {
      if (entry.type !== 'transport') return;
      sent += entry.bytesSent ?? 0;
      received += entry.bytesReceived ?? 0;
    });
  }
  return { sent, received };
}

async function readFirst(track: MediaStreamTrack, connection: RTCPeerConnection): Promise<void> {
  const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
  const { value: frame } = await reader.read();
  if (!frame) return;
  const at = mark(`frame decoded ${frame.codedWidth}x${frame.codedHeight}`);
  decoded.resolve(at);
  if (!first.has(connection)) first.set(connection, at);
  onPicture();
  frame.close();
  await reader.cancel();
}

function watchConnection(connection: RTCPeerConnection): void {
  mark('peer connection made');
  connections.push(connection);
  connection.addEventListener('signalingstatechange', () =>
    mark(`signaling ${connection.signalingState}`),
  );
  connection.addEventListener('iceconnectionstatechange', () =>
    mark(`ice ${connection.iceConnectionState}`),
  );
  connection.addEventListener('connectionstatechange', () =>
    mark(`connection ${connection.connectionState}`),
  );
  connection.addEventListener('negotiationneeded', () => mark('negotiation needed'));
  connection.addEventListener('icecandidate', ({ candidate }) =>
    mark(`candidate ${candidate?.candidate ?? 'none left'}`),
  );
  connection.addEventListener('track', ({ track }) => {
    mark(`remote ${track.kind}`);
    remoteTracks.add(track);
    if (track.kind === 'video') void readFirst(track, connection);
  });
}

const NativeConnection = globalThis.RTCPeerConnection;
class WatchedConnection extends NativeConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    watchConnection(this);
  }
}
globalThis.RTCPeerConnection = WatchedConnection;

const openMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (constraints) => {
  const kinds = [constraints?.audio && 'microphone', constraints?.video && 'camera'];
  const names = kinds.filter((kind) => typeof kind === 'string').join(' and ');
  mark(`${names} asked for`);
  const stream = await openMedia(constraints);
  mark(`${names} open`);
  if (stream.getVideoTracks().length > 0) camera.resolve(undefined);
  return stream;
};

/** Waits for the first remote frame in this element, whose source may change. */
function watchElement(element: HTMLVideoElement): void {
  element.requestVideoFrameCallback(() => {
    const stream = element.srcObject;
    const tracks = stream instanceof MediaStream ? stream.getVideoTracks() : [];
    if (tracks.some((track) => remoteTracks.has(track))) shown.resolve(mark('frame shown'));
    else watchElement(element);
  });
}

const watchedElements = new WeakSet<HTMLMediaElement>();
const property = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
  ...property,
  set(this: HTMLMediaElement, value: MediaProvider | null) {
    property?.set?.call(this, value);
    if (!(this instanceof HTMLVideoElement) || watchedElements.has(this)) return;
    watchedElements.add(this);
    watchElement(this);
  },
});

new PerformanceObserver(beBusy).observe({ type: 'resource' });
new PerformanceObserver((list) => {
  if (list.getEntries().some(({ duration }) => duration > FRAME_BUDGET_MS)) beBusy();
}).observe({ type: 'longtask' });
