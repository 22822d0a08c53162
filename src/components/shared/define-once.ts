/** Registers an element, unless its tag is taken: by another copy of the kit, or by the page. */
export function defineOnce(tag: string, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
