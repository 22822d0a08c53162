import { developerWarnings } from './developer-warnings.js';

/** Marks the elements of all copies of the library. */
const mark = Symbol.for('ringkit.element');

/**
 * Defines an element, unless the page or another copy of the library has already defined the tag. For another copy, it
 * warns once: elements of two copies share no state, so that buttons of one do not find the provider of the other.
 */
export function defineOnce(tag: string, element: CustomElementConstructor): void {
  const defined = customElements.get(tag);
  if (!defined) {
    Object.defineProperty(element, mark, { value: true });
    customElements.define(tag, element);
  } else if (defined !== element && mark in defined) {
    developerWarnings.warn(
      'ringkit: another copy of ringkit has defined the elements of this page. Elements of two copies do not work together. Load one: `npm ls ringkit` lists installed copies, `npm dedupe` merges them; remove the script tag if the page also bundles the package.',
    );
  }
}
