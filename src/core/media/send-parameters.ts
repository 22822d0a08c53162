import type { LinkStatistics } from './link-statistics.js';

/** The page's limits for what is sent. */
export interface SendLimits {
  readonly maxVideoBitrateKbps: number;
  readonly maxAudioBitrateKbps: number;
  readonly maxFrameHeight: number;
}

/** A picture of this device: camera or screen. */
export interface SourcePicture {
  /** Lines: the shorter side of the captured picture, in pixels; undefined while unknown. */
  readonly height: number | undefined;
  /** Whether smooth movement is more important than detail. Read for screens. */
  readonly isMotion?: boolean;
}

export interface LinkInput {
  readonly state: 'opening' | 'up' | 'down';
  /** Lines at which the receiver shows each picture; 0: it does not show it; undefined: it has not told. */
  readonly shows: { readonly camera?: number | undefined; readonly screen?: number | undefined };
  /** A new measurement; undefined if there is none since the last step. */
  readonly statistics?: LinkStatistics | undefined;
}

export interface SendInput {
  readonly now: number;
  readonly limits: SendLimits;
  /** The pictures that this device has; undefined while the source is off. */
  readonly camera: SourcePicture | undefined;
  readonly screen: SourcePicture | undefined;
  /** All links of the call, by a key of the caller's. */
  readonly links: ReadonlyMap<string, LinkInput>;
}

/** Parameters of a picture's sender: those of `RTCRtpEncodingParameters`, and `degradationPreference`. */
export interface PictureParameters {
  readonly active: boolean;
  /** In bits per second. */
  readonly maxBitrate: number;
  readonly maxFramerate: number;
  readonly scaleResolutionDownBy: number;
  readonly priority: RTCPriorityType;
  readonly networkPriority: RTCPriorityType;
  readonly degradationPreference: RTCDegradationPreference;
}

export type SoundParameters = Pick<
  PictureParameters,
  'active' | 'maxBitrate' | 'priority' | 'networkPriority'
>;

/** What is sent on one link. */
export interface SendParameters {
  readonly microphone: SoundParameters;
  readonly camera: PictureParameters;
  readonly screen: PictureParameters;
  /** Pictures that are on and that the receiver would show, but that are not sent to keep the sound clear. */
  readonly paused: { readonly camera: boolean; readonly screen: boolean };
}
