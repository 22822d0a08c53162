import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { createResizeObserver } from '../shared/dom-features.js';

/** Gap between tiles, in pixels. Must match the styles. */
const GAP = 8;
/** Preferred aspect ratio of a tile. */
const ASPECT_RATIO = 1.1;
/** Minimum size of a small tile beside an enlarged one, in pixels. */
const MIN_TILE = { width: 84, height: 72 } as const;

/**
 * The number of columns that gives the largest tiles.
 * @param count number of tiles, at least 1
 */
export function columnsFor(count: number, width: number, height: number): number {
  let best = 1;
  let largest = 0;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const tileWidth = (width - GAP * (columns - 1)) / columns;
    const tileHeight = (height - GAP * (rows - 1)) / rows;
    const size = Math.min(tileWidth, tileHeight * ASPECT_RATIO);
    if (size > largest) [best, largest] = [columns, size];
  }
  return best;
}

/**
 * Layout of the small tiles beside an enlarged one: in rows below it, or, in a wide space, in columns at its inline
 * end.
 */
export function stripFor(
  count: number,
  width: number,
  height: number,
): { wide: boolean; perLine: number; lines: number; across: number } {
  const wide = width > height * 1.1;
  const [length, least] = wide ? [height, MIN_TILE.height] : [width, MIN_TILE.width];
  const most = Math.max(1, Math.floor((length + GAP) / (least + GAP)));
  const lines = Math.max(1, Math.ceil(count / most));
  const small = Math.min(width, height) * 0.22;
  const across = wide
    ? Math.min(Math.max(small * 1.35, MIN_TILE.width), 168)
    : Math.min(Math.max(small, MIN_TILE.height), 126);
  return { wide, perLine: Math.max(1, Math.ceil(count / lines)), lines, across };
}

/**
 * Fits the tiles into the available space. It measures the space and sets custom properties, which the styles use.
 * They are set by script, because a `style` attribute would violate a strict Content Security Policy.
 */
export class TileLayout implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly renderRoot: ParentNode };
  readonly #observer = createResizeObserver(() => this.#arrange());
  #place: HTMLElement | undefined;
  /** For which tiles the last arrangement was. */
  #arranged = '';

  constructor(host: ReactiveControllerHost & { readonly renderRoot: ParentNode }) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdated(): void {
    const place = this.#host.renderRoot.querySelector<HTMLElement>('.tiles') ?? undefined;
    if (place !== this.#place) {
      this.#observer.disconnect();
      if (place) this.#observer.observe(place);
      this.#place = place;
      this.#arranged = '';
    }
    // Most renders change no place, and measuring forces the browser to compute the layout at once. The observer
    // reports other sizes.
    const tiles = place && `${place.childElementCount} ${place.className}`;
    if (tiles !== this.#arranged) this.#arrange();
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.#place = undefined;
  }

  #arrange(): void {
    const place = this.#place;
    if (!place?.classList.contains('grid')) return;
    const count = place.childElementCount;
    const { width, height } = contentOf(place);
    const set = (name: string, value: number | string): void =>
      place.style.setProperty(`--_${name}`, String(value));
    if (place.classList.contains('focus')) {
      const { wide, perLine, lines, across } = stripFor(count - 1, width, height);
      place.classList.toggle('wide', wide);
      set('per-line', perLine);
      set('lines', lines);
      set('across', `${Math.floor(across)}px`);
    } else {
      const columns = columnsFor(count, width, height);
      set('columns', columns);
      set('rows', Math.ceil(count / columns));
    }
    this.#arranged = `${count} ${place.className}`;
  }
}

/** The content box, without the padding. */
function contentOf(place: HTMLElement): { width: number; height: number } {
  const style = getComputedStyle(place);
  const inline = parseFloat(style.paddingInlineStart) + parseFloat(style.paddingInlineEnd);
  const block = parseFloat(style.paddingBlockStart) + parseFloat(style.paddingBlockEnd);
  return { width: place.clientWidth - inline, height: place.clientHeight - block };
}
