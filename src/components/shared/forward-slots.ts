/**
 * Shows slots of the provider in a default element: the provider renders its elements without content, so that it does not
 * need to know their slots.
 */
export function forwardSlots(element: HTMLElement, names: readonly string[]): void {
  for (const name of names) {
    if ([...element.children].some((child) => child.slot === name)) continue;
    const slot = document.createElement('slot');
    slot.name = slot.slot = name;
    element.append(slot);
  }
}
