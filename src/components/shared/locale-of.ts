import { composedClosest } from './composed-tree.js';
import type { Texts } from './language.js';

const baseOf = (tag: string): string | undefined => tag.toLowerCase().split('-', 1)[0];

/**
 * The language of the texts of an element, with the region from the page or the browser, because date formats depend
 * on it.
 */
export function localeOf(element: Element, { lang }: Texts): string {
  const tag = composedClosest(element, '[lang]')?.getAttribute('lang') || navigator.language;
  try {
    if (baseOf(tag) === baseOf(lang)) return Intl.getCanonicalLocales(tag)[0] ?? lang;
  } catch {
    // Browsers do not accept this language tag.
  }
  return lang;
}
