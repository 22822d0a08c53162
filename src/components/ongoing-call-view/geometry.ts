import { place, type Position, type Size } from '../shared/view-place.js';

/** Distance of one press of an arrow key, in CSS pixels; with Shift, four times as much. */
const STEP = 24;

const DIRECTIONS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export const clamp = (value: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, value));

/**
 * The distance of an arrow key, in CSS pixels, to the right and down; undefined for other keys. The page does not scroll
 * then.
 */
export function stepOf(event: KeyboardEvent): readonly [x: number, y: number] | undefined {
  const direction = DIRECTIONS[event.key];
  if (!direction || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  event.preventDefault();
  const step = event.shiftKey ? 4 * STEP : STEP;
  return [direction[0] * step, direction[1] * step];
}

/** Edges of a rectangle, in CSS pixels of the viewport. */
export interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The place of a view, and the area in which it can be. */
export interface Bounds {
  readonly now: Edges;
  readonly area: Edges;
}

/** Measures instead of computing: the margins depend on the safe area of the device. */
export function boundsOf(view: HTMLElement, position: Position | undefined): Bounds {
  const now = view.getBoundingClientRect();
  place(view, { x: 0, y: 0 });
  const { left, top } = view.getBoundingClientRect();
  place(view, { x: 1, y: 1 });
  const { right, bottom } = view.getBoundingClientRect();
  place(view, position);
  return { now, area: { left, top, right, bottom } };
}

export const sizeOf = ({ left, top, right, bottom }: Edges): Size => ({
  width: right - left,
  height: bottom - top,
});

/** The position of a rectangle, which is moved into the area if it is outside. */
export function positionOf({ now, area }: Bounds): Position {
  const fraction = (at: number, from: number, free: number): number =>
    free > 0 ? clamp((at - from) / free, 0, 1) : 0;
  const [size, space] = [sizeOf(now), sizeOf(area)];
  return {
    x: fraction(now.left, area.left, space.width - size.width),
    y: fraction(now.top, area.top, space.height - size.height),
  };
}
