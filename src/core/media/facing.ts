import type { Facing } from '../ports/media.js';

/** Names of back cameras in browsers that do not report `facingMode`, for example "camera2 0, facing back". */
const BACK = /\b(back|rear|environment)\b/i;

/**
 * The direction of a camera: `environment` for the back camera of a phone or tablet, `user` for the front camera.
 * Undefined if the browser does not know it, as for most webcams.
 */
export function facingOf(
  track: Pick<MediaStreamTrack, 'label' | 'getSettings'>,
): Facing | undefined {
  const { facingMode } = track.getSettings();
  if (facingMode === 'user' || facingMode === 'environment') return facingMode;
  return BACK.test(track.label) ? 'environment' : undefined;
}
