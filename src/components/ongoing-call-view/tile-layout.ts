import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { createResizeObserver } from '../shared/dom-features.js';
import type { Size } from '../shared/view-place.js';

/** Gap between tiles, and padding beside them, in pixels. Must match the styles. */
const GAP = 8;
const EDGE = 12;
/** Height below a large screen, for its name, in pixels. Must match the styles. */
const SCREEN_NAME = 32;
/** The part of a picture that is visible at least. Must match the styles. */
const VISIBLE = 0.75;
/** Aspect ratio of a picture whose size is not known yet. */
const UNKNOWN_ASPECT_RATIO = 4 / 3;
/** Minimum size of a small tile beside an enlarged one, in pixels. */
const MIN_TILE = { width: 84, height: 72 } as const;
/** Minimum height of such a tile with a wide picture, in pixels. */
const MIN_PICTURE_HEIGHT = 64;

/** The part of the space that small tiles may take. */
const MAX_SMALL = 2 / 3;

/** The least and the greatest aspect ratio of a tile. */
export interface Shape {
  readonly least: number;
  readonly most: number;
}

/** The preferred shape of tiles without pictures. They may have any other. */
const AVATARS: Shape = { least: 1.1, most: 1.1 };
const ANY: Shape = { least: 0, most: Infinity };

/**
 * The shape of tiles that these pictures fill, with at most a quarter of each cropped. If no shape fits all, because
 * some are upright and others are wide, it is one between them.
 * @param aspectRatios of the pictures; none: undefined is returned
 */
export function shapeFor(aspectRatios: readonly number[]): Shape | undefined {
  if (!aspectRatios.length) return undefined;
  const least = Math.max(...aspectRatios) * VISIBLE;
  const most = Math.min(...aspectRatios) / VISIBLE;
  const between = Math.sqrt(least * most);
  return least <= most ? { least, most } : { least: between, most: between };
}

/** The largest size of this shape within another one. */
const fit = ({ width, height }: Size, { least, most }: Shape): Size => ({
  width: Math.min(width, height * most),
  height: Math.min(height, width / least),
});

/** The number of columns that gives the largest tiles, and their greatest size. */
export function gridFor(
  count: number,
  { width, height }: Size,
  shape?: Shape,
): { columns: number; rows: number; tile: Size } {
  let largest = 0;
  let best = { columns: 1, rows: count, tile: { width, height } };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cell = {
      width: (width - GAP * (columns - 1)) / columns,
      height: (height - GAP * (rows - 1)) / rows,
    };
    const fitted = fit(cell, shape ?? AVATARS);
    const area = fitted.width * fitted.height;
    if (fitted.height > 0 && area > largest) {
      largest = area;
      best = { columns, rows, tile: shape ? fitted : cell };
    }
  }
  return best;
}

/**
 * Layout of the small tiles beside an enlarged one: in rows below it, or, in a wide space, in columns at its inline
 * end. `along` and `across` are the size of a small tile in the direction of a line and across it. The enlarged tile keeps
 * a third of the space, so in a very small one, some lines have to be scrolled to.
 */
export function stripFor(
  count: number,
  { width, height }: Size,
  { least, most }: Shape = ANY,
): { wide: boolean; perLine: number; lines: number; along: number; across: number } {
  const wide = width > height * 1.1;
  const minHeight = least > 1 ? MIN_PICTURE_HEIGHT : MIN_TILE.height;
  const [length, space] = wide ? [height, width] : [width, height];
  const minAlong = wide ? minHeight : Math.max(MIN_TILE.width, minHeight * least);
  const minAcross = wide ? MIN_TILE.width : minHeight;
  const mostPerLine = Math.max(1, Math.floor((length + GAP) / (minAlong + GAP)));
  const needed = Math.max(1, Math.ceil(count / mostPerLine));
  const lines = Math.min(needed, Math.max(1, Math.floor((space * MAX_SMALL) / (minAcross + GAP))));
  const perLine = Math.max(1, Math.ceil(count / needed));
  const along = Math.min((length + GAP) / perLine - GAP, wide ? 132 : 160);
  const highest = (space * MAX_SMALL) / lines - GAP;
  const small = Math.min(width, height) * 0.22;
  // Across a line, a tile is as long as its shape allows beside the others of its line.
  const preferred = wide
    ? Math.min(small * 1.35, 168, along * most)
    : Math.min(Math.max(small, MIN_TILE.width / most), 126, along / least);
  const across = Math.max(minAcross, Math.min(preferred, highest));
  const shortened = wide ? across / least : across * most;
  return { wide, perLine, lines, along: Math.min(along, Math.max(minAlong, shortened)), across };
}

/**
 * Fits the tiles into the available space, in the shape of their pictures. It measures the space and sets custom
 * properties, which the styles use. They are set by script, because a `style` attribute would violate a strict Content
 * Security Policy.
 */
export class TileLayout implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly renderRoot: ParentNode };
  readonly #observer = createResizeObserver(() => this.#onSize());
  #place: HTMLElement | undefined;
  /** The space for tiles, and the classes of the place when it was measured: they decide about its padding. */
  #measured: { readonly space: Size; readonly classes: string } | undefined;
  /** For which tiles the last arrangement was. */
  #arranged = '';

  constructor(host: ReactiveControllerHost & { readonly renderRoot: ParentNode }) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdated(): void {
    const place = this.#host.renderRoot.querySelector<HTMLElement>('.tiles') ?? undefined;
    if (place !== this.#place) {
      this.#leave();
      // The arrangement changes the padding.
      if (place) this.#observer.observe(place, { box: 'border-box' });
      // The size of a picture becomes known, or changes. This event does not bubble.
      place?.addEventListener('resize', this.#onPictureSize, true);
      this.#place = place;
    }
    if (place && tilesIn(place) !== this.#arranged) this.#arrange();
  }

  hostDisconnected(): void {
    this.#leave();
    this.#place = undefined;
  }

  #leave(): void {
    this.#observer.disconnect();
    this.#place?.removeEventListener('resize', this.#onPictureSize, true);
    this.#measured = undefined;
    this.#arranged = '';
  }

  readonly #onPictureSize = (): void => this.#arrange();

  /** Called when the place is new, or its size has changed: then measuring costs nothing. */
  #onSize(): void {
    this.#measured = undefined;
    this.#arrange();
  }

  #arrange(): void {
    const place = this.#place;
    if (!place?.classList.contains('grid')) return;
    const space = this.#spaceOf(place);
    if (place.classList.contains('focus')) arrangeFocus(place, space);
    else arrangeGrid(place, space);
    this.#arranged = tilesIn(place);
  }

  /**
   * The space for tiles. It is measured only when the classes of the place have changed, because measuring makes the browser
   * compute the layout at once. The observer reports other changes.
   */
  #spaceOf(place: HTMLElement): Size {
    const classes = classesOf(place);
    if (this.#measured?.classes !== classes) this.#measured = { space: contentOf(place), classes };
    return this.#measured.space;
  }
}

/** The classes that were rendered. `wide` is set by the arrangement. */
const classesOf = (place: HTMLElement): string =>
  [...place.classList].filter((name) => name !== 'wide').join(' ');

/** What the arrangement depends on, without the sizes of the space and the pictures. */
const tilesIn = (place: HTMLElement): string =>
  `${classesOf(place)} ${[...place.children].map((tile) => (tile.querySelector('video') ? tile.className : '-')).join()}`;

const setAll = (place: HTMLElement, values: Readonly<Record<string, number | string>>): void => {
  for (const [name, value] of Object.entries(values)) {
    // The same value again would make the browser compute the styles of all tiles.
    const [property, next] = [`--_${name}`, String(value)];
    if (place.style.getPropertyValue(property) !== next) place.style.setProperty(property, next);
  }
};

function arrangeGrid(place: HTMLElement, space: Size): void {
  const { columns, rows, tile } = gridFor(
    place.childElementCount,
    space,
    shapeFor(aspectRatiosIn(place, '.tile:not(.screen)')),
  );
  const line = columns * tile.width + (columns - 1) * GAP;
  setAll(place, { columns, rows, line: `${line}px`, high: `${tile.height}px` });
}

function arrangeFocus(place: HTMLElement, space: Size): void {
  const shape = shapeFor(aspectRatiosIn(place, '.tile:not(.first)'));
  const strip = stripFor(place.childElementCount - 1, space, shape);
  const { wide, perLine, lines, along } = strip;
  const across = Math.floor(strip.across);
  const taken = lines * (across + GAP);
  const most = {
    width: space.width - (wide ? taken : 0),
    height: space.height - (wide ? 0 : taken),
  };
  const first = sizeOfFirst(place, most);
  place.classList.toggle('wide', wide);
  setAll(place, {
    lines,
    'per-line': perLine,
    along: `${along}px`,
    across: `${across}px`,
    'first-width': `${first.width}px`,
    'first-height': `${first.height}px`,
    // The first tile alone fills its line.
    'first-margin': `${Math.max(0, wide ? most.height - first.height : most.width - first.width) / 2}px`,
  });
}

/** The size of the enlarged tile: that of its picture, if it has one. */
function sizeOfFirst(place: HTMLElement, most: Size): Size {
  const [aspectRatio] = aspectRatiosIn(place, '.first');
  if (aspectRatio === undefined) return most;
  if (!place.querySelector('.first.screen')) return fit(most, shapeFor([aspectRatio]) ?? ANY);
  // Nothing of a large screen is cropped, and its name is below it.
  const height = Math.max(0, most.height - SCREEN_NAME);
  const screen = fit({ ...most, height }, { least: aspectRatio, most: aspectRatio });
  return { width: screen.width, height: screen.height + SCREEN_NAME };
}

/** The aspect ratios of the pictures in these tiles. */
const aspectRatiosIn = (place: HTMLElement, tiles: string): number[] =>
  [...place.querySelectorAll<HTMLVideoElement>(`${tiles} > video`)].map(
    ({ videoWidth, videoHeight }) =>
      videoHeight ? videoWidth / videoHeight : UNKNOWN_ASPECT_RATIO,
  );

/** The space for tiles. */
function contentOf(place: HTMLElement): Size {
  const style = getComputedStyle(place);
  const block = parseFloat(style.paddingBlockStart) + parseFloat(style.paddingBlockEnd);
  return { width: place.clientWidth - 2 * EDGE, height: place.clientHeight - block };
}
