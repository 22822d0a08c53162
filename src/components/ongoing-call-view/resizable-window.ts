import { html, type ReactiveController, type TemplateResult } from 'lit';
import type { Texts } from '../shared/language.js';
import {
  placeMemory,
  resizableOf,
  type PlacedView,
  type Size,
  type ViewPlace,
} from '../shared/view-place.js';
import {
  boundsOf,
  clamp,
  positionOf,
  sizeOf,
  stepOf,
  type Bounds,
  type Edges,
} from './geometry.js';
import { PointerDrag } from './pointer-drag.js';

/** In CSS pixels. Must match the styles. The largest size is that of the viewport without margins. */
const MIN: Size = { width: 360, height: 320 };

/** Edges and corners by which the window is resized, by the points of the compass. */
const EDGES = ['n', 'e', 's', 'w', 'ne', 'se', 'sw', 'nw'] as const;
type Edge = (typeof EDGES)[number];

/** Lets the user resize the window of a call: by its edges and corners, by a button, and with the arrow keys on it. */
export class ResizableWindow implements ReactiveController {
  readonly #view: PlacedView;
  readonly #place: ViewPlace;
  readonly #drag: PointerDrag;
  #edge: Edge = 'se';
  /** The geometry when the drag began. */
  #bounds: Bounds | undefined;
  /** The direction of the page, while the view is connected. */
  #isRightToLeft: boolean | undefined;

  constructor(view: PlacedView, viewPlace: ViewPlace) {
    this.#view = view;
    this.#place = viewPlace;
    this.#drag = new PointerDrag({
      element: () => view,
      begin: () => (this.#bounds = this.#measure()),
      move: (x, y) => this.#bounds && this.#drawEdge(x, y, this.#bounds),
      end: () => this.#end(),
    });
    view.addController(this);
  }

  hostUpdated(): void {
    if (this.#bounds && !resizableOf(this.#view)) this.#drag.stop();
  }

  hostDisconnected(): void {
    this.#drag.stop();
    this.#isRightToLeft = undefined;
  }

  /** The edges of the window, and the button that resizes it. */
  handles(texts: Texts): TemplateResult {
    const corner = this.#isAtRight ? 'sw' : 'se';
    return html`${EDGES.map(
        (edge) =>
          html`<div
            class="edge ${edge}"
            @pointerdown=${(event: PointerEvent) => this.#start(event, edge)}
          ></div>`,
      )}<button
        class="resize ${corner}"
        aria-label=${texts.resizeWindow}
        aria-description=${texts.moveBarHint}
        @pointerdown=${(event: PointerEvent) => this.#start(event, corner)}
        @click=${this.#onPress}
        @keydown=${this.#onKeyDown}
      ></button>`;
  }

  /** Whether the window is in the right half of the viewport. */
  get #isAtRight(): boolean {
    const position = placeMemory.position('window');
    if (position) return position.x >= 0.5;
    // Where the styles put it: at the inline end. Read once, because reading it makes the browser compute styles at once.
    this.#isRightToLeft ??= getComputedStyle(this.#view).direction === 'rtl';
    return !this.#isRightToLeft;
  }

  #start(event: PointerEvent, edge: Edge): void {
    this.#edge = edge;
    this.#drag.start(event);
  }

  /** Moves the dragged edges by a distance, in CSS pixels. The others stay where they are. */
  #drawEdge(x: number, y: number, { now, area }: Bounds): void {
    const has = (side: string): boolean => this.#edge.includes(side);
    const edges: Edges = {
      left: has('w') ? clamp(now.left + x, area.left, now.right - MIN.width) : now.left,
      right: has('e') ? clamp(now.right + x, now.left + MIN.width, area.right) : now.right,
      top: has('n') ? clamp(now.top + y, area.top, now.bottom - MIN.height) : now.top,
      bottom: has('s') ? clamp(now.bottom + y, now.top + MIN.height, area.bottom) : now.bottom,
    };
    placeMemory.setPosition('window', positionOf({ now: edges, area }));
    this.#setSize(sizeOf(edges));
  }

  /** As set by the styles, as large as possible, as small as possible. */
  readonly #onPress = (): void => {
    const { now, area } = this.#measure();
    const [size, most] = [sizeOf(now), sizeOf(area)];
    const isLargest = size.width >= most.width - 1 && size.height >= most.height - 1;
    const isSmallest = size.width <= MIN.width + 1 && size.height <= MIN.height + 1;
    this.#setSize(isSmallest ? undefined : isLargest ? MIN : most);
    this.#end();
  };

  /** Right and down: larger. The window grows where it has space. */
  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const step = stepOf(event);
    if (!step) return;
    const { now, area } = this.#measure();
    const [size, most] = [sizeOf(now), sizeOf(area)];
    this.#setSize({
      width: clamp(size.width + step[0], MIN.width, most.width),
      height: clamp(size.height + step[1], MIN.height, most.height),
    });
    this.#end();
  };

  #setSize(size: Size | undefined): void {
    const resizable = resizableOf(this.#view);
    if (!resizable) return;
    const whole = size && { width: Math.round(size.width), height: Math.round(size.height) };
    placeMemory.setSize(resizable, whole);
    this.#place.apply();
  }

  #measure(): Bounds {
    return boundsOf(this.#view, placeMemory.position('window'));
  }

  #end(): void {
    this.#bounds = undefined;
    placeMemory.save();
    this.#view.requestUpdate();
  }
}
