import { html, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import type { Texts } from '../shared/language.js';
import { stepOf } from './geometry.js';
import { PointerDrag } from './pointer-drag.js';

/** Duration of the movement into a corner, in ms. */
const SNAP_MS = 220;

/** A corner of the stage. `start` and `end` follow the direction of the text. */
export interface Corner {
  readonly block: 'top' | 'bottom';
  readonly inline: 'start' | 'end';
}

/** Kept until the page is closed, for the next call as well. */
let remembered: Corner = { block: 'bottom', inline: 'end' };

/** The corner that a press moves the tile to. Four presses visit all corners, along the edges. */
const nextCorner = ({ block, inline }: Corner): Corner =>
  (block === 'bottom') === (inline === 'end')
    ? { block, inline: inline === 'end' ? 'start' : 'end' }
    : { block: block === 'top' ? 'bottom' : 'top', inline };

/**
 * Lets the user move the small tile of themselves on the picture of the other member: by dragging it, after which it snaps
 * to the nearest corner, by a press, which moves it to the next corner, and by the arrow keys.
 */
export class SelfView implements ReactiveController {
  readonly #host: LitElement;
  readonly #drag: PointerDrag;
  #dragged: HTMLElement | undefined;

  constructor(host: LitElement) {
    this.#host = host;
    this.#drag = new PointerDrag({
      element: () => this.#tile?.querySelector<HTMLElement>('.move') ?? host,
      begin: () => {
        this.#dragged = this.#tile;
        this.#dragged?.toggleAttribute('data-dragged', true);
      },
      move: (x, y) => this.#dragged?.style.setProperty('translate', `${x}px ${y}px`),
      end: () => this.#drop(),
    });
    host.addController(this);
  }

  /** The corner in which the tile is. */
  get corner(): Corner {
    return remembered;
  }

  hostUpdated(): void {
    // Somebody has come in or shares a screen: the tile is not on a picture any more.
    if (this.#dragged && this.#dragged !== this.#tile) this.#drag.stop();
  }

  hostDisconnected(): void {
    this.#drag.stop();
  }

  /** The button that covers the tile, and moves it. */
  button(texts: Texts): TemplateResult {
    return html`<button
      class="move"
      aria-label=${texts.moveSelfView}
      aria-description=${texts.moveBarHint}
      @pointerdown=${(event: PointerEvent) => this.#drag.start(event)}
      @click=${() => this.#move(nextCorner(remembered))}
      @keydown=${this.#onKeyDown}
    ></button>`;
  }

  get #tile(): HTMLElement | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.pair .own') ?? undefined;
  }

  get #isRightToLeft(): boolean {
    return getComputedStyle(this.#tile ?? this.#host).direction === 'rtl';
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const step = stepOf(event);
    if (!step) return;
    const [x, y] = step;
    const { block, inline } = remembered;
    if (y !== 0) this.#move({ block: y < 0 ? 'top' : 'bottom', inline });
    else this.#move({ block, inline: x < 0 === this.#isRightToLeft ? 'end' : 'start' });
  };

  /** The drag has ended: the tile moves to the corner that is nearest to its middle. */
  #drop(): void {
    const tile = this.#dragged;
    this.#dragged = undefined;
    tile?.removeAttribute('data-dragged');
    const area = tile?.parentElement?.getBoundingClientRect();
    if (!tile || !area || tile !== this.#tile) return void tile?.style.removeProperty('translate');
    const { left, top, width, height } = tile.getBoundingClientRect();
    const isLeft = left + width / 2 < area.left + area.width / 2;
    const isTop = top + height / 2 < area.top + area.height / 2;
    this.#move({
      block: isTop ? 'top' : 'bottom',
      inline: isLeft === this.#isRightToLeft ? 'end' : 'start',
    });
  }

  /** Moves the tile, from where it is shown, to a corner. */
  #move(corner: Corner): void {
    const tile = this.#tile;
    const before = tile?.getBoundingClientRect();
    remembered = corner;
    tile?.style.removeProperty('translate');
    this.#host.requestUpdate();
    void this.#host.updateComplete.then(() => {
      if (!tile?.isConnected || !before) return;
      if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
      const after = tile.getBoundingClientRect();
      const from = `${before.left - after.left}px ${before.top - after.top}px`;
      tile.animate({ translate: [from, '0px 0px'] }, { duration: SNAP_MS, easing: 'ease-out' });
    });
  }
}
