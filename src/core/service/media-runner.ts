import type { Effect } from '../machine/types.js';
import type { CallMedia, MediaEvent } from '../ports/media.js';
import { CallError } from './call-error.js';
import type { CallConfig, ServiceEnvironment } from './types.js';

type MediaEffect = Extract<
  Effect,
  { type: 'open-media' | 'close-media' | 'open-link' | 'close-link' | 'signal-link' }
>;

export interface MediaRunner {
  /** Whether the page has media at all. */
  readonly present: boolean;
  /** Nothing is left to be loaded. */
  readonly ready: boolean;
  /**
   * Loads the media, if there are any, once; again where that failed.
   * @returns rejects with a `media-failed` that is reported already: who does not wait for it loses nothing
   */
  load(): Promise<CallMedia> | undefined;
  run(effect: MediaEffect): void;
  destroy(): void;
}

/** The error of media that could not be had; it says which file is missing, where that is the cause. */
export function mediaFailed(cause: unknown): CallError {
  if (!(cause instanceof CallError)) return new CallError('media-failed', undefined, { cause });
  return cause.code === 'media-failed'
    ? cause
    : new CallError('media-failed', cause.message, { cause });
}

/**
 * Hands the machine's wishes to the page's media, which it loads when a call first needs it. What is wished for
 * while it loads waits in order. When it can't be loaded the call goes on without: nothing flows, and that is
 * reported; the call's next wish (a link that is built anew, say) loads it again, and all that waits comes first.
 */
export function createMediaRunner(
  source: ServiceEnvironment['media'],
  config: () => CallConfig,
  onEvent: (event: MediaEvent) => void,
  report: (error: CallError) => void,
): MediaRunner {
  let media: CallMedia | undefined;
  let loading: Promise<CallMedia> | undefined;
  let waiting: MediaEffect[] = [];
  let destroyed = false;

  const fail = (cause: unknown): CallError => {
    const error = mediaFailed(cause);
    report(error);
    return error;
  };

  const apply = (to: CallMedia, effect: MediaEffect): void => {
    const { callID } = effect;
    switch (effect.type) {
      case 'open-media': {
        const { callType } = effect;
        const { microphoneOn = true, cameraOn = callType === 'video' } = config().defaults ?? {};
        const { microphone = microphoneOn, camera = cameraOn } = effect;
        return to.open(callID, { microphone, camera, callType });
      }
      case 'close-media':
        return to.close(callID);
      case 'open-link':
        return to.openLink(effect);
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
    if (destroyed) media.destroy();
    flush(media);
    return media;
  };

  const attempt = async (get: () => Promise<CallMedia>): Promise<CallMedia> => {
    try {
      // Called a moment later: so a function that throws at once fails like one that rejects.
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
      // It was reported: here it is only kept from being unhandled.
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
    destroy() {
      destroyed = true;
      waiting = [];
      media?.destroy();
    },
  };
}
