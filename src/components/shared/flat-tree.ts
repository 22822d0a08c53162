/** The ancestors of an element in the flat tree: slotted content is a child of its slot. */
export function* flatAncestors(from: Element | null): Generator<Element> {
  for (let at = from; at;) {
    yield at;
    const parent: Node | null = at.assignedSlot ?? at.parentNode;
    at = parent instanceof ShadowRoot ? parent.host : (parent as Element | null);
    if (!(at instanceof Element)) return;
  }
}

/** The focused element, also inside open shadow roots. */
export function deepActiveElement(): Element | null {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active;
}
