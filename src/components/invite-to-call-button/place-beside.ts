/** Minimum distance to the button and to the edges of the window, in pixels. */
const DISTANCE = 8;

/**
 * Places a popover below or above its anchor, where there is more space, and within the window. The position is set
 * by script, because a `style` attribute would violate a strict Content Security Policy.
 */
export function placeBeside(popover: HTMLElement, anchor: HTMLElement): void {
  const { style } = popover;
  const { innerWidth: width, innerHeight: height } = window;
  const at = anchor.getBoundingClientRect();
  const below = height - at.bottom - 2 * DISTANCE;
  const above = at.top - 2 * DISTANCE;
  const up = above > below;
  style.maxBlockSize = `${Math.floor(up ? above : below)}px`;
  const size = popover.getBoundingClientRect();
  const middle = at.left + at.width / 2 - size.width / 2;
  const left = Math.max(DISTANCE, Math.min(middle, width - size.width - DISTANCE));
  style.left = `${left}px`;
  style.top = `${up ? at.top - DISTANCE - size.height : at.bottom + DISTANCE}px`;
}
