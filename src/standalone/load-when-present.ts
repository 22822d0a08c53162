import type { LazyPart } from '../core/loading/lazy-part.js';
import { defineOnce } from '../components/shared/define-once.js';

type LazyElement = Pick<LazyPart<CustomElementConstructor>, 'loadWhile'>;

/**
 * Loads the code of each element when the first element with its tag is in the document: now, or when one is inserted.
 * Elements inside shadow roots are not observed.
 *
 * A failed load is repeated until it succeeds; until then the elements have no behaviour.
 * @param parts the class of each tag
 * @param failed called once for each tag whose code fails to load
 * @returns a function that stops observing
 */
export function loadWhenPresent(
  parts: Readonly<Record<string, LazyElement>>,
  failed: (error: unknown) => void,
): () => void {
  let stopped = false;
  const missing = new Map(Object.entries(parts));

  function search(place: Document | Element): void {
    for (const [tag, part] of missing) {
      if (!(place instanceof Element && place.localName === tag) && !place.querySelector(tag)) {
        continue;
      }
      missing.delete(tag);
      void part
        .loadWhile(() => !stopped, failed)
        .then((element) => element && defineOnce(tag, element));
    }
  }

  const observer = new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) if (node instanceof Element) search(node);
    }
    if (missing.size === 0) observer.disconnect();
  });
  search(document);
  observer.observe(document, { childList: true, subtree: true });
  return () => {
    stopped = true;
    observer.disconnect();
  };
}
