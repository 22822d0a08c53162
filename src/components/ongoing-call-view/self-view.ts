import { html, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import type { Texts } from '../shared/language.js';
import { PointerDrag } from './pointer-drag.js';

/** Duration of the movement into a corner, in ms. */
const SNAP_MS = 220;

/** A corner of the stage: `start` and `end` along the text, `top` and `bottom`. */
export interface Corner {
  readonly block: 'top' | 'bottom';
  readonly inline: 'start' | 'end';
}

/** The corners, in the order in which presses visit them. */
const CORNERS: readonly Corner[] = [
  { block: 'bottom', inline: 'end' },
  { block: 'bottom', inline: 'start' },
  { block: 'top', inline: 'start' },
  { block: 'top', inline: 'end' },
];
const [INITIAL] = CORNERS as readonly [Corner];

/** Remembered until the page is closed. */
let remembered = INITIAL;

/**
 * Lets the user move the small tile of themselves on the picture of the other member: by dragging it, after which it snaps
 * to the nearest corner, by a press, which moves it to the next corner, and by the arrow keys.
 */
export class SelfView implements ReactiveController {
  readonly #host: LitElement;
  readonly #drag: PointerDrag;

  constructor(host: LitElement) {
    this.#host = host;
    this.#drag = new PointerDrag({
      element: () => this.#tile?.querySelector<HTMLElement>('.move') ?? host,
      begin: () => this.#tile?.classList.add('dragged'),
      move: (x, y) => this.#tile?.style.setProperty('translate', `${x}px ${y}px`),
      end: () => this.#snap(),
    });
    host.addController(this);
  }

  /** The corner in which the tile is. */
  get corner(): Corner {
    return remembered;
  }

  hostDisconnected(): void {
    this.#drag.stop();
  }

  /** The button that covers the tile, and moves it. */
  button(texts: Texts): TemplateResult {
    return html`<button
      class="move"
      aria-label="${texts.moveBar}: ${texts.you}"
      aria-description=${texts.moveBarHint}
      @pointerdown=${(event: PointerEvent) => this.#drag.start(event)}
      @click=${() => this.#move(CORNERS[(CORNERS.indexOf(remembered) + 1) % CORNERS.length])}
      @keydown=${this.#onKeyDown}
    ></button>`;
  }

  get #tile(): HTMLElement | null {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.pair .own') ?? null;
  }

  get #isRightToLeft(): boolean {
    return getComputedStyle(this.#tile ?? this.#host).direction === 'rtl';
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (!key.startsWith('Arrow') || ctrlKey || metaKey || altKey || shiftKey) return;
    // Else the page would scroll.
    event.preventDefault();
    const { block, inline } = remembered;
    const towardsStart = this.#isRightToLeft ? 'ArrowRight' : 'ArrowLeft';
    if (key === 'ArrowUp' || key === 'ArrowDown')
      this.#move(cornerOf(key === 'ArrowUp' ? 'top' : 'bottom', inline));
    else this.#move(cornerOf(block, key === towardsStart ? 'start' : 'end'));
  };

  /** The drag has ended: the tile moves to the corner that is nearest to its middle. */
  #snap(): void {
    const tile = this.#tile;
    const area = tile?.parentElement?.getBoundingClientRect();
    if (!tile || !area) return;
    const { left, top, width, height } = tile.getBoundingClientRect();
    const isLeft = left + width / 2 < area.left + area.width / 2;
    const isTop = top + height / 2 < area.top + area.height / 2;
    this.#move(
      cornerOf(isTop ? 'top' : 'bottom', isLeft === this.#isRightToLeft ? 'end' : 'start'),
    );
  }

  /** Moves the tile, from where it is shown, to a corner. */
  #move(corner = INITIAL): void {
    const tile = this.#tile;
    const before = tile?.getBoundingClientRect();
    remembered = corner;
    tile?.style.removeProperty('translate');
    tile?.classList.remove('dragged');
    this.#host.requestUpdate();
    void this.#host.updateComplete.then(() => {
      if (!tile?.isConnected || !before) return;
      const after = tile.getBoundingClientRect();
      if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
      const from = `${before.left - after.left}px ${before.top - after.top}px`;
      tile.animate({ translate: [from, '0px 0px'] }, { duration: SNAP_MS, easing: 'ease-out' });
    });
  }
}

const cornerOf = (block: Corner['block'], inline: Corner['inline']): Corner =>
  CORNERS.find((corner) => corner.block === block && corner.inline === inline) ?? INITIAL;
