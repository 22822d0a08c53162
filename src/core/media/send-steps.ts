/** One step of the quality of a picture. */
export interface PictureStep {
  /** Lines: the shorter side of the picture, in pixels. */
  readonly height: number;
  readonly framerate: number;
  readonly kbps: number;
}

/** The steps of a camera, from the smallest one. Bitrates are those at which VP8 looks clean with a talking head. */
export const CAMERA_STEPS: readonly PictureStep[] = [
  { height: 120, framerate: 10, kbps: 80 },
  { height: 180, framerate: 15, kbps: 150 },
  { height: 240, framerate: 20, kbps: 250 },
  { height: 360, framerate: 24, kbps: 450 },
  { height: 480, framerate: 30, kbps: 800 },
  { height: 720, framerate: 30, kbps: 1_500 },
  { height: 1_080, framerate: 30, kbps: 2_500 },
  { height: 2_160, framerate: 30, kbps: 6_000 },
];

/** The steps of a screen. Text stays readable at a low frame rate, but not at a low resolution. */
export const SCREEN_STEPS: readonly PictureStep[] = [
  { height: 2_160, framerate: 2, kbps: 80 },
  { height: 2_160, framerate: 5, kbps: 250 },
  { height: 2_160, framerate: 8, kbps: 600 },
  { height: 2_160, framerate: 15, kbps: 1_500 },
  { height: 2_160, framerate: 30, kbps: 2_500 },
];

/** A step needs at least this fraction of its bitrate. Below it, a smaller picture looks better. */
export const LEAST_FRACTION = 0.7;

const isWithin = (step: PictureStep, kbps: number): boolean => step.kbps * LEAST_FRACTION <= kbps;

/** @returns the index of the highest step that this bitrate allows, counted from 1; 0 if there is none */
export function stepWithin(steps: readonly PictureStep[], kbps: number): number {
  return steps.findLastIndex((step) => isWithin(step, kbps)) + 1;
}

/** @returns the lowest step, counted from 1, that shows at least this number of lines */
export function stepShowing(steps: readonly PictureStep[], lines: number): number {
  const index = steps.findIndex(({ height }) => height >= lines);
  return index < 0 ? steps.length : index + 1;
}

/** @returns the pixels that a 16:9 picture of this step has in a second */
export const pixelsPerSecond = ({ height, framerate }: PictureStep): number =>
  Math.round((height * height * 16) / 9) * framerate;
