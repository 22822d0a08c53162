import {
  html,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from 'lit';
import { icon } from '../shared/icons.js';
import type { Texts } from '../shared/language.js';
import { GripVertical } from '../shared/lucide/grip-vertical.js';
import { PointerDrag } from './pointer-drag.js';

/** Distance of one press of an arrow key, in CSS pixels; with Shift, four times as much. */
const STEP = 24;

/** A position in the viewport: 0 is its left or upper edge, 1 its right or lower edge, each with a margin. */
export interface BarPosition {
  readonly x: number;
  readonly y: number;
}

/** The corners, in the order in which presses of the button visit them: clockwise from the lower right one. */
const CORNERS: readonly BarPosition[] = [
  { x: 1, y: 1 },
  { x: 0, y: 1 },
  { x: 0, y: 0 },
  { x: 1, y: 0 },
];

const DIRECTIONS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

/** The corner after the one that is nearest to a position. */
export function nextCorner({ x, y }: BarPosition): BarPosition {
  const nearest = CORNERS.findIndex(
    (corner) => corner.x === Math.round(x) && corner.y === Math.round(y),
  );
  return CORNERS[(nearest + 1) % CORNERS.length] as BarPosition;
}

/** Remembered until the page is closed. Undefined: the bar has not been moved. */
let remembered: BarPosition | undefined;

/** The current place of the bar, and its places at the positions 0 and 1. */
interface Bounds {
  readonly now: DOMRect;
  readonly first: DOMRect;
  readonly last: DOMRect;
}

/**
 * Lets the user move the minimised view: by dragging it, and by a button, which moves it to the next corner or, with
 * the arrow keys, in steps. The styles place the view at a fraction of the free space, so that it stays inside the
 * viewport whatever its size.
 */
export class MovableBar implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #isMovable: () => boolean;
  readonly #drag: PointerDrag;
  /** The geometry when the drag began. */
  #bounds: Bounds | undefined;

  /** @param isMovable whether the view is minimised, and in the layer of the provider */
  constructor(host: ReactiveControllerHost & HTMLElement, isMovable: () => boolean) {
    this.#host = host;
    this.#isMovable = isMovable;
    this.#drag = new PointerDrag({
      element: () => host,
      begin: () => (this.#bounds = this.#measure()),
      move: (x, y) => this.#bounds && this.#moveBy(x, y, this.#bounds),
    });
    host.addController(this);
  }

  hostUpdated(): void {
    if (!this.#isMovable()) this.#drag.stop();
    this.#place(this.#isMovable() ? remembered : undefined);
  }

  hostDisconnected(): void {
    this.#drag.stop();
  }

  /** The button that moves the bar. */
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
    if (this.#isMovable()) this.#drag.start(event);
  };

  readonly #onPress = (): void => {
    const { now, first, last } = this.#measure();
    const middle = { x: (first.left + last.left) / 2, y: (first.top + last.top) / 2 };
    this.#move(
      nextCorner({
        // Without free space in one direction, the bar moves between the other two edges.
        x: now.left >= middle.x ? 1 : 0,
        y: now.top >= middle.y ? 1 : 0,
      }),
    );
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const direction = DIRECTIONS[event.key];
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    // Else the page would scroll.
    event.preventDefault();
    const step = event.shiftKey ? 4 * STEP : STEP;
    this.#moveBy(direction[0] * step, direction[1] * step, this.#measure());
  };

  /** Moves the bar by a distance from the measured place, in CSS pixels. */
  #moveBy(x: number, y: number, { now, first, last }: Bounds): void {
    const fraction = (at: number, from: number, to: number): number =>
      to > from ? clamp((at - from) / (to - from)) : 0;
    this.#move({
      x: fraction(now.left + x, first.left, last.left),
      y: fraction(now.top + y, first.top, last.top),
    });
  }

  #move(position: BarPosition): void {
    remembered = position;
    this.#place(position);
  }

  /** Measures instead of computing: the margins depend on the safe area of the device. */
  #measure(): Bounds {
    const measure = (): DOMRect => this.#host.getBoundingClientRect();
    const now = measure();
    const [from, to] = [CORNERS[2], CORNERS[0]];
    this.#place(from);
    const first = measure();
    this.#place(to);
    const last = measure();
    this.#place(remembered);
    return { now, first, last };
  }

  #place(position: BarPosition | undefined): void {
    const { style } = this.#host;
    this.#host.toggleAttribute('moved', !!position);
    if (position) {
      style.setProperty('--_x', String(position.x));
      style.setProperty('--_y', String(position.y));
    } else {
      style.removeProperty('--_x');
      style.removeProperty('--_y');
    }
  }
}
