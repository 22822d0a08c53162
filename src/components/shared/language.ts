import { lazyPart, type LazyPart } from '../../core/loading/lazy-part.js';
import { en, type Texts } from '../../locales/en.js';
import { includedLanguage, type IncludedLanguage } from '../../locales/included-language.js';
import { composedClosest } from './composed-tree.js';

export type { Texts };

const languages: Readonly<Record<Exclude<IncludedLanguage, 'en'>, LazyPart<Texts>>> = {
  ar: lazyPart('the Arabic texts', () => import('../../locales/ar.js'), 'ar'),
  de: lazyPart('the German texts', () => import('../../locales/de.js'), 'de'),
  es: lazyPart('the Spanish texts', () => import('../../locales/es.js'), 'es'),
  fr: lazyPart('the French texts', () => import('../../locales/fr.js'), 'fr'),
  hi: lazyPart('the Hindi texts', () => import('../../locales/hi.js'), 'hi'),
  it: lazyPart('the Italian texts', () => import('../../locales/it.js'), 'it'),
  ja: lazyPart('the Japanese texts', () => import('../../locales/ja.js'), 'ja'),
  ko: lazyPart('the Korean texts', () => import('../../locales/ko.js'), 'ko'),
  nl: lazyPart('the Dutch texts', () => import('../../locales/nl.js'), 'nl'),
  pl: lazyPart('the Polish texts', () => import('../../locales/pl.js'), 'pl'),
  pt: lazyPart('the Portuguese texts', () => import('../../locales/pt.js'), 'pt'),
  tr: lazyPart('the Turkish texts', () => import('../../locales/tr.js'), 'tr'),
  uk: lazyPart('the Ukrainian texts', () => import('../../locales/uk.js'), 'uk'),
  zh: lazyPart('the Chinese texts', () => import('../../locales/zh.js'), 'zh'),
};
/** Whether a language was loaded. Each language is loaded once per page, however often elements render. */
const loads = new WeakMap<LazyPart<Texts>, Promise<boolean>>();

/**
 * The language of the nearest `lang` attribute, else of the browser: the included language that its texts are in (`de` for
 * `de-CH`), or the tag in lower case if no texts are included.
 */
export function languageOf(element: Element): string {
  const tag = composedClosest(element, '[lang]')?.getAttribute('lang') || navigator.language;
  return includedLanguage(tag) ?? tag.toLowerCase();
}

/** Callbacks for the result of loading a language. */
interface LanguageEvents {
  /** The language of the element was loaded. */
  readonly onLoad: () => void;
  /** Loading failed, and the texts stay English. Called once per page for each language. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The texts of an element in its language. In English while the language loads, if loading fails, and for languages
 * that are not included.
 * @param own texts of the page that override the language
 */
export function textsFor(
  element: Element,
  own: Partial<Texts> | null | undefined,
  { onLoad, onFailure }: LanguageEvents,
  parts: Readonly<Record<string, LazyPart<Texts>>> = languages,
): Texts {
  const part = parts[languageOf(element)];
  if (part && !part.value) {
    let loading = loads.get(part);
    if (!loading) {
      loading = part.load().then(
        () => true,
        (error: unknown) => {
          onFailure(error);
          return false;
        },
      );
      loads.set(part, loading);
    }
    // No render after a failure: it would request the texts again, in an endless loop.
    void loading.then((loaded) => {
      if (loaded) onLoad();
    });
  }
  const texts = part?.value ?? en;
  return own ? { ...texts, ...own } : texts;
}

/** A letter of a script that is written from right to left. */
const RTL = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** A name of a list, or the text between two names. */
export interface NamePart {
  readonly type: 'element' | 'literal';
  readonly value: string;
}

/** `Ann, Bo and 3 more`: the first names of a list, and the number of the remaining ones. */
export function listNames(names: readonly string[], texts: Texts, max = 3): string {
  const parts = partsOfNames(names, texts, max);
  // Names in the other direction would change the order of their neighbours: Unicode isolates prevent that (UAX 9).
  const isRightToLeft = directionOf(texts) === 'rtl';
  const isolates = parts.length > 1 && names.some((name) => RTL.test(name) !== isRightToLeft);
  return parts
    .map(({ type, value }) => (isolates && type === 'element' ? `\u2068${value}\u2069` : value))
    .join('');
}

/** The same list in parts. */
export function partsOfNames(names: readonly string[], texts: Texts, max = 3): readonly NamePart[] {
  const shown =
    names.length > max ? [...names.slice(0, max - 1), texts.more(names.length - max + 1)] : names;
  const [only] = shown;
  return shown.length === 1 && only !== undefined
    ? [{ type: 'element', value: only }]
    : listFormat(texts.lang).formatToParts(shown);
}

const formats = new Map<string, Intl.ListFormat>();

/** Creating the first one for a language loads its data, which takes tens of milliseconds. */
function listFormat(lang: string): Intl.ListFormat {
  const format = formats.get(lang) ?? new Intl.ListFormat(lang, { type: 'conjunction' });
  formats.set(lang, format);
  return format;
}

/** Text direction of a list of names: a single name follows its own script, a list follows the texts. */
export const directionOfNames = (count: number, texts: Texts): 'rtl' | 'ltr' | 'auto' =>
  count === 1 ? 'auto' : directionOf(texts);

/** Text direction of the texts. */
export const directionOf = (texts: Pick<Texts, 'lang'>): 'rtl' | 'ltr' =>
  /^(ar|fa|he|ur)/.test(texts.lang) ? 'rtl' : 'ltr';
