/**
 * Features of the DOM that simulated browsers of unit tests (jsdom, happy-dom) lack: there, elements render, and these
 * features have no effect.
 */

const noObserver = {
  observe(): void {},
  unobserve(): void {},
  disconnect(): void {},
};

export const createIntersectionObserver = (
  callback: IntersectionObserverCallback,
): Pick<IntersectionObserver, keyof typeof noObserver> =>
  'IntersectionObserver' in globalThis ? new IntersectionObserver(callback) : noObserver;

export const createResizeObserver = (
  callback: ResizeObserverCallback,
): Pick<ResizeObserver, keyof typeof noObserver> =>
  'ResizeObserver' in globalThis ? new ResizeObserver(callback) : noObserver;

/** Whether an element has a box. True where browsers cannot tell. */
export const isVisible = (element: Element): boolean =>
  (element as Partial<Element>).checkVisibility?.() ?? true;

/** The custom states of an element, for `:state()`. */
export function customStates(element: HTMLElement): Pick<Set<string>, 'add' | 'delete' | 'has'> {
  const internals = 'attachInternals' in element ? element.attachInternals() : undefined;
  return internals?.states ?? new Set();
}

const hasPopovers = (): boolean => 'showPopover' in HTMLElement.prototype;

export function showPopover(element: HTMLElement): void {
  if (hasPopovers()) element.showPopover();
}

export function hidePopover(element: HTMLElement): void {
  if (hasPopovers()) element.hidePopover();
}

/** @returns whether it is open now */
export const togglePopover = (element: HTMLElement): boolean =>
  hasPopovers() && element.togglePopover();

export const isPopoverOpen = (element: HTMLElement): boolean =>
  hasPopovers() && element.matches(':popover-open');
