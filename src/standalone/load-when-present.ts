import { defineOnce } from '../components/shared/define-once.js';

/**
 * Loads the code of each tag when the first element of its kind is in the document: now, or when one is inserted.
 * Elements within shadow roots are not seen.
 *
 * @param loaders what loads the class of each tag
 * @returns a function that stops looking
 */
export function loadWhenPresent(
  loaders: Readonly<Record<string, () => Promise<CustomElementConstructor>>>,
): () => void {
  const missing = new Map(Object.entries(loaders));

  function look(place: Document | Element): void {
    for (const [tag, load] of missing) {
      if (!(place instanceof Element && place.localName === tag) && !place.querySelector(tag)) {
        continue;
      }
      missing.delete(tag);
      // Where it fails, the page hears an unhandled rejection.
      void load().then((element) => defineOnce(tag, element));
    }
  }

  const observer = new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) if (node instanceof Element) look(node);
    }
    if (missing.size === 0) observer.disconnect();
  });
  look(document);
  observer.observe(document, { childList: true, subtree: true });
  return () => observer.disconnect();
}
