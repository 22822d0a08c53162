import type { ReactiveController } from 'lit';
import { FULL_VIEWPORT, type PlacedView } from '../shared/view-place.js';

/** Duration of the motion between the minimised view and the window, in ms. */
const DURATION_MS = 220;
const EASING = 'cubic-bezier(0.2, 0.8, 0.2, 1)';

/** How much larger or smaller a view begins at most. */
const MAX_SCALE = 3;

/**
 * Shows that a dialog and the window, or the minimised view and the window, are the same call: the former grows into the
 * latter, and the minimised view the other way round as well. On phones, the view is a sheet that comes from below. With reduced motion, the views fade.
 */
export class ViewMotion implements ReactiveController {
  readonly #view: PlacedView;
  readonly #isShown: () => boolean;
  /** Whether the rendered view is minimised; undefined if there is none. */
  #minimised: boolean | undefined;
  #before: DOMRect | undefined;
  #animation: Animation | undefined;

  /** @param isShown whether the view is open, and in the layer of the provider */
  constructor(view: PlacedView, isShown: () => boolean) {
    this.#view = view;
    this.#isShown = isShown;
    view.addController(this);
  }

  hostUpdate(): void {
    const isFirst = this.#minimised === undefined;
    const isSame = this.#minimised === this.#next;
    if (isFirst) this.#before = this.#view.growsFrom;
    else this.#before = isSame ? undefined : this.#stage?.getBoundingClientRect();
  }

  hostUpdated(): void {
    this.#minimised = this.#next;
    const [before, stage] = [this.#before, this.#stage];
    this.#before = undefined;
    if (!before?.width || !stage || this.#minimised === undefined) return;
    this.#animation?.cancel();
    // Simulated browsers of unit tests have no animations.
    this.#animation = (stage as Partial<HTMLElement>).animate?.(
      framesFor(before, stage, this.#minimised),
      { duration: DURATION_MS, easing: EASING },
    );
  }

  hostDisconnected(): void {
    this.#animation?.cancel();
    this.#minimised = this.#animation = undefined;
  }

  get #next(): boolean | undefined {
    return this.#isShown() ? !!this.#view.minimised : undefined;
  }

  get #stage(): HTMLElement | undefined {
    return this.#view.shadowRoot?.querySelector<HTMLElement>('.stage') ?? undefined;
  }
}

const FADE: Keyframe[] = [{ opacity: 0 }, { opacity: 1 }];

function framesFor(before: DOMRect, stage: HTMLElement, isMinimised: boolean): Keyframe[] {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return FADE;
  if (!isMinimised && matchMedia(FULL_VIEWPORT).matches)
    return [{ translate: '0 100%' }, { translate: '0' }];
  const after = stage.getBoundingClientRect();
  const middle = (from: number, size: number): number => from + size / 2;
  const x = middle(before.left, before.width) - middle(after.left, after.width);
  const y = middle(before.top, before.height) - middle(after.top, after.height);
  const [byWidth, byHeight] = [before.width / after.width, before.height / after.height];
  const translate = `${x}px ${y}px`;
  if (isMinimised) {
    const scale = Math.min(byWidth, byHeight, MAX_SCALE);
    return [
      { translate, scale, opacity: 0.4 },
      { translate: '0', scale: 1, opacity: 1 },
    ];
  }
  // Scaled evenly, so that pictures are not distorted. What is then too much in one direction is cut off.
  const scale = Math.max(byWidth, byHeight, 1 / MAX_SCALE);
  const inset = (size: number, full: number): number => Math.max(0, (full - size / scale) / 2);
  const { borderRadius } = getComputedStyle(stage);
  const cut = `${inset(before.height, after.height)}px ${inset(before.width, after.width)}px`;
  return [
    { translate, scale, clipPath: `inset(${cut} round ${borderRadius})` },
    { translate: '0', scale: 1, clipPath: `inset(0 round ${borderRadius})` },
  ];
}
