/** Like `Element.closest()`, but also looks outside of the shadow roots that contain the element. */
export function composedClosest(from: Element, selector: string): Element | undefined {
  for (let at: Element | undefined = from; at;) {
    const found = at.closest(selector);
    if (found) return found;
    const root = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : undefined;
  }
  return undefined;
}
