/** Defines an element, unless the page or another copy of the library has already defined the tag. */
export function defineOnce(tag: string, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
