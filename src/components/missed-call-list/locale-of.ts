import { composedClosest } from '../shared/composed-tree.js';
import type { Texts } from '../shared/language.js';

const baseOf = (tag: string): string | undefined => tag.toLowerCase().split('-', 1)[0];

/** The language of an element's texts, with the region that the page or the browser names: dates differ by it. */
export function localeOf(element: Element, { lang }: Texts): string {
  const tag = composedClosest(element, '[lang]')?.getAttribute('lang') || navigator.language;
  try {
    if (baseOf(tag) === baseOf(lang)) return Intl.getCanonicalLocales(tag)[0] ?? lang;
  } catch {
    // Not a tag that browsers know.
  }
  return lang;
}
