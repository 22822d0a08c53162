/** The format of a camera picture. */
export interface PictureFormat {
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
}

/** Capabilities of a synthetic device, as `getCapabilities` of a real one returns them. */
const RANGES = {
  width: { min: 160, max: 1920, usual: 640 },
  height: { min: 120, max: 1080, usual: 480 },
  frameRate: { min: 1, max: 30, usual: 15 },
} as const;

type Ranged = keyof typeof RANGES;

/** The error with which browsers reject constraints that no device satisfies. */
export function overconstrained(constraint: string): DOMException {
  return new DOMException(`No device satisfies ${constraint}.`, 'OverconstrainedError');
}

function pick(name: Ranged, constraint: ConstrainULong | ConstrainDouble | undefined): number {
  const { min, max, usual } = RANGES[name];
  const range: ConstrainDoubleRange =
    typeof constraint === 'object'
      ? constraint
      : constraint === undefined
        ? {}
        : { ideal: constraint };
  const low = Math.max(min, range.exact ?? range.min ?? min);
  const high = Math.min(max, range.exact ?? range.max ?? max);
  if (low > high) throw overconstrained(name);
  return Math.min(Math.max(range.ideal ?? usual, low), high);
}

/**
 * The format that satisfies the constraints (W3C Media Capture and Streams): `exact`, `min` and `max` are required, and
 * the result is as close to `ideal` as possible.
 * @throws an `OverconstrainedError` if no format satisfies them
 */
export function pictureFormat(constraints: MediaTrackConstraints): PictureFormat {
  return {
    width: Math.round(pick('width', constraints.width)),
    height: Math.round(pick('height', constraints.height)),
    frameRate: pick('frameRate', constraints.frameRate),
  };
}

function preferences(constraint: ConstrainDOMString | undefined): {
  values: string[];
  isRequired: boolean;
} {
  if (constraint === undefined) return { values: [], isRequired: false };
  if (typeof constraint === 'string' || Array.isArray(constraint))
    return { values: [constraint].flat(), isRequired: false };
  return constraint.exact === undefined
    ? { values: [constraint.ideal ?? []].flat(), isRequired: false }
    : { values: [constraint.exact].flat(), isRequired: true };
}

interface Candidate {
  readonly deviceId: string;
  readonly facingMode?: string;
}

/**
 * The device that matches the constraints, first by its ID, then by its facing mode.
 * @throws an `OverconstrainedError` if a device that is required by `exact` does not exist
 */
export function chooseDevice<T extends Candidate>(
  devices: readonly [T, ...T[]],
  constraints: MediaTrackConstraints,
): T {
  const ids = preferences(constraints.deviceId);
  const named = devices.find(({ deviceId }) => ids.values.includes(deviceId));
  if (named) return named;
  if (ids.isRequired) throw overconstrained('deviceId');
  const sides = preferences(constraints.facingMode);
  const facing = devices.find(({ facingMode }) => facingMode && sides.values.includes(facingMode));
  if (!facing && sides.isRequired) throw overconstrained('facingMode');
  return facing ?? devices[0];
}
