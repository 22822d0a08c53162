/** Distance that a pointer moves before a press becomes a drag, in CSS pixels. */
const THRESHOLD = 6;

/** What is dragged. Distances are from the place of the press, in CSS pixels. */
export interface Draggable {
  /** The element that captures the pointer, so that the drag does not end at the edge of an iframe. */
  readonly element: () => HTMLElement;
  /** The press has become a drag. */
  begin(): void;
  move(x: number, y: number): void;
  /** The drag has ended, also if it was cancelled. */
  end?(): void;
}

/** Distinguishes drags from presses of a mouse, finger or pen. */
export class PointerDrag {
  readonly #target: Draggable;
  #press: { readonly id: number; readonly x: number; readonly y: number } | undefined;
  #moves = false;

  constructor(target: Draggable) {
    this.#target = target;
  }

  /** Must be called for each `pointerdown` that may begin a drag. */
  start({ button, pointerId, clientX, clientY }: PointerEvent): void {
    if (button !== 0 || this.#press) return;
    this.#press = { id: pointerId, x: clientX, y: clientY };
    window.addEventListener('pointermove', this.#onMove);
    window.addEventListener('pointerup', this.#onEnd);
    window.addEventListener('pointercancel', this.#onEnd);
  }

  /** Ends a drag that has begun. */
  stop(): void {
    const moved = this.#moves;
    this.#press = undefined;
    this.#moves = false;
    window.removeEventListener('pointermove', this.#onMove);
    window.removeEventListener('pointerup', this.#onEnd);
    window.removeEventListener('pointercancel', this.#onEnd);
    if (moved) this.#target.end?.();
  }

  readonly #onMove = ({ pointerId, clientX, clientY }: PointerEvent): void => {
    const press = this.#press;
    if (pointerId !== press?.id) return;
    const [x, y] = [clientX - press.x, clientY - press.y];
    if (!this.#moves && Math.hypot(x, y) < THRESHOLD) return;
    if (!this.#moves) {
      this.#moves = true;
      this.#target.begin();
      this.#target.element().setPointerCapture(pointerId);
    }
    this.#target.move(x, y);
  };

  readonly #onEnd = ({ pointerId, type }: PointerEvent): void => {
    if (pointerId !== this.#press?.id) return;
    if (this.#moves && type === 'pointerup') ignoreNextClick();
    this.stop();
  };
}

/** A click follows the end of a drag with the mouse. It must not press the button under the pointer. */
function ignoreNextClick(): void {
  const ignore = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener('click', ignore, { capture: true, once: true });
  setTimeout(() => window.removeEventListener('click', ignore, { capture: true }));
}
