import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { streamPart } from './stream-part.js';

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

/** For styles that limit how much of a picture is cropped. */
const setAspectRatio = ({ currentTarget }: Event): void => {
  const { videoWidth, videoHeight, style } = currentTarget as HTMLVideoElement;
  if (videoHeight) style.setProperty('--_aspect', String(videoWidth / videoHeight));
};

/**
 * A muted video element with the pictures of a stream; `RemoteSound` plays the sound. `live` sets them only when they differ,
 * because setting them again restarts the video.
 * @param label the accessible name. Default: none
 */
export const video = (stream: MediaStream | null, label?: string, look = ''): TemplateResult =>
  html`<video
    class=${look}
    autoplay
    playsinline
    aria-label=${label ?? nothing}
    .muted=${true}
    .srcObject=${live(stream && streamPart(stream, 'video'))}
    @pause=${onPause}
    @resize=${setAspectRatio}
  ></video>`;
