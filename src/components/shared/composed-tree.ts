/** The nearest element, itself included, that fits the selector: also beyond the shadow roots it lies in. */
export function composedClosest(from: Element, selector: string): Element | undefined {
  for (let at: Element | undefined = from; at;) {
    const found = at.closest(selector);
    if (found) return found;
    const root = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : undefined;
  }
  return undefined;
}
