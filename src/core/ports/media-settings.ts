import { NO_STAGES, type ProcessingStages } from './media-effects.js';

/** What the page sets for the media of its calls. All limits apply to each link. */
export interface MediaSettings {
  /** Highest bitrate of each picture (camera, screen) that is sent to each member. */
  readonly maxVideoBitrateKbps: number;
  /** Bitrate of the sound that is sent to each member. */
  readonly maxAudioBitrateKbps: number;
  /** Most lines of a camera's picture: its shorter side, in pixels. */
  readonly maxFrameHeight: number;
  /** Whether no picture is sent or received. */
  readonly audioOnly: boolean;
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
  readonly autoGainControl: boolean;
  /** How the page processes what is captured. */
  readonly stages: ProcessingStages;
}

export const DEFAULT_MEDIA_SETTINGS: MediaSettings = {
  maxVideoBitrateKbps: 1_500,
  maxAudioBitrateKbps: 40,
  maxFrameHeight: 720,
  audioOnly: false,
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  stages: NO_STAGES,
};

/**
 * Lines (height in physical pixels) at which the pictures of a member are shown on this device. 0: not shown;
 * undefined: unknown.
 */
export interface PictureSizes {
  readonly camera?: number | undefined;
  readonly screen?: number | undefined;
}
