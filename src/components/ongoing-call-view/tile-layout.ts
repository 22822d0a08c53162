import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Between tiles, in pixels: as in the styles. */
const GAP = 8;
/** What a face fills best: the form of the tiles that is aimed at. */
const FORM = 1.1;
/** Least size of a small tile beside a large one, in pixels. */
const SMALL = { width: 84, height: 72 } as const;

/**
 * How many columns fill a space best: those in which the picture of a face is largest.
 * @param count of tiles, at least 1
 */
export function columnsFor(count: number, width: number, height: number): number {
  let best = 1;
  let largest = 0;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const tileWidth = (width - GAP * (columns - 1)) / columns;
    const tileHeight = (height - GAP * (rows - 1)) / rows;
    const size = Math.min(tileWidth, tileHeight * FORM);
    if (size > largest) [best, largest] = [columns, size];
  }
  return best;
}

/** How small tiles stand beside a large one: in lines below it, or at its end where the space is wide. */
export function stripFor(
  count: number,
  width: number,
  height: number,
): { wide: boolean; perLine: number; lines: number; across: number } {
  const wide = width > height * 1.1;
  const [length, least] = wide ? [height, SMALL.height] : [width, SMALL.width];
  const most = Math.max(1, Math.floor((length + GAP) / (least + GAP)));
  const lines = Math.max(1, Math.ceil(count / most));
  const small = Math.min(width, height) * 0.22;
  const across = wide
    ? Math.min(Math.max(small * 1.35, SMALL.width), 168)
    : Math.min(Math.max(small, SMALL.height), 126);
  return { wide, perLine: Math.max(1, Math.ceil(count / lines)), lines, across };
}

/**
 * Fills the space with the tiles, whatever its form. It measures, and sets custom properties; the styles do the rest.
 * They are set by script: a `style` attribute would break a strict Content Security Policy.
 */
export class TileLayout implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly renderRoot: ParentNode };
  readonly #observer = new ResizeObserver(() => this.#arrange());
  #place: HTMLElement | undefined;

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
    }
    this.#arrange();
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
  }
}

/** The space within the padding. */
function contentOf(place: HTMLElement): { width: number; height: number } {
  const style = getComputedStyle(place);
  const inline = parseFloat(style.paddingInlineStart) + parseFloat(style.paddingInlineEnd);
  const block = parseFloat(style.paddingBlockStart) + parseFloat(style.paddingBlockEnd);
  return { width: place.clientWidth - inline, height: place.clientHeight - block };
}
