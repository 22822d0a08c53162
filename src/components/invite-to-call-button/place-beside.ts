import { flatAncestors } from '../shared/flat-tree.js';

/** Minimum distance to the button and to the edges of the area, in pixels. */
const DISTANCE = 8;
/** In a lower area, the popover also covers the button, so that its list can be used. */
const MIN_HEIGHT = 240;

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The part of the viewport that a popover may cover: in a view of a call, the part above the row of its controls. */
function areaOf(anchor: HTMLElement): Area {
  const viewport = { left: 0, right: innerWidth, top: 0, bottom: innerHeight };
  const stage = [...flatAncestors(anchor)].find(
    (each) => each.getRootNode() instanceof ShadowRoot && each.matches('.stage:has(> .foot)'),
  );
  if (!stage) return viewport;
  const view = stage.getBoundingClientRect();
  const controls = stage.querySelector('.controls')?.getBoundingClientRect();
  return {
    left: Math.max(view.left, 0),
    right: Math.min(view.right, innerWidth),
    top: Math.max(view.top, 0),
    bottom: Math.min(controls?.top ?? view.bottom, innerHeight),
  };
}

/**
 * Places a popover below or above its anchor, where there is more space, within the window, or within the view of a call that
 * contains the anchor. The position is set by script, because a `style` attribute would violate a strict Content Security
 * Policy.
 */
export function placeBeside(popover: HTMLElement, anchor: HTMLElement): void {
  const { style } = popover;
  const { left, right, top, bottom } = areaOf(anchor);
  const at = anchor.getBoundingClientRect();
  const below = bottom - at.bottom - 2 * DISTANCE;
  const above = at.top - top - 2 * DISTANCE;
  const up = above > below;
  const most = bottom - top - 2 * DISTANCE;
  const covers = Math.max(above, below) < Math.min(MIN_HEIGHT, most);
  style.maxInlineSize = `${Math.floor(right - left - 2 * DISTANCE)}px`;
  style.maxBlockSize = `${Math.floor(covers ? most : up ? above : below)}px`;
  const size = popover.getBoundingClientRect();
  const middle = at.left + at.width / 2 - size.width / 2;
  style.left = `${Math.max(left + DISTANCE, Math.min(middle, right - size.width - DISTANCE))}px`;
  const beside = up ? at.top - DISTANCE - size.height : at.bottom + DISTANCE;
  style.top = `${covers ? top + DISTANCE : beside}px`;
}
