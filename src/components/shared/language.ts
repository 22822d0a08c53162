import type { Texts } from '../../locales/en.js';
import { composedClosest } from './composed-tree.js';

export type { Texts };

const loaders: Readonly<Record<string, () => Promise<Texts>>> = {
  ar: async () => (await import('../../locales/ar.js')).ar,
  de: async () => (await import('../../locales/de.js')).de,
  es: async () => (await import('../../locales/es.js')).es,
  fr: async () => (await import('../../locales/fr.js')).fr,
  ja: async () => (await import('../../locales/ja.js')).ja,
};
const loaded = new Map<string, Texts | Promise<void>>();

/** The language of the nearest `lang` attribute, else the browser's, as its first subtag: `de` for `de-CH`. */
export function languageOf(element: Element): string {
  const tag = composedClosest(element, '[lang]')?.getAttribute('lang') || navigator.language;
  return tag.toLowerCase().split('-', 1)[0] ?? '';
}

/**
 * The texts for an element, in its language; in English while these are loaded, and for a language that the kit does
 * not speak.
 * @param english what there is of English by now
 * @param own the page's own words
 * @param onLoad called when the element's language has come
 */
export function textsFor(
  element: Element,
  english: Partial<Texts>,
  own: Partial<Texts> | null | undefined,
  onLoad: () => void,
): Texts {
  const language = languageOf(element);
  const load = loaders[language];
  let texts = loaded.get(language);
  if (load && !texts) {
    texts = load().then(
      (found) => void loaded.set(language, found),
      // Without the file the texts stay English; the next element tries again.
      () => void loaded.delete(language),
    );
    loaded.set(language, texts);
  }
  if (texts instanceof Promise) void texts.then(onLoad);
  // Each element brings the English that it speaks.
  return { ...english, ...(texts instanceof Promise ? undefined : texts), ...own } as Texts;
}

/** `Ann, Bo and 3 more`: the first names of a list, and how many there are beyond them. */
export function listNames(names: readonly string[], texts: Texts, most = 3): string {
  const few =
    names.length > most
      ? [...names.slice(0, most - 1), texts.more(names.length - most + 1)]
      : names;
  return new Intl.ListFormat(texts.lang, { type: 'conjunction' }).format(few);
}

/** Which way the texts run. */
export const directionOf = (texts: Texts): 'rtl' | 'ltr' =>
  /^(ar|fa|he|ur)/.test(texts.lang) ? 'rtl' : 'ltr';
