import { html, type ReactiveController, type TemplateResult } from 'lit';
import { icon } from '../shared/icons.js';
import type { Texts } from '../shared/language.js';
import { GripVertical } from '../shared/lucide/grip-vertical.js';
import {
  FULL_VIEWPORT,
  place,
  placeMemory,
  type Movable,
  type PlacedView,
  type Position,
  type ViewPlace,
} from '../shared/view-place.js';
import { boundsOf, positionOf, stepOf, type Bounds } from './geometry.js';
import { PointerDrag } from './pointer-drag.js';

/** The corners, in the order in which presses of the button visit them: clockwise from the lower right one. */
const CORNERS: readonly Position[] = [
  { x: 1, y: 1 },
  { x: 0, y: 1 },
  { x: 0, y: 0 },
  { x: 1, y: 0 },
];

/** The corner after the one that is nearest to a position. */
export function nextCorner({ x, y }: Position): Position {
  const nearest = CORNERS.findIndex(
    (corner) => corner.x === Math.round(x) && corner.y === Math.round(y),
  );
  return CORNERS[(nearest + 1) % CORNERS.length] as Position;
}

/** Whether a press is on the bar at the top, but on none of its controls. */
function isOnTopBar(event: PointerEvent): boolean {
  const path = event.composedPath().filter((node) => node instanceof Element);
  const end = path.findIndex((node) => node.matches('.top, .grip'));
  return end >= 0 && !path.slice(0, end).some((node) => node.matches('button, slot'));
}

/**
 * Lets the user move the minimised view and the window of a call: by dragging it (the window by the bar at its top), and
 * by a button, which moves it to the next corner or, with the arrow keys, in steps. The styles place the view at a
 * fraction of the free space, so that it stays inside the viewport whatever its size.
 */
export class MovableView implements ReactiveController {
  readonly #view: PlacedView;
  readonly #place: ViewPlace;
  readonly #drag: PointerDrag;
  /** The geometry when the drag began. */
  #bounds: Bounds | undefined;
  /** What is dragged. */
  #dragged: Movable | undefined;

  constructor(view: PlacedView, viewPlace: ViewPlace) {
    this.#view = view;
    this.#place = viewPlace;
    this.#drag = new PointerDrag({
      element: () => view,
      begin: () => {
        this.#dragged = viewPlace.movable;
        this.#bounds = this.#measure();
      },
      move: (x, y) => this.#bounds && this.#moveBy(x, y, this.#bounds),
      end: () => this.#end(),
    });
    view.addController(this);
  }

  hostUpdated(): void {
    if (this.#dragged && this.#place.movable !== this.#dragged) this.#drag.stop();
  }

  hostDisconnected(): void {
    this.#drag.stop();
  }

  /** The button that moves the view. */
  handle(texts: Texts): TemplateResult {
    return html`<button
      class="grip"
      aria-label=${texts.moveBar}
      aria-description=${texts.moveBarHint}
      @click=${this.#onPress}
      @keydown=${this.#onKeyDown}
    >
      ${icon(GripVertical)}
    </button>`;
  }

  /** Must be called for each `pointerdown` in the view. */
  readonly onPointerDown = (event: PointerEvent): void => {
    const { movable } = this.#place;
    if (!movable) return;
    if (movable === 'window') {
      const isFull = this.#view.matches(':fullscreen') || matchMedia(FULL_VIEWPORT).matches;
      if (isFull || !isOnTopBar(event)) return;
    }
    this.#drag.start(event);
  };

  readonly #onPress = (): void => {
    const { now, area } = this.#measure();
    const position: Position = {
      // Without free space in one direction, the view moves between the other two edges.
      x: now.left + now.right >= area.left + area.right ? 1 : 0,
      y: now.top + now.bottom >= area.top + area.bottom ? 1 : 0,
    };
    this.#move(nextCorner(position));
    this.#end();
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const step = stepOf(event);
    if (!step) return;
    this.#moveBy(...step, this.#measure());
    this.#end();
  };

  /** Moves the view by a distance from the measured place, in CSS pixels. */
  #moveBy(x: number, y: number, { now, area }: Bounds): void {
    const moved = {
      ...{ left: now.left + x, right: now.right + x },
      ...{ top: now.top + y, bottom: now.bottom + y },
    };
    this.#move(positionOf({ now: moved, area }));
  }

  #move(position: Position): void {
    const { movable } = this.#place;
    if (!movable) return;
    placeMemory.setPosition(movable, position);
    place(this.#view, position);
  }

  #measure(): Bounds {
    const { movable } = this.#place;
    return boundsOf(this.#view, movable && placeMemory.position(movable));
  }

  #end(): void {
    this.#dragged = undefined;
    placeMemory.save();
    // The handle for resizing is at the side of the window that is nearer to the middle.
    this.#view.requestUpdate();
  }
}
