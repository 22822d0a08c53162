import { lazyPart, type LazyPart } from '../../core/loading/lazy-part.js';
import { en, type Texts } from '../../locales/en.js';
import { composedClosest } from './composed-tree.js';

export type { Texts };

const languages: Readonly<Record<string, LazyPart<Texts>>> = {
  ar: lazyPart('the Arabic texts', () => import('../../locales/ar.js'), 'ar'),
  de: lazyPart('the German texts', () => import('../../locales/de.js'), 'de'),
  es: lazyPart('the Spanish texts', () => import('../../locales/es.js'), 'es'),
  fr: lazyPart('the French texts', () => import('../../locales/fr.js'), 'fr'),
  ja: lazyPart('the Japanese texts', () => import('../../locales/ja.js'), 'ja'),
};
/** Whether a language was loaded: each is asked for once on a page, however often elements render. */
const asked = new WeakMap<LazyPart<Texts>, Promise<boolean>>();

/** The language of the nearest `lang` attribute, else the browser's, as its first subtag: `de` for `de-CH`. */
export function languageOf(element: Element): string {
  const tag = composedClosest(element, '[lang]')?.getAttribute('lang') || navigator.language;
  return tag.toLowerCase().split('-', 1)[0] ?? '';
}

/** What loading has led to. */
interface LanguageEvents {
  /** The element's language has come. */
  readonly onLoad: () => void;
  /** It could not be loaded, and the texts stay English. Called once on a page for each language. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The texts for an element, in its language; in English while these are loaded, where they can't be, and for a language
 * that the kit does not speak.
 * @param own the page's own words
 */
export function textsFor(
  element: Element,
  own: Partial<Texts> | null | undefined,
  { onLoad, onFailure }: LanguageEvents,
  parts = languages,
): Texts {
  const part = parts[languageOf(element)];
  if (part && !part.value) {
    let loading = asked.get(part);
    if (!loading) {
      loading = part.load().then(
        () => true,
        (error: unknown) => {
          onFailure(error);
          return false;
        },
      );
      asked.set(part, loading);
    }
    // After a failure nothing renders: that would ask for the texts again, and so on without an end.
    void loading.then((loaded) => {
      if (loaded) onLoad();
    });
  }
  return { ...en, ...part?.value, ...own };
}

/** `Ann, Bo and 3 more`: the first names of a list, and how many there are beyond them. */
export function listNames(names: readonly string[], texts: Texts, most = 3): string {
  const few =
    names.length > most
      ? [...names.slice(0, most - 1), texts.more(names.length - most + 1)]
      : names;
  return new Intl.ListFormat(texts.lang, { type: 'conjunction' }).format(few);
}

/** Which way the names of so many people run: one name as its own script does, a list of names as the texts do. */
export const directionOfNames = (count: number, texts: Texts): 'rtl' | 'ltr' | 'auto' =>
  count === 1 ? 'auto' : directionOf(texts);

/** Which way the texts run. */
export const directionOf = (texts: Texts): 'rtl' | 'ltr' =>
  /^(ar|fa|he|ur)/.test(texts.lang) ? 'rtl' : 'ltr';
