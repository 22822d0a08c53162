import type { LazyPart } from '../core/loading/lazy-part.js';
import { defineOnce } from '../components/shared/define-once.js';

type LazyElement = Pick<LazyPart<CustomElementConstructor>, 'loadWhile'>;

/**
 * Loads the code of each tag when the first element of its kind is in the document: now, or when one is inserted.
 * Elements within shadow roots are not seen.
 *
 * Code that does not load is asked for again until it comes: its elements do nothing before.
 * @param parts the class of each tag
 * @param failed hears once for each tag that its code does not load
 * @returns a function that stops looking
 */
export function loadWhenPresent(
  parts: Readonly<Record<string, LazyElement>>,
  failed: (error: unknown) => void,
): () => void {
  let stopped = false;
  const missing = new Map(Object.entries(parts));

  function look(place: Document | Element): void {
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
      for (const node of addedNodes) if (node instanceof Element) look(node);
    }
    if (missing.size === 0) observer.disconnect();
  });
  look(document);
  observer.observe(document, { childList: true, subtree: true });
  return () => {
    stopped = true;
    observer.disconnect();
  };
}
