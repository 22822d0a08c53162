import type { MediaSettings } from '../ports/media-settings.js';

/** Processing of the microphone's sound by the browser. */
export function soundConstraints(settings: MediaSettings): MediaTrackConstraints {
  const { echoCancellation, noiseSuppression, autoGainControl } = settings;
  return { echoCancellation, noiseSuppression, autoGainControl };
}

/** Size of the camera's picture: not larger than what may be sent. Browsers choose the nearest one. */
export function pictureConstraints({ maxFrameHeight }: MediaSettings): MediaTrackConstraints {
  const height = maxFrameHeight;
  return { width: { ideal: Math.round((height * 16) / 9) }, height: { ideal: height } };
}
