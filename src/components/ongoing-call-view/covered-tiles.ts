import { flatAncestors } from '../shared/flat-tree.js';

/** How often tiles are checked, in ms. */
const INTERVAL_MS = 1_000;
/** Checks that must find a tile covered: menus and animations cover it for a moment. */
const CHECKS = 2;
/** Where a tile is checked, as fractions of its width and height. */
const POINTS = [0.1, 0.5, 0.9];
/** Matches modal dialogs and full-screen elements. For both, browsers make the rest of the page inert. */
const MODAL = ':modal';

/**
 * Finds tiles that other content of the page covers. No event tells that: `IntersectionObserver` with `trackVisibility`
 * calls a tile covered by anything that touches it, such as the controls of the view. So the elements at nine points of
 * each tile are checked once a second.
 */
export class CoveredTiles {
  readonly #onChange: () => void;
  readonly #counts = new Map<Element, number>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param onChange called when a tile gets covered or uncovered */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Checks these tiles from now on. */
  watch(tiles: Iterable<Element>): void {
    const next = new Set(tiles);
    for (const tile of this.#counts.keys()) if (!next.has(tile)) this.#counts.delete(tile);
    for (const tile of next) if (!this.#counts.has(tile)) this.#counts.set(tile, 0);
    if (next.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else this.#timer ??= setInterval(() => this.#check(), INTERVAL_MS);
  }

  has(tile: Element): boolean {
    return (this.#counts.get(tile) ?? 0) >= CHECKS;
  }

  #check(): void {
    if (document.visibilityState === 'hidden') return;
    let hasChanged = false;
    for (const [tile, count] of this.#counts) {
      const next = isCovered(tile) ? count + 1 : 0;
      this.#counts.set(tile, next);
      if (next >= CHECKS !== count >= CHECKS) hasChanged = true;
    }
    if (hasChanged) this.#onChange();
  }
}

/**
 * Whether opaque content outside of the element's shadow root covers all points of it that are in the viewport. In doubt,
 * it is not covered: content that takes no pointer events, for example, is not found.
 */
export function isCovered(element: Element): boolean {
  const root = element.getRootNode();
  const view = root instanceof ShadowRoot ? root.host : element;
  const { left, top, width, height } = element.getBoundingClientRect();
  const points = POINTS.flatMap((x) =>
    POINTS.map((y) => ({ x: left + x * width, y: top + y * height })),
  ).filter(({ x, y }) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
  if (points.length === 0) return false;
  const path = new Set(flatAncestors(view));
  return points.every(({ x, y }) => isCoveredAt(x, y, view, path));
}

type Scope = Document | ShadowRoot;

const elementsAt = (x: number, y: number, scope: Node): Element[] =>
  (scope as Scope).elementsFromPoint(x, y).filter((found) => found.getRootNode() === scope);

/** The topmost element at a point, also inside of open shadow roots. */
function topmostAt(x: number, y: number): Element | undefined {
  let top = document.elementFromPoint(x, y);
  for (;;) {
    const inner = top?.shadowRoot?.elementFromPoint(x, y);
    if (!inner || inner === top || inner.getRootNode() !== top?.shadowRoot) return top ?? undefined;
    top = inner;
  }
}

/** @param path the view and its ancestors in the flat tree: they are behind it, or contain what covers it */
function isCoveredAt(x: number, y: number, view: Element, path: ReadonlySet<Element>): boolean {
  const top = topmostAt(x, y);
  const ancestors = [...flatAncestors(top ?? null)];
  if (!top || ancestors.includes(view)) return false;
  const above = new Set(ancestors.filter((ancestor) => !path.has(ancestor)));
  for (const scope of new Set([...above].map((ancestor) => ancestor.getRootNode()))) {
    const all = elementsAt(x, y, scope);
    const first = all.findIndex((found) => path.has(found) || view.contains(found));
    if (first < 0) continue;
    for (const found of all.slice(0, first)) above.add(found);
    for (const found of all.slice(first)) above.delete(found);
  }
  if (![...above].some((found) => isOpaqueAt(x, y, found, path))) return false;
  // An inert view is never found. What is above it is known only of a modal dialog, which makes it inert.
  const isFound = elementsAt(x, y, view.getRootNode()).some((found) => view.contains(found));
  return isFound || isInModal(top);
}

const isInModal = (element: Element): boolean =>
  [...flatAncestors(element)].some((ancestor) => ancestor.matches(MODAL));

function isOpaqueAt(x: number, y: number, found: Element, path: ReadonlySet<Element>): boolean {
  if (found.matches(':fullscreen')) return true;
  const { left, top, right, bottom } = found.getBoundingClientRect();
  // The backdrop of a dialog is found as the dialog.
  const isInside = x >= left && x <= right && y >= top && y <= bottom;
  const { backgroundColor } = getComputedStyle(found, isInside ? undefined : '::backdrop');
  if (!isOpaqueColor(backgroundColor)) return false;
  for (const ancestor of flatAncestors(found)) {
    if (path.has(ancestor)) break;
    const { opacity, mixBlendMode, filter, maskImage } = getComputedStyle(ancestor);
    const isPlain = mixBlendMode === 'normal' && filter === 'none' && maskImage === 'none';
    if (opacity !== '1' || !isPlain) return false;
  }
  return true;
}

/** @param color a computed color: one with an alpha value is serialized as `rgba()`, or with a slash */
const isOpaqueColor = (color: string): boolean => /^(?!rgba\()[a-z-]+\([^/]+\)$/.test(color);
