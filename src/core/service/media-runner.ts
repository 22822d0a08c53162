import type { Effect } from '../machine/types.js';
import type { CallMedia, ConnectionLevel, MediaEvent } from '../ports/media.js';
import type { ProcessingStages } from '../ports/media-effects.js';
import type { PictureSizes } from '../ports/media-settings.js';
import { CallError } from './call-error.js';
import { readMediaConfig } from './media-config.js';
import type { CallConfig } from './call-config.js';
import type { ServiceEnvironment } from './types.js';

type MediaEffect = Extract<
  Effect,
  {
    type:
      | 'open-media'
      | 'close-media'
      | 'hold-media'
      | 'show-media'
      | 'open-link'
      | 'close-link'
      | 'signal-link';
  }
>;

export interface MediaRunner {
  /** Whether the page has media. */
  readonly present: boolean;
  /** Whether the media code is loaded, or the page has no media. */
  readonly ready: boolean;
  /**
   * Loads the media code once; again if that failed.
   * @returns undefined if the page has no media. Rejects with a `media-failed` that was reported already, so that
   * callers need not handle it
   */
  load(): Promise<CallMedia> | undefined;
  run(effect: MediaEffect): void;
  /** Sets whether pictures are received, now and when the media code is loaded. */
  setIncomingVideo(on: boolean): void;
  setPictureSizes(sizes: ReadonlyMap<string, PictureSizes>): void;
  /** Restarts ICE on all links of the call. */
  restartLinks(): void;
  tellConnection(level: ConnectionLevel | undefined): void;
  /** Uses the present effects for the open devices. */
  refreshProcessing(): void;
  destroy(): void;
}

/** @returns the error for media code that could not be loaded; its message names the missing file if it is known */
export function mediaFailed(cause: unknown): CallError {
  if (!(cause instanceof CallError)) return new CallError('media-failed', undefined, { cause });
  return cause.code === 'media-failed'
    ? cause
    : new CallError('media-failed', cause.message, { cause });
}

/**
 * Runs the machine's media effects on the page's media, which is loaded when a call first needs it. Effects that arrive
 * while it loads are queued. If loading fails, the failure is reported and the call continues without media; the next
 * effect of the call (for example a link that is rebuilt) loads it again, and then runs the queued effects in order.
 * @param self returns the userID of the user of this device
 * @param stages returns how the page processes what is captured, and reports what is wrong with it
 */
export function createMediaRunner(
  source: ServiceEnvironment['media'],
  config: () => CallConfig,
  self: () => string,
  stages: (invalid?: (error: CallError) => void) => ProcessingStages,
  onEvent: (event: MediaEvent) => void,
  report: (error: CallError) => void,
): MediaRunner {
  let media: CallMedia | undefined;
  let loading: Promise<CallMedia> | undefined;
  let waiting: MediaEffect[] = [];
  let destroyed = false;
  let incomingVideo = true;

  const fail = (cause: unknown): CallError => {
    const error = mediaFailed(cause);
    report(error);
    return error;
  };

  const apply = (to: CallMedia, effect: MediaEffect): void => {
    const { callID } = effect;
    switch (effect.type) {
      case 'open-media': {
        const { callType, like } = effect;
        const { microphoneOn = true, cameraOn = callType === 'video' } = config().defaults ?? {};
        const { microphone = microphoneOn, camera = cameraOn } = effect;
        readMediaConfig(config().media, report);
        stages(report);
        return to.open(callID, {
          microphone,
          camera,
          callType,
          ...(like !== undefined && { like }),
        });
      }
      case 'close-media':
        return to.close(callID);
      case 'hold-media':
        return to.hold?.(callID, effect.on);
      case 'show-media':
        return to.show?.(callID);
      case 'open-link':
        return to.openLink({ ...effect, self: self() });
      case 'close-link':
        return to.closeLink(effect);
      case 'signal-link':
        return to.signal(effect, effect.data);
    }
  };

  const flush = (to: CallMedia): void => {
    for (const effect of waiting.splice(0)) {
      try {
        apply(to, effect);
      } catch (error) {
        fail(error);
      }
    }
  };

  const ready = (loaded: CallMedia): CallMedia => {
    media = loaded;
    media.listen(onEvent);
    media.configure?.(() => ({ ...readMediaConfig(config().media), stages: stages() }));
    if (!incomingVideo) media.setIncomingVideo?.(false);
    if (destroyed) media.destroy();
    flush(media);
    return media;
  };

  const attempt = async (get: () => Promise<CallMedia>): Promise<CallMedia> => {
    try {
      // Called in a microtask, so that a function that throws is handled like one that rejects.
      return ready(await Promise.resolve().then(get));
    } catch (cause) {
      loading = undefined;
      if (destroyed) throw mediaFailed(cause);
      const error = fail(cause);
      const nothing = { stream: undefined, screen: undefined } as const;
      onEvent({
        type: 'local',
        media: { ...nothing, microphone: 'unavailable', camera: 'unavailable' },
      });
      throw error;
    }
  };

  const load = (): Promise<CallMedia> | undefined => {
    if (source) loading ??= attempt(source as () => Promise<CallMedia>);
    loading?.catch(() => {
      // Reported already; this avoids an unhandled rejection.
    });
    return loading;
  };

  if (typeof source === 'object') loading = Promise.resolve(ready(source));

  return {
    present: !!source,
    get ready() {
      return !source || !!media;
    },
    load,
    run(effect) {
      if (!source) return;
      waiting.push(effect);
      if (media) flush(media);
      else if (effect.type === 'close-media') {
        waiting = waiting.filter(({ callID }) => callID !== effect.callID);
      } else void load();
    },
    setIncomingVideo(on) {
      incomingVideo = on;
      media?.setIncomingVideo?.(on);
    },
    setPictureSizes(sizes) {
      media?.setPictureSizes?.(sizes);
    },
    restartLinks() {
      media?.restartLinks?.();
    },
    tellConnection(level) {
      media?.tellConnection?.(level);
    },
    refreshProcessing() {
      media?.refreshProcessing?.();
    },
    destroy() {
      destroyed = true;
      waiting = [];
      media?.destroy();
    },
  };
}
