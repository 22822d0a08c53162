import { html, noChange, nothing, type ElementPart, type TemplateResult } from 'lit';
import { AsyncDirective, directive } from 'lit/async-directive.js';

/** Minimum time between two attempts to play a paused video again, in ms. */
const RETRY_MS = 1_000;

/** Videos that are played again later, because they were paused twice in a row. */
const waiting = new WeakSet<HTMLVideoElement>();
/** When each video was last played again, in ms of `performance.now()`. */
const playedAt = new WeakMap<HTMLVideoElement, number>();

/**
 * Plays a video again that the browser paused, for example because it froze the page. Muted videos need no permission.
 * Repeated pauses are answered once a second.
 */
const onPause = (event: Event): void => {
  const video = event.currentTarget as HTMLVideoElement;
  const isWanted = (): boolean => video.isConnected && video.paused && video.srcObject !== null;
  const play = (): void => {
    if (!isWanted()) return;
    playedAt.set(video, performance.now());
    // A rejection means that the stream was removed meanwhile, or that the video was paused again.
    video.play().catch(() => {});
  };
  if (!isWanted() || waiting.has(video)) return;
  const pause = (playedAt.get(video) ?? -Infinity) + RETRY_MS - performance.now();
  if (pause <= 0) return play();
  waiting.add(video);
  setTimeout(() => {
    waiting.delete(video);
    play();
  }, pause);
};

/** The aspect ratios of the pictures of streams that were shown. */
const aspectRatios = new WeakMap<MediaProvider, number>();

/** For styles that limit how much of a picture is cropped. */
const setAspectRatio = ({ style }: HTMLVideoElement, ratio: number): void =>
  style.setProperty('--_aspect', String(ratio));

const onResize = ({ currentTarget }: Event): void => {
  const video = currentTarget as HTMLVideoElement;
  const { videoWidth, videoHeight, srcObject } = video;
  if (!videoHeight) return;
  if (srcObject) aspectRatios.set(srcObject, videoWidth / videoHeight);
  setAspectRatio(video, videoWidth / videoHeight);
};

/**
 * Shows the pictures of a stream in a video element. Sets them only when they differ, because setting them again restarts the
 * video. A video that is removed from the document gives its stream up: Chromium keeps the element otherwise.
 */
class Pictures extends AsyncDirective {
  #element: HTMLVideoElement | undefined;
  #stream: MediaStream | null = null;

  override render(_stream: MediaStream | null): typeof noChange {
    return noChange;
  }

  override update({ element }: ElementPart, [stream]: [MediaStream | null]): typeof noChange {
    this.#element = element as HTMLVideoElement;
    this.#stream = stream;
    this.#show(stream);
    return noChange;
  }

  override disconnected(): void {
    // A view that is only moved in the document goes on without a gap.
    queueMicrotask(() => {
      if (!this.isConnected) this.#show(null);
    });
  }

  override reconnected(): void {
    this.#show(this.#stream);
  }

  #show(stream: MediaStream | null): void {
    if (!this.#element || this.#element.srcObject === stream) return;
    this.#element.srcObject = stream;
    // Without it, an element that continues a picture at another place would have another shape at first.
    const ratio = stream && aspectRatios.get(stream);
    if (ratio) setAspectRatio(this.#element, ratio);
  }
}
const pictures = directive(Pictures);

/**
 * A muted video element with the pictures of a stream; `RemoteSound` plays the sound.
 * @param label the accessible name. Default: none
 */
export const video = (stream: MediaStream | null, label?: string, look = ''): TemplateResult =>
  html`<video
    class=${look}
    autoplay
    playsinline
    aria-label=${label ?? nothing}
    .muted=${true}
    @pause=${onPause}
    @resize=${onResize}
    ${pictures(stream)}
  ></video>`;
