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

/** An element and all that it is rendered in: what is slotted lies in its slot. */
export function* flatAncestors(from: Element | null): Generator<Element> {
  for (let at = from; at;) {
    yield at;
    const parent: Node | null = at.assignedSlot ?? at.parentNode;
    at = parent instanceof ShadowRoot ? parent.host : (parent as Element | null);
    if (!(at instanceof Element)) return;
  }
}

/** The element that has the focus, also inside open shadow roots. */
export function deepActiveElement(): Element | null {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active;
}
