/** What a processing function gets besides the track. */
export interface ProcessContext {
  /**
   * Aborts when the processed track is no longer used: the source was switched off, has another device now, or the
   * function took too long. Everything that was opened for it must be released.
   */
  readonly signal: AbortSignal;
  /** Reports that the processing has stopped working. The track that it was given is used instead from then on. */
  readonly fail: (error: unknown) => void;
}

/**
 * Makes another track of the same kind from a track. Called again for each device, and each time the source is switched
 * on. It must not stop the track that it is given. The track that it returns is stopped by the caller.
 */
export type ProcessTrack = (
  track: MediaStreamTrack,
  context: ProcessContext,
) => MediaStreamTrack | Promise<MediaStreamTrack>;

/** A way to process the sound of the microphone or the picture of the camera, with a switch for the user. */
export interface MediaEffect {
  /** Identifies the effect, 1–64 characters. */
  readonly name: string;
  readonly kind: 'audio' | 'video';
  /** The text beside the switch. Default: that of ringkit for its own effects, for others the name. */
  readonly label?: string;
  /** Whether it is on at first. Default `false`. */
  readonly enabled?: boolean;
  /** Effects with the same group exclude each other: switching one on switches the others off. */
  readonly group?: string;
  /**
   * Whether nothing is sent until the effect works, or has failed: for effects that hide something. Default `false`:
   * the track is sent as it is meanwhile.
   */
  readonly hidesSource?: boolean;
  readonly process: ProcessTrack;
}

/** An effect as the page shows it. */
export interface EffectState {
  readonly name: string;
  readonly kind: 'audio' | 'video';
  readonly label: string | undefined;
  readonly enabled: boolean;
  /** It was switched off because it did not work. Switching it on tries again. */
  readonly failed: boolean;
}

/** One step of the processing of a source. */
export interface ProcessingStage {
  /** The name of its effect; undefined: a function of the page without a switch. */
  readonly effect: string | undefined;
  readonly hidesSource: boolean;
  readonly process: ProcessTrack;
}

/** The steps for each source, in order. Stages with the same `process` are the same stage. */
export interface ProcessingStages {
  readonly microphone: readonly ProcessingStage[];
  readonly camera: readonly ProcessingStage[];
}

export const NO_STAGES: ProcessingStages = { microphone: [], camera: [] };
