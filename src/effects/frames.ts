/** A picture of a track. */
export interface Frame {
  readonly image: CanvasImageSource;
  readonly width: number;
  readonly height: number;
  /** In microseconds. */
  readonly timestamp: number;
}

/** How long a page waits for a picture, in ms, until it takes the present one: hidden pages are not told of pictures. */
const LONGEST_GAP_MS = 500;

// Chromium's processing of tracks, https://www.w3.org/TR/mediacapture-transform/, in a page. Not in TypeScript's types.
type TrackProcessor = new (options: { track: MediaStreamTrack; maxBufferSize: number }) => {
  readonly readable: ReadableStream<VideoFrame>;
};
type TrackGenerator = new (options: { kind: 'video' }) => MediaStreamTrack & {
  readonly writable: WritableStream<VideoFrame>;
};

const browser = globalThis as {
  readonly MediaStreamTrackProcessor?: TrackProcessor;
  readonly MediaStreamTrackGenerator?: TrackGenerator;
};

export interface FrameReader {
  readonly track: MediaStreamTrack;
  /** Called for each picture. While it is busy, pictures are dropped. */
  readonly onFrame: (frame: Frame) => Promise<void>;
  readonly onError: (error: unknown) => void;
  /** Ends the reading. */
  readonly signal: AbortSignal;
}

/** Reads the pictures of a track until it ends. */
export function readFrames(reader: FrameReader): void {
  const { MediaStreamTrackProcessor } = browser;
  const reading = MediaStreamTrackProcessor
    ? readStream(reader, MediaStreamTrackProcessor)
    : readElement(reader);
  reading.catch((error: unknown) => {
    if (!reader.signal.aborted) reader.onError(error);
  });
}

async function readStream(
  { track, signal, onFrame }: FrameReader,
  Processor: TrackProcessor,
): Promise<void> {
  const stream = new Processor({ track, maxBufferSize: 1 }).readable.getReader();
  const stop = (): void => void stream.cancel().catch(() => {});
  signal.addEventListener('abort', stop);
  for (;;) {
    const { value: frame } = await stream.read();
    if (!frame) return;
    try {
      const { displayWidth: width, displayHeight: height, timestamp } = frame;
      await onFrame({ image: frame, width, height, timestamp });
    } finally {
      frame.close();
    }
  }
}

async function readElement({ track, signal, onFrame }: FrameReader): Promise<void> {
  const video = document.createElement('video');
  video.muted = video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  signal.addEventListener('abort', () => (video.srcObject = null));
  // Before the first picture there is nothing to play.
  void video.play().catch(() => {});
  for (;;) {
    await nextPicture(video);
    if (signal.aborted || track.readyState === 'ended') return;
    const { videoWidth: width, videoHeight: height } = video;
    if (width && height)
      await onFrame({ image: video, width, height, timestamp: performance.now() * 1000 });
  }
}

function nextPicture(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      video.cancelVideoFrameCallback(request);
      resolve();
    }, LONGEST_GAP_MS);
    const request = video.requestVideoFrameCallback(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A track with the pictures of a canvas. */
export interface FrameWriter {
  readonly track: MediaStreamTrack;
  /** Sends the present picture of the canvas. */
  write(timestamp: number): Promise<void>;
}

/** @throws if the browser can't make a track from a canvas */
export function writeFrames(canvas: HTMLCanvasElement): FrameWriter {
  const { MediaStreamTrackGenerator } = browser;
  if (MediaStreamTrackGenerator) {
    const track = new MediaStreamTrackGenerator({ kind: 'video' });
    const writer = track.writable.getWriter();
    return {
      track,
      write: (timestamp) => writer.write(new VideoFrame(canvas, { timestamp })),
    };
  }
  const [track] = canvas.captureStream().getVideoTracks();
  if (!track) throw new Error('This browser cannot make a video track from a canvas.');
  return { track, write: () => Promise.resolve() };
}
