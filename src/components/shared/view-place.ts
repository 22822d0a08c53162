import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A position in the viewport: 0 is its left or upper edge, 1 its right or lower edge, each with a margin. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

/** In CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What is moved: the minimised call (bar or card with a picture), or the window of a call. */
export type Movable = 'minimised' | 'window';
/** What is resized: the window of a call of this type. */
export type Resizable = 'voice' | 'video';

interface Places {
  readonly positions: Partial<Record<Movable, Position>>;
  readonly sizes: Partial<Record<Resizable, Size>>;
}

/**
 * Viewports in which a view that is not minimised always fills the screen. The styles contain the same condition:
 * call-view.styles.ts.
 */
export const FULL_VIEWPORT = '(max-width: 560px), (max-height: 520px)';

const KEY = 'ringkit window';

const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isFraction = (value: unknown): boolean => isNumber(value) && value >= 0 && value <= 1;
const isLength = (value: unknown): boolean => isNumber(value) && value > 0;

type Stored = Partial<Record<keyof Places, unknown>>;

function readStored(): Stored | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(KEY) ?? 'null') ?? undefined) as Stored | undefined;
  } catch {
    // Storage is not allowed, or contains something else.
    return undefined;
  }
}

/** The entries of an object that was stored that satisfy a condition. */
function entriesOf<K extends string, V>(
  stored: unknown,
  keys: readonly K[],
  isValid: (value: Partial<V>) => boolean,
): Partial<Record<K, V>> {
  const found: Partial<Record<K, V>> = {};
  for (const key of keys) {
    const value = (stored as Partial<Record<K, V>> | undefined)?.[key];
    if (value && isValid(value)) found[key] = value;
  }
  return found;
}

/**
 * The places and sizes that the user has given to calls. They are kept in the session storage of the tab, so that a call that is resumed
 * after a reload is where it was; without storage, until the page is left.
 */
class PlaceMemory {
  #places: Places | undefined;

  position(name: Movable): Position | undefined {
    return this.#read().positions[name];
  }

  size(name: Resizable): Size | undefined {
    return this.#read().sizes[name];
  }

  /** Call `save()` when the user has finished. */
  setPosition(name: Movable, position: Position): void {
    const { positions, sizes } = this.#read();
    this.#places = { sizes, positions: { ...positions, [name]: position } };
  }

  /** @param size undefined for the size of the styles */
  setSize(name: Resizable, size: Size | undefined): void {
    const { positions, sizes } = this.#read();
    const { [name]: _old, ...others } = sizes;
    this.#places = { positions, sizes: size ? { ...others, [name]: size } : others };
  }

  save(): void {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.#read()));
    } catch {
      // Storage is full or not allowed: the places are kept until the page is left.
    }
  }

  /** Forgets what was read, so that tests read it again. */
  reset(): void {
    this.#places = undefined;
  }

  #read(): Places {
    if (this.#places) return this.#places;
    const stored = readStored();
    const isPosition = ({ x, y }: Partial<Position>): boolean => isFraction(x) && isFraction(y);
    const isSize = ({ width, height }: Partial<Size>): boolean =>
      isLength(width) && isLength(height);
    return (this.#places = {
      positions: entriesOf(stored?.positions, ['minimised', 'window'], isPosition),
      sizes: entriesOf(stored?.sizes, ['voice', 'video'], isSize),
    });
  }
}

export const placeMemory = new PlaceMemory();

/** A view in the layer of the provider. */
export interface PlacedView extends ReactiveControllerHost, HTMLElement {
  readonly minimised?: boolean;
  /** The box from which it grows when it is shown first. */
  readonly growsFrom?: DOMRect | undefined;
  /** Whether it shows a video call. */
  readonly showsVideo: boolean;
}

const movableOf = (view: PlacedView): Movable | undefined => {
  if (!view.hasAttribute('in-layer')) return undefined;
  return view.minimised ? 'minimised' : 'window';
};

/** What the user can resize of this view at present; undefined if it is not a window. */
export const resizableOf = (view: PlacedView): Resizable | undefined => {
  if (movableOf(view) !== 'window') return undefined;
  return view.showsVideo ? 'video' : 'voice';
};

/** Puts a view at a position; undefined: where the styles put it. */
export function place(view: HTMLElement, position: Position | undefined): void {
  view.toggleAttribute('moved', !!position);
  setProperty(view, '--_x', position && String(position.x));
  setProperty(view, '--_y', position && String(position.y));
}

function resize(view: HTMLElement, size: Size | undefined): void {
  setProperty(view, '--_set-width', size && `${size.width}px`);
  setProperty(view, '--_set-height', size && `${size.height}px`);
}

function setProperty({ style }: HTMLElement, name: string, value: string | undefined): void {
  if (value === undefined) style.removeProperty(name);
  else style.setProperty(name, value);
}

/** Puts a view where the user has moved the last one, with the size that the user gave it. */
export class ViewPlace implements ReactiveController {
  readonly #view: PlacedView;

  constructor(view: PlacedView) {
    this.#view = view;
    view.addController(this);
  }

  /** What the user can move of the view at present; undefined if it is placed in the page. */
  get movable(): Movable | undefined {
    return movableOf(this.#view);
  }

  hostUpdated(): void {
    this.apply();
  }

  /** Must be called after a change of the remembered place, before the next update. */
  apply(): void {
    const view = this.#view;
    const { movable } = this;
    place(view, movable && placeMemory.position(movable));
    const resizable = resizableOf(view);
    resize(view, resizable && placeMemory.size(resizable));
  }
}
